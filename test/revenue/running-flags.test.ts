import { describe, expect, it } from 'vitest';
import { ACME, answer, client, codes, contract, type Fields, figures, template } from './rows.js';

const of = (fields: Fields, more: Fields = {}) =>
  answer({ recurring_invoices: [template(-5001, { lines: [{ id: 11, net_amount: 100, ...more }], ...fields })] });

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
  it('is none where it is zero or less, whatever the lines come to', () => {
    for (const minimum_amount of [0, -5]) {
      expect(codes(of({ minimum_amount }, { net_amount: -20 }))).toEqual(['negative_mrr']);
    }
  });
  it('is met by usage too', () => {
    const lines = [
      { id: 1, net_amount: 100 },
      { id: 2, net_amount: 60, meter_id: 7 },
      { id: 3, net_amount: 500, onetimecharge: true },
    ];
    const short = (minimum_amount: number) =>
      client(of({ lines, minimum_amount })).flags.find(({ code }) => code === 'minimum_charge_applies')?.amount;
    expect([short(160), short(170)]).toEqual([undefined, '10.00']);
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
  const said = (fields: Fields, more: Fields = {}) =>
    client(of(fields, more)).flags.map(({ code, entity, amount }) => [code, entity.split(':')[1], amount]);
  it.each([
    [{ schedule: { startdate: '2026-07-01', nextcreationdate: '2026-06-01' } }, ['ri_future_start', '100.00']],
    [{ period: 42, schedule: { period: 42, nextcreationdate: '2026-06-01' } }, ['unknown_period', '100.00']],
    [{ period: 0, schedule: { period: 0, nextcreationdate: '2026-06-01' } }, ['ri_one_time_period', '100.00']],
    [{ schedule: { nextcreationdate: '2026-06-29' } }, ['ri_past_next_date', '100.00']],
    [{ schedule: { nextcreationdate: null } }, ['ri_no_next_date', '100.00']],
    [{ schedule: { nextcreationdate: '1900-01-01T00:00:00' } }, ['ri_no_next_date', '100.00']],
    [{ contract_id: 999 }, ['contract_missing', '100.00']],
    [{ lines: [], revenue: 70 }, ['ri_header_only', '70.00']],
    [{ lines: [{ id: 1, net_amount: -5 }] }, ['negative_mrr', '-5.00']],
    [{ lines: [{ id: 1, net_amount: 0 }] }, ['zero_value_ri', null]],
    [{ lines: [{ id: 1, net_amount: 5, unit_price: 4, qty_order: 1 }] }, ['line_amount_mismatch', '1.00']],
    [{ lines: [{ id: 1, net_amount: 5, recurring_invoice_quantity_type: 3 }] }, ['ri_quantity_auto', '5.00']],
    [{ lines: [{ id: 1, net_amount: 5, billingperiod: 1 }] }, ['line_period_differs', '5.00']],
  ])('%j with its amount: %j', (fields, [code, amount]) => expect(said(fields)).toEqual([[code, '-5001', amount]]));
  it.each([
    { schedule: { nextcreationdate: '2026-06-30' } },
    { schedule: { nextcreationdate: undefined } },
    { disabled: true, schedule: { nextcreationdate: null } },
    { disabled: true, schedule: { nextcreationdate: '2026-06-01' } },
    { schedule: { end_date: '2026-06-29', nextcreationdate: '2026-06-01' } },
    { lines: [{ id: 1, net_amount: 5, billingperiod: 0 }] },
    { lines: [{ id: 1, net_amount: 5, billingperiod: 2 }] },
  ])('a recurring invoice with %j is not flagged', (fields) => expect(said(fields)).toEqual([]));
  it('a line that does not count has no quantity and no period to speak of, and what is worth something is not zero', () => {
    const line = { recurring_invoice_quantity_type: 1, billingperiod: 3, onetimecharge: true };
    expect(said({}, line)).toEqual([['one_time_line_on_ri', '-5001', '100.00']]);
    expect(said({ schedule: { period: 0 }, period: 0 }, { onetimecharge: true })).toEqual([
      ['one_time_line_on_ri', '-5001', '100.00'],
      ['ri_one_time_period', '-5001', '0.00'],
    ]);
  });
  it('a line with a period of its own is odd where that of the template is unknown, too', () => {
    expect(said({ period: 42, schedule: { period: 42 } }, { billingperiod: 3 })).toEqual([
      ['line_period_differs', '-5001', '100.00'],
      ['unknown_period', '-5001', '100.00'],
    ]);
  });
  it('what can’t be read completely is not complete', () => {
    const lines = [
      { id: 1, net_amount: 100 },
      { id: 2, unit_price: 5 },
    ];
    expect(codes(of({ lines }))).toEqual(['incomplete_data']);
    expect(codes(of({}, { net_amount: 'many' }))).toEqual(['incomplete_data']);
    expect(codes(of({ lines: undefined, total: 110 }))).toEqual(['incomplete_data', 'ri_header_only']);
  });
  it.each([
    [{ end_date: '2026-06-29' }, ['ri_on_expired_contract']],
    [{ active: false }, ['ri_on_expired_contract']],
    [{ start_date: '2026-07-01' }, []],
    [{}, []],
  ])('the contract that it bills: %j', (fields, expected) => {
    const row = template(-5001, { contract_id: 301, lines: [{ id: 1, net_amount: 100 }] });
    const from = answer({ contracts: [contract(301, fields)], recurring_invoices: [row] });
    expect(codes(from)).toEqual(expected);
    if (expected.length > 0) expect(client(from).flags[0]?.amount).toBe('100.00');
    const unread = answer(
      { contracts: [contract(301, fields)], recurring_invoices: [row] },
      { include_contracts: false },
    );
    expect(codes(unread)).toEqual([]);
  });
  it('an inactive client and a bill to another, with what they are worth', () => {
    const clients = [{ ...ACME, inactive: true, client_to_invoice: 201 }];
    const from = answer({ clients, recurring_invoices: [template(-5001, { lines: [{ id: 1, net_amount: 100 }] })] });
    expect(client(from).flags.map(({ code, entity, amount }) => [code, entity, amount])).toEqual([
      ['inactive_client_active_ri', 'recurring_invoice:-5001', '100.00'],
      ['billed_to_other_client', 'recurring_invoice:-5001', '100.00'],
    ]);
    expect(client(from).inactive).toBe(true);
  });
});
