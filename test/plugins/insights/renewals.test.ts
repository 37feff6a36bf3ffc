import { describe, expect, test } from 'vitest';
import { paramsOf } from '../../../plugins/insights/ask.js';
import { renewalsOf } from '../../../plugins/insights/renewals.js';
import { type Book, keepLicence } from '../../../revenue/index.js';
import { bookOf, type Raw } from '../../revenue/book.js';
import { ACME, AUD, contract, template, USD } from '../../revenue/rows.js';

const line = (net: number, more = {}) => ({ id: 11, net_amount: net, ...more });
const ask = (raw: Raw, { days = 90, client, ...changes }: Partial<Book> & { days?: number; client?: number } = {}) =>
  renewalsOf(
    bookOf({ clients: [ACME], currencies: [AUD, USD], ...raw }, changes),
    paramsOf({ renewal_horizon_days: days, ...(client !== undefined && { client_id: client }) }, '2026-06-30'),
  );
const entities = (raw: Raw, days = 90) => ask(raw, { days }).renewals.map(({ entity }) => entity);
const ending = (id: number, end: string, fields = {}) => contract(id, { end_date: `${end}T00:00:00`, ...fields });
const last = (id: number, end: string, fields: object = {}) =>
  template(id, { lines: [line(100)], ...fields, schedule: { end_date: `${end}T00:00:00`, ...schedule(fields) } });
const schedule = (fields: { schedule?: object }) => fields.schedule ?? {};

describe('what ends within the days', () => {
  test('counts its last day, the first and last of the window included', () => {
    const raw = {
      contracts: [ending(1, '2026-06-29'), ending(2, '2026-06-30'), ending(3, '2026-07-30'), ending(4, '2026-07-31')],
      recurring_invoices: [last(-5, '2026-06-29'), last(-6, '2026-07-30'), last(-7, '2026-07-31')],
    };
    expect(entities(raw, 30)).toEqual(['contract:2', 'contract:3', 'recurring_invoice:-6']);
    expect(ask(raw, { days: 30 }).renewals.map(({ days_left }) => days_left)).toEqual([0, 30, 30]);
    expect(entities(raw, 0)).toEqual(['contract:2']);
  });

  test('N2 open ends, rolling, superseded, archived and future ones are left out, and told', () => {
    const raw = {
      contracts: [
        ending(1, '2099-12-31'),
        ending(2, '2026-07-31', { rollingcontract: true }),
        ending(3, '2026-07-31'),
        ending(4, '2027-07-31', { previouscontract: 3 }),
        ending(5, '2026-07-31', { active: false }),
        ending(6, '2026-07-31', { start_date: '2026-07-15' }),
      ],
      recurring_invoices: [last(-7, '2026-07-31', { disabled: true }), template(-8, { lines: [line(1)] })],
    };
    expect(ask(raw)).toMatchObject({
      renewals: [],
      left_out: { rolling_contracts: 1, open_contracts: 1, superseded_contracts: 1, open_recurring_invoices: 1 },
    });
  });

  test('N4 it may be renewed over another that was archived; the first that is to start is named', () => {
    const between = ending(2, '2027-07-31', { previouscontract: 1, start_date: '2026-08-01', active: false });
    const later = ending(3, '2029-07-31', { previouscontract: 4, start_date: '2028-09-01' });
    const next = ending(4, '2028-07-31', { previouscontract: 2, start_date: '2026-09-01' });
    const { renewals, totals } = ask({ contracts: [ending(1, '2026-07-31'), between, later, next] });
    expect(renewals).toMatchObject([
      { entity: 'contract:1', note: expect.stringMatching(/^Renewed by contract 4 from 2026-09-01\./) },
    ]);
    expect(totals.AUD?.contracts.count).toBe(0);
  });

  test('N4 a renewal that is signed but has not started is named, and the contract keeps its value and is in no total', () => {
    const next = ending(2, '2027-07-31', { previouscontract: 1, start_date: '2026-08-01' });
    const { renewals, totals } = ask({ contracts: [ending(1, '2026-07-31'), ending(3, '2026-07-31'), next] });
    expect(renewals).toMatchObject([
      {
        entity: 'contract:1',
        monthly_value: '800.00',
        note: 'Renewed by contract 2 from 2026-08-01. Nothing bills it.',
      },
      { entity: 'contract:3', monthly_value: '800.00', note: 'Nothing bills it.' },
    ]);
    expect(totals.AUD?.contracts).toEqual({ count: 1, monthly_value: '800.00' });
  });

  test('N4 an archived renewal renews nothing', () => {
    const next = ending(2, '2027-07-31', { previouscontract: 1, start_date: '2026-08-01', active: false });
    expect(ask({ contracts: [ending(1, '2026-07-31'), next] })).toMatchObject({
      renewals: [{ note: 'Nothing bills it.' }],
      totals: { AUD: { contracts: { count: 1 } } },
    });
  });
});

