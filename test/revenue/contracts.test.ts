import { describe, expect, it } from 'vitest';
import { contractWorth, keepClient, keepContract, type Params } from '../../revenue/index.js';
import { answer, client, codes, contract, type Fields, figures, JPY, template, USD } from './rows.js';

const of = (contracts: Fields[], recurring_invoices: Fields[] = [], params: Partial<Params> = {}) =>
  answer({ contracts, recurring_invoices }, params);
const only = (fields: Fields) => figures(of([contract(301, fields)])).contract_only_mrr;

describe('C-a in force', () => {
  it.each([
    [{}, '800.00'],
    [{ active: false }, '0.00'],
    [{ active: undefined }, '800.00'],
    [{ start_date: '2026-06-30' }, '800.00'],
    [{ start_date: '2026-07-01' }, '0.00'],
    [{ start_date: null }, '800.00'],
    [{ end_date: '2026-06-30' }, '800.00'],
    [{ end_date: '2026-06-29' }, '0.00'],
    [{ end_date: '2026-06-29', rollingcontract: true }, '800.00'],
    [{ end_date: '2099-12-31T00:00:00' }, '800.00'],
    [{ end_date: '1900-01-01T00:00:00' }, '800.00'],
  ])('%o is worth %s', (fields, expected) => expect(only(fields)).toBe(expected));

  it.each([[{ periodchargeamount: undefined }], [{ periodchargeamount: null }], [{ periodchargeamount: '' }]])(
    'one that is to be billed and says no charge leaves the answer open: %o',
    (fields) => {
      const said = of([contract(301, fields)]);
      expect(said.method.complete).toBe(false);
      expect(codes(said)).toEqual(expect.arrayContaining(['incomplete_data', 'contract_no_recurring_invoice']));
      expect(of([contract(301, { ...fields, dontinvoice: true })]).method.complete).toBe(true);
    },
  );

  it.each([
    ['archived, though it was to start later', { active: false, start_date: '2026-07-01' }, true],
    ['to start later, though an earlier end is printed', { start_date: '2026-07-01', end_date: '2026-05-31' }, false],
  ])('one is %s', (_what, fields, expired) => {
    const billing = template(-5001, { contract_id: 301, lines: [{ id: 1, net_amount: 500 }] });
    expect(codes(of([contract(301, fields)], [billing])).includes('ri_on_expired_contract')).toBe(expired);
  });

  it('a started renewal supersedes, a future one does not', () => {
    const old = contract(306, { periodchargeamount: 1000, rollingcontract: true });
    const renewal = (start_date: string) =>
      contract(307, { previouscontract: 306, periodchargeamount: 1100, start_date });
    const started = of([old, renewal('2026-06-30')]);
    expect(figures(started).contract_only_mrr).toBe('1100.00');
    expect(codes(started)).toContain('contract_superseded');
    expect(figures(of([old, renewal('2026-07-01')])).contract_only_mrr).toBe('1000.00');
  });
  it('a contract that names itself is not superseded', () => {
    expect(only({ previouscontract: 301 })).toBe('800.00');
  });
  it('a superseded one is flagged with its month, and says nothing else', () => {
    const old = contract(306, { billingperiod: 3, end_date: '2026-07-31' });
    const from = of([old, contract(307, { previouscontract: 306, dontinvoice: true })]);
    expect(client(from).flags).toMatchObject([
      { code: 'contract_superseded', entity: 'contract:306', amount: '66.67', currency: 'AUD' },
    ]);
  });
  it('a chain of renewals leaves the last one, also where the middle one is archived', () => {
    const chain = [
      contract(305, { rollingcontract: true }),
      contract(306, { previouscontract: 305, active: false }),
      contract(307, { previouscontract: 306, periodchargeamount: 900 }),
    ];
    expect(figures(of(chain)).contract_only_mrr).toBe('900.00');
  });
});

it('C-b a template is linked by its header or by any of its lines', () => {
  const byHeader = template(-5001, { contract_id: 301, lines: [{ id: 1, net_amount: 500 }] });
  const byLine = template(-5001, { lines: [{ id: 1, net_amount: 500, contract_id: 301 }] });
  for (const row of [byHeader, byLine]) {
    expect(figures(of([contract(301)], [row]))).toMatchObject({
      mrr_under_contract: '500.00',
      contract_only_mrr: '0.00',
    });
  }
});

