import { describe, expect, it } from 'vitest';
import { answer, client, codes, contract, type Fields, figures, generated, invoice, template } from './rows.js';

const of = (fields: Fields, more: Fields = {}) =>
  answer({ recurring_invoices: [template(-5001, { lines: [{ id: 11, net_amount: 100, ...more }], ...fields })] });
const mrr = (fields: Fields, more: Fields = {}) => figures(of(fields, more)).mrr;

describe('M1 active: not disabled, started, not ended', () => {
  it.each([
    [{}, '100.00'],
    [{ disabled: true }, '0.00'],
    [{ schedule: { disabled: true } }, '0.00'],
    [{ voided: true }, '0.00'],
    [{ schedule: { end_date: '2026-06-30T00:00:00' } }, '100.00'],
    [{ schedule: { end_date: '2026-06-29T00:00:00' } }, '0.00'],
    [{ schedule: { end_date: '2099-12-31T00:00:00' } }, '100.00'],
    [{ schedule: { startdate: '2026-06-30T00:00:00' } }, '100.00'],
    [{ schedule: { startdate: '1900-01-01T00:00:00' } }, '100.00'],
    [{ schedule: { end_date: null }, enddate: '2023-12-31T00:00:00' }, '0.00'],
  ])('%o gives %s', (fields, expected) => expect(mrr(fields)).toBe(expected));
  it('a later start is flagged and not counted', () => {
    const from = of({ schedule: { startdate: '2026-07-01T00:00:00' } });
    expect([figures(from).mrr, codes(from)]).toEqual(['0.00', ['ri_future_start']]);
    expect(client(from).evidence.excluded.items).toMatchObject([{ id: -5001, reason: 'not_started' }]);
  });
});

describe('M2 the lines that count', () => {
  it.each([
    [{ onetimecharge: true }, '0.00'],
    [{ onetimechargeinvoiceid: 9026 }, '0.00'],
    [{ is_meter: true }, '0.00'],
    [{ meter_id: 7 }, '0.00'],
    [{ startdate: '2026-07-01' }, '0.00'],
    [{ enddate: '2026-06-29' }, '0.00'],
    [{ enddate: '2026-06-30' }, '100.00'],
    [{ enddate: '2026-01-31', autorenew: true }, '100.00'],
    [{ enddate: '1899-12-30' }, '100.00'],
    [{ recurring_invoice_quantity_type: 2 }, '100.00'],
  ])('%o gives %s', (line, expected) => expect(mrr({}, line)).toBe(expected));
  it('flags usage and one-time charges with their amounts', () => {
    const lines = [
      { id: 1, net_amount: 400 },
      { id: 2, net_amount: 87.5, meter_id: 7 },
      { id: 3, net_amount: 750, onetimecharge: true },
    ];
    expect(client(of({ lines })).flags.map(({ code, amount }) => [code, amount])).toEqual([
      ['one_time_line_on_ri', '750.00'],
      ['usage_excluded_from_mrr', '87.50'],
    ]);
  });
});

describe('M3 normalised from one exact amount', () => {
  it.each([
    [1, '433.33', '5200.00'],
    [2, '100.00', '1200.00'],
    [3, '8.33', '100.00'],
    [4, '33.33', '400.00'],
    [5, '16.67', '200.00'],
    [6, '1.67', '20.00'],
    [7, '2.78', '33.33'],
    [8, '4.17', '50.00'],
    [9, '2.08', '25.00'],
  ])('period %d of 100 is %s a month and %s a year', (period, month, year) => {
    expect(figures(of({ period, schedule: { period } }))).toMatchObject({ mrr: month, arr: year });
  });
  it('reads the period from the schedule, the header or its words', () => {
    expect(mrr({ period: undefined, schedule: { period: 3 } })).toBe('8.33');
    expect(mrr({ period: 3, schedule: { period: undefined } })).toBe('8.33');
    expect(mrr({ period: 3, schedule: { period: 0 } })).toBe('8.33');
    expect(mrr({ period: undefined, schedule: { period: null }, nextcreationperiod: 'Yearly' })).toBe('8.33');
  });
});

it('M4 an unknown or one-time period is left out, flagged, and never guessed', () => {
  expect(codes(of({ period: 42, schedule: { period: 42 } }))).toEqual(['unknown_period']);
  expect(codes(of({ period: undefined, schedule: { period: undefined } }))).toEqual(['unknown_period']);
  expect(codes(of({ period: 0, schedule: { period: 0 } }))).toEqual(['ri_one_time_period']);
  expect(mrr({ period: 0, schedule: { period: 0 } })).toBe('0.00');
});