describe('the value of a contract', () => {
  test('is what its active recurring invoices bill for it, not its charge', () => {
    const { renewals, totals } = ask({
      contracts: [ending(1, '2026-07-31', { ref: 'MS' })],
      recurring_invoices: [
        template(-5, { contract_id: 1, lines: [line(1200)], period: 3, schedule: { period: 3 } }),
        template(-6, { lines: [line(30, { contract_id: 1 }), { id: 12, net_amount: 70 }] }),
        template(-7, { contract_id: 1, disabled: true, lines: [line(500)] }),
      ],
    });
    expect(renewals).toEqual([
      {
        end: '2026-07-31',
        days_left: 31,
        kind: 'contract',
        entity: 'contract:1',
        ref: 'MS',
        client_id: 101,
        client: 'Acme',
        monthly_value: '130.00',
        currency: 'AUD',
        billed_by: ['recurring_invoice:-6', 'recurring_invoice:-5'],
      },
    ]);
    expect(totals).toEqual({
      AUD: {
        contracts: { count: 1, monthly_value: '130.00' },
        recurring_invoices: { count: 0, monthly_value: '0.00' },
      },
    });
  });

  test('N3 is its charge where nothing bills it, and none where it is not to be invoiced', () => {
    const { renewals } = ask({
      contracts: [ending(1, '2026-07-31'), ending(2, '2026-07-31', { dontinvoice: true, billingperiod: 4 })],
    });
    expect(renewals).toMatchObject([
      { monthly_value: '800.00', billed_by: [], note: 'Nothing bills it.' },
      { billed_by: [], note: 'Not to be invoiced.' },
    ]);
    expect(renewals[1]).not.toHaveProperty('monthly_value');
  });

  test('stands once for each currency that it is billed in', () => {
    const { renewals } = ask({
      contracts: [ending(1, '2026-07-31')],
      recurring_invoices: [
        template(-5, { contract_id: 1, lines: [line(10)] }),
        template(-6, { contract_id: 1, lines: [line(20)], currency_code: 2 }),
      ],
    });
    expect(renewals.map(({ monthly_value, currency }) => [monthly_value, currency])).toEqual([
      ['10.00', 'AUD'],
      ['20.00', 'USD'],
    ]);
  });
});

test('a weekly recurring invoice is worth 52/12, one with an unknown period has no value', () => {
  const { renewals } = ask({
    recurring_invoices: [
      last(-5, '2026-07-31', { period: 1, contract_id: 9, schedule: { period: 1 } }),
      last(-6, '2026-07-31', { period: 42, schedule: { period: 42 } }),
    ],
  });
  expect(renewals).toMatchObject([
    { entity: 'recurring_invoice:-5', monthly_value: '433.33', bills: ['contract:9'] },
    { entity: 'recurring_invoice:-6', bills: [], note: 'Its period has no monthly value.' },
  ]);
  expect(renewals[1]).not.toHaveProperty('monthly_value');
});

test('of one client, its own alone', () => {
  const raw = {
    contracts: [ending(1, '2026-07-31'), ending(2, '2026-07-31', { client_id: 102 })],
    recurring_invoices: [last(-5, '2026-07-31', { client_id: 102 })],
  };
  expect(ask(raw, { client: 101 }).renewals.map(({ entity }) => entity)).toEqual(['contract:1']);
  expect(ask(raw, { client: 102 }).renewals).toHaveLength(2);
});

test('of a book that is not whole there are rows and no totals', () => {
  const raw = { contracts: [ending(1, '2026-07-31')] };
  const answer = ask(raw, { complete: false, reason: ['ClientContract: page 2 failed'] });
  expect(answer).toMatchObject({ complete: false, reason: 'ClientContract: page 2 failed', totals: {} });
  expect(answer.renewals).toHaveLength(1);
});

