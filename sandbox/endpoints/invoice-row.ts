import { balanceOf, type Doc } from '../tenant/book.js';
import { type Clock, DAY, haloDate, NEVER, NEVER_OLD } from '../tenant/clock.js';
import { clientOf, type Tenant } from '../tenant/index.js';
import type { Row } from '../types.js';
import { headerRow, TERMS } from './header-row.js';

const PURCHASE_ORDER = 301;

/** A row of /Invoice. `is_recurring_invoice` is false on generated documents too. */
export function docRow(doc: Doc, tenant: Tenant): Row {
  const balance = balanceOf(doc, tenant.clock);
  const day = haloDate(doc.date);
  const credit = doc.kind === 'CN';
  return {
    ...headerRow({ ...doc, ...balance }),
    id: doc.id,
    use: 'invoice',
    invoicenumber: numberOf(doc),
    posted: doc.posted,
    voided: doc.voided,
    invoice_date: day,
    duedate: credit ? day : haloDate(doc.date + TERMS * DAY),
    dateposted: doc.posted ? day : doc.id % 2 === 0 ? NEVER : NEVER_OLD,
    date_created: day,
    datesent: day,
    last_modified: day,
    reference: doc.reference,
    contract_id: doc.contract,
    contract_ref: tenant.contract(doc.contract)?.ref ?? '',
    salesorder_id: doc.salesOrder,
    ticket_id: doc.ticket,
    purchaseorder_id: doc.supplier > 0 ? PURCHASE_ORDER : 0,
    supplier_id: doc.supplier,
    invoicetype: credit ? 1 : 0,
    typeid: credit ? 1 : 0,
    is_recurring_invoice: false,
    recurring_invoice_id: doc.template,
    schedule_id: 0,
    creditlinkedtoinvoiceid: doc.credits?.id ?? 0,
    original_client_id: doc.original,
    ...periodOf(doc),
    ...paidOf(balance.paidOn),
    ...(credit ? creditOf(balance.total) : undefined),
  };
}

const numberOf = (doc: Doc) => `${doc.kind}-${doc.id}`;

/** Only 1, paid, and -1 are known. */
const paidOf = (paidOn: number | undefined): Row =>
  paidOn === undefined ? { paymentstatus: -1, datepaid: NEVER } : { paymentstatus: 1, datepaid: haloDate(paidOn) };

const creditOf = (total: number): Row => ({
  credit_total: total / 100,
  credit_used: 0,
  credit_outstanding: total / 100,
});

const periodOf = (doc: Doc): Row => ({
  period_start_date: doc.period === undefined ? NEVER : haloDate(doc.period.from),
  period_end_date: doc.period === undefined ? NEVER : haloDate(doc.period.to),
});

/** A document as the detail of its template lists it. */
export function madeRow(doc: Doc, clock: Clock): Row {
  const { total, paid, due, paidOn } = balanceOf(doc, clock);
  return {
    id: doc.id,
    invoicenumber: numberOf(doc),
    invoice_date: haloDate(doc.date),
    posted: doc.posted,
    total: total / 100,
    amountpaid: paid / 100,
    amountdue: due / 100,
    paymentstatus: paidOn === undefined ? -1 : 1,
    ...periodOf(doc),
  };
}

/** What a client paid; only in the detail, and only where something was. */
export function paymentsOf(doc: Doc, clock: Clock): Row {
  const { paid, lastPayment } = balanceOf(doc, clock);
  if (paid === 0) return {};
  const payment = {
    id: doc.id + 4000,
    invoice_id: doc.id,
    client_id: doc.client,
    client_name: clientOf(doc.client).name,
    date: haloDate(lastPayment),
    amount: paid / 100,
    method: 0,
  };
  return { payments: [payment] };
}
