/** What was billed and what billed MRR did, month by month. Pure: a book in, rows out. */
import {
  type Book,
  type Breakdown,
  breakdown,
  completeMonths,
  decimalsOf,
  factsOf,
  money,
  type Params,
  sum,
} from '../../revenue/index.js';
import { type Balances, balancesOf } from './balances.js';
import { type Move, type MoveRow, movesOf, sumsOf } from './moves.js';
import { addUp, billedNotes, isZero, type Proof, proofOf } from './proof.js';

interface Billed {
  recurring: string;
  non_recurring: string;
}

export type MonthRow = { month: string; currency: string } & Billed & { billed_mrr: string } & Record<Move, string>;

/** The window as a whole: opening_mrr and all movements come to closing_mrr. */
export type TrendTotal = Billed & { opening_mrr: string } & Record<Move, string> & { closing_mrr: string };

export interface Trend extends Proof {
  from: string;
  to: string;
  months: MonthRow[];
  movements: MoveRow[];
  totals: Record<string, TrendTotal>;
}

const METHOD =
  "Recurring and non-recurring are what was billed in the month; billed MRR is rebuilt from invoices' service periods, as recurring invoices keep no history: the monthly price of the posted recurring lines whose service period holds the month's last day, without pro-rata, usage and partial credits; movements are its changes by client and currency and add up to it, and what comes back after nothing is a reactivation.";

/** The trend over whole months. The book wants the invoices of the service periods, too. */
export function trendOf(book: Book, params: Params): Trend {
  const billed = breakdown(book, { ...params, month_basis: 'billed', group_by: ['month'] });
  const balances = balancesOf(factsOf(book, params.as_of), params, params.client_id);
  const first = balances.months.indexOf(params.from.slice(0, 7));
  const moves = movesOf(balances, first);
  const gaps = balances.unread.map((id) => `invoice:${id}`);
  const proof = proofOf(METHOD, book, billed, { billed: true, notes: notesOf(billed, balances, params), gaps });
  const months: MonthRow[] = [];
  const totals: Trend['totals'] = {};
  for (const code of new Set([...Object.keys(billed.totals), ...balances.series.map(({ currency }) => currency)])) {
    const own = moves.filter(({ currency }) => currency === code);
    const rows = balances.months.slice(first).map((month, index) => ({
      month,
      currency: code,
      ...billedIn(billed, month, code),
      billed_mrr: balanceAt(balances, first + index, code),
      ...sumsOf(
        own.filter((move) => move.month === month),
        code,
      ),
    }));
    if (rows.every(isEmpty)) continue;
    months.push(...rows);
    if (!proof.complete) continue;
    totals[code] = {
      recurring: addUp(
        rows.map(({ recurring }) => recurring),
        code,
      ),
      non_recurring: addUp(
        rows.map(({ non_recurring }) => non_recurring),
        code,
      ),
      opening_mrr: balanceAt(balances, first - 1, code),
      ...sumsOf(own, code),
      closing_mrr: balanceAt(balances, balances.months.length - 1, code),
    };
  }
  months.sort((a, b) => (a.month < b.month ? -1 : a.month > b.month ? 1 : 0));
  return { ...proof, from: params.from, to: params.to, months, movements: moves, totals };
}

function billedIn({ clients }: Breakdown, month: string, code: string): Billed {
  const cells = clients.flatMap((client) => client.months?.[month]?.[code] ?? []);
  return {
    recurring: addUp(
      cells.map(({ recurring }) => recurring),
      code,
    ),
    non_recurring: addUp(
      cells.map(({ non_recurring }) => non_recurring),
      code,
    ),
  };
}

function balanceAt({ series }: Balances, index: number, code: string): string {
  const own = series.flatMap(({ currency, balances }) => (currency === code ? (balances[index] ?? []) : []));
  return money(sum(own), decimalsOf(code));
}

/** Nothing billed, and neither a balance nor a change of it. */
const isEmpty = ({ month: _month, currency: _currency, ...amounts }: MonthRow) => Object.values(amounts).every(isZero);

function notesOf(billed: Breakdown, { dated, timeless }: Balances, { to, as_of }: Params): string[] {
  return [
    ...billedNotes(billed),
    to === completeMonths(as_of, 1).to ? 'What is billed late or in arrears may still raise the last month.' : '',
    dated > 0
      ? `Invoices that name no service period, so that it runs from their date for one billing period: ${dated}.`
      : '',
    timeless > 0 ? `Invoices with recurring lines that nothing gives a period, in no billed MRR: ${timeless}.` : '',
  ];
}
