/** What is left of what was billed after its lines' costs (`gross_margin`). Pure: a book in, answer out. */
import type Big from 'big.js';
import { saidOfPostingIn } from '../ledger/anomalies.js';
import { saidOfWindow } from '../ledger/days.js';
import { entityOf } from '../ledger/entity.js';
import { type Facts, factsIn } from '../ledger/facts.js';
import type { Unread } from '../ledger/gaps.js';
import { DEFAULTS } from '../ledger/params.js';
import { type Share, sharesOf } from '../ledger/shares.js';
import type { Book } from '../rows/book.js';
import type { Costs } from '../rows/costs.js';
import { openIn, standing } from '../rows/documents.js';
import type { Invoice } from '../rows/rows.js';
import type { AttributeTo } from '../rules/attribution.js';
import type { Piece } from '../rules/credits.js';
import { CLASSES, type LineClass } from '../rules/lineclass.js';
import { collect } from '../values/collect.js';
import { decimalsOf } from '../values/currency.js';
import type { Shown } from '../values/exchange.js';
import { money, percent, settle, sum, ZERO } from '../values/money.js';
import { flatMapped, inOneGo, type Steps } from '../values/steps.js';
import { ByClient } from './by-client.js';
import { CreditedCosts } from './credited-costs.js';
import {
  type Asked,
  codeOfClient,
  compare,
  exchangeFor,
  type Framed,
  frame,
  naming,
  type ProofItem,
  proofOf,
  type Said,
} from './frame.js';
import { addTo, netOf, none, type Sums, sumsOf } from './margin-sums.js';

export const MARGIN_GROUPS = ['contract', 'item_group'] as const;
export type MarginGroup = (typeof MARGIN_GROUPS)[number];

export interface MarginAsked extends Partial<Asked> {
  readonly from: string;
  readonly to: string;
  readonly attribute_to?: AttributeTo;
  readonly group_by?: readonly MarginGroup[];
}

/** The margin covers only what has a cost; the rest is shown separately. */
export interface Margin {
  net: string;
  /** Unit cost x quantity of lines that have one. */
  cost: string;
  /** Their net less their cost. */
  margin: string;
  /** Of their net; null where that is zero or less. */
  margin_pct: string | null;
  /** Net of lines without a cost. */
  cost_unknown_net: string;
  /** The share of the net that the margin covers. */
  cost_known_pct: string | null;
}

export type ClassMargins = Margin & Record<LineClass, Margin>;

export interface MarginRow extends Margin {
  by: MarginGroup;
  key: number | string | null;
  name: string;
  client_id: number;
  client: string;
  currency: string;
}

export interface MarginAnswer extends Framed {
  from: string;
  to: string;
  clients: { client_id: number; name: string; currencies: Record<string, ClassMargins> }[];
  groups: MarginRow[];
  totals: Record<string, ClassMargins>;
}

type Figures = Record<LineClass, Sums>;

const noFigures = (): Figures => ({ recurring: none(), non_recurring: none() });

function addAll(all: Figures, one: Figures): Figures {
  for (const name of CLASSES) addTo(all[name], one[name]);
  return all;
}

const both = ({ recurring, non_recurring }: Figures): Sums => addTo(addTo(none(), recurring), non_recurring);

interface Group {
  readonly by: MarginGroup;
  readonly key: number | string | null;
  readonly name: string;
  readonly client: number;
  readonly code: string;
  readonly sums: Sums;
}

/**
 * The margin of what was billed in a window, by client and class. Its net is that of the breakdown. A line without a
 * cost is not a 100 % margin, and a credit takes the cost of what it credits.
 * @throws RevenueInputError as `post` does
 */
export const marginOf = inOneGo(marginIn);