describe('N5 licences', () => {
  const licence = (id: number, more: object = {}) => ({
    ...{ id, client_id: 101, name: 'Office', count: 10, licences_in_use: 7, end_date: '2026-07-31T00:00:00' },
    ...more,
  });
  const beside = (...rows: object[]) =>
    renewalsOf(
      bookOf({ clients: [ACME], currencies: [AUD], contracts: [ending(1, '2026-07-31')] }),
      paramsOf({ renewal_horizon_days: 31, client_id: 101 }, '2026-06-30'),
      ['licences'],
      { licences: rows.flatMap((row) => keepLicence(row) ?? []) },
    );

  test('stand beside contracts without a value, by their last day', () => {
    const { renewals, totals } = beside(licence(4), licence(5, { end_date: '2026-06-30' }));
    expect(renewals.map(({ entity }) => entity)).toEqual(['licence:5', 'contract:1', 'licence:4']);
    expect(renewals[2]).toEqual({
      ...{ end: '2026-07-31', days_left: 31, kind: 'licence', entity: 'licence:4', ref: 'Office' },
      ...{ client_id: 101, client: 'Acme', note: 'Licences: 10, 7 of them in use.' },
    });
    expect(totals).toEqual({
      AUD: {
        contracts: { count: 1, monthly_value: '800.00' },
        recurring_invoices: { count: 0, monthly_value: '0.00' },
      },
    });
  });

  test('that renew themselves are counted; gone, open, past, later and others’ ones are not there', () => {
    const { renewals, left_out } = beside(
      licence(1, { autorenew: true }),
      licence(2, { deleted: true }),
      licence(3, { is_active: false }),
      licence(4, { end_date: '2099-12-31T00:00:00' }),
      licence(5, { end_date: '2026-06-29' }),
      licence(6, { end_date: '2026-08-01' }),
      licence(7, { client_id: 102 }),
    );
    expect(renewals.map(({ entity }) => entity)).toEqual(['contract:1']);
    expect(left_out.renewing_licences).toBe(1);
  });

  test('whose end can not be read leave the answer open', () => {
    expect(beside(licence(1, { end_date: 'soon' }))).toMatchObject({
      ...{ complete: false, reason: 'licence:1 (end_date)', totals: {} },
    });
  });
});

test('a contract whose charge Halo does not say has no value, and leaves the totals open unless it is not to be invoiced', () => {
  const untold = { periodchargeamount: undefined };
  const { renewals, complete, totals, reason } = ask({ contracts: [ending(1, '2026-07-31', untold)] });
  expect(renewals).toMatchObject([{ entity: 'contract:1', note: 'Nothing bills it.' }]);
  expect([complete, totals]).toEqual([false, {}]);
  expect(reason).toContain('contract:1');
  expect(ask({ contracts: [ending(1, '2026-07-31', { ...untold, dontinvoice: true })] }).complete).toBe(true);
});

test('a contract that is billed in several currencies has a row for each, home first; of an amount or a currency that can not be read it has none', () => {
  const of = (id: number, currency_code: number, net: unknown) =>
    template(id, { contract_id: 1, currency_code, lines: [{ id: -id, net_amount: net }] });
  const bills = [of(-1, 2, 70), of(-2, 1, 30), of(-3, 1, 12)];
  const rows = (recurring_invoices: ReturnType<typeof template>[]) =>
    ask({ contracts: [ending(1, '2026-07-31')], recurring_invoices })
      .renewals.filter(({ kind }) => kind === 'contract')
      .map(({ currency, monthly_value }) => [currency, monthly_value]);
  expect(rows(bills)).toEqual([
    ['AUD', '42.00'],
    ['USD', '70.00'],
  ]);
  expect(rows([...bills, of(-4, 1, 'lots')])).toEqual([[undefined, undefined]]);
  expect(rows([...bills, of(-4, 77, 5)])).toEqual([[undefined, undefined]]);
});

test('where home is not the first by its code it comes first all the same, and others stand by code', () => {
  const currencies = [
    { ...AUD, conversion_rate: 1.5 },
    { ...USD, conversion_rate: 1 },
    { id: 3, code: 'JPY', conversion_rate: 150 },
    { id: 5, code: 'EUR', conversion_rate: 0.9 },
  ];
  const recurring_invoices = [3, 5, 1, 2].map((currency_code) =>
    template(-currency_code, { contract_id: 1, currency_code, lines: [{ id: currency_code, net_amount: 10 }] }),
  );
  const { renewals } = ask({ currencies, contracts: [ending(1, '2026-07-31')], recurring_invoices });
  const codes = renewals.filter(({ kind }) => kind === 'contract').map(({ currency }) => currency);
  expect(codes).toEqual(['USD', 'AUD', 'EUR', 'JPY']);
});

test('they stand the same where another client is billed, and the one served is asked for alone', () => {
  const currencies = [
    AUD,
    USD,
    { id: 3, code: 'JPY', conversion_rate: 97 },
    { id: 5, code: 'EUR', conversion_rate: 0.6 },
  ];
  const bill = (client_id: number, currency_code: number) =>
    template(-currency_code, {
      client_id,
      contract_id: 1,
      currency_code,
      lines: [{ id: currency_code, net_amount: 10 }],
    });
  const raw = {
    ...{ currencies, contracts: [ending(1, '2026-07-31', { client_id: 102 })] },
    recurring_invoices: [bill(102, 2), bill(101, 3), bill(101, 5), bill(101, 1)],
  };
  for (const client of [undefined, 102])
    expect(ask(raw, client === undefined ? {} : { client }).renewals.map(({ currency }) => currency)).toEqual([
      ...['AUD', 'EUR', 'JPY', 'USD'],
    ]);
});
