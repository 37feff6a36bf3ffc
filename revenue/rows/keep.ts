/**
 * Reduces Halo's rows to what the rules need, so that memory stays flat while pages arrive. The literals here and in
 * line.ts use no spread: V8 would give each of thousands of rows its own shape, larger than the row.
 */

import type { Currency } from '../values/currency.js';
import type { Period } from '../values/periods.js';
import { headerNet } from './amounts.js';
import { currencyRef, keepCurrencyRow } from './currency.js';
import { readLines } from './line.js';
import { readPeriod } from './period.js';
import {
  asRow,
  day,
  decimal,
  flag,
  type HaloRow,
  integer,
  isSent,
  link,
  name,
  readableFlag,
  saidNo,
  templateId,
  text,
} from './row.js';
import type { Client, Contract, HeaderNet, Invoice, Line, RecurringInvoice } from './rows.js';
import {
  ALL_READ,
  CONTRACT_FIELDS,
  INVOICE_FIELDS,
  PREPAY_FIELDS,
  SCHEDULE_FIELDS,
  TEMPLATE_FIELDS,
  unreadDays,
  unreadFields,
  unreadOf,
} from './unread.js';

/** When a row was modified, for comparison as text: an instant with a fraction of a second sorts after one without. */
const stamp = (value: unknown) => (text(value) ?? '').replace(/Z$/i, '');

/** The unreadable parts of a row, joined: nearly always none. */
const unreadIn = (...parts: readonly (readonly string[])[]): readonly string[] =>
  parts.every(({ length }) => length === 0) ? ALL_READ : unreadFields(...new Set(parts.flat()));

/** A header that has to state the net, since no line does, and can't. */
const unsaid = ({ certain }: HeaderNet, lines: readonly Line[]): readonly string[] =>
  certain || lines.some(({ heading }) => !heading) ? ALL_READ : ['revenue'];

/** Names a billing period that was sent but is neither a code nor a word. An unknown code is a code all the same. */
const unreadPeriod = (field: string, period: Period | undefined, sent: readonly unknown[]): readonly string[] =>
  period === undefined && sent.some((value) => isSent(value) && integer(value) === undefined) ? [field] : ALL_READ;

/** A currency that was sent and is neither a code nor an id: unlike none at all, it is not home. */
const unreadCurrency = (row: HaloRow): readonly string[] =>
  currencyRef(row.currency_code_name, row.currency_code).unread === true ? ['currency_code'] : ALL_READ;

/** R6: invoice_date, else dateposted. An unreadable date is not replaced by another, which may be in another month. */
const dateOf = (row: HaloRow, unread: readonly string[]) =>
  unread.includes('invoice_date') ? undefined : (day(row.invoice_date) ?? day(row.dateposted));

/** Reduces one row of /Invoice (or /Invoice/{id}); undefined if it is not a row or has no id. */
export function keepInvoice(value: unknown): Invoice | undefined {
  const row = asRow(value);
  const id = integer(row?.id);
  if (row === undefined || id === undefined) return undefined;
  const { lines, unread: inLines } = readLines(row);
  const header = headerNet(row, lines);
  const unread = unreadIn(unreadOf(row, INVOICE_FIELDS), unreadCurrency(row), unsaid(header, lines), inLines);
  return {
    id,
    unread,
    client: link(row.client_id),
    client_name: name(row.client_name),
    modified: stamp(row.last_modified),
    currency: currencyRef(row.currency_code_name, row.currency_code),
    number: text(row.invoicenumber),
    original_client: link(row.original_client_id),
    date: dateOf(row, unread),
    posted: !saidNo(row.posted) || day(row.dateposted) !== undefined,
    // Integrations with live tenants skip hidden invoices like voided ones; nothing more is known about them.
    voided: flag(row.voided) || flag(row.hideinvoice),
    is_template: id < 0 || flag(row.is_recurring_invoice),
    is_bill: link(row.supplier_id) > 0 || link(row.purchaseorder_id) > 0,
    is_recognition: flag(row.is_recognition) || link(row.recognised_from_invoice) > 0,
    is_deposit: flag(row.is_down_payment),
    template: templateId(row.recurring_invoice_id),
    template_sent: row.recurring_invoice_id !== undefined,
    credited_invoice: link(row.creditlinkedtoinvoiceid),
    period_start: day(row.period_start_date),
    period_end: day(row.period_end_date),
    contract: link(row.contract_id),
    ticket: link(row.ticket_id),
    sales_order: link(row.salesorder_id),
    header,
    lines,
  };
}

