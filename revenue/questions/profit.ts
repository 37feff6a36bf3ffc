/** What agreements earn, and what each hour spent on them earns (`agreement_profit`). Pure: rows in, answer out. */
import type Big from 'big.js';
import { saidOfPostingIn } from '../ledger/anomalies.js';
import { saidOfWindow } from '../ledger/days.js';
import { entityOf } from '../ledger/entity.js';
import { factsIn } from '../ledger/facts.js';
import type { Unread } from '../ledger/gaps.js';
import type { Book } from '../rows/book.js';
import type { AgentCost, Costs } from '../rows/costs.js';
import { decimalsOf } from '../values/currency.js';
import type { Shown } from '../values/exchange.js';
import { money, percent, ZERO } from '../values/money.js';
import { inOneGo, type Steps } from '../values/steps.js';
import { billedParts } from './agreement-billed.js';
import { type WorkSources, workOn } from './agreement-hours.js';
import { ByClient } from './by-client.js';
import {
  type Asked,
  codeOfClient,
  exchangeFor,
  type Framed,
  frame,
  naming,
  type ProofItem,
  proofOf,
  type Said,
} from './frame.js';
import { currencies } from './work-facts.js';

/** The data it is computed from. */
export interface ProfitBooks extends WorkSources {
  readonly book: Book;
  readonly costs: Costs;
  readonly agents: readonly AgentCost[];
  readonly found: string;
}

export interface ProfitAsked extends Partial<Asked> {
  readonly from: string;
  readonly to: string;
}

export interface Profit {
  /** Everything billed on the agreement, less credits. */
  billed: string;
  recurring_billed: string;
  /** The known cost of its lines. */
  additions_cost: string;
  /** The billed net of lines, other than labour, that have no cost. */
  cost_unknown_net: string;
  /** Hours worked, charged or not, each once. */
  hours: string;
  /** (billed - additions_cost) / hours; null without hours, or if the cost of a line is unknown. */
  rate: string | null;
  /** Null if an agent's cost is unknown. */
  labour_cost: string | null;
  /** billed - additions_cost - labour_cost. */
  margin: string | null;
  margin_pct: string | null;
}

export type AgreementRow = Profit & {
  contract_id: number;
  ref?: string;
  client_id: number;
  client: string;
  currency: string;
};

export interface ProfitAnswer extends Framed {
  from: string;
  to: string;
  clients: { client_id: number; name: string; currencies: Record<string, Profit> }[];
  agreements: AgreementRow[];
  totals: Record<string, Profit>;
}

interface Figures {
  billed: Big;
  recurring: Big;
  cost: Big;
  unknown: Big;
  hours: Big;
  labour: Big;
  /** Hours of agents whose cost is unknown. */
  costless: Big;
}

const NAMES = ['billed', 'recurring', 'cost', 'unknown', 'hours', 'labour', 'costless'] as const;
const noFigures = (): Figures => Object.fromEntries(NAMES.map((name) => [name, ZERO])) as unknown as Figures;

function add(all: Figures, one: Figures): Figures {
  for (const name of NAMES) all[name] = all[name].plus(one[name]);
  return all;
}

/** One agreement in one currency. */
interface Agreement {
  readonly contract: number;
  readonly client: number;
  readonly shown: Shown;
  readonly figures: Figures;
}

/**
 * By contract: what its lines billed in a window, what they cost, and the hours worked on it. Hours are counted on the
 * day of the work, once, however many invoices there are.
 */
export const profitOf = inOneGo(profitIn);