it('M5 an inactive client, an ended contract and an overdue date still count, flagged', () => {
  const from = answer({
    clients: [{ id: 101, name: 'Acme', inactive: true }],
    contracts: [contract(301, { end_date: '2026-03-31T00:00:00' })],
    recurring_invoices: [
      template(-5001, {
        contract_id: 301,
        lines: [{ id: 1, net_amount: 100 }],
        schedule: { nextcreationdate: '2026-06-29' },
      }),
    ],
  });
  expect(figures(from)).toMatchObject({ mrr: '100.00', mrr_under_contract: '0.00', contracted_mrr: '0.00' });
  expect(codes(from)).toEqual(['ri_on_expired_contract', 'ri_past_next_date', 'inactive_client_active_ri']);
});

describe('M6 the minimum charge', () => {
  it('is flagged with its difference, not applied', () => {
    const from = of({ minimum_price_active: true, minimum_amount: 150 });
    expect(figures(from).mrr).toBe('100.00');
    expect(client(from).flags).toMatchObject([{ code: 'minimum_charge_applies', amount: '50.00' }]);
  });
  it.each([{ minimum_amount: 100 }, { minimum_amount: 150, minimum_price_active: false }, { minimum_amount: 0 }])(
    'says nothing for %o',
    (fields) => expect(codes(of(fields))).toEqual([]),
  );
});

describe('M7 stored quantities and what was last billed', () => {
  const row = template(-5001, { lines: [{ id: 11, net_amount: 100, recurring_invoice_quantity_type: 1 }] });
  const bill = (id: number, net: number, fields: Fields = {}) =>
    invoice(id, { recurring_invoice_id: -5001, lines: [generated(21, net)], ...fields });
  it('flags quantities that Halo recomputes', () => {
    expect(codes(answer({ recurring_invoices: [row] }))).toEqual(['ri_quantity_auto']);
  });
  it('offers the last posted invoice per month and flags a drift above 1 %', () => {
    const from = answer({
      recurring_invoices: [row],
      invoices: [
        bill(1, 50, { invoice_date: '2026-05-01' }),
        bill(2, 112),
        bill(3, 500, { posted: false }),
        bill(4, 500, { voided: true }),
      ],
    });
    expect(client(from).evidence.mrr.items).toMatchObject([{ mrr: '100.00', mrr_last_billed: '112.00' }]);
    expect(client(from).flags.find(({ code }) => code === 'template_drift')?.amount).toBe('12.00');
  });
  it('takes the header of a last invoice without lines', () => {
    const from = answer({ recurring_invoices: [row], invoices: [bill(1, 0, { lines: undefined, revenue: 112 })] });
    expect(client(from).evidence.mrr.items).toMatchObject([{ mrr_last_billed: '112.00' }]);
  });
  it('leaves pro-rata, usage and work out of the comparison', () => {
    const lines = [
      generated(21, 101),
      generated(22, 30, { pro_rata_line_id: 5 }),
      generated(23, 40, { meter_id: 7 }),
      { id: 24, net_amount: 50, recurring_invoice_id: -1, ticket_id: 5 },
    ];
    expect(codes(answer({ recurring_invoices: [row], invoices: [bill(1, 0, { lines })] }))).not.toContain(
      'template_drift',
    );
  });
});

describe('what else a template gives occasion to say', () => {
  it.each([
    [{ lines: [{ id: 1, net_amount: 0 }] }, 'zero_value_ri'],
    [{ lines: [] }, 'ri_header_only'],
    [{ lines: [{ id: 1, net_amount: -5 }] }, 'negative_mrr'],
    [{ lines: [{ id: 1, net_amount: 5, billingperiod: 3 }] }, 'line_period_differs'],
    [{ lines: [{ id: 1, net_amount: 5, unit_price: 4, qty_order: 1 }] }, 'line_amount_mismatch'],
  ])('%o: %s', (fields, code) => expect(codes(of({ revenue: 5, ...fields }))).toEqual([code]));
  it('a header alone gives its revenue, never its total', () => {
    expect(mrr({ lines: undefined, revenue: 1000, total: 1100, tax_total: 100 })).toBe('1000.00');
    expect(mrr({ lines: [], total: 1100, tax_total: 100 })).toBe('1000.00');
  });
  it('a line’s own period does not count, its template’s does', () => {
    expect(mrr({}, { billingperiod: 3 })).toBe('100.00');
  });
});
