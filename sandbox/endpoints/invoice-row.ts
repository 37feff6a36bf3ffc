import { type Balance, balanceOf, type Doc } from '../tenant/book.js';
import { DAY, haloDate, NEVER, NEVER_OLD } from '../tenant/clock.js';
import type { Tenant } from '../tenant/index.js';
import type { Row } from '../types.js';
import { thinLines, unpaidOf, unsynced } from './harsh-money.js';
import { headerRow, TERMS } from './header-row.js';
import { linesOf } from './line-row.js';

const PURCHASE_ORDER = 301;

/** A row of /Invoice. `is_recurring_invoice` is false on generated documents too. */
export function docRow(doc: Doc, tenant: Tenant): Row {
  const balance = moneyOf(doc, tenant);
  const day = haloDate(doc.date);
  const credit = doc.kind === 'CN';
  return {
    ...headerRow({ ...doc, ...balance }),
    ...(tenant.is('harsh') ? unpaidOf(balance) : {}),
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
    // The number that people see, counted within the type; not a type code.
    typeid: doc.id,
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

const moneyOf = (doc: Doc, tenant: Tenant): Balance => {
  const balance = balanceOf(doc, tenant.clock);
  return tenant.is('harsh') ? unsynced(doc, balance) : balance;
};

/** The lines of a document. */
export function docLines(doc: Doc, tenant: Tenant): Row[] {
  const rows = linesOf(doc.lines, doc.id);
  return tenant.is('harsh') ? thinLines(rows, doc.lines, doc) : rows;
}

const numberOf = (doc: Doc) => `${doc.kind}-${doc.id}`;

/** Only 2 (paid) and -1 are known. */
const paidOf = (paidOn: number | undefined): Row =>
  paidOn === undefined ? { paymentstatus: -1, datepaid: NEVER } : { paymentstatus: 2, datepaid: haloDate(paidOn) };

const creditOf = (total: number): Row => ({
  credit_total: total / 100,
  credit_used: 0,
  credit_outstanding: total / 100,
});

const periodOf = (doc: Doc): Row => ({
  period_start_date: doc.period === undefined ? NEVER : haloDate(doc.period.from),
  period_end_date: doc.period === undefined ? NEVER : haloDate(doc.period.to),
});

/** A document as listed in its template's detail. */
export function madeRow(doc: Doc, tenant: Tenant): Row {
  const { total, paid, due, paidOn } = moneyOf(doc, tenant);
  return {
    id: doc.id,
    invoicenumber: numberOf(doc),
    invoice_date: haloDate(doc.date),
    posted: doc.posted,
    total: total / 100,
    amountpaid: paid / 100,
    amountdue: due / 100,
    paymentstatus: paidOn === undefined ? -1 : 2,
    ...periodOf(doc),
  };
}
