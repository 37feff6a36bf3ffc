/** Turns the engine's trend into the tool's answer: decimal strings, and what to know besides the figures. */
import type Big from 'big.js';
import {
  type Book,
  type Cause,
  completeMonths,
  decimalsOf,
  entityOf,
  inOneGo,
  labelOf,
  MOVES,
  type Move,
  type Moved,
  money,
  type Params,
  type Steps,
  saidOfDay,
  type Trend,
  type TrendTotal,
  trendIn,
  unstated,
} from '../../index.js';
import { billedNotes, listed, type Proof, proofOf } from './proof.js';

type Sums = Record<Move, string>;

export type MonthRow = { month: string; currency: string; recurring: string; non_recurring: string } & {
  billed_mrr: string;
  not_billed: string;
  mrr: string;
} & Sums;

/** One change of one client's MRR; contraction and churn are below zero. */
export interface MoveRow {
  month: string;
  currency: string;
  client_id: number;
  client: string;
  kind: Move;
  amount: string;
  /** The client's MRR after it. */
  mrr: string;
  /** The cause; `moved` names the other client. */
  cause: string;
  /** The amount of each cause, if there are several. */
  causes?: { cause: string; amount: string }[];
  documents: number[];
  templates: number[];
}

/** The whole window: opening_mrr plus all movements equals closing_mrr. */
export type TotalRow = { recurring: string; non_recurring: string; opening_mrr: string } & Sums & {
    closing_mrr: string;
    closing_not_billed: string;
  };

export interface TrendAnswer extends Proof {
  statement: string;
  from: string;
  to: string;
  as_of: string;
  /** The first day of the invoices read. */
  look_back: string;
  months: MonthRow[];
  movements: MoveRow[];
  totals: Record<string, TotalRow>;
}

const METHOD =
  "Recurring and non-recurring are what was billed in the month; billed MRR is rebuilt from posted invoices, as recurring invoices keep no history: the monthly price of each recurring line whose own days, or whose invoice's, hold the month's last day, a period billed twice counting once and usage not at all; not billed is what goes on after the last bill of a recurring invoice that is still active; MRR is both, and movements are its changes by client and currency and add up to it, each with its cause and the ids of what is behind it.";

/** The trend over whole months. The book also needs the invoices of the service periods. */
export const answerTrend = inOneGo(answerTrendIn);

/** The same in steps. */
export function* answerTrendIn(book: Book, params: Params): Steps<TrendAnswer> {
  const trend = yield* trendIn(book, params);
  const { ledger, history, unread } = trend;
  const proof = proofOf(METHOD, ledger, { billed: true, notes: notesOf(trend, params), gaps: unread });
  const totals = [...trend.totals].map(([code, total]): [string, TotalRow] => [code, showTotal(total, code)]);
  return {
    ...proof,
    statement: stateOf(trend, params, proof),
    ...{ from: params.from, to: params.to, as_of: params.as_of, look_back: history.since },
    months: trend.months.map(({ month, currency, moves, ...amounts }) => {
      const show = shower(currency);
      return {
        ...{ month, currency, recurring: show(amounts.recurring), non_recurring: show(amounts.non_recurring) },
        ...{ billed_mrr: show(amounts.billed_mrr), not_billed: show(amounts.not_billed), mrr: show(amounts.mrr) },
        ...showSums(moves, currency),
      };
    }),
    movements: trend.movements.map(showMove),
    totals: proof.complete ? Object.fromEntries(totals) : {},
  };
}

const shower = (code: string) => (amount: Big) => money(amount, decimalsOf(code));

const showSums = (moves: Readonly<Record<Move, Big>>, code: string) =>
  Object.fromEntries(MOVES.map((kind) => [kind, shower(code)(moves[kind])])) as Sums;

function showTotal(total: TrendTotal, code: string): TotalRow {
  const show = shower(code);
  return {
    ...{ recurring: show(total.recurring), non_recurring: show(total.non_recurring) },
    opening_mrr: show(total.opening_mrr),
    ...showSums(total.moves, code),
    ...{ closing_mrr: show(total.closing_mrr), closing_not_billed: show(total.closing_not_billed) },
  };
}

