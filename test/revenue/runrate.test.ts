import { describe, expect, it } from 'vitest';
import { contractsOf, keepRecurringInvoice, templateWorth } from '../../revenue/index.js';
import { answer, client, codes, contract, type Fields, figures, JPY, KWD, template } from './rows.js';

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
  it.each([
    ['disabled', { disabled: true }],
    ['ended', { schedule: { end_date: '2026-06-29' } }],
    ['not_started', { schedule: { startdate: '2026-07-01' } }],
    ['unknown_period', { period: 42, schedule: { period: 42 } }],
    ['one_time_period', { period: 0, schedule: { period: 0 } }],
  ])('what does not run is shown among what was left out: %s', (reason, fields) => {
    expect(client(of(fields)).evidence.excluded).toEqual({
      count: 1,
      sum: '100.00',
      truncated: false,
      items: [{ id: -5001, reason, net: '100.00', currency: 'AUD' }],
    });
  });
  it('and so is one in an unknown currency, in none and in no sum', () => {
    const from = of({ currency_code: 77 }, { net_amount: '1.005' });
    expect(client(from).evidence.excluded).toMatchObject({
      sum: '0.00',
      items: [{ id: -5001, reason: 'unknown_currency', net: '1.01' }],
    });
    expect(client(from).flags).toMatchObject([{ code: 'incomplete_data', entity: 'recurring_invoice:-5001' }]);
    expect(codes(of({ currency_code: 77, disabled: true }))).toEqual([]);
  });
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
    [{ startdate: '2026-06-30' }, '100.00'],
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

it('each line shows why it is left out, and none of them has a month', () => {
  const lines = [
    { id: 1, net_amount: 1 },
    { id: 2, net_amount: 2, onetimecharge: true, meter_id: 7 },
    { id: 3, net_amount: 3, meter_id: 7, startdate: '2026-07-01' },
    { id: 4, net_amount: 4, startdate: '2026-07-01' },
    { id: 5, net_amount: 5, enddate: '2026-06-29' },
  ];
  const kept = keepRecurringInvoice(template(-5001, { lines }));
  if (kept === undefined) throw new Error('no template');
  expect(templateWorth(kept, '2026-06-30', [])).toStrictEqual({
    currency: null,
    state: 'active',
    period: 'monthly',
    net: '1.00',
    mrr: '1.00',
    arr: '12.00',
    lines: [
      { id: 1, net: '1.00', mrr: '1.00' },
      { id: 2, net: '2.00', mrr: null, left_out: 'one_time' },
      { id: 3, net: '3.00', mrr: null, left_out: 'meter' },
      { id: 4, net: '4.00', mrr: null, left_out: 'not_started' },
      { id: 5, net: '5.00', mrr: null, left_out: 'ended' },
    ],
  });
});

it.each([
  ['active', {}, 'monthly'],
  ['disabled', { disabled: true, schedule: { startdate: '2026-07-01' } }, 'monthly'],
  ['ended', { schedule: { startdate: '2024-01-01', end_date: '2026-06-29' } }, 'monthly'],
  ['not_started', { schedule: { startdate: '2026-07-01' } }, 'monthly'],
  ['active', { period: 0, schedule: { period: 0 } }, 'one-time'],
  ['active', { period: 42, schedule: { period: 42 } }, null],
] as const)(
  'a template by itself is %s for %j, and has no month where its period repeats not',
  (state, fields, period) => {
    const kept = keepRecurringInvoice(
      template(-5001, { lines: [{ id: 1, net_amount: 10 }], currency_code: 77, ...fields }),
    );
    if (kept === undefined) throw new Error('no template');
    const [mrr, arr] = period === 'monthly' ? ['10.00', '120.00'] : [null, null];
    const known = [JPY, KWD].map((row) => ({ ...row, home: false, modified: '' }));
    expect(templateWorth(kept, '2026-06-30', known)).toEqual({
      ...{ currency: null, state, period, net: '10.00', mrr, arr },
      lines: [{ id: 1, net: '10.00', mrr }],
    });
    const dinar = { ...kept, currency: { code: undefined, id: 4 } };
    expect(templateWorth(dinar, '2026-06-30', known)).toMatchObject({ currency: 'KWD', net: '10.000' });
  },
);

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
  it('a header alone gives its revenue, never its total', () => {
    expect(mrr({ lines: undefined, revenue: 1000, total: 1100, tax_total: 100 })).toBe('1000.00');
    expect(mrr({ lines: [], total: 1100, tax_total: 100 })).toBe('1000.00');
  });
  it('a line’s own period does not count, its template’s does', () => {
    expect(mrr({}, { billingperiod: 3 })).toBe('100.00');
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

it('the evidence of a template names its period, its factor and the lines that count', () => {
  const lines = [
    { id: 12, net_amount: 100 },
    { id: 11, net_amount: 20 },
    { id: 13, net_amount: 7, onetimecharge: true },
  ];
  const row = template(-5001, { period: 3, schedule: { period: 3 }, lines });
  expect(client(answer({ recurring_invoices: [row] })).evidence.mrr).toStrictEqual({
    count: 1,
    sum: '10.00',
    truncated: false,
    items: [
      { id: -5001, period: 'yearly', factor: '1/12', net: '120.00', mrr: '10.00', line_ids: [11, 12], currency: 'AUD' },
    ],
  });
});

it('a template without lines is a group by its own contract and id', () => {
  const row = template(-5001, { contract_id: 301, lines: [], revenue: 50, currency_code: 2 });
  const convert = { currency_policy: 'convert', rates: { USD: 2 } } as const;
  const group_by = ['item_group', 'contract', 'recurring_invoice'] as const;
  const from = answer({ contracts: [contract(301)], recurring_invoices: [row] }, { group_by, ...convert });
  expect(client(from).groups?.map(({ by, key, name, mrr }) => [by, key, name, mrr])).toEqual([
    ['item_group', null, 'No item group', '100.00'],
    ['contract', 301, 'CT-301', '100.00'],
    ['recurring_invoice', -5001, 'Recurring invoice -5001', '100.00'],
  ]);
  expect(client(from).evidence.mrr.items).toMatchObject([{ net: '100.00', mrr: '100.00', line_ids: [] }]);
});

it('a template bills the contracts of its header and of its living lines, each once', () => {
  const lines = [
    { id: 1, contract_id: 305 },
    { id: 2, contract_id: 301 },
    { id: 3, contract_id: 305 },
    { id: 4, contract_id: 0 },
    { id: 5, contract_id: 307, isinactive: true },
  ];
  const of = (fields: Fields) => {
    const kept = keepRecurringInvoice(template(-5001, fields));
    return kept && contractsOf(kept);
  };
  expect(of({ contract_id: 303, lines })).toEqual([301, 303, 305]);
  expect(of({ contract_id: 0, lines: [] })).toEqual([]);
});
