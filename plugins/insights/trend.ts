/** What was billed and what billed MRR did, month by month. Pure: a book in, rows out. */
import type Big from 'big.js';
import {
  type Book,
  completeMonths,
  decimalsOf,
  entityOf,
  type Ledger,
  money,
  monthOf,
  type Params,
  post,
  sum,
} from '../../revenue/index.js';
import { type Balances, balancesOf } from './balances.js';
import { type Move, type MoveRow, movesOf, showMove, sumsOf } from './moves.js';
import { addUp, billedNotes, type Proof, proofOf } from './proof.js';

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
  const billed = post(book, { ...params, month_basis: 'billed' });
  const balances = balancesOf(billed.facts, params, params.client_id);
  const first = balances.months.indexOf(monthOf(params.from));
  const moves = movesOf(balances, first);
  const gaps = balances.unread.map((id) => entityOf('invoice', id));
  const proof = proofOf(METHOD, billed, { billed: true, notes: notesOf(billed, balances, params), gaps });
  const months: MonthRow[] = [];
  const totals: Trend['totals'] = {};
  for (const code of new Set([...billed.totals.keys(), ...balances.series.map(({ currency }) => currency)])) {
    const own = moves.filter(({ currency }) => currency === code);
    const cells = balances.months.slice(first).map((month, index) => ({
      month,
      billed: billedIn(billed, month, code),
      mrr: balanceAt(balances, first + index, code),
      moves: own.filter((move) => move.month === month),
    }));
    if (cells.every(isEmpty)) continue;
    const show = (amount: Big) => money(amount, decimalsOf(code));
    for (const { month, billed, mrr, moves } of cells) {
      const { recurring, non_recurring } = billed;
      months.push({
        ...{ month, currency: code, recurring: show(recurring), non_recurring: show(non_recurring) },
        ...{ billed_mrr: show(mrr), ...sumsOf(moves, code) },
      });
    }
    if (!proof.complete) continue;
    const all = (of: (cell: Cell) => Big) => addUp(cells.map(of), code);
    totals[code] = {
      recurring: all((cell) => cell.billed.recurring),
      non_recurring: all((cell) => cell.billed.non_recurring),
      opening_mrr: show(balanceAt(balances, first - 1, code)),
      ...sumsOf(own, code),
      closing_mrr: show(balanceAt(balances, balances.months.length - 1, code)),
    };
  }
  months.sort((a, b) => (a.month < b.month ? -1 : a.month > b.month ? 1 : 0));
  return { ...proof, from: params.from, to: params.to, months, movements: moves.map(showMove), totals };
}

/** One month of one currency, exact. */
interface Cell {
  readonly billed: { recurring: Big; non_recurring: Big };
  readonly mrr: Big;
  /** Of the month; a change of nothing is none. */
  readonly moves: readonly unknown[];
}

function billedIn({ clients }: Ledger, month: string, code: string): Cell['billed'] {
  const cells = clients.flatMap((client) => client.months.get(month)?.get(code) ?? []);
  return {
    recurring: sum(cells.map(({ recurring }) => recurring)),
    non_recurring: sum(cells.map(({ non_recurring }) => non_recurring)),
  };
}

function balanceAt({ series }: Balances, index: number, code: string): Big {
  return sum(series.flatMap(({ currency, balances }) => (currency === code ? (balances[index] ?? []) : [])));
}

/** Nothing billed, and neither a balance nor a change of it. */
const isEmpty = ({ billed: { recurring, non_recurring }, mrr, moves }: Cell) =>
  moves.length === 0 && [recurring, non_recurring, mrr].every((amount) => amount.eq(0));

function notesOf(billed: Ledger, { dated, timeless }: Balances, { to, as_of }: Params): string[] {
  return [
    ...billedNotes(billed),
    to === completeMonths(as_of, 1).to ? 'What is billed late or in arrears may still raise the last month.' : '',
    dated > 0
      ? `Invoices that name no service period, so that it runs from their date for one billing period: ${dated}.`
      : '',
    timeless > 0 ? `Invoices with recurring lines that nothing gives a period, in no billed MRR: ${timeless}.` : '',
  ];
}
