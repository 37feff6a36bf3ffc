/** What is billed but not yet earned on a day (`deferred_revenue`). Pure: a book in, answer out. */
import type Big from 'big.js';
import { saidOfPostingIn } from '../ledger/anomalies.js';
import { saidOfDay } from '../ledger/days.js';
import { entityOf } from '../ledger/entity.js';
import { factsIn } from '../ledger/facts.js';
import type { Unread } from '../ledger/gaps.js';
import { type Share, sharesOf } from '../ledger/shares.js';
import type { Book } from '../rows/book.js';
import { creditedAmong, isClassUnread, openIn, standing } from '../rows/documents.js';
import type { Invoice } from '../rows/rows.js';
import type { ClassedDocument } from '../rules/credits.js';
import { collect } from '../values/collect.js';
import { decimalsOf } from '../values/currency.js';
import type { Shown } from '../values/exchange.js';
import { money, settle, sum, ZERO } from '../values/money.js';
import { type Span, spread } from '../values/months.js';
import { inOneGo, type Steps } from '../values/steps.js';
import { ByClient } from './by-client.js';
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

export interface DeferredAsked extends Partial<Asked> {
  readonly as_of: string;
  /** The first day of the documents that are read. */
  readonly since: string;
}

export interface Deferred {
  /** Recurring net of documents dated up to the day that state a service period. */
  billed: string;
  /** Of `billed`: what was served up to the day. */
  recognised: string;
  /** billed - recognised: the service still owed. */
  deferred: string;
  /** Served up to the day, but billed after it. */
  accrued: string;
  /** Recurring net of documents without a service period: treated as earned when billed. */
  undated: string;
}

export interface DeferredAnswer extends Framed {
  as_of: string;
  clients: { client_id: number; name: string; currencies: Record<string, Deferred> }[];
  totals: Record<string, Deferred>;
}

interface Figures {
  billed: Big;
  recognised: Big;
  accrued: Big;
  undated: Big;
}

const noFigures = (): Figures => ({ billed: ZERO, recognised: ZERO, accrued: ZERO, undated: ZERO });

const NAMES = ['billed', 'recognised', 'accrued', 'undated'] as const;

function add(all: Figures, one: Figures): Figures {
  for (const name of NAMES) all[name] = all[name].plus(one[name]);
  return all;
}

/**
 * Recurring revenue that was billed, less what is earned of it by service period; future runs are not part of it. Whole
 * months earn equal parts on their first day, as everywhere else; what is billed in arrears is shown separately.
 * Credits reduce what they credit by their own service period, else by that of the credited document.
 */
export const deferredOf = inOneGo(deferredIn);

/** The same in steps. */
export function* deferredIn(book: Book, asked: DeferredAsked): Steps<DeferredAnswer> {
  const { as_of: asOf, client_id: client, since } = asked;
  const exchange = exchangeFor(book, asked);
  const facts = yield* factsIn(book, asOf);
  const nameOf = naming(book, book.invoices);
  yield;
  const figures = new ByClient<Figures>(noFigures, exchange.home);
  const [unread, flags, deferred]: [Unread[], Said[], ProofItem[]] = [[], [], []];
  const byId = creditedAmong(facts.invoices, book.linked_invoices);
  for (const invoice of facts.invoices) {
    yield;
    if (standing(invoice) !== 'document' || !invoice.posted) continue;
    const classed = facts.classed(invoice);
    if (!classed.pieces.some((piece) => piece.class === 'recurring') && !isClassUnread(invoice)) continue;
    const code = exchange.code(invoice.currency);
    const gaps = openIn(invoice, code);
    if (gaps.length > 0) unread.push({ entity: entityOf('invoice', invoice.id), fields: gaps });
    if (code === undefined || invoice.date === undefined) continue;
    const late = invoice.date > asOf;
    const shown = exchange.show(code);
    for (const { share, amount, service } of servedBy(invoice, classed, shown, byId)) {
      if (client !== undefined && share.client !== client) continue;
      if (late && (service === undefined || service.from > asOf)) continue;
      const own = figures.of(share.client, shown.code);
      const said = { entity: entityOf('invoice', invoice.id), client: share.client, ref: invoice.number };
      const flag = (code: 'accrued' | 'service_period_missing', of: Big) => {
        if (!of.eq(0)) flags.push({ ...said, code, amount: { amount: of, code: shown.code } });
      };
      if (service === undefined) {
        own.undated = own.undated.plus(amount);
        flag('service_period_missing', amount);
        continue;
      }
      const earned = earnedOf(amount, service, asOf, shown.decimals);
      if (late) {
        own.accrued = own.accrued.plus(earned);
        flag('accrued', earned);
        continue;
      }
      own.billed = own.billed.plus(amount);
      own.recognised = own.recognised.plus(earned);
      if (earned.eq(amount)) continue;
      const item = {
        id: invoice.id,
        number: invoice.number,
        client_id: share.client,
        client: nameOf(share.client),
        date: invoice.date,
      };
      deferred.push({
        amount: amount.minus(earned),
        code: shown.code,
        item: { ...item, service_from: service.from, service_to: service.to },
      });
    }
  }
  yield;
  const own = codeOfClient(book, exchange, client);
  const ranked = figures.ranked(({ billed, recognised }) => billed.minus(recognised), client, own);
  const codes = figures.codes();
  const totals = new Map(codes.map((code) => [code, figures.in(code).reduce(add, noFigures())]));
  const whose = client === undefined ? '' : `, ${nameOf(client)}`;
  return {
    ...frame({
      ...{ books: book, asked, exchange, flags: few(flags), unread, nameOf },
      method: {
        ...{ as_of: asOf, documents_since: since },
        spread: 'whole months in equal parts, each earned on its first day; any other period by its days',
        basis: 'recurring lines of posted documents, less credits, net of tax; runs to come are not part of it',
      },
      evidence: { deferred: proofOf(deferred) },
      sentences: [
        saidOfPostingIn(facts),
        ...(codes.length === 0 ? [`No billed recurring revenue is deferred${whose} on ${asOf}.`] : []),
        ...codes.map((code) => sentence(code, totals.get(code) ?? noFigures(), whose, asked)),
        saidOfDay('deferred_revenue', asOf, asked.today),
      ],
    }),
    as_of: asOf,
    clients: ranked.map(({ client: id, byCode }) => ({
      client_id: id,
      name: nameOf(id),
      currencies: Object.fromEntries([...byCode].map(([code, own]) => [code, show(own, code)])),
    })),
    totals: Object.fromEntries([...totals].map(([code, all]) => [code, show(all, code)])),
  };
}