/** Reduces one row of /RecurringInvoice; undefined for anything but a template (a negative id). */
export function keepRecurringInvoice(value: unknown): RecurringInvoice | undefined {
  const row = asRow(value);
  const id = integer(row?.id);
  if (row === undefined || id === undefined || id >= 0) return undefined;
  const schedule = asRow(row.schedule) ?? {};
  const period = schedulePeriod(schedule.period, row.period, row.nextcreationperiod);
  const { lines, unread: inLines } = readLines(row);
  const header = headerNet(row, lines);
  return {
    id,
    unread: unreadIn(
      unreadOf(row, TEMPLATE_FIELDS),
      unreadDays(schedule, row),
      unreadOf(schedule, SCHEDULE_FIELDS),
      unreadPeriod('period', period, [schedule.period, row.period]),
      unreadCurrency(row),
      unsaid(header, lines),
      inLines,
    ),
    client: link(row.client_id),
    client_name: name(row.client_name),
    modified: stamp(row.last_modified),
    ref: text(row.reference),
    currency: currencyRef(row.currency_code_name, row.currency_code),
    bill_to: link(row.client_to_invoice_to_id),
    disabled: flag(row.disabled) || flag(schedule.disabled) || flag(row.voided),
    start: day(schedule.startdate) ?? day(row.startdate),
    end: day(schedule.end_date) ?? day(row.enddate),
    next: day(schedule.nextcreationdate) ?? day(row.nextcreationdate),
    next_sent: schedule.nextcreationdate !== undefined || row.nextcreationdate !== undefined,
    period,
    contract: link(row.contract_id),
    header,
    minimum: saidNo(row.minimum_price_active) ? undefined : decimal(row.minimum_amount),
    lines,
  };
}

/**
 * The schedule's code states the period; if it is silent or 0, the header's may. Words count only if no code was sent
 * at all: they never overrule a code that says one-time.
 */
function schedulePeriod(schedule: unknown, header: unknown, words: unknown) {
  const codes = [schedule, header].filter((value) => text(value) !== undefined);
  const repeating = codes.find((value) => integer(value) !== 0);
  return readPeriod(codes.length === 0 ? words : (repeating ?? codes[0]));
}

/** Reduces one row of /ClientContract; undefined if it is not a row or has no id. */
export function keepContract(value: unknown): Contract | undefined {
  const row = asRow(value);
  const id = integer(row?.id);
  if (row === undefined || id === undefined) return undefined;
  const period = readPeriod(row.billing_period_string) ?? readPeriod(row.billingperiod);
  const hasPrepay = flag(row.billforrecurringprepayamount);
  return {
    id,
    unread: unreadIn(
      unreadOf(row, CONTRACT_FIELDS),
      hasPrepay ? unreadOf(row, PREPAY_FIELDS) : ALL_READ,
      unreadPeriod('billingperiod', period, [row.billingperiod]),
      unreadCurrency(row),
    ),
    client: link(row.client_id),
    client_name: name(row.client_name),
    modified: stamp(row.last_modified),
    currency: currencyRef(row.currency_code_name, row.currency_code),
    ref: text(row.ref),
    start: day(row.start_date),
    end: day(row.end_date),
    archived: saidNo(row.active),
    rolling: flag(row.rollingcontract),
    previous: link(row.previouscontract),
    not_invoiced: flag(row.dontinvoice),
    period,
    charge: decimal(row.periodchargeamount),
    prepay: hasPrepay ? decimal(row.prepayrecurringcharge) : undefined,
    prepay_period: (integer(row.prepayrecurringchargebp) ?? 0) === 0 ? period : readPeriod(row.prepayrecurringchargebp),
  };
}

/** Reduces one row of /Client (or /Client/{id}); undefined if it is not a row or has no id. */
export function keepClient(value: unknown): Client | undefined {
  const row = asRow(value);
  const id = integer(row?.id);
  if (row === undefined || id === undefined) return undefined;
  return {
    id,
    name: text(row.name),
    inactive: readableFlag(row.inactive),
    bill_to: link(row.client_to_invoice),
    bill_to_recurring: link(row.client_to_invoice_recurring),
    currency: currencyRef(row.default_currency_code_name, row.default_currency_code),
    modified: stamp(row.last_modified),
  };
}

/** Reduces one row of /Currency; undefined if it has no id or no ISO code. */
export function keepCurrency(value: unknown): Currency | undefined {
  const row = asRow(value);
  return row === undefined ? undefined : keepCurrencyRow(row);
}