describe('C-c a contract with an active linked template adds nothing', () => {
  const linked = (fields: Fields = {}) =>
    template(-5001, { contract_id: 301, lines: [{ id: 1, net_amount: 500 }], ...fields });
  it('whatever it charges by itself', () => {
    const from = of([contract(301, { periodchargeamount: 99_999 })], [linked()]);
    expect(figures(from)).toMatchObject({ mrr: '500.00', contracted_mrr: '500.00', contract_only_mrr: '0.00' });
    expect(codes(from)).not.toContain('contract_no_recurring_invoice');
  });
  it.each([{ disabled: true }, { schedule: { end_date: '2026-01-31' } }, { schedule: { startdate: '2026-08-01' } }])(
    'but not with one that does not bill: %o',
    (fields) => expect(figures(of([contract(301)], [linked(fields)])).contract_only_mrr).toBe('800.00'),
  );
});

describe('C-d a contract that nothing bills', () => {
  it('is worth its charge per month, flagged', () => {
    const from = of([contract(301, { billingperiod: 4, periodchargeamount: '900' })]);
    expect(figures(from)).toMatchObject({ mrr: '0.00', contract_only_mrr: '300.00', contracted_mrr: '300.00' });
    expect(client(from).flags).toMatchObject([
      { code: 'contract_no_recurring_invoice', entity: 'contract:301', amount: '300.00' },
    ]);
    expect(client(from).evidence.contract_only).toMatchObject({ count: 1, sum: '300.00' });
  });
  it.each([
    [{ dontinvoice: true }, '0.00'],
    [{ billing_period_string: 'Yearly' }, '66.67'],
    [{ billing_period_string: 'Mensuel' }, '800.00'],
    [{ billforrecurringprepayamount: true, prepayrecurringcharge: 1200, prepayrecurringchargebp: 3 }, '900.00'],
    [{ billforrecurringprepayamount: false, prepayrecurringcharge: 1200, prepayrecurringchargebp: 3 }, '800.00'],
    [{ billforrecurringprepayamount: true, prepayrecurringcharge: 50 }, '850.00'],
    [
      {
        periodchargeamount: null,
        billforrecurringprepayamount: true,
        prepayrecurringcharge: 90,
        prepayrecurringchargebp: 4,
      },
      '30.00',
    ],
    [
      {
        periodchargeamount: 0.01,
        billingperiod: 4,
        billforrecurringprepayamount: true,
        prepayrecurringcharge: 0.005,
        prepayrecurringchargebp: 4,
      },
      '0.01',
    ],
  ])('%o is worth %s', (fields, expected) => expect(only(fields)).toBe(expected));
  it('says nothing if it charges nothing: pay as you go is not a leak', () => {
    expect(codes(of([contract(301, { periodchargeamount: 0 })]))).toEqual([]);
    expect(codes(of([contract(301, { dontinvoice: true })]))).toEqual([]);
  });
  it('shows its own row, its name and what it charges', () => {
    const rows = [
      contract(301, { billingperiod: 4, periodchargeamount: 900 }),
      contract(302, {
        ref: null,
        billingperiod: null,
        periodchargeamount: null,
        billforrecurringprepayamount: true,
        prepayrecurringcharge: 90,
        prepayrecurringchargebp: 2,
      }),
    ];
    expect(client(of(rows)).evidence.contract_only).toStrictEqual({
      count: 2,
      sum: '390.00',
      truncated: false,
      items: [
        { id: 301, ref: 'CT-301', period: 'quarterly', net: '900.00', mrr: '300.00', currency: 'AUD' },
        { id: 302, period: 'unknown', net: '0.00', mrr: '90.00', currency: 'AUD' },
      ],
    });
  });
  it('leaves out a charge whose period is unknown, and keeps the one whose period is known', () => {
    const prepay = { billforrecurringprepayamount: true, prepayrecurringcharge: 90, prepayrecurringchargebp: 2 };
    const from = of([contract(301, { billingperiod: 42, ...prepay })]);
    expect(client(from).flags.map(({ code, entity, amount }) => [code, entity, amount])).toEqual([
      ['contract_no_recurring_invoice', 'contract:301', '90.00'],
      ['unknown_period', 'contract:301', '800.00'],
    ]);
  });
  it('is missing data in a currency that /Currency does not know, while it is in force', () => {
    const from = of([contract(301, { currency_code: 77 })]);
    expect(client(from).flags).toMatchObject([{ code: 'incomplete_data', entity: 'contract:301', amount: null }]);
    expect(figures(of([contract(301, { currency_code: 77 }), contract(302)])).contract_only_mrr).toBe('800.00');
    expect(
      codes(of([contract(301, { currency_code: 77, active: false }), contract(302, { dontinvoice: true })])),
    ).toEqual([]);
  });
  it('is shown and rounded in its own currency', () => {
    const from = of([contract(301, { currency_code: 3, billingperiod: 3 })]);
    expect(client(from).flags).toMatchObject([{ amount: '67', currency: 'JPY' }]);
    const rates = { JPY: 2 };
    const converted = of([contract(301, { currency_code: 3 })], [], { currency_policy: 'convert', rates });
    expect(client(converted).evidence.contract_only.items).toMatchObject([{ net: '1600.00', mrr: '1600.00' }]);
  });
  it.each([42, 0])('leaves out a charge whose period is %i, and says that nothing bills it all the same', (period) => {
    const from = of([contract(301, { billingperiod: period })]);
    expect(figures(from).contract_only_mrr).toBe('0.00');
    expect(codes(from)).toEqual(expect.arrayContaining(['unknown_period', 'contract_no_recurring_invoice']));
  });
  it('takes the client’s currency where the row has none', () => {
    const clients = [{ id: 101, name: 'Acme', default_currency_code: USD.id }];
    const from = answer({ clients, contracts: [contract(301, { currency_code: undefined })] });
    expect(figures(from, 'USD').contract_only_mrr).toBe('800.00');
    const own = answer({ clients, contracts: [contract(301), contract(302, { currency_code_name: 'JPY' })] });
    expect(Object.keys(own.totals)).toEqual(['AUD', 'JPY']);
  });
});

