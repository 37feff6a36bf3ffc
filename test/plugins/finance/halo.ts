/** A small healthy book as Halo sends it: every field is there, as on a live tenant. */
import type { Row } from '../../../core/index.js';
import { type Answer, type Fake, fakeContext, pagedList } from '../../core/make/fake.js';

export type Fields = Record<string, unknown>;

const NEVER = '1900-01-01T00:00:00';

/** One line of 100.00; `recurring_invoice_id` -1 means that it was typed by hand. */
export const line = (fields: Fields = {}): Fields => ({
  ...{ id: 21, item_code: 'LAB', item_shortdescription: 'Labour', qty_order: 2, unit_price: 50, discount_perc: 0 },
  ...{ net_amount: 100, recurring_invoice_id: -1, recurring_invoice_line_id: 0, contract_id: 0, isgroupdesc: false },
  ...fields,
});

/** A posted invoice of 100.00 net, 120.00 gross, unpaid. */
export const invoice = (fields: Fields = {}): Fields => ({
  ...{ id: 5009, client_id: 12, client_name: 'Northwind', invoicenumber: 'INV-5009', posted: true, voided: false },
  ...{ invoice_date: '2026-06-01T00:00:00', dateposted: '2026-06-01T00:00:00', duedate: '2026-07-01T00:00:00' },
  ...{ currency_code: 1, total: 120, tax_total: 20, revenue: 100, amountpaid: 0, amountdue: 120, paymentstatus: -1 },
  ...{ typeid: 48212, hideinvoice: false, datepaid: NEVER, creditlinkedtoinvoiceid: 0, recurring_invoice_id: 0 },
  lines: [line()],
  ...fields,
});

/** A monthly recurring invoice of 300.00 that bills nothing else. */
export const template = (fields: Fields = {}, schedule: Fields = {}): Fields => ({
  ...{ id: -94, client_id: 12, client_name: 'Northwind', disabled: false, currency_code: 1, contract_id: 0 },
  ...{ total: 360, tax_total: 60, revenue: 300 },
  schedule: {
    period: 2,
    startdate: '2024-01-01T00:00:00',
    end_date: NEVER,
    nextcreationdate: '2099-01-01',
    ...schedule,
  },
  lines: [line({ id: 11, recurring_invoice_id: 0, qty_order: 3, unit_price: 100, net_amount: 300 })],
  ...fields,
});

/** A contract of 800.00 a month that nothing bills. */
export const contract = (fields: Fields = {}): Fields => ({
  ...{ id: 31, client_id: 12, client_name: 'Northwind', ref: 'NW-1', active: true, expired: false, billingperiod: 2 },
  ...{ start_date: '2024-01-01T00:00:00', end_date: '2098-12-31T00:00:00', periodchargeamount: 800 },
  ...{ rollingcontract: false, dontinvoice: false, previouscontract: 0 },
  ...fields,
});

export interface Books {
  invoices?: unknown[];
  templates?: unknown[];
  contracts?: unknown[];
  currencies?: unknown;
  more?: Record<string, Answer>;
}

const singles = (path: string, rows: unknown[]) =>
  Object.fromEntries(
    rows.flatMap((row) => {
      const id = (row as Fields | null)?.id;
      return id === undefined ? [] : [[`${path}/${String(id)}`, () => row]];
    }),
  );

/** Halo with these books, and each row by its id. */
export function haloWith({ invoices = [], templates = [], contracts = [], currencies, more = {} }: Books): Fake {
  const clients = [{ id: 12, name: 'Northwind', inactive: false, default_currency_code: 1 }];
  const pounds = [{ id: 1, name: 'Pound', code: 'GBP', conversion_rate: 1 }];
  return fakeContext(
    {
      '/Invoice': pagedList(invoices as Row[], { key: 'invoices' }),
      '/RecurringInvoice': pagedList(templates as Row[], { key: 'invoices' }),
      '/ClientContract': pagedList(contracts as Row[], { key: 'contracts' }),
      '/Client': pagedList(clients as Row[], { key: 'clients' }),
      '/Currency': () => currencies ?? pounds,
      ...singles('/Invoice', invoices),
      ...singles('/RecurringInvoice', templates),
      ...singles('/ClientContract', contracts),
      ...singles('/Client', clients),
      ...more,
    },
    { currency: [{ id: 1, name: 'GBP', home: true }] },
  );
}
