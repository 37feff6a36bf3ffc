/** Who owes how much, and for how long (`ar_ageing`). Pure: rows in, answer out. */
import type Big from 'big.js';
import { saidOfPosting } from '../ledger/anomalies.js';
import { saidOfDay } from '../ledger/days.js';
import { entityOf } from '../ledger/entity.js';
import type { Exchange } from '../ledger/exchange.js';
import { knownDay } from '../ledger/params.js';
import { newestIn } from '../rows/documents.js';
import type { OpenItem, Payment } from '../rows/open-items.js';
import { daysAfter, daysBetween, monthsAfter } from '../values/calendar.js';
import { decimalsOf } from '../values/currency.js';
import { leaf } from '../values/exchange.js';
import { Exact, money, sum, ZERO } from '../values/money.js';
import { each, inOneGo, type Steps } from '../values/steps.js';
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
import { type Debt, isCreditItem, isDocument, isReceivable, meanOf, type OwedBooks, owedOn } from './owed.js';

export const BUCKETS = ['not_due', '1_30', '31_60', '61_90', 'over_90', 'no_due_date'] as const;
export type AgeBucket = (typeof BUCKETS)[number];

/** Each bucket's last day overdue. */
const EDGES: readonly (readonly [AgeBucket, number])[] = [
  ['not_due', 0],
  ['1_30', 30],
  ['31_60', 60],
  ['61_90', 90],
  ['over_90', Number.POSITIVE_INFINITY],
];

export interface AgeingAsked extends Partial<Asked> {
  readonly as_of: string;
}

/** Money with tax, as strings in the currency's minor unit. */
export type Aged = Record<AgeBucket, string> & {
  /** All buckets: what is owed. */
  open: string;
  /** All buckets that are past due. */
  overdue: string;
  /** Credits and overpayments not yet used by an invoice; 0 or below. */
  unallocated: string;
  /** open + unallocated. */
  net: string;
  /** Documents with something open. */
  documents: number;
  /** Days overdue of the oldest document. */
  oldest_days: number | null;
  /** open / billed with tax in 90 days x 90; null if nothing was billed. */
  dso_days: string | null;
  days_to_pay: DaysToPay | null;
};

/** For documents paid in full in the 12 months up to the day: days from the invoice to the last payment. */
export interface DaysToPay {
  mean: string;
  largest: number;
  documents: number;
}

export interface Ageing extends Framed {
  as_of: string;
  clients: { client_id: number; name: string; currencies: Record<string, Aged> }[];
  totals: Record<string, Aged>;
}

interface Figures {
  readonly buckets: Record<AgeBucket, Big>;
  unallocated: Big;
  documents: number;
  oldest: number | undefined;
  billed: Big;
  readonly days: number[];
}

/** The age, on a day, of what each billed client owes. @throws RevenueInputError as `owedOn` does */
export const ageingOf = inOneGo(ageingIn);