describe('C-e what is under contract', () => {
  const lines = [
    { id: 1, net_amount: '33.335', contract_id: 301 },
    { id: 2, net_amount: '33.335', contract_id: 302 },
    { id: 3, net_amount: '33.335' },
  ];
  it('is told line by line, and its parts add up', () => {
    const from = of([contract(301), contract(302)], [template(-5001, { lines })], { group_by: ['contract'] });
    const { mrr, mrr_under_contract, mrr_not_under_contract } = figures(from);
    expect([mrr, mrr_under_contract, mrr_not_under_contract]).toEqual(['100.01', '66.68', '33.33']);
    expect(client(from).groups?.map(({ key, name, mrr }) => [key, name, mrr])).toEqual([
      [301, 'CT-301', '33.34'],
      [302, 'CT-302', '33.34'],
      [null, 'No contract', '33.33'],
    ]);
  });
  it('goes by contract, the lowest id first and what has none last, where remainders are equal', () => {
    const halves = (first: number, second: number) => [
      template(-5001, {
        lines: [
          { id: 1, net_amount: 0.005, contract_id: first },
          { id: 2, net_amount: 0.005, contract_id: second },
        ],
      }),
    ];
    const contracts = [contract(301, { active: false }), contract(302)];
    const under = (first: number, second: number) => figures(of(contracts, halves(first, second))).mrr_under_contract;
    expect([under(302, 301), under(301, 302)]).toEqual(['0.00', '0.00']);
    expect([under(0, 302), under(302, 0)]).toEqual(['0.01', '0.01']);
    expect([under(0, 301), under(301, 0)]).toEqual(['0.00', '0.00']);
  });
  it('is told of the lines that count alone', () => {
    const lines = [
      { id: 1, net_amount: 100, contract_id: 301 },
      { id: 2, net_amount: 70, contract_id: 302 },
      { id: 3, net_amount: 50, contract_id: 302, onetimecharge: true },
    ];
    const from = of([contract(301), contract(302, { active: false })], [template(-5001, { lines })], {
      group_by: ['contract'],
    });
    expect(figures(from)).toMatchObject({ mrr_under_contract: '100.00', mrr_not_under_contract: '70.00' });
    expect(client(from).groups?.map(({ key, mrr }) => [key, mrr])).toEqual([
      [301, '100.00'],
      [302, '70.00'],
    ]);
  });
  it.each([
    [{ active: false }, '0.00'],
    [{ start_date: '2026-07-01' }, '0.00'],
    [{ end_date: '2026-06-29' }, '0.00'],
    [{}, '100.00'],
  ])('of a contract %j: %s', (fields, expected) => {
    const row = template(-5001, { contract_id: 301, lines: [{ id: 1, net_amount: 100 }] });
    expect(figures(of([contract(301, fields)], [row])).mrr_under_contract).toBe(expected);
  });
  it('is not what a contract out of force still bills', () => {
    const row = template(-5001, { contract_id: 301, lines: [{ id: 1, net_amount: 100 }] });
    const from = of([contract(301, { active: false })], [row]);
    expect(figures(from)).toMatchObject({
      mrr: '100.00',
      mrr_under_contract: '0.00',
      mrr_not_under_contract: '100.00',
    });
    expect(codes(from)).toEqual(['ri_on_expired_contract']);
  });
  it('counts a superseded contract and its renewal once', () => {
    const row = template(-5001, { contract_id: 306, lines: [{ id: 1, net_amount: 1000 }] });
    const from = of([contract(306), contract(307, { previouscontract: 306, periodchargeamount: 1100 })], [row]);
    expect(figures(from)).toMatchObject({ mrr: '1000.00', contract_only_mrr: '0.00', contracted_mrr: '1000.00' });
    const own = template(-5002, { contract_id: 307, lines: [{ id: 1, net_amount: 0 }] });
    const named = of([contract(306), contract(307, { previouscontract: 306, periodchargeamount: 1100 })], [row, own]);
    expect(figures(named)).toMatchObject({ mrr: '1000.00', contract_only_mrr: '1100.00', contracted_mrr: '1100.00' });
  });
  it('takes a link at its word where the contract was not read', () => {
    const row = template(-5001, { contract_id: 999, lines: [{ id: 1, net_amount: 100 }] });
    const from = of([], [row]);
    expect([figures(from).mrr_under_contract, codes(from)]).toEqual(['100.00', ['contract_missing']]);
    const unread = of([contract(301)], [row], { include_contracts: false });
    expect(figures(unread)).toMatchObject({ mrr_under_contract: '100.00', contract_only_mrr: '0.00' });
    expect(codes(unread)).toEqual([]);
  });
});

