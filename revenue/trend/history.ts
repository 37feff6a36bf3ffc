/** The history of recurring prices, month by month: balances, and the movements that lead from one to the next (T1-T10). */
import type Big from 'big.js';
import type { Facts } from '../ledger/facts.js';
import { isClassUnread, standing } from '../rows/documents.js';
import type { Invoice } from '../rows/rows.js';
import { type MovementKind, movements } from '../rules/movements.js';
import { asItStood } from '../rules/run-dates.js';
import { collect } from '../values/collect.js';
import { decimalsOf } from '../values/currency.js';
import { sum } from '../values/money.js';
import { endOfMonth, invoiceWindow, monthsIn, type Span } from '../values/months.js';
import { flatMapped, inOneGo, type Steps } from '../values/steps.js';
import { type Cause, type Months, type Part, partsOf } from './causes.js';
import { NOTHING, type Strand, strandsIn } from './strands.js';
import { type Subscriptions, subscriptionsIn } from './subscriptions.js';

/** The kinds of movements, in the order in which they are shown. */
export const MOVES = ['new', 'expansion', 'contraction', 'churn', 'reactivation'] as const;
export type Move = (typeof MOVES)[number];

const NAMES: Readonly<Record<MovementKind, Move>> = {
  new_business: 'new',
  expansion: 'expansion',
  contraction: 'contraction',
  churn: 'churn',
  reactivation: 'reactivation',
};

/** What one client paid per month in one currency, at the end of each month. */
export interface Series {
  readonly client: number;
  readonly name: string | undefined;
  readonly currency: string;
  readonly billed: readonly Big[];
  /** Billed, plus what continues unbilled (T2). */
  readonly mrr: readonly Big[];
}

/** One change of one client's MRR; contraction and churn are below zero. */
export interface Moved {
  readonly month: string;
  readonly client: number;
  readonly name: string | undefined;
  readonly currency: string;
  readonly kind: Move;
  readonly amount: Big;
  /** The client's MRR after it. */
  readonly mrr: Big;
  /** The largest cause; if there are several, `causes` lists all of them with their amounts. */
  readonly cause: Cause;
  readonly causes: readonly { readonly cause: Cause; readonly amount: Big }[];
  /** For what moved: the client that it came from or went to. */
  readonly other: number | undefined;
  readonly documents: readonly number[];
  readonly templates: readonly number[];
}

export interface History {
  /** From the look-back to the end of the window. */
  readonly months: readonly string[];
  /** The index of the window's first month in `months`. */
  readonly first: number;
  readonly series: readonly Series[];
  /** The movements of the window: newest month first, then by currency, then largest first. */
  readonly moved: readonly Moved[];
  readonly subscriptions: Subscriptions;
  readonly strands: readonly Strand[];
  /** Documents behind a balance of the window that could not be read completely, or that may belong to one. */
  readonly unread: readonly number[];
  /** Templates whose price continues in the window, although it can't be read whether they are active. */
  readonly unsure: readonly number[];
  /** The first day of the look-back (T9). */
  readonly since: string;
}

/** The day on which the history is looked at, and today, which is that day if it is not given. */
export interface LookedAt {
  readonly on: string;
  readonly today?: string | undefined;
}

/**
 * Balances and movements for the months of a window and the five years before it, so that what comes back can be told
 * from what is new (T9). Documents dated after `day.on` are not known yet, and recurring invoices are as they stood then
 * (T10).
 */
export const historyOf = inOneGo(historyIn);

/** The same in steps. */
export function* historyIn(facts: Facts, window: Span, day: LookedAt, client?: number): Steps<History> {
  const since = invoiceWindow(window, 'service_period').from;
  const months = monthsIn({ from: since, to: window.to });
  const days = months.map((month) => endOfMonth(`${month}-01`));
  const first = months.indexOf(window.from.slice(0, 7));
  const templates = yield* flatMapped(facts.templates, (one) => asItStood(one, day.on, day.today));
  const subscriptions = yield* subscriptionsIn({ ...facts, templates }, { to: day.on });
  const all = yield* strandsIn(subscriptions.all, days);
  const strands = client === undefined ? all : all.filter(({ owner }) => owner === client);
  const context: Months = { strands: all, days, gone: subscriptions.gone };
  const known = collect(
    strands.filter((strand) => strand.currency !== undefined),
    ({ owner, currency }) => `${owner} ${currency}`,
  );
  const series: Series[] = [];
  const moved: Moved[] = [];
  for (const own of known.values()) {
    const one = seriesOf(own, days.length);
    series.push(one);
    yield;
    moved.push(...(yield* movesOf(one, own, first, months, context)));
  }
  return {
    ...{ months, first, series, subscriptions, strands, since },
    moved: moved.sort(newestFirst),
    unread: ascending([...unreadIn(strands, first, subscriptions), ...(yield* unplacedIn(facts, day.on))]),
    unsure: unsureIn(strands, first),
  };
}

