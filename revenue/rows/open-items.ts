/** Documents as debts, and the payments on them. What is owed includes tax, as the customer pays it. */
import type Big from 'big.js';
import type { CurrencyRef } from '../values/currency.js';
import { type Standing, standing } from './documents.js';
import { keepInvoice } from './keep.js';
import { asRow, day, decimal, flag, type HaloRow, integer, isSent, link, text } from './row.js';
import type { Invoice } from './rows.js';
import { type Fields, unreadOf } from './unread.js';

/** A row of /Invoice, by its header alone. Amounts are as sent: undefined if Halo states none. */
export interface OpenItem {
  readonly id: number;
  readonly modified: string;
  readonly unread: readonly string[];
  /** The client that is billed. */
  readonly client: number;
  readonly client_name: string | undefined;
  readonly currency: CurrencyRef;
  readonly number: string | undefined;
  readonly standing: Standing;
  readonly posted: boolean;
  readonly date: string | undefined;
  readonly due_date: string | undefined;
  /** Whole days, or the id of terms: Halo does not say which. */
  readonly terms: number | undefined;
  /** The invoice that it credits; 0 for none. */
  readonly credits: number;
  /** With tax. */
  readonly total: Big | undefined;
  readonly due: Big | undefined;
  readonly paid: Big | undefined;
  /** For a credit note: how much of it is not used yet. */
  readonly credit_left: Big | undefined;
  readonly credit_used: Big | undefined;
  readonly marked_used: boolean;
  /** Halo's own number for paid is 2; -1 and 0 are unpaid. A hint only: money decides. */
  readonly status: 'paid' | 'unpaid' | undefined;
  readonly paid_on: string | undefined;
}

const AMOUNTS: Fields = [
  ['total', 'amount'],
  ['amountdue', 'amount'],
  ['amountpaid', 'amount'],
  ['credit_outstanding', 'amount'],
  ['credit_used', 'amount'],
  ['duedate', 'day'],
];

/** Fields that only matter for lines: a header is not unreadable because of them. */
const OF_LINES: readonly string[] = ['revenue', 'lines', 'period_start_date', 'period_end_date'];

const PAID = 2;
const UNPAID: readonly number[] = [-1, 0];

/** Reduces a row of /Invoice to what is open on it; undefined if it has no id. */
export function keepOpenItem(value: unknown): OpenItem | undefined {
  const row = asRow(value);
  const invoice = keepInvoice(row === undefined ? value : { ...row, lines: undefined });
  if (row === undefined || invoice === undefined) return undefined;
  return { ...headOf(invoice), ...moneyOf(row), unread: unreadIn(row, invoice) };
}

function headOf(invoice: Invoice) {
  const { id, modified, client, client_name, currency, number, posted, date, credited_invoice } = invoice;
  return {
    ...{ id, modified, client, client_name, currency, number, posted, date },
    ...{ credits: credited_invoice, standing: standing(invoice) },
  };
}

/** What the header of an invoice says of its payment. */
export type Money = ReturnType<typeof moneyOf>;

/** Reads what the header of an invoice says of its payment. */
export function moneyOf(row: HaloRow) {
  const code = integer(row.paymentstatus);
  const status = code === PAID ? ('paid' as const) : UNPAID.includes(code ?? PAID) ? ('unpaid' as const) : undefined;
  return {
    due_date: day(row.duedate),
    terms: integer(row.paymentterms),
    total: decimal(row.total),
    due: decimal(row.amountdue),
    paid: decimal(row.amountpaid),
    credit_left: decimal(row.credit_outstanding),
    credit_used: decimal(row.credit_used),
    marked_used: flag(row.mark_credit_as_used),
    status,
    paid_on: day(row.datepaid),
  };
}

const unreadIn = (row: HaloRow, { unread }: Invoice): readonly string[] => [
  ...unread.filter((field) => !OF_LINES.includes(field)),
  ...unreadOf(row, AMOUNTS),
];

/** A row of /InvoicePayment. An applied credit note is one too, but is not cash. */
export interface Payment {
  readonly id: number;
  readonly modified: string;
  readonly client: number;
  /** 0 if it belongs to no invoice. */
  readonly invoice: number;
  /** The credit note that was applied; 0 for money received. */
  readonly credit_note: number;
  readonly date: string | undefined;
  /** Above zero for money received; undefined if it can't be read. */
  readonly amount: Big | undefined;
  /** What it leaves out or says unreadably: when it came, how much, or what for. */
  readonly unread: readonly string[];
}

const PAYMENT_FIELDS: Fields = [
  ['client_id', 'id'],
  ['invoice_id', 'id'],
  ['credit_note_id', 'id'],
  ['date', 'day'],
  ['amount', 'amount'],
];

/** Reduces a row of /InvoicePayment; undefined if it has no id. Ignores any card data in it. */
export function keepPayment(value: unknown): Payment | undefined {
  const row = asRow(value);
  const id = integer(row?.id);
  if (row === undefined || id === undefined) return undefined;
  const linked = Array.isArray(row.linked_creditnotes) ? row.linked_creditnotes.map(asRow) : [];
  const [date, amount] = [day(row.date), isSent(row.amount) ? decimal(row.amount) : undefined];
  const missing = [...(date === undefined ? ['date'] : []), ...(amount === undefined ? ['amount'] : [])];
  return {
    id,
    modified: text(row.last_modified) ?? '',
    client: link(row.client_id),
    invoice: link(row.invoice_id),
    credit_note: link(row.credit_note_id) || link(linked.find((one) => one !== undefined)?.id),
    date,
    amount,
    unread: [...new Set([...unreadOf(row, PAYMENT_FIELDS), ...missing])],
  };
}