/** Merges flags of the same code and client. */
function few(flags: readonly Said[]): Said[] {
  const byKey = collect(flags, ({ code, client, amount }) => `${code} ${client} ${amount?.code}`);
  return [...byKey.values()].flatMap((some): Said[] => {
    const [first] = some;
    if (first === undefined || some.length === 1) return some;
    const code = first.amount?.code ?? '';
    const amount = { amount: sum(some.map((one) => one.amount?.amount ?? ZERO)), code };
    return [
      {
        code: first.code,
        entity: entityOf('client', first.client ?? 0),
        client: first.client,
        amount,
        ref: `${some.length} documents`,
      },
    ];
  });
}

/** A part of a document, with the service that it is for. */
interface Served {
  readonly share: Share;
  readonly amount: Big;
  readonly service: Span | undefined;
}

/** All possible days. */
const EVER = { from: '1901-01-01', to: '2098-12-31' } as const;

/**
 * The recurring shares of a document, cut by its lines' service periods: a line's own takes precedence over the
 * document's.
 */
function servedBy(
  invoice: Invoice,
  classed: ClassedDocument,
  shown: Shown,
  byId: ReadonlyMap<number, Invoice>,
): Served[] {
  const whole = serviceOf(invoice, byId);
  const cut = { ...EVER, attribute_to: 'service_client', month_basis: 'billed' } as const;
  const shares = sharesOf(invoice, classed, shown, cut).filter((share) => share.class === 'recurring');
  return shares.flatMap((share) => {
    const spans = collect(share.pieces, ({ line }) => JSON.stringify(spanOf(line.start, line.end) ?? whole ?? null));
    const parts = [...spans].sort(([a], [b]) => compare(a, b));
    const amounts = settle(
      share.amount,
      parts.map(([, some]) => sum(some.map((one) => one.amount)).times(shown.rate)),
      shown.decimals,
    );
    return parts.map(([, [first]], index) => ({
      share,
      amount: amounts[index] ?? ZERO,
      service: (first && spanOf(first.line.start, first.line.end)) ?? whole,
    }));
  });
}

/** The service period of a document: its own, else that of the document it credits. */
function serviceOf(invoice: Invoice, byId: ReadonlyMap<number, Invoice>): Span | undefined {
  const credited = byId.get(invoice.credited_invoice);
  const of = (one: Invoice | undefined) => one && spanOf(one.period_start, one.period_end);
  return of(invoice) ?? of(credited);
}

const spanOf = (from: string | undefined, to: string | undefined): Span | undefined =>
  from !== undefined && to !== undefined && from <= to ? { from, to } : undefined;

/** How much of an amount is earned up to and including a day. */
function earnedOf(amount: Big, service: Span, asOf: string, decimals: number): Big {
  if (service.from > asOf) return ZERO;
  if (service.to <= asOf) return amount;
  const steps = spread(amount, service, decimals, { from: service.from, to: asOf });
  return steps.findLast(({ day }) => day <= asOf)?.done ?? ZERO;
}

function show({ billed, recognised, accrued, undated }: Figures, code: string): Deferred {
  const shown = (amount: Big) => money(amount, decimalsOf(code));
  return {
    ...{ billed: shown(billed), recognised: shown(recognised), deferred: shown(billed.minus(recognised)) },
    ...{ accrued: shown(accrued), undated: shown(undated) },
  };
}

function sentence(code: string, all: Figures, whose: string, { as_of: asOf, since }: DeferredAsked): string {
  const { billed, recognised, deferred, accrued, undated } = show(all, code);
  const parts = [
    `${code}${whose}: ${deferred} of recurring revenue is deferred on ${asOf}: ${billed} was billed since ${since} for a service period, of which ${recognised} is earned`,
  ];
  if (!all.accrued.eq(0)) parts.push(`${accrued} is earned but was billed later`);
  if (!all.undated.eq(0)) parts.push(`${undated} has no service period and counts as earned`);
  return `${parts.join('; ')}.`;
}
