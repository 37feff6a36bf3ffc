/** Rows as Halo sends them, for tests: a plain one and what differs from it. */
import { type Breakdown, breakdown, type ClientBreakdown, type Params } from '../../revenue/index.js';
import { bookOf, type Raw } from './book.js';
import { defaults } from './vectors.js';

export type Fields = Record<string, unknown>;

export const AUD = { id: 1, code: 'AUD', conversion_rate: 1 };
export const USD = { id: 2, code: 'USD', conversion_rate: 0.66 };
export const JPY = { id: 3, code: 'JPY', conversion_rate: 97.5 };
export const KWD = { id: 4, code: 'KWD', conversion_rate: 0.2 };
export const ACME = { id: 101, name: 'Acme', inactive: false };

/** A posted invoice of Acme in June 2026. */
export function invoice(id: number, fields: Fields = {}): Fields {
  return {
    id,
    client_id: 101,
    invoice_date: '2026-06-01T00:00:00',
    posted: true,
    voided: false,
    currency_code: 1,
    ...fields,
  };
}

/** A line typed by hand: it says that it is not recurring. */
export function adhoc(id: number, net: unknown, fields: Fields = {}): Fields {
  return { id, net_amount: net, recurring_invoice_id: -1, recurring_invoice_line_id: 0, ...fields };
}

/** A line that came from line 11 of template -5001. */
export function generated(id: number, net: unknown, fields: Fields = {}): Fields {
  return { id, net_amount: net, recurring_invoice_id: -5001, recurring_invoice_line_id: 11, ...fields };
}

/** A monthly template of Acme, started in 2024 and open-ended; next due tomorrow. */
export function template(id: number, fields: Fields = {}): Fields {
  const schedule = {
    period: 2,
    startdate: '2024-07-01T00:00:00',
    end_date: '1899-12-30T00:00:00',
    nextcreationdate: '2026-07-01T00:00:00',
    ...(fields.schedule as Fields | undefined),
  };
  return { id, client_id: 101, disabled: false, currency_code: 1, contract_id: 0, period: 2, ...fields, schedule };
}

/** A monthly contract of Acme at 800, from July 2025 to June 2027. */
export function contract(id: number, fields: Fields = {}): Fields {
  return {
    id,
    client_id: 101,
    ref: `CT-${id}`,
    start_date: '2025-07-01T00:00:00',
    end_date: '2027-06-30T00:00:00',
    billingperiod: 2,
    periodchargeamount: 800,
    active: true,
    dontinvoice: false,
    rollingcontract: false,
    currency_code: 1,
    ...fields,
  };
}

/** The answer for these rows, by default with Acme and the four currencies. */
export function answer(raw: Raw, params: Partial<Params> = {}): Breakdown {
  return breakdown(bookOf({ clients: [ACME], currencies: [AUD, USD, JPY, KWD], ...raw }), { ...defaults, ...params });
}

/** One client of an answer. */
export function client(from: Breakdown, id = 101): ClientBreakdown {
  const found = from.clients.find(({ client_id }) => client_id === id);
  if (found === undefined) throw new Error(`client ${id} is not in the answer`);
  return found;
}

/** The figures of one client in one currency. */
export function figures(from: Breakdown, code = 'AUD', id = 101) {
  const found = client(from, id).currencies[code];
  if (found === undefined) throw new Error(`client ${id} has no ${code}`);
  return found;
}

/** Recurring net, non-recurring net and total of the billed axis. */
export function billed(from: Breakdown, code = 'AUD', id = 101): [string, string, string] {
  const { recurring, non_recurring, total_net } = figures(from, code, id);
  return [recurring.net, non_recurring.net, total_net];
}

/** The codes of a client's flags. */
export function codes(from: Breakdown, id = 101): string[] {
  return client(from, id).flags.map(({ code }) => code);
}
