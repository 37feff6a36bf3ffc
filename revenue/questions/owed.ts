/**
 * What is open on each document, today or on a past day. Today's balance is Halo's own; an earlier one is today's with
 * every later payment reversed, so that nothing earlier has to be known.
 */
import type Big from 'big.js';
import { entityOf } from '../ledger/entity.js';
import type { Exchange } from '../ledger/exchange.js';
import type { Unread } from '../ledger/gaps.js';
import { RevenueInputError } from '../ledger/params.js';
import { newestIn } from '../rows/documents.js';
import type { Money, OpenItem, Payment } from '../rows/open-items.js';
import { daysAfter } from '../values/calendar.js';
import { collect } from '../values/collect.js';
import type { Shown } from '../values/exchange.js';
import { Exact, round, sum, ZERO } from '../values/money.js';
import { each, type Steps } from '../values/steps.js';
import type { Books, Said } from './frame.js';

/** What is read for questions about what is owed. */
export interface OwedBooks extends Books {
  /** The headers of /Invoice, of all time up to the day in question. */
  readonly items: readonly OpenItem[];
  /** Undefined if there are none to read: Halo has no list of them, or it could not be read. */
  readonly payments: readonly Payment[] | undefined;
  /** The error for which they could not be read; the reading is then not complete. */
  readonly payments_unread?: string | undefined;
}

/** Why there are no payments, in words; undefined if there are some. */
export const withoutPayments = ({ payments = [], payments_unread: error }: OwedBooks): string | undefined =>
  payments.length > 0
    ? undefined
    : error === undefined
      ? 'Halo lists no payments here'
      : `payments were not read (${error})`;

/** A document and what is open on it. */
export interface Debt {
  readonly item: OpenItem;
  readonly shown: Shown;
  /** Exact, in its own currency: owed if above zero; below, it is money that belongs to the client. */
  readonly open: Big;
  readonly credit: boolean;
}

export interface Owed {
  readonly debts: readonly Debt[];
  /** Money not assigned to an invoice, up to the day, by client; below zero. */
  readonly loose: readonly { payment: Payment; amount: Big; shown: Shown }[];
  readonly flags: readonly Said[];
  readonly unread: readonly Unread[];
}

/** A credit note: it names what it credits, or its total is below zero. */
export const isCreditItem = ({ credits, total, due }: OpenItem): boolean => credits > 0 || (total ?? due ?? ZERO).lt(0);

/** Posted or not: neither a void, nor a bill, a recognition or a template. */
export const isDocument = ({ standing }: OpenItem): boolean => standing === 'document';

/** True for a receivable: posted, and not a void, bill, recognition or template (R2-R5, R8). */
export const isReceivable = (item: OpenItem): boolean => isDocument(item) && item.posted;

/**
 * What is open on a day. In steps.
 * @param today the day of Halo's balances
 * @throws RevenueInputError if the day is past and no payment tells what was open then
 */
export function* owedOn(books: OwedBooks, asOf: string, today: string, exchange: Exchange): Steps<Owed> {
  const flags: Said[] = [];
  const unread: Unread[] = [];
  const past = asOf < today;
  const payments = yield* newestIn(books.payments ?? []);
  const since = payments.filter(({ date }) => date === undefined || date > asOf);
  const later = { invoice: collect(since, ({ invoice }) => invoice), credit: collect(since, (one) => one.credit_note) };
  const history = past ? new History(payments, asOf) : undefined;
  const debts: Debt[] = [];
  yield* each(yield* newestIn(books.items), (item) => {
    if (!isReceivable(item)) return;
    const entity = entityOf('invoice', item.id);
    if (item.date !== undefined && item.date > asOf) return;
    const code = exchange.code(item.currency);
    const now = openNow(item);
    if (item.unread.length > 0 || code === undefined || now === undefined || item.date === undefined) {
      unread.push({ entity, fields: fieldsOf(item, code, now) });
      return;
    }
    // The open amount is known, but not the billed one.
    if (item.total === undefined) unread.push({ entity, fields: ['total'] });
    const shown = exchange.show(code);
    const plain = exchange.plain(code);
    const said = { entity, client: item.client, ref: item.number };
    if (now.flag !== undefined) flags.push({ ...said, code: now.flag, amount: { amount: now.open, code } });
    const own = (now.credit ? later.credit : later.invoice).get(item.id) ?? [];
    const back = past ? takenBack(now, own) : ZERO;
    if (past) {
      const missing = history?.unexplained(item, now.open, plain.decimals);
      if (missing !== undefined) {
        flags.push({ ...said, code: 'payment_day_unknown', amount: { amount: missing, code } });
        unread.push({ entity, fields: ['payments'] });
      }
    }
    // The dust of a division is not a debt.
    const open = round(now.open.plus(back), plain.decimals);
    debts.push({ item, shown, open, credit: now.credit });
  });
  if (past && history !== undefined) history.refuse(books, asOf, today);
  const told = new Set([...debts.map(({ item }) => item.id), ...unread.map(({ entity }) => entity.id ?? 0)]);
  for (const { id, unread: fields } of payments)
    if (fields.length > 0) unread.push({ entity: entityOf('payment', id), fields });
  const stray = payments.filter(({ invoice, unread: fields }) => fields.length === 0 && !told.has(invoice));
  const loose = looseOf(stray, debts, asOf, exchange, flags);
  return { debts, loose, flags, unread };
}