/** The same in steps. */
export function* ageingIn(books: OwedBooks, asked: AgeingAsked, today: string): Steps<Ageing> {
  const { as_of: asOf, client_id: client } = asked;
  const exchange = exchangeFor(books, asked);
  const owed = yield* owedOn(books, asOf, today, exchange);
  const nameOf = naming(books, books.items);
  const figures = new ByClient<Figures>(noFigures, exchange.home);
  const flags: Said[] = [...owed.flags];
  const open: ProofItem[] = [];
  const credits: ProofItem[] = [];
  yield* each(owed.debts, (debt) => {
    const { item, shown } = debt;
    const own = figures.of(item.client, shown.code);
    const amount = leaf(debt.open, shown);
    billInto(own, debt, knownDay({ as_of: asOf, today }));
    if (amount.eq(0)) return;
    if (debt.credit || amount.lt(0)) {
      own.unallocated = own.unallocated.plus(amount);
      credits.push({ amount, code: shown.code, item: { id: item.id, ...headOf(item, nameOf) } });
      return;
    }
    const due = dueOf(item);
    if (due.flag !== undefined)
      flags.push({
        ...{ code: due.flag, entity: entityOf('invoice', item.id), client: item.client, ref: item.number },
        amount: { amount, code: shown.code },
      });
    const days = due.day === undefined ? undefined : daysBetween(due.day, asOf);
    const bucket = bucketOf(days);
    own.buckets[bucket] = own.buckets[bucket].plus(amount);
    own.documents += 1;
    if (days !== undefined && days > 0) own.oldest = Math.max(own.oldest ?? 0, days);
    open.push({
      ...{ amount, code: shown.code },
      item: { id: item.id, ...headOf(item, nameOf), due: due.day, days_overdue: days, bucket },
    });
  });
  for (const { payment, amount, shown } of owed.loose) {
    const own = figures.of(payment.client, shown.code);
    const leafed = leaf(amount, shown);
    own.unallocated = own.unallocated.plus(leafed);
    credits.push({
      amount: leafed,
      code: shown.code,
      item: { payment: payment.id, client_id: payment.client, client: nameOf(payment.client) },
    });
  }
  yield* payInto(figures, books, asOf, exchange);
  const ranked = figures.ranked(openOf, client, codeOfClient(books, exchange, client));
  const codes = figures.codes();
  const totals = new Map(codes.map((code) => [code, figures.in(code).reduce(merge, noFigures())]));
  return {
    ...frame({
      ...{ books, asked, exchange, flags, unread: owed.unread, nameOf },
      method: {
        ...{
          as_of: asOf,
          days: 'as_of less the due date',
          amounts: 'with tax, open on that day',
          by: 'the billed client',
        },
        payments: paymentsRead(books),
      },
      evidence: { open: proofOf(open), unallocated: proofOf(credits) },
      sentences: [
        saidOfPosting(books.items, isDocument),
        ...(codes.length === 0 ? [`Nothing owed on ${asOf} was found.`] : []),
        ...codes.map((code) =>
          sentence(code, totals.get(code) ?? noFigures(), asOf, client === undefined ? undefined : nameOf(client)),
        ),
        saidOfDay('ar_ageing', asOf, today),
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

const paymentsRead = ({ payments, payments_unread: error }: OwedBooks): string =>
  payments !== undefined
    ? `${payments.length} read`
    : error === undefined
      ? 'not listed by Halo'
      : `not read (${error})`;

function noFigures(): Figures {
  const buckets = Object.fromEntries(BUCKETS.map((bucket) => [bucket, ZERO])) as Record<AgeBucket, Big>;
  return { buckets, unallocated: ZERO, documents: 0, oldest: undefined, billed: ZERO, days: [] };
}

function merge(sum: Figures, one: Figures): Figures {
  for (const bucket of BUCKETS) sum.buckets[bucket] = sum.buckets[bucket].plus(one.buckets[bucket]);
  sum.unallocated = sum.unallocated.plus(one.unallocated);
  sum.documents += one.documents;
  sum.billed = sum.billed.plus(one.billed);
  if (one.oldest !== undefined) sum.oldest = Math.max(sum.oldest ?? 0, one.oldest);
  for (const days of one.days) sum.days.push(days);
  return sum;
}

const openOf = ({ buckets }: Figures): Big => sum(Object.values(buckets));

function bucketOf(days: number | undefined): AgeBucket {
  if (days === undefined) return 'no_due_date';
  return EDGES.find(([, last]) => days <= last)?.[0] ?? 'over_90';
}

/** Above this, terms are not days but an id. */
const LONGEST_TERMS = 365;

/** The due day of a document: its own, else its date plus its terms in days. */
function dueOf({ due_date, date, terms }: OpenItem): { day?: string; flag?: 'due_by_terms' | 'due_date_missing' } {
  if (due_date !== undefined) return { day: due_date };
  if (date !== undefined && terms !== undefined && terms > 0 && terms <= LONGEST_TERMS)
    return { day: daysAfter(date, terms), flag: 'due_by_terms' };
  return { flag: 'due_date_missing' };
}

const headOf = ({ number, client, date }: OpenItem, nameOf: (client: number) => string) => ({
  ...(number !== undefined && { number }),
  client_id: client,
  client: nameOf(client),
  date,
});

/** The days of billing that open amounts are compared with. */
const DSO_DAYS = 90;

/** @param known the last day of which bills are known: of days to come there are none */
function billInto(own: Figures, { item, shown, credit }: Debt, known: string): void {
  const first = daysAfter(known, 1 - DSO_DAYS);
  if (credit || item.total === undefined || (item.date ?? '') < first) return;
  own.billed = own.billed.plus(leaf(item.total, shown));
}

/** Days to pay of documents paid in full in the last 12 months. Applying a credit is not a payment. */
function* payInto(figures: ByClient<Figures>, books: OwedBooks, asOf: string, exchange: Exchange): Steps<void> {
  const after = monthsAfter(asOf, -12);
  const cash = new Map<number, { last: string | undefined; paid: Big; known: boolean }>();
  yield* each(yield* newestIn<Payment>(books.payments ?? []), ({ invoice, credit_note, date, amount }) => {
    if (invoice === 0) return;
    const own = cash.get(invoice) ?? { last: undefined, paid: ZERO, known: true };
    if (credit_note === 0 && date !== undefined && (own.last ?? '') < date) own.last = date;
    cash.set(invoice, { ...own, paid: own.paid.plus(amount ?? ZERO) });
  });
  yield* each(yield* newestIn(books.items), (item) => {
    if (!isReceivable(item) || isCreditItem(item) || item.date === undefined || item.total === undefined) return;
    const code = exchange.code(item.currency);
    if (code === undefined || item.total.lte(0)) return;
    const own = cash.get(item.id);
    const full = own?.paid.gte(item.total) === true ? own.last : undefined;
    const day = own === undefined ? item.paid_on : (full ?? (item.status === 'paid' ? own.last : undefined));
    if (day === undefined || day > asOf || day <= after || day < item.date) return;
    figures.of(item.client, exchange.show(code).code).days.push(daysBetween(item.date, day));
  });
}

function show(own: Figures, code: string): Aged {
  const shown = (amount: Big) => money(amount, decimalsOf(code));
  const open = openOf(own);
  const { not_due, no_due_date } = own.buckets;
  return {
    ...(Object.fromEntries(BUCKETS.map((bucket) => [bucket, shown(own.buckets[bucket])])) as Record<AgeBucket, string>),
    open: shown(open),
    overdue: shown(open.minus(not_due).minus(no_due_date)),
    unallocated: shown(own.unallocated),
    net: shown(open.plus(own.unallocated)),
    documents: own.documents,
    oldest_days: own.oldest ?? null,
    dso_days: own.billed.lte(0) ? null : money(open.times(DSO_DAYS).div(own.billed), 1),
    days_to_pay:
      own.days.length === 0
        ? null
        : {
            mean: money(meanOf(own.days), 1),
            largest: own.days.reduce((a, b) => Math.max(a, b)),
            documents: own.days.length,
          },
  };
}

function sentence(code: string, all: Figures, asOf: string, whose: string | undefined): string {
  const { open, overdue, over_90, unallocated, net, documents } = show(all, code);
  const owed = `${code}${whose === undefined ? '' : `, ${whose}`}: ${open} with tax is owed on ${asOf} by ${documents} document${documents === 1 ? '' : 's'}`;
  const parts = [`${owed}, ${overdue} of it overdue (${over_90} for more than 90 days)`];
  if (!all.unallocated.eq(new Exact(0)))
    parts.push(`credits and overpayments of ${unallocated} are not allocated, ${net} net of them`);
  return `${parts.join('; ')}.`;
}