it.each([
  ['2026-09-28', {}, true],
  ['2026-09-29', {}, false],
  ['2026-06-30', {}, true],
  ['2026-07-31', { rollingcontract: true }, false],
  ['2026-07-31', { active: false }, false],
  ['2026-06-29', { rollingcontract: true }, false],
])('a contract that ends on %s %o ends soon: %s', (end_date, fields, soon) => {
  const from = of([contract(301, { end_date, dontinvoice: true, ...fields })]);
  expect(codes(from)).toEqual(soon ? ['contract_ending_soon'] : []);
});

it('a contract that ends soon is flagged with its month, billed or not', () => {
  const row = template(-5001, { contract_id: 301, lines: [{ id: 1, net_amount: 100 }] });
  const ending = contract(301, { end_date: '2026-07-31', billingperiod: 3 });
  for (const templates of [[row], []]) {
    const flag = client(of([ending], templates)).flags.find(({ code }) => code === 'contract_ending_soon');
    expect(flag).toMatchObject({ entity: 'contract:301', amount: '66.67', currency: 'AUD' });
  }
  expect(codes(of([ending], [row], { renewal_horizon_days: 30 }))).toEqual([]);
  expect(codes(of([ending], [row], { renewal_horizon_days: 31 }))).toEqual(['contract_ending_soon']);
});

it('a contract by itself is worth its charge per month, in its own currency, its client’s, or none', () => {
  const worth = (fields: Fields, client?: Fields) => {
    const kept = keepContract(contract(301, fields));
    if (kept === undefined) throw new Error('no contract');
    const known = [USD, JPY].map((row) => ({ ...row, home: false, modified: '' }));
    return contractWorth(kept, known, client && keepClient(client));
  };
  expect(worth({ currency_code: 3, billingperiod: 3 })).toEqual({
    ...{ currency: 'JPY', period: 'yearly', charge: '800', mrr: '67' },
  });
  const ofClient = { id: 101, default_currency_code: 2 };
  expect(worth({ currency_code: null }, ofClient)).toMatchObject({ currency: 'USD', charge: '800.00' });
  expect(worth({ currency_code: 3 }, ofClient)).toMatchObject({ currency: 'JPY' });
  expect(worth({ currency_code_name: 'JPY', currency_code: 0 }, ofClient)).toMatchObject({ currency: 'JPY' });
  expect(worth({ currency_code: 77 }, ofClient)).toMatchObject({ currency: null, charge: '800.00' });
  expect(worth({ billingperiod: 42 })).toMatchObject({ period: null, charge: '800.00', mrr: null });
  expect(worth({ billingperiod: 42, periodchargeamount: 0 })).toMatchObject({ charge: '0.00', mrr: '0.00' });
});

it('C-a one whose predecessor is not in the data stands by itself', () => {
  const from = answer({
    contracts: [contract(302, { previouscontract: 301 }), contract(303, { previouscontract: -1 })],
  });
  expect(figures(from).contract_only_mrr).toBe('1600.00');
});

it('C-b every link that bills nothing is told with its reason', () => {
  const templates = [
    template(-5001, { contract_id: 301, disabled: true, lines: [{ id: 11, net_amount: 5 }] }),
    template(-5002, { contract_id: 301, lines: [{ id: 12, net_amount: 0 }] }),
  ];
  const from = answer({ contracts: [contract(301)], recurring_invoices: templates });
  expect(from.flags.find(({ code }) => code === 'contract_no_recurring_invoice')?.message).toMatch(
    /\(linked, but bills nothing: -5002 \(zero\), -5001 \(disabled\)\)\.$/,
  );
});
