import type { Balance, Doc } from '../tenant/book.js';
import { balanceOf } from '../tenant/book.js';
import { DAY, haloDate } from '../tenant/clock.js';
import { clientOf, type Tenant } from '../tenant/index.js';
import type { Row } from '../types.js';
import { type Endpoint, pagedEndpoint } from './define.js';
import { unsynced } from './harsh-money.js';

const FIRST_ID = 4000;
/** A standing order paid once too often, not yet allocated to an invoice. */
const ON_ACCOUNT = { id: 3901, client: 41, daysAgo: 20, amount: 120_00 };

interface Payment {
  id: number;
  client: number;
  /** 0: none. */
  invoice: number;
  at: number;
  amount: number;
}

/** Newest id first. Like Halo's, without a date filter and without payments that only an accounts package holds. */
export const payments: Endpoint = pagedEndpoint({
  path: 'invoicepayment',
  scope: 'read:invoices',
  key: 'payments',
  order: { id: (payment: Payment) => payment.id },
  find(tenant, query) {
    const [client, invoice] = [query.int('client_id'), query.int('invoice_id')];
    return paymentsIn(tenant).filter(
      (payment) =>
        (client === undefined || payment.client === client) && (invoice === undefined || payment.invoice === invoice),
    );
  },
  show: paymentRow,
});

function paymentsIn(tenant: Tenant): readonly Payment[] {
  const made = tenant.book().docs.flatMap((doc) => paymentOf(doc, paidOf(doc, tenant)));
  const { id, client, daysAgo, amount } = ON_ACCOUNT;
  return [...made, { id, client, invoice: 0, at: tenant.clock.today - daysAgo * DAY, amount }];
}

const paidOf = (doc: Doc, tenant: Tenant): Balance => {
  const balance = balanceOf(doc, tenant.clock);
  return tenant.is('harsh') ? unsynced(doc, balance) : balance;
};

/** The payment for a document: a single one, if any. */
const paymentOf = (doc: Doc, { paid, lastPayment }: Balance): Payment[] =>
  paid === 0 ? [] : [{ id: doc.id + FIRST_ID, client: doc.client, invoice: doc.id, at: lastPayment, amount: paid }];

/** The payments of one document for its detail, if there are any. */
export function paymentsOf(doc: Doc, tenant: Tenant): Row {
  const own = paymentOf(doc, paidOf(doc, tenant));
  return own.length === 0 ? {} : { payments: own.map(paymentRow) };
}

function paymentRow({ id, client, invoice, at, amount }: Payment): Row {
  return {
    ...{ id, invoice_id: invoice, client_id: client, client_name: clientOf(client).name },
    ...{ date: haloDate(at), amount: amount / 100, method: 0 },
  };
}