/** The same in steps. */
export function* profitIn(books: ProfitBooks, asked: ProfitAsked): Steps<ProfitAnswer> {
  const { from, to, client_id: client } = asked;
  const { book } = books;
  const exchange = exchangeFor(book, asked);
  const facts = yield* factsIn(book, to);
  const nameOf = naming(book, [...book.contracts, ...books.tickets]);
  const byKey = new Map<string, Agreement>();
  const [unread, flags, proof]: [Unread[], Said[], ProofItem[]] = [[], [], []];
  const currencyOf = currencies(book, exchange);
  const agreement = (contract: number, owner: number, shown: Shown): Agreement => {
    const key = `${contract} ${owner} ${shown.code}`;
    const known = byKey.get(key) ?? { contract, client: owner, shown, figures: noFigures() };
    byKey.set(key, known);
    return known;
  };
  const theirs = (owner: number) => client === undefined || owner === client;
  for (const part of billedParts(facts, books.costs, exchange, asked, { unread, linked: book.linked_invoices ?? [] })) {
    yield;
    if (part === undefined || !theirs(part.client)) continue;
    const { figures } = agreement(part.contract, part.client, part.shown);
    figures.billed = figures.billed.plus(part.net);
    figures.recurring = figures.recurring.plus(part.recurring);
    figures.cost = figures.cost.plus(part.cost);
    figures.unknown = figures.unknown.plus(part.unknown);
    proof.push({
      amount: part.net,
      code: part.shown.code,
      item: { contract_id: part.contract, invoice: part.invoice, client_id: part.client },
    });
  }
  const hourly = new Map(books.agents.map(({ id, hourly: cost }) => [id, cost]));
  let loose = ZERO;
  let lost = ZERO;
  for (const one of workOn(books, from, to)) {
    const owner = one.client ?? (facts.contracts.get(one.contract)?.client || undefined);
    const untold = owner === undefined && one.contract !== 0 ? ['client'] : [];
    const fields = [...one.fields, ...untold];
    if (fields.length > 0) unread.push({ entity: { kind: 'ticket', id: one.ticket }, fields });
    if (owner !== undefined && !theirs(owner)) continue;
    if (one.contract === 0) {
      loose = loose.plus(one.hours);
      continue;
    }
    if (owner === undefined) {
      lost = lost.plus(one.hours);
      continue;
    }
    const shown = currencyOf(owner);
    if (shown === undefined) {
      unread.push({ entity: entityOf('client', owner), fields: ['currency'] });
      continue;
    }
    const { figures } = agreement(one.contract, owner, shown);
    figures.hours = figures.hours.plus(one.hours);
    // The cost of an hour is in home currency, and is not compared with another currency.
    const cost = shown.code === exchange.home ? hourly.get(one.agent) : undefined;
    if (cost === undefined) figures.costless = figures.costless.plus(one.hours);
    else figures.labour = figures.labour.plus(cost.times(one.hours));
  }
  const agreements = [...byKey.values()].sort(
    (a, b) => b.figures.billed.cmp(a.figures.billed) || a.contract - b.contract,
  );
  const byClient = new ByClient<Figures>(noFigures, exchange.home);
  for (const one of agreements) add(byClient.of(one.client, one.shown.code), one.figures);
  for (const { contract, client: owner, shown, figures } of agreements) {
    const said = { entity: entityOf('contract', contract), client: owner, ref: facts.contracts.get(contract)?.ref };
    if (!facts.contracts.has(contract)) flags.push({ ...said, code: 'contract_missing' });
    if (figures.costless.gt(0))
      flags.push({ ...said, code: 'labour_cost_unknown', ref: `${figures.costless.toFixed(2)} hours` });
    if (!figures.unknown.eq(0))
      flags.push({ ...said, code: 'cost_unknown', amount: { amount: figures.unknown, code: shown.code } });
  }
  const ranked = byClient.ranked(({ billed }) => billed, client, codeOfClient(book, exchange, client));
  const codes = byClient.codes();
  const totals = new Map(codes.map((code) => [code, byClient.in(code).reduce(add, noFigures())]));
  const whose = client === undefined ? '' : ` of ${nameOf(client)}`;
  return {
    ...frame({
      ...{ books: book, asked, exchange, flags, unread, nameOf },
      method: {
        ...{ from, to, found: books.found },
        billed: 'lines of posted documents that name a contract, less credits, net of tax',
        hours: 'all hours worked on tickets of the agreement in the window, charged or not',
        hours_on_no_agreement: loose.toFixed(2),
        ...(!lost.eq(0) && { hours_of_unknown_clients: lost.toFixed(2) }),
        cost: 'unit cost x quantity, taken to be in the currency of the line; labour is the hourly cost of the agent in home currency',
      },
      evidence: { billed: proofOf(proof) },
      sentences: [
        saidOfPostingIn(facts),
        ...(codes.length === 0 ? [`Nothing was billed or worked on an agreement${whose} from ${from} to ${to}.`] : []),
        ...codes.map((code) => sentence(code, totals.get(code) ?? noFigures(), whose, asked)),
        saidOfWindow(asked, asked.today),
      ],
    }),
    ...{ from, to },
    clients: ranked.map(({ client: id, byCode }) => ({
      client_id: id,
      name: nameOf(id),
      currencies: Object.fromEntries([...byCode].map(([code, own]) => [code, show(own, code)])),
    })),
    agreements: agreements.map(({ contract, client: owner, shown, figures }) => {
      const ref = facts.contracts.get(contract)?.ref;
      return {
        ...{ contract_id: contract, ...(ref !== undefined && { ref }), client_id: owner, client: nameOf(owner) },
        ...{ currency: shown.code, ...show(figures, shown.code) },
      };
    }),
    totals: Object.fromEntries([...totals].map(([code, all]) => [code, show(all, code)])),
  };
}