const fieldsOf = (item: OpenItem, code: string | undefined, now: unknown): string[] => [
  ...new Set([
    ...item.unread,
    ...(code === undefined ? ['currency_code'] : []),
    ...(item.date === undefined ? ['invoice_date'] : []),
    ...(now === undefined && item.unread.length === 0 ? ['amountdue'] : []),
  ]),
];

interface OpenNow {
  readonly open: Big;
  readonly credit: boolean;
  readonly flag?: 'balance_from_total' | 'credit_left_from_due' | undefined;
}

/** Halo's balance today; undefined if it is not known. */
export function openNow(item: OpenItem): OpenNow | undefined {
  return isCreditItem(item) ? creditLeft(item) : openOf(item);
}

/**
 * What is open of an invoice that is not a credit note; undefined if that is not known. `amountdue` is what is open, but
 * Halo keeps 0 in it if nothing came back from the accounts package: 0 with nothing paid, and no statement that it is
 * paid, means all of it is open. A row that says nothing about payments is trusted.
 */
export function openOf({ total, due, paid, status, paid_on }: Money): OpenNow | undefined {
  const open = (amount: Big, flag?: OpenNow['flag']): OpenNow => ({ open: amount, credit: false, flag });
  const all = () => (total === undefined ? undefined : open(total, 'balance_from_total'));
  if (due !== undefined) {
    const nothingPaid = status !== 'paid' && (paid === undefined ? status === 'unpaid' : !paid.gt(0));
    return due.eq(0) && nothingPaid && !total?.lte(0) ? all() : open(due);
  }
  if (paid?.gt(0)) return total === undefined ? undefined : open(total.minus(paid));
  if (status === 'paid' || (paid === undefined && paid_on !== undefined)) return open(ZERO);
  // Without either amount nobody knows: a partly paid invoice may have Halo's number for unpaid.
  return paid === undefined ? undefined : all();
}

/**
 * What is left of a credit, below zero however Halo stored its sign. What was used is already part of the invoices that
 * it paid.
 */
function creditLeft({ total, due, credit_left, credit_used, marked_used }: OpenItem): OpenNow | undefined {
  const left = (amount: Big, flag?: OpenNow['flag']): OpenNow => ({ open: amount.abs().neg(), credit: true, flag });
  if (marked_used) return left(ZERO);
  if (credit_left !== undefined) return left(credit_left);
  if (credit_used !== undefined && total !== undefined) return left(total.abs().minus(credit_used.abs()));
  if (due !== undefined) return left(due, 'credit_left_from_due');
  return total === undefined ? undefined : left(total, 'credit_left_from_due');
}

/** What was received later: an invoice was open by that much more, and a credit note was less used. */
function takenBack({ credit }: OpenNow, later: readonly Payment[]): Big {
  const amount = sum(later.map((one) => one.amount ?? ZERO));
  return credit ? amount.neg() : amount;
}

/** Checks whether the payments explain what was paid on each document, so that past days can be answered. */
class History {
  readonly #paid = new Map<number, Big>();
  /** Documents that are closed today, without any record of when they were paid. */
  #closed = 0;

  constructor(
    payments: readonly Payment[],
    private readonly asOf: string,
  ) {
    for (const { invoice, amount } of payments)
      this.#paid.set(invoice, (this.#paid.get(invoice) ?? ZERO).plus(amount ?? ZERO));
  }

  /** What was paid on a document on an unknown day; undefined if nothing was. */
  unexplained(item: OpenItem, open: Big, decimals: number): Big | undefined {
    const { total, paid_on } = item;
    if (total === undefined || isCreditItem(item)) return undefined;
    const missing = round(total.minus(open).minus(this.#paid.get(item.id) ?? ZERO), decimals);
    if (missing.lte(0) || (paid_on !== undefined && paid_on <= this.asOf)) return undefined;
    if (round(open, decimals).lte(0)) this.#closed += 1;
    return missing;
  }

  /**
   * A past day's balance is unknown if no payments are listed at all: an accounts package holds them. Yesterday may
   * still be today in another time zone, so it is only flagged.
   */
  refuse(books: OwedBooks, asOf: string, today: string): void {
    const none = withoutPayments(books);
    if (none === undefined || asOf >= daysAfter(today, -1)) return;
    if (books.payments !== undefined && this.#closed === 0) return;
    const elsewhere = books.payments_unread === undefined ? ' An accounts package may hold them.' : '';
    throw new RevenueInputError(
      `What was open on ${asOf} can't be told: ${none}, and Halo's balances are those of today.${elsewhere}`,
      'Leave as_of out for today.',
    );
  }
}

/**
 * Money not assigned to any document that counts: it names none, or one that is void, a draft, or later than the day.
 * Halo states no currency, so it is that of the client's documents, else home.
 */
function looseOf(
  payments: readonly Payment[],
  debts: readonly Debt[],
  asOf: string,
  exchange: Exchange,
  flags: Said[],
): Owed['loose'] {
  const codes = new Map(debts.map(({ item, shown }) => [item.client, shown]));
  return payments.flatMap((payment) => {
    const { id, client, credit_note, date, amount } = payment;
    if (credit_note !== 0 || client === 0 || amount === undefined) return [];
    if (amount.eq(0) || date === undefined || date > asOf) return [];
    const shown = codes.get(client) ?? exchange.show(exchange.home);
    const flagged = { amount, code: shown.code };
    flags.push({ code: 'payment_unallocated', entity: `payment:${id}`, client, amount: flagged });
    return [{ payment, amount: amount.neg(), shown }];
  });
}

/** The mean number of days. */
export const meanOf = (days: readonly number[]): Big => sum(days.map((one) => new Exact(one))).div(days.length);
