import { describe, expect, it } from 'vitest';
import { contractsOf, keepRecurringInvoice, templateWorth } from '../../../../plugins/finance/revenue/index.js';
import {
  ACME,
  adhoc,
  answer,
  client,
  codes,
  contract,
  type Fields,
  figures,
  generated,
  invoice,
  JPY,
  KWD,
  template,
} from './rows.js';

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
  it.each([
    [99, false],
    [98.99, true],
    [101, false],
    [101.01, true],
  ])('a last invoice of %d against 100 drifts: %s', (net, drifts) => {
    const from = answer({ recurring_invoices: [row], invoices: [bill(1, net)] });
    expect(codes(from).includes('template_drift')).toBe(drifts);
  });
  const lastBilled = (invoices: Fields[], fields: Fields = {}) =>
    client(answer({ recurring_invoices: [{ ...row, ...fields }], invoices })).evidence.mrr.items[0]?.mrr_last_billed;
  it.each([
    ['the later of two', [bill(2, 7, { invoice_date: '2026-05-01' }), bill(1, 8)], '8.00'],
    ['the one with the later id of a day', [bill(2, 7), bill(1, 8)], '7.00'],
    ['one of the very day', [bill(1, 7, { invoice_date: '2026-06-30' })], '7.00'],
    ['none of a later day', [bill(1, 7, { invoice_date: '2026-07-01' })], undefined],
    ['none without a day', [bill(1, 7, { invoice_date: null })], undefined],
    ['no draft', [bill(1, 7, { posted: false })], undefined],
    ['no credit', [bill(1, 8), bill(2, -7)], '8.00'],
    ['none in another currency', [bill(1, 7, { currency_code: 2 })], undefined],
    ['one that only its lines link', [bill(1, 7, { recurring_invoice_id: -1 })], '7.00'],
    [
      'not the lines of another template',
      [bill(1, 7, { lines: [generated(21, 7), generated(22, 5, { recurring_invoice_id: -5002 })] })],
      '7.00',
    ],
    ['what only the header links', [bill(1, 0, { lines: [{ id: 21, net_amount: 6 }] })], '6.00'],
    [
      'what names the template alone',
      [bill(1, 0, { lines: [{ id: 21, net_amount: 6, recurring_invoice_id: -5001 }] })],
      '6.00',
    ],
    ['not what was typed on by hand', [bill(1, 0, { lines: [adhoc(21, 6, { item_recurring: true })] })], '0.00'],
  ])('the last invoice is %s', (_what, invoices, net) => expect(lastBilled(invoices)).toBe(net));
  it('is given per month, by the period of the template', () => {
    expect(lastBilled([bill(1, 120)], { schedule: { period: 3 } })).toBe('10.00');
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
  const said = (fields: Fields, more: Fields = {}) =>
    client(of(fields, more)).flags.map(({ code, entity, amount }) => [code, entity.split(':')[1], amount]);
  it.each([
    [{ schedule: { startdate: '2026-07-01', nextcreationdate: '2026-06-01' } }, ['ri_future_start', '100.00']],
    [{ period: 42, schedule: { period: 42, nextcreationdate: '2026-06-01' } }, ['unknown_period', '100.00']],
    [{ period: 0, schedule: { period: 0, nextcreationdate: '2026-06-01' } }, ['ri_one_time_period', '100.00']],
    [{ schedule: { nextcreationdate: '2026-06-29' } }, ['ri_past_next_date', '100.00']],
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
    { schedule: { nextcreationdate: null } },
    { disabled: true, schedule: { nextcreationdate: '2026-06-01' } },
    { schedule: { end_date: '2026-06-29', nextcreationdate: '2026-06-01' } },
    { lines: [{ id: 1, net_amount: 5, billingperiod: 0 }] },
    { lines: [{ id: 1, net_amount: 5, billingperiod: 2 }] },
  ])('nothing for %j', (fields) => expect(said(fields)).toEqual([]));
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
      ['unknown_period', '-5001', '100.00'],
      ['line_period_differs', '-5001', '100.00'],
    ]);
  });
  it('what can’t be read whole is not complete', () => {
    const lines = [
      { id: 1, net_amount: 100 },
      { id: 2, unit_price: 5 },
    ];
    expect(codes(of({ lines }))).toEqual(['incomplete_data']);
    expect(codes(of({}, { net_amount: 'many' }))).toEqual(['incomplete_data', 'zero_value_ri']);
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
  it('a header alone gives its revenue, never its total', () => {
    expect(mrr({ lines: undefined, revenue: 1000, total: 1100, tax_total: 100 })).toBe('1000.00');
    expect(mrr({ lines: [], total: 1100, tax_total: 100 })).toBe('1000.00');
  });
  it('a line’s own period does not count, its template’s does', () => {
    expect(mrr({}, { billingperiod: 3 })).toBe('100.00');
  });
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
