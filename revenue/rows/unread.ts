/**
 * What Halo sent but can't be read: `"1.200,00"` for an amount, `"soon"` for a day, text for an id, `"Y"` for a flag.
 * It is never treated as nothing: the field is named, and what is built on it is not complete.
 */
import { remembering } from '../values/remember.js';
import { day, decimal, flag, type HaloRow, integer, isDate, isSent, saidNo } from './row.js';

type Kind = 'amount' | 'id' | 'day' | 'flag';

/** Fields, each with the kind of value that it must hold. */
export type Fields = readonly (readonly [field: string, kind: Kind])[];

const fields = (kinds: Readonly<Record<string, Kind>>): Fields => Object.entries(kinds);

const READABLE: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  amount: (value) => decimal(value) !== undefined,
  id: (value) => integer(value) !== undefined,
  day: isDate,
  flag: (value) => flag(value) || saidNo(value),
};

/** No unread fields, as in nearly every row, so the list is shared. */
export const ALL_READ: readonly string[] = [];

/** These unread fields; the same list for the same fields, which are often those of the whole book. */
export const unreadFields: (...fields: string[]) => readonly string[] = remembering((...fields: string[]) => fields);

/** The days that a template's schedule states unreadably, or leaves to a header that does. */
export function unreadDays(schedule: HaloRow, header: HaloRow): readonly string[] {
  return Object.entries(SCHEDULE_DAYS).flatMap(([own, other]) => {
    if (unreadOf(schedule, [[own, 'day']]).length > 0) return own;
    return day(schedule[own]) === undefined ? unreadOf(header, [[other, 'day']]) : [];
  });
}

/** The fields of a row that were sent but can't be read. */
export function unreadOf(row: HaloRow, fields: Fields): readonly string[] {
  let unread: string[] | undefined;
  for (const [field, kind] of fields) {
    const value = row[field];
    // Nearly all are ids, flags or absent.
    if (value === undefined || (kind === 'flag' && value === false)) continue;
    if (kind === 'id' && Number.isSafeInteger(value)) continue;
    if (READABLE[kind](value) || !isSent(value)) continue;
    unread ??= [];
    unread.push(field);
  }
  return unread === undefined ? ALL_READ : unreadFields(...unread);
}

/** The fields that decide whose a document is, when it counts, and what made it. */
export const INVOICE_FIELDS: Fields = fields({
  client_id: 'id',
  original_client_id: 'id',
  invoice_date: 'day',
  dateposted: 'day',
  period_start_date: 'day',
  period_end_date: 'day',
  recurring_invoice_id: 'id',
  creditlinkedtoinvoiceid: 'id',
  recognised_from_invoice: 'id',
  supplier_id: 'id',
  purchaseorder_id: 'id',
  contract_id: 'id',
  ticket_id: 'id',
  salesorder_id: 'id',
  posted: 'flag',
  voided: 'flag',
  hideinvoice: 'flag',
  is_recurring_invoice: 'flag',
  is_recognition: 'flag',
  is_down_payment: 'flag',
});

export const TEMPLATE_FIELDS: Fields = fields({
  client_id: 'id',
  client_to_invoice_to_id: 'id',
  contract_id: 'id',
  minimum_amount: 'amount',
  disabled: 'flag',
  voided: 'flag',
  minimum_price_active: 'flag',
});

/** The fields of a template's schedule, besides its days. */
export const SCHEDULE_FIELDS: Fields = fields({ disabled: 'flag' });

/** The days of a template: its schedule states them; if not, its header may. */
export const SCHEDULE_DAYS: Readonly<Record<string, string>> = {
  startdate: 'startdate',
  end_date: 'enddate',
  nextcreationdate: 'nextcreationdate',
};

export const CONTRACT_FIELDS: Fields = fields({
  client_id: 'id',
  start_date: 'day',
  end_date: 'day',
  previouscontract: 'id',
  periodchargeamount: 'amount',
  active: 'flag',
  rollingcontract: 'flag',
  dontinvoice: 'flag',
  billforrecurringprepayamount: 'flag',
});

/** Read only for a contract that bills recurring prepay. */
export const PREPAY_FIELDS: Fields = fields({ prepayrecurringcharge: 'amount' });

export const LINE_FIELDS: Fields = fields({
  recurring_invoice_id: 'id',
  recurring_invoice_line_id: 'id',
  pro_rata_line_id: 'id',
  ticket_id: 'id',
  salesorder_line_id: 'id',
  milestone_id: 'id',
  prepay_id: 'id',
  credit_id: 'id',
  creditlinkedidid: 'id',
  onetimechargeinvoiceid: 'id',
  meter_id: 'id',
  contract_id: 'id',
  original_client_id: 'id',
  startdate: 'day',
  enddate: 'day',
  isgroupdesc: 'flag',
  isinactive: 'flag',
  is_active: 'flag',
  isActive: 'flag',
  onetimecharge: 'flag',
  isdownpayment: 'flag',
  item_recurring: 'flag',
  is_recognised_revenue: 'flag',
  is_meter: 'flag',
  autorenew: 'flag',
});

/** Fields for whose a document is, when it counts and what it is worth; its class does not depend on them. */
const BESIDE_CLASS: ReadonlySet<string> = new Set([
  ...['client_id', 'original_client_id', 'invoice_date', 'dateposted', 'posted', 'currency_code'],
  ...['revenue', 'net_amount', 'startdate', 'enddate', 'autorenew', 'meter_id', 'is_meter'],
]);

/** True if unreadable fields leave open what their row counts as: recurring or not, a credit, or nothing. */
export const leavesClass = (unread: readonly string[]): boolean => unread.some((field) => !BESIDE_CLASS.has(field));

/** The name for lines that are not records, or that came twice. */
export const LINES = 'lines';