function show(own: Figures, code: string): Profit {
  const shown = (amount: Big) => money(amount, decimalsOf(code));
  const earned = own.billed.minus(own.cost);
  const labour = own.costless.eq(0) ? own.labour : undefined;
  const margin = labour === undefined || !own.unknown.eq(0) ? undefined : earned.minus(labour);
  return {
    ...{ billed: shown(own.billed), recurring_billed: shown(own.recurring), additions_cost: shown(own.cost) },
    ...{ cost_unknown_net: shown(own.unknown), hours: own.hours.toFixed(2) },
    rate: own.hours.gt(0) && own.unknown.eq(0) ? shown(earned.div(own.hours)) : null,
    labour_cost: labour === undefined ? null : shown(labour),
    margin: margin === undefined ? null : shown(margin),
    margin_pct: margin === undefined ? null : percent(margin, own.billed),
  };
}

function sentence(code: string, own: Figures, whose: string, { from, to }: ProfitAsked): string {
  const { billed, recurring_billed, hours, rate, labour_cost, margin, margin_pct } = show(own, code);
  const parts = [
    `${code}: agreements${whose} billed ${billed} (${recurring_billed} of it recurring) from ${from} to ${to}, ${costsIn(own, code)}`,
    `${hours} hours were worked on them${rate === null ? '' : `, an effective ${rate} an hour`}`,
    labour_cost === null
      ? `the cost of ${own.costless.toFixed(2)} of these hours is unknown, so there is no margin after labour`
      : `labour cost ${labour_cost}`,
  ];
  if (margin !== null) parts.push(`${margin} is left${margin_pct === null ? '' : ` (${margin_pct}%)`}`);
  return `${parts.join('; ')}.`;
}

/** What the billed lines cost, as far as it is known. */
function costsIn(own: Figures, code: string): string {
  const { additions_cost, cost_unknown_net } = show(own, code);
  if (own.unknown.eq(0)) return `for lines that cost ${additions_cost}`;
  const without = own.hours.gt(0) ? 'so are the hourly rate and the margin' : 'so is the margin';
  const unknown = `lines of ${cost_unknown_net} whose cost is unknown, and ${without}`;
  return own.cost.eq(0) ? `for ${unknown}` : `for lines that cost ${additions_cost} and ${unknown}`;
}