/** The same in steps. */
export function* marginIn(book: Book, costs: Costs, asked: MarginAsked): Steps<MarginAnswer> {
  const { from, to, client_id: client, attribute_to = DEFAULTS.attribute_to, group_by = [] } = asked;
  const exchange = exchangeFor(book, asked);
  const facts = yield* factsIn(book, to);
  const nameOf = naming(book, book.invoices);
  yield;
  const credited = new CreditedCosts(facts, costs, book.linked_invoices);
  const figures = new ByClient<Figures>(noFigures, exchange.home);
  const groups = new Map<string, Group>();
  const [unread, flags, proof]: [Unread[], Said[], ProofItem[]] = [[], [], []];
  for (const invoice of documentsIn(facts, from, to)) {
    yield;
    const code = exchange.code(invoice.currency);
    const gaps = [...openIn(invoice, code), ...credited.unreadOf(invoice)];
    if (gaps.length > 0) unread.push({ entity: entityOf('invoice', invoice.id), fields: gaps });
    if (code === undefined || invoice.date === undefined) continue;
    const shown = exchange.show(code);
    const shares = sharesOf(invoice, facts.classed(invoice), shown, { from, to, attribute_to, month_basis: 'billed' });
    for (const share of shares) {
      if (client !== undefined && share.client !== client) continue;
      const costOf = (piece: Piece) => credited.of(invoice, piece);
      const sums = sumsOf(share, shown, costOf);
      addTo(figures.of(share.client, shown.code)[share.class], sums);
      for (const by of group_by) postGroup(groups, by, share, shown, costOf, facts);
      const item = {
        id: invoice.id,
        number: invoice.number,
        date: invoice.date,
        client_id: share.client,
        class: share.class,
      };
      if (!sums.unknown.eq(0))
        proof.push({
          amount: sums.unknown,
          code: shown.code,
          item: { ...item, client: nameOf(share.client), cost: 'unknown' },
        });
    }
    const odd = invoice.lines.find(({ id }) => costs.of(invoice.id, id).suspect);
    if (odd !== undefined && shares.some((share) => client === undefined || share.client === client))
      flags.push({
        code: 'cost_suspect',
        entity: entityOf('invoice', invoice.id),
        client: invoice.client,
        ref: invoice.number,
        fields: [`unit_cost of line ${odd.id}`],
      });
  }
  yield;
  const ranked = figures.ranked((own) => netOf(both(own)), client, codeOfClient(book, exchange, client));
  for (const { client: id, byCode } of ranked)
    for (const [code, own] of byCode) {
      const { unknown } = both(own);
      if (!unknown.eq(0))
        flags.push({
          code: 'cost_unknown',
          entity: entityOf('client', id),
          client: id,
          amount: { amount: unknown, code },
        });
    }
  const codes = figures.codes();
  const totals = new Map(codes.map((code) => [code, figures.in(code).reduce(addAll, noFigures())]));
  const rows = yield* flatMapped(
    [...groups.values()]
      .map((group) => ({ ...group, net: netOf(group.sums) }))
      .sort((a, b) => compare(a.by, b.by) || b.net.cmp(a.net) || compare(String(a.key), String(b.key))),
    ({ by, key, name, client: id, code, sums }) => ({
      ...{ by, key, name, client_id: id, client: nameOf(id), currency: code },
      ...show(sums, code),
    }),
  );
  const evidence = { cost_unknown: proofOf(proof) };
  yield;
  const whose = client === undefined ? '' : `, ${nameOf(client)}`;
  return {
    ...frame({
      ...{ books: book, asked, exchange, flags, unread, nameOf },
      method: {
        ...{ from, to, attribute_to },
        cost: 'unit cost x quantity of each line, taken to be in the currency of the line; 0, -1 and nothing are not known',
        labour: 'hours of agents are not part of it: agreement_profit has them',
      },
      evidence,
      sentences: [
        saidOfPostingIn(facts),
        ...(codes.length === 0 ? [`Nothing was billed${whose} from ${from} to ${to}.`] : []),
        ...codes.map((code) => sentence(code, totals.get(code) ?? noFigures(), whose, asked)),
        saidOfWindow(asked, asked.today),
      ],
    }),
    ...{ from, to },
    clients: ranked.map(({ client: id, byCode }) => ({
      client_id: id,
      name: nameOf(id),
      currencies: Object.fromEntries([...byCode].map(([code, own]) => [code, showAll(own, code)])),
    })),
    groups: rows,
    totals: Object.fromEntries([...totals].map(([code, all]) => [code, showAll(all, code)])),
  };
}

