import type { Recurring } from '../tenant/book.js';
import { HOUR, haloDate, NEVER, NEVER_OLD } from '../tenant/clock.js';
import type { Tenant } from '../tenant/index.js';
import { sum } from '../tenant/money.js';
import { PERIOD_NAMES } from '../tenant/schedule.js';
import type { Row } from '../types.js';
import { headerRow } from './header-row.js';
import { madeRow } from './invoice-row.js';

/** What a template lacks: it is never posted, sent, paid or linked. */
const PLAIN: Row = {
  use: 'recurringinvoice',
  invoicenumber: '',
  posted: false,
  voided: false,
  invoice_date: NEVER,
  duedate: NEVER,
  dateposted: NEVER,
  datesent: NEVER,
  salesorder_id: 0,
  ticket_id: 0,
  purchaseorder_id: 0,
  supplier_id: 0,
  invoicetype: 0,
  typeid: 0,
  paymentstatus: -1,
  is_recurring_invoice: true,
  recurring_invoice_id: 0,
  period_start_date: NEVER,
  period_end_date: NEVER,
  creditlinkedtoinvoiceid: 0,
  original_client_id: 0,
  invoice_prorata_periods_ahead: 1,
};

/** When the run of the day takes place. */
const RUN_AT = 6 * HOUR;

/** A row of /RecurringInvoice: the same table as /Invoice, a negative id and a calendar. */
export function recurringRow(one: Recurring, tenant: Tenant): Row {
  const { template, schedule } = one;
  const live = one.lines.filter((each) => each.more.isinactive !== true);
  const contract = one.lines[0]?.contract ?? 0;
  const last = schedule.runs.at(-1);
  const sums = { net: sum(live, 'net'), tax: sum(live, 'tax'), paid: 0 };
  return {
    ...headerRow({ client: template.client, currency: one.currency, ...sums }),
    ...PLAIN,
    id: template.id,
    date_created: haloDate(schedule.start),
    last_modified: haloDate(tenant.clock.month(0) + RUN_AT + 12_330),
    reference: template.reference,
    contract_id: contract,
    contract_ref: tenant.contract(contract)?.ref ?? '',
    schedule_id: scheduleId(one),
    disabled: template.disabled === true,
    last_invoiced_revenue: sum(one.docs[0]?.lines ?? [], 'net') / 100,
    period: template.period,
    nextcreationperiod: PERIOD_NAMES[template.period] ?? '',
    startdate: haloDate(schedule.start),
    enddate: endOf(one),
    lastcreated: last === undefined ? NEVER : haloDate(last.from + RUN_AT),
    nextcreationdate: haloDate(schedule.next),
    ...template.more,
  };
}

const scheduleId = ({ template }: Recurring): number => 300 - template.id;

/** Uses both ways of writing "no date". */
const endOf = ({ schedule }: Recurring): string =>
  schedule.end === undefined ? (schedule.runs.length % 2 === 0 ? NEVER : NEVER_OLD) : haloDate(schedule.end);

/** What the detail adds: the documents made, newest first, and the calendar. */
export const recurringMore = (one: Recurring, tenant: Tenant): Row => ({
  invoices: one.docs.map((doc) => madeRow(doc, tenant)),
  schedule: {
    id: scheduleId(one),
    period: one.template.period,
    nextcreationdate: one.template.more?.nextcreationdate === null ? null : haloDate(one.schedule.next),
    startdate: haloDate(one.schedule.start),
    end_date: endOf(one),
    disabled: one.template.disabled === true,
  },
});