function seriesOf(own: readonly Strand[], count: number): Series {
  const [one] = own;
  const at = (index: number) => own.map(({ cells }) => cells[index] ?? NOTHING);
  const indices = Array.from({ length: count }, (_, index) => index);
  return {
    client: one?.owner ?? 0,
    name: own.find(({ name }) => name !== undefined)?.name,
    currency: one?.currency ?? '',
    billed: indices.map((index) => sum(at(index).map(({ billed }) => billed))),
    mrr: indices.map((index) => sum(at(index).map(({ mrr }) => mrr))),
  };
}

function* movesOf(
  { client, name, currency, mrr }: Series,
  own: readonly Strand[],
  first: number,
  months: readonly string[],
  context: Months,
): Steps<Moved[]> {
  const moved: Moved[] = [];
  for (const [index, some] of movements(mrr, decimalsOf(currency)).entries()) {
    if (index < first || some.length === 0) continue;
    yield;
    const parts = partsOf(own, index, context);
    const causes = [...collect(parts, ({ cause }) => cause)].map(([cause, same]) => ({
      cause,
      amount: sum(same.map(({ amount }) => amount)),
    }));
    const ids = (of: (part: Part) => readonly number[]) => [...new Set(parts.flatMap(of))].sort((a, b) => a - b);
    for (const { kind, amount } of some) {
      const largest = [...causes].sort((a, b) => b.amount.times(amount.s).cmp(a.amount.times(amount.s)))[0];
      moved.push({
        ...{ month: months[index] ?? '', client, name, currency, kind: NAMES[kind], amount },
        mrr: mrr[index] ?? NOTHING.mrr,
        cause: largest?.cause ?? 'price',
        causes: causes.length > 1 && some.length === 1 ? causes : [],
        other: parts.find(({ cause }) => cause === 'moved' && cause === largest?.cause)?.other,
        documents: ids(({ documents }) => documents),
        templates: ids(({ templates }) => templates),
      });
    }
  }
  return moved;
}

const newestFirst = (a: Moved, b: Moved) =>
  compare(b.month, a.month) ||
  compare(a.currency, b.currency) ||
  b.amount.abs().cmp(a.amount.abs()) ||
  a.client - b.client;

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The prices in the window and in its opening balance. */
const shownIn = (strands: readonly Strand[], first: number) =>
  strands.flatMap(({ cells }) => cells.slice(Math.max(0, first - 1)).flatMap(({ prices }) => prices));

function unreadIn(strands: readonly Strand[], first: number, { doubtful }: Subscriptions): number[] {
  return shownIn(strands, first).flatMap(({ price }) =>
    price.unreadable || price.currency === undefined || doubtful.has(price) ? [price.document] : [],
  );
}

/** What a price shows of itself, wherever it stands. */
const OF_PRICE: ReadonlySet<string> = new Set(['currency_code', 'revenue', 'net_amount']);

/** Documents for which it is unknown whether something on them recurs, whose it is, or for which days. */
function* unplacedIn(facts: Facts, seen: string): Steps<number[]> {
  const isUnplaced = (invoice: Invoice) => {
    if (standing(invoice) !== 'document' || !invoice.posted || (invoice.date ?? '') > seen) return false;
    const fields = [...invoice.unread, ...invoice.lines.flatMap(({ unread }) => unread)];
    if (invoice.date !== undefined && fields.every((field) => OF_PRICE.has(field))) return false;
    return isClassUnread(invoice) || facts.classed(invoice).pieces.some((piece) => piece.class === 'recurring');
  };
  return yield* flatMapped(facts.invoices, (invoice) => (isUnplaced(invoice) ? [invoice.id] : []));
}

const ascending = (ids: readonly number[]): number[] => [...new Set(ids)].sort((a, b) => a - b);

/** The fields that say whether a template is active. */
const STATE = /^(disabled|voided|enddate|end_date)$/;

function unsureIn(strands: readonly Strand[], first: number): number[] {
  const unsure = strands.flatMap(({ cells, subscription: { template } }) => {
    const goes = cells.slice(Math.max(0, first - 1)).some(({ prices }) => prices.some(({ billed }) => !billed));
    return goes && template?.unread.some((field) => STATE.test(field)) ? [template.id] : [];
  });
  return ascending(unsure);
}
