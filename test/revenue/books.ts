/** Random books for the properties: rows as Halo sends them, at least thirty documents in each. */
import fc from 'fast-check';
import { AUD, type Fields, JPY, KWD, USD } from './rows.js';

/** Runs of each property; fast-check prints the seed when one fails. */
export const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 25) };

export interface RawBook {
  recurring_invoices: Fields[];
  invoices: Fields[];
  contracts: Fields[];
  clients: Fields[];
  currencies: Fields[];
  [name: string]: Fields[];
}

const CLIENTS = [101, 102, 103];
const MONTHS = ['2025-07', '2025-09', '2025-12', '2026-02', '2026-03', '2026-06'];

const clientId = fc.constantFrom(...CLIENTS);
const maybe = <T>(value: fc.Arbitrary<T>, freq = 3) => fc.option(value, { nil: undefined, freq });
const amount = fc.integer({ min: -20_000, max: 200_000 }).map((thousandths) => thousandths / 1000);
const day = fc
  .tuple(fc.constantFrom(...MONTHS), fc.integer({ min: 1, max: 28 }))
  .map(([month, n]) => `${month}-${String(n).padStart(2, '0')}`);
const template = fc.constantFrom(-5001, -5002, -5003);
const item = fc.constantFrom({ id: 7, name: 'Licences' }, { id: 8, name: 'Support' });

const links = fc.oneof(
  fc.record({ recurring_invoice_id: template, recurring_invoice_line_id: fc.constant(11) }),
  fc.record({ recurring_invoice_id: fc.constant(-1), recurring_invoice_line_id: fc.constant(0) }),
  fc.constant({ recurring_invoice_id: -1, ticket_id: 5 }),
  fc.constant({ recurring_invoice_id: -1, salesorder_line_id: 4 }),
  fc.constant({ recurring_invoice_id: -1, milestone_id: 9, ticket_id: 8 }),
  fc.constant({ recurring_invoice_id: -1, pro_rata_line_id: 6 }),
  fc.constant({ recurring_invoice_id: null, item_recurring: true }),
  fc.constant({}),
);

const extras = fc.record({
  original_client_id: maybe(clientId, 4),
  contract_id: maybe(fc.constantFrom(301, 302, 303), 3),
  onetimecharge: maybe(fc.boolean(), 5),
  isgroupdesc: maybe(fc.constant(true), 12),
  isinactive: maybe(fc.constant(true), 12),
  is_recognised_revenue: maybe(fc.constant(true), 12),
  tax_amount: maybe(amount),
});

const price = fc.oneof(
  fc.record({ net_amount: amount }),
  fc.record({ net_amount: amount.map(String) }),
  fc.record({
    unit_price: amount,
    qty_order: fc.integer({ min: 0, max: 9 }),
    discount_perc: fc.constantFrom(0, 10, 12.5),
  }),
);

const line = fc.tuple(price, links, extras, maybe(item, 2)).map(
  ([a, b, c, group]): Fields => ({
    ...a,
    ...b,
    ...c,
    linked_item: group && { assetgroup_id: group.id, assetgroup_name: group.name },
  }),
);

const numbered = (lines: Fields[], base: number) => lines.map((fields, index) => ({ id: base + index, ...fields }));

const document = fc
  .record({
    client_id: clientId,
    original_client_id: maybe(clientId, 4),
    invoice_date: day.map((date) => `${date}T00:00:00`),
    posted: fc.constantFrom(true, true, true, false),
    voided: maybe(fc.constant(true), 15),
    supplier_id: maybe(fc.constant(44), 15),
    is_recognition: maybe(fc.constant(true), 15),
    currency_code: fc.constantFrom(1, 1, 1, 2, 3, 4),
    recurring_invoice_id: maybe(fc.constantFrom(-5001, -5002, -1, 0), 1),
    contract_id: maybe(fc.constantFrom(0, 301, 302), 2),
    revenue: amount,
    total: amount,
    tax_total: amount,
    period: maybe(fc.tuple(day, fc.integer({ min: 0, max: 400 })), 1),
    lines: fc.option(fc.array(line, { minLength: 1, maxLength: 4 }), { nil: undefined, freq: 8 }),
  })
  .map(({ period, lines, ...fields }): Fields => ({ ...fields, ...(lines && { lines }), ...serviceDates(period) }));