function showMove({ client, name, currency, amount, mrr, cause, causes, other, ...move }: Moved): MoveRow {
  const show = shower(currency);
  return {
    month: move.month,
    currency,
    client_id: client,
    client: name ?? `Client ${client}`,
    kind: move.kind,
    amount: show(amount),
    mrr: show(mrr),
    cause: causeOf(cause, amount, other),
    ...(causes.length > 0 && { causes: causes.map((one) => ({ cause: one.cause, amount: show(one.amount) })) }),
    documents: [...move.documents],
    templates: [...move.templates],
  };
}

function causeOf(cause: Cause, amount: Big, other: number | undefined): string {
  if (cause !== 'moved' || other === undefined) return cause;
  return `moved ${amount.gt(0) ? 'from' : 'to'} client ${other}`;
}

/** What a director would sign: one sentence per currency; none where what was not read would look like churn. */
function stateOf({ totals, months }: Trend, { from, to, as_of }: Params, proof: Proof): string {
  if (!proof.complete) return unstated(proof.reason);
  if (months.length === 0) return `Nothing was billed from ${from} to ${to}, as seen on ${as_of}.`;
  const sentences = [...totals].map(([code, { moves, ...total }]) => {
    const show = shower(code);
    const moved = MOVES.filter((kind) => !moves[kind].eq(0)).map((kind) => `${kind} ${show(moves[kind])}`);
    const going = total.closing_not_billed.eq(0) ? '' : `; ${show(total.closing_not_billed)} of it is not billed yet`;
    return `${code}: MRR went from ${show(total.opening_mrr)} to ${show(total.closing_mrr)} a month (${moved.join(', ') || 'no movement'})${going}; billed in these months: ${show(total.recurring)} recurring and ${show(total.non_recurring)} non-recurring.`;
  });
  return `From ${from} to ${to}, as seen on ${as_of}. ${sentences.join(' ')}`;
}

function notesOf({ ledger, history, movements }: Trend, { from, to, as_of, today }: Params): string[] {
  const { subscriptions, strands, since, first } = history;
  const shown = strands.flatMap(({ cells }) => cells.slice(first).flatMap(({ prices }) => prices));
  const going = shown.filter(({ billed }) => !billed).map(({ price }) => price.template);
  const undated = new Set(shown.filter(({ price }) => !price.named).map(({ price }) => price.document));
  const within = (day: string) => day >= from && day <= to;
  const goodwill = subscriptions.named.filter(({ date, goodwill }) => goodwill && date >= from);
  const unclear = subscriptions.named.filter(({ date, goodwill }) => !goodwill && date >= from);
  const timeless = [...subscriptions.timeless].filter(([, date]) => within(date)).map(([id]) => id);
  const loose = [...subscriptions.loose].filter(([, date]) => within(date)).map(([id]) => id);
  const untold = movements.flatMap(({ cause, causes, documents }) =>
    [cause, ...causes.map((one) => one.cause)].includes('price or quantity') ? documents : [],
  );
  const invoices = (ids: readonly number[]) => listed([...new Set(ids)].map((id) => labelOf(entityOf('invoice', id))));
  const templates = [...new Set(going)]
    .filter((id) => id !== 0)
    .map((id) => labelOf(entityOf('recurring_invoice', id)));
  return [
    saidOfDay('revenue_trend', as_of, today),
    ...billedNotes(ledger),
    to === completeMonths(as_of, 1).to ? 'Late bills and bills in arrears may still raise the last month.' : '',
    templates.length > 0 ? `Not billed since their last period, and still active: ${listed(templates)}.` : '',
    goodwill.length > 0
      ? `Credited in full without a replacement, between bills that remain, so the price stays: ${invoices(goodwill.map(({ credit }) => credit))}.`
      : '',
    unclear.length > 0
      ? `Credits that change no price, since nothing says why they were given: ${invoices(unclear.map(({ credit }) => credit))}.`
      : '',
    untold.length > 0 ? `Price or quantity, since a quantity can’t be read on one of them: ${invoices(untold)}.` : '',
    loose.length > 0 ? `Negative, without naming what they credit, and in no MRR: ${invoices(loose)}.` : '',
    undated.size > 0
      ? `Invoices without a service period, which is taken to be one billing period from their date: ${undated.size}.`
      : '',
    timeless.length > 0
      ? `Invoices with recurring lines without any period, in no billed MRR: ${timeless.length}.`
      : '',
    movements.some(({ kind }) => kind === 'new')
      ? `Invoices dated before ${since} were not read: a client that left before that day and came back counts as new.`
      : '',
  ];
}