/** Posted documents dated in a window, and those whose unknown date may be in it. */
function documentsIn({ invoices }: Facts, from: string, to: string): Invoice[] {
  const counts = (invoice: Invoice) => standing(invoice) === 'document' && invoice.posted;
  return invoices.filter((one) => counts(one) && (one.date === undefined || (one.date >= from && one.date <= to)));
}

function postGroup(
  groups: Map<string, Group>,
  by: MarginGroup,
  share: Share,
  shown: Shown,
  costOf: (piece: Piece) => Big | undefined,
  facts: Facts,
): void {
  const keyOf = (piece: Piece) => (by === 'contract' ? piece.contract || null : piece.item_group);
  const parts = [...collect(share.pieces, keyOf)].sort(([a], [b]) => compare(String(a), String(b)));
  const amounts = settle(
    share.amount,
    parts.map(([, some]) => sum(some.map((one) => one.amount)).times(shown.rate)),
    shown.decimals,
  );
  for (const [index, [key, pieces]] of parts.entries()) {
    const id = JSON.stringify([by, key, share.client, shown.code]);
    const ref = typeof key === 'number' ? facts.contracts.get(key)?.ref : undefined;
    const name =
      by === 'contract'
        ? (ref ?? (key === null ? 'No contract' : `Contract ${key}`))
        : (pieces[0]?.item_group_name ?? (key === null ? 'No item group' : String(key)));
    const known = groups.get(id) ?? { by, key, name, client: share.client, code: shown.code, sums: none() };
    addTo(known.sums, sumsOf({ amount: amounts[index] ?? ZERO, pieces }, shown, costOf));
    groups.set(id, known);
  }
}

function show(sums: Sums, code: string): Margin {
  const shown = (amount: Big) => money(amount, decimalsOf(code));
  const margin = sums.known.minus(sums.cost);
  return {
    ...{
      net: shown(netOf(sums)),
      cost: shown(sums.cost),
      margin: shown(margin),
      margin_pct: percent(margin, sums.known),
    },
    ...{ cost_unknown_net: shown(sums.unknown), cost_known_pct: percent(sums.known, netOf(sums)) },
  };
}

const showAll = (own: Figures, code: string): ClassMargins => ({
  ...show(both(own), code),
  recurring: show(own.recurring, code),
  non_recurring: show(own.non_recurring, code),
});

function sentence(code: string, own: Figures, whose: string, { from, to }: MarginAsked): string {
  const { net, margin, margin_pct, cost, cost_known_pct, cost_unknown_net, recurring, non_recurring } = showAll(
    own,
    code,
  );
  const parts = [
    `${code}${whose}: of ${net} net billed from ${from} to ${to}, lines with a known cost (${cost_known_pct ?? '0.00'}% of it) cost ${cost} and leave a margin of ${margin}${margin_pct === null ? '' : ` (${margin_pct}%)`}`,
    `recurring ${recurring.margin_pct ?? 'no'}${recurring.margin_pct === null ? ' margin' : '%'}, non-recurring ${non_recurring.margin_pct ?? 'no'}${non_recurring.margin_pct === null ? ' margin' : '%'}`,
  ];
  if (!both(own).unknown.eq(0)) parts.push(`the cost of ${cost_unknown_net} is unknown and not part of the margin`);
  return `${parts.join('; ')}.`;
}