/** Whole months if the length is even, any days if it is odd. */
function serviceDates(period: [string, number] | undefined): Fields {
  if (period === undefined) return {};
  const [start, length] = period;
  const end = new Date(`${start}T00:00:00Z`);
  if (length % 2 === 0) end.setUTCMonth(end.getUTCMonth() + 1 + (length % 24));
  else end.setUTCDate(end.getUTCDate() + length);
  if (length % 2 === 0) end.setUTCDate(end.getUTCDate() - 1);
  return { period_start_date: start, period_end_date: end.toISOString().slice(0, 10) };
}

const agreement = fc.record({
  client_id: clientId,
  disabled: fc.constantFrom(false, false, false, true),
  period: fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 42),
  currency_code: fc.constantFrom(1, 1, 2, 3, 4),
  contract_id: fc.constantFrom(0, 301, 302, 303),
  client_to_invoice_to_id: maybe(clientId, 4),
  // The end may come before the start.
  schedule: maybe(fc.record({ startdate: day, end_date: maybe(day, 1), nextcreationdate: maybe(day, 4) }), 2),
  lines: fc.array(line, { minLength: 1, maxLength: 5 }),
});

const contract = fc.record({
  client_id: clientId,
  billingperiod: fc.constantFrom(2, 3, 4, 42),
  periodchargeamount: amount,
  active: fc.constantFrom(true, true, false),
  currency_code: fc.constantFrom(1, 2),
  start_date: fc.constantFrom('2024-07-01', '2026-08-01'),
  end_date: fc.constantFrom('2099-12-31', '2026-12-31', '2026-01-31'),
  previouscontract: fc.constantFrom(0, 0, 301, 302),
});

/** Documents, including credits of earlier ones, by line or by header. */
const documents = fc
  .tuple(fc.array(document, { minLength: 30, maxLength: 40 }), fc.array(fc.nat(29), { maxLength: 6 }))
  .map(([rows, credited]) => {
    const originals = rows.map((row, index): Fields => ({ id: 9001 + index, ...row, ...numberedLines(row, index) }));
    const credits = credited.map((target, index) => creditOf(originals[target] ?? {}, 9500 + index, index % 2 === 0));
    return [...originals, ...credits];
  });

function numberedLines(row: Fields, index: number): Fields {
  return Array.isArray(row.lines) ? { lines: numbered(row.lines as Fields[], 100 * (index + 1)) } : {};
}

/** A credit note that undoes every line of an invoice; without lines, its header. */
export function creditOf(invoice: Fields, id: number, byLine = true): Fields {
  const lines = (invoice.lines as Fields[] | undefined)?.map((line) => ({
    ...line,
    id: Number(line.id) + 50_000 * id,
    net_amount: line.net_amount === undefined ? undefined : -Number(line.net_amount),
    qty_order: line.qty_order === undefined ? undefined : -Number(line.qty_order),
    ...(byLine ? { creditlinkedidid: line.id } : {}),
  }));
  const header = ['revenue', 'total', 'tax_total'].map((name) => [name, -Number(invoice[name])]);
  return {
    ...invoice,
    ...Object.fromEntries(header),
    id,
    creditlinkedtoinvoiceid: invoice.id,
    ...(lines && { lines }),
  };
}

/** A whole book. */
export const rawBook: fc.Arbitrary<RawBook> = fc
  .tuple(
    documents,
    fc.array(agreement, { minLength: 3, maxLength: 8 }),
    fc.array(contract, { minLength: 3, maxLength: 3 }),
  )
  .map(([invoices, templates, contracts]) => ({
    invoices,
    recurring_invoices: templates.map((row, index) => ({
      id: -5001 - index,
      ...row,
      lines: numbered(row.lines, 10 * (index + 1)),
    })),
    contracts: contracts.map((row, index) => ({ id: 301 + index, ...row })),
    clients: CLIENTS.map((id) => ({ id, name: `Client ${id}`, ...(id === 102 ? { client_to_invoice: 101 } : {}) })),
    currencies: [AUD, USD, JPY, KWD],
  }));

/** The ways in which a book can be asked about. */
export const asked = fc.record({
  attribute_to: fc.constantFrom('service_client' as const, 'billed_client' as const),
  month_basis: fc.constantFrom('billed' as const, 'service_period' as const),
  include_unposted: fc.boolean(),
  group_by: fc.constantFrom(
    ['client' as const],
    ['month' as const, 'item_group' as const, 'contract' as const, 'recurring_invoice' as const, 'project' as const],
  ),
});
