/** The trend: what was billed in each month, and how MRR moved. Exact and pure: a book in, rows out. */
import type Big from 'big.js';
import { entityOf } from '../ledger/entity.js';
import type { Unread } from '../ledger/gaps.js';
import { type Ledger, postIn } from '../ledger/ledger.js';
import type { Params } from '../ledger/params.js';
import type { Book } from '../rows/book.js';
import { sum } from '../values/money.js';
import { inOneGo, type Steps } from '../values/steps.js';
import { type History, historyIn, MOVES, type Move, type Moved } from './history.js';

/** One month in one currency. opening + movements = mrr. */
export interface TrendMonth {
  readonly month: string;
  readonly currency: string;
  /** Billed in the month. */
  readonly recurring: Big;
  readonly non_recurring: Big;
  /** At its end. */
  readonly billed_mrr: Big;
  readonly not_billed: Big;
  readonly mrr: Big;
  readonly moves: Readonly<Record<Move, Big>>;
}

/** The whole window, in one currency. */
export interface TrendTotal {
  readonly recurring: Big;
  readonly non_recurring: Big;
  readonly opening_mrr: Big;
  readonly moves: Readonly<Record<Move, Big>>;
  readonly closing_mrr: Big;
  /** How much of it is not billed yet. */
  readonly closing_not_billed: Big;
}

export interface Trend {
  readonly ledger: Ledger;
  readonly history: History;
  /** In order of time; only currencies in which anything was billed or moved. */
  readonly months: readonly TrendMonth[];
  readonly movements: readonly Moved[];
  readonly totals: ReadonlyMap<string, TrendTotal>;
  /** What a balance depends on but could not be read. */
  readonly unread: readonly Unread[];
}

/** The trend over whole months, as seen on `as_of`. The book also needs the invoices of the service periods. */
export const trendOf = inOneGo(trendIn);

/** The same in steps. */
export function* trendIn(book: Book, params: Params): Steps<Trend> {
  const ledger = yield* postIn(book, { ...params, month_basis: 'billed' });
  const history = yield* historyIn(ledger.facts, params, { on: params.as_of, today: params.today }, params.client_id);
  const { first, series, moved } = history;
  const months: TrendMonth[] = [];
  const totals = new Map<string, TrendTotal>();
  for (const code of new Set([...ledger.totals.keys(), ...series.map(({ currency }) => currency)])) {
    const own = moved.filter(({ currency }) => currency === code);
    const rows = history.months.slice(first).map((month, offset): TrendMonth => {
      const balance = balanceAt(history, first + offset, code);
      return {
        ...{ month, currency: code, ...billedIn(ledger, month, code), ...balance },
        moves: sumsOf(own.filter((move) => move.month === month)),
      };
    });
    if (rows.every((row) => isEmpty(row) && !own.some(({ month }) => month === row.month))) continue;
    months.push(...rows);
    const closing = balanceAt(history, history.months.length - 1, code);
    totals.set(code, {
      recurring: sum(rows.map(({ recurring }) => recurring)),
      non_recurring: sum(rows.map(({ non_recurring }) => non_recurring)),
      opening_mrr: balanceAt(history, first - 1, code).mrr,
      moves: sumsOf(own),
      closing_mrr: closing.mrr,
      closing_not_billed: closing.not_billed,
    });
  }
  months.sort((a, b) => (a.month < b.month ? -1 : a.month > b.month ? 1 : 0));
  const unread = [
    ...history.unread.map((id) => entityOf('invoice', id)),
    ...history.unsure.map((id) => entityOf('recurring_invoice', id)),
  ];
  return {
    ...{ ledger, history, months, totals },
    movements: moved,
    unread: unread.map((entity) => ({ entity, fields: [] })),
  };
}

function billedIn({ clients }: Ledger, month: string, code: string): Pick<TrendMonth, 'recurring' | 'non_recurring'> {
  const cells = clients.flatMap((client) => client.months.get(month)?.get(code) ?? []);
  return {
    recurring: sum(cells.map(({ recurring }) => recurring)),
    non_recurring: sum(cells.map(({ non_recurring }) => non_recurring)),
  };
}

function balanceAt({ series }: History, index: number, code: string) {
  const own = series.filter(({ currency }) => currency === code);
  const billed_mrr = sum(own.flatMap(({ billed }) => billed[index] ?? []));
  const mrr = sum(own.flatMap((one) => one.mrr[index] ?? []));
  return { billed_mrr, not_billed: mrr.minus(billed_mrr), mrr };
}

/** The sum of movements by their kind. */
export function sumsOf(moves: readonly Moved[]): Record<Move, Big> {
  const of = (kind: Move) => sum(moves.flatMap((move) => (move.kind === kind ? [move.amount] : [])));
  return Object.fromEntries(MOVES.map((kind) => [kind, of(kind)])) as Record<Move, Big>;
}

/** Nothing billed, and no balance. */
const isEmpty = ({ recurring, non_recurring, billed_mrr, mrr }: TrendMonth) =>
  [recurring, non_recurring, billed_mrr, mrr].every((amount) => amount.eq(0));
