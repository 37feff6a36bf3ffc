import { describe, expect, test } from 'vitest';
import { paramsOf } from '../../../plugins/insights/ask.js';
import { leaksOf } from '../../../plugins/insights/leaks.js';
import type { Book } from '../../../revenue/index.js';
import { bookOf, type Raw } from '../../revenue/book.js';
import { ACME, AUD, contract, type Fields, generated, JPY, template, USD } from '../../revenue/rows.js';

const line = (net: number, more = {}) => [{ id: 11, net_amount: net, ...more }];
const ask = (raw: Raw, changes: Partial<Book> = {}, client?: number) =>
  leaksOf(
    bookOf({ clients: [ACME], currencies: [AUD, USD, JPY], ...raw }, changes),
    paramsOf({ ...(client !== undefined && { client_id: client }) }, '2026-06-30'),
  );
const found = (raw: Raw) => ask(raw).leaks.map(({ kind, entity, monthly_value }) => [kind, entity, monthly_value]);
const dated = (nextcreationdate: string, more = {}) => ({ schedule: { nextcreationdate, ...more } });

describe('whether a client is inactive can’t be read', () => {
  const odd = (id: number) => ({ id, name: `Client ${id}`, inactive: 'perhaps' });
  const active = (id: number, client_id: number, fields: Fields = {}) =>
    template(id, { client_id, lines: line(90), ...fields });

  test('the finding is told as not looked for where the client has an active recurring invoice', () => {
    const clients = [odd(101), odd(102), odd(103), { id: 104, name: 'Other', inactive: true }];
    const ended = { schedule: { end_date: '2026-06-29' } };
    const raw = {
      clients,
      recurring_invoices: [active(-1, 101), active(-2, 102), active(-3, 103, ended), active(-4, 104)],
    };
    const answer = ask(raw);
    expect(answer).toMatchObject({
      complete: false,
      reason:
        'inactive_client_active_ri could not be looked for at 2 clients, as it can’t be read whether they are inactive (client:101, client:102)',
      totals: {},
    });
    expect(answer.leaks.map(({ entity }) => entity)).toEqual(['recurring_invoice:-4']);
    expect(ask(raw, {}, 101).reason).toBe(
      'inactive_client_active_ri could not be looked for at 1 client, as it can’t be read whether it is inactive (client:101)',
    );
    expect([ask(raw, {}, 103).complete, ask(raw, {}, 104).complete]).toEqual([true, true]);
  });
});

describe('a disabled recurring invoice that can’t be read', () => {
  const off = (fields: Fields = {}) => template(-8, { contract_id: 50, disabled: true, lines: line(90), ...fields });
  const reasonOf = (fields: Fields, more: Raw = {}, client?: number) =>
    ask({ contracts: [contract(50)], recurring_invoices: [off(fields)], ...more }, {}, client).reason;

  test.each<[string, Fields, string]>([
    ['an amount', { lines: line(90, { net_amount: 'much' }) }, 'net_amount of line 11'],
    ['whether a line is charged once', { lines: line(90, { onetimecharge: 'perhaps' }) }, 'onetimecharge of line 11'],
    ['its lines', { lines: 'none' }, 'revenue, lines'],
    ['its currency', { currency_code: 77 }, 'currency_code'],
    ['its next date', dated('soon'), 'nextcreationdate'],
    ['its contract', { contract_id: 'x50' }, 'contract_id'],
    ['the contract of a line', { contract_id: 0, lines: line(90, { contract_id: 'x' }) }, 'contract_id of line 11'],
  ])('leaves open what it leaves unbilled: %s', (_what, fields, named) => {
    expect(ask({ contracts: [contract(50)], recurring_invoices: [off()] }).complete).toBe(true);
    expect(reasonOf(fields)).toBe(`not fully readable: recurring_invoice:-8 (${named})`);
  });

  test.each<[string, Fields, Raw, number?]>([
    ['that has ended', { schedule: { end_date: '2026-06-29' } }, {}],
    ['whose contract has ended', {}, { contracts: [contract(50, { end_date: '2026-06-29' })] }],
    ['of another client than the one asked for', {}, {}, 102],
  ])('leaves nothing open %s', (_what, fields, more, client) => {
    const odd = { ...fields, lines: line(90, { net_amount: 'much' }) };
    expect(reasonOf(odd, { clients: [ACME, { id: 102, name: 'Other' }], ...more }, client)).toBeUndefined();
  });
});

describe('a contract that nothing bills', () => {
  const none = 'contract_no_recurring_invoice';
  test.each<[string, Raw, unknown[]]>([
    ['is a leak of its charge', { contracts: [contract(50)] }, [[none, 'contract:50', '800.00']]],
    [
      'of a yearly charge, of a twelfth',
      { contracts: [contract(50, { billingperiod: 3, periodchargeamount: 1200 })] },
      [[none, 'contract:50', '100.00']],
    ],
    [
      'of a weekly charge, of 52/12',
      { contracts: [contract(50, { billingperiod: 1, periodchargeamount: 100 })] },
      [[none, 'contract:50', '433.33']],
    ],
    ['is not a leak if it is not to be invoiced', { contracts: [contract(50, { dontinvoice: true })] }, []],
    ['is not a leak if it is worth nothing', { contracts: [contract(50, { periodchargeamount: 0 })] }, []],
    ['is not a leak once it has ended', { contracts: [contract(50, { end_date: '2026-06-29T00:00:00' })] }, []],
    [
      'is one after its end where it rolls on',
      { contracts: [contract(50, { end_date: '2026-06-29T00:00:00', rollingcontract: true })] },
      [[none, 'contract:50', '800.00']],
    ],
    [
      'is not a leak if its renewal is billed instead',
      {
        contracts: [contract(50), contract(51, { previouscontract: 50 })],
        recurring_invoices: [template(-1, { contract_id: 51, lines: line(800) })],
      },
      [],
    ],
    [
      'is not a leak if a line of a recurring invoice bills it',
      { contracts: [contract(50)], recurring_invoices: [template(-1, { lines: line(5, { contract_id: 50 }) })] },
      [],
    ],
  ])('%s', (_what, raw, expected) => {
    expect(found(raw)).toEqual(expected);
  });
});

describe('a recurring invoice', () => {
  const one = (fields: Fields, more: Raw = {}): Raw => ({ recurring_invoices: [template(-8, fields)], ...more });
  test.each<[string, Raw, unknown[]]>([
    ['due tomorrow is not a leak', one({ lines: line(90) }), []],
    ['due today is not a leak', one({ lines: line(90), ...dated('2026-06-30T00:00:00') }), []],
    [
      'past its next date is one, quarterly of a third',
      one({ period: 4, lines: line(90), ...dated('2026-06-01T00:00:00', { period: 4 }) }),
      [['ri_past_next_date', 'recurring_invoice:-8', '30.00']],
    ],
    [
      'past its next date and disabled is not a leak',
      one({ disabled: true, lines: line(90), ...dated('2026-06-01') }),
      [],
    ],
    [
      'on a contract that ended is one',
      one({ contract_id: 50, lines: line(90) }, { contracts: [contract(50, { end_date: '2026-05-31' })] }),
      [['ri_on_expired_contract', 'recurring_invoice:-8', '90.00']],
    ],
    [
      'on a contract that rolls on is not a leak',
      one(
        { contract_id: 50, lines: line(90) },
        { contracts: [contract(50, { end_date: '2026-05-31', rollingcontract: true })] },
      ),
      [],
    ],
    [
      'of an inactive client is one',
      one({ lines: line(90) }, { clients: [{ ...ACME, inactive: true }] }),
      [['inactive_client_active_ri', 'recurring_invoice:-8', '90.00']],
    ],
    [
      'that is disabled on a live contract without a charge is one',
      one(
        { disabled: true, contract_id: 50, lines: line(90) },
        { contracts: [contract(50, { periodchargeamount: 0 })] },
      ),
      [['disabled_ri_live_contract', 'recurring_invoice:-8', '90.00']],
    ],
    [
      'that is disabled on a contract not to be invoiced is not a leak',
      one({ disabled: true, contract_id: 50, lines: line(90) }, { contracts: [contract(50, { dontinvoice: true })] }),
      [],
    ],
    [
      'that is disabled and past its own end is not a leak',
      one(
        { disabled: true, contract_id: 50, lines: line(90), schedule: { end_date: '2026-01-31' } },
        { contracts: [contract(50, { periodchargeamount: 0 })] },
      ),
      [],
    ],
    [
      'that is disabled while another bills the contract is not a leak',
      {
        contracts: [contract(50)],
        recurring_invoices: [
          template(-8, { disabled: true, contract_id: 50, lines: line(90) }),
          template(-9, { contract_id: 50, lines: line(95) }),
        ],
      },
      [],
    ],
  ])('%s', (_what, raw, expected) => {
    expect(found(raw)).toEqual(expected);
  });
});

test('money first: the home currency, then others, each by amount; totals by currency and kind', () => {
  const next = dated('2026-06-01T00:00:00');
  const { leaks, totals } = ask({
    recurring_invoices: [
      template(-1, { currency_code: 3, lines: line(90_000), ...next }),
      template(-2, { lines: line(10), ...next }),
      template(-3, { lines: line(20), ...next }),
    ],
    contracts: [contract(50, { periodchargeamount: 15 })],
  });
  expect(leaks.map(({ entity, monthly_value, currency }) => `${entity} ${monthly_value} ${currency}`)).toEqual([
    'recurring_invoice:-3 20.00 AUD',
    'contract:50 15.00 AUD',
    'recurring_invoice:-2 10.00 AUD',
    'recurring_invoice:-1 90000 JPY',
  ]);
  expect(totals).toEqual({
    AUD: {
      contract_no_recurring_invoice: { count: 1, monthly_value: '15.00' },
      ri_past_next_date: { count: 2, monthly_value: '30.00' },
      total: { count: 3, monthly_value: '45.00', lost: '30.00' },
    },
    JPY: {
      ri_past_next_date: { count: 1, monthly_value: '90000' },
      total: { count: 1, monthly_value: '90000', lost: '90000' },
    },
  });
});

test('what to look at names days and ids', () => {
  const { leaks } = ask({
    clients: [{ ...ACME, inactive: true }],
    contracts: [contract(50, { end_date: '2026-05-31' }), contract(51)],
    recurring_invoices: [
      template(-1, { contract_id: 50, lines: line(9), ...dated('2026-06-20T00:00:00') }),
      template(-2, { contract_id: 51, disabled: true, lines: line(7) }),
    ],
  });
  expect(Object.fromEntries(leaks.map(({ kind, look_at }) => [kind, look_at]))).toEqual({
    contract_no_recurring_invoice:
      'In force since 2025-07-01, and no active recurring invoice bills it: -2 (disabled).',
    ri_past_next_date: 'Active, but its next date 2026-06-20 passed 10 days ago.',
    ri_on_expired_contract: 'Active on contract 50, which ended on 2026-05-31.',
    disabled_ri_live_contract: 'Disabled, while contract 51 is in force and nothing else bills it.',
    inactive_client_active_ri: 'Active for an inactive client; next date 2026-06-20.',
  });
});

test('of one client, its own alone', () => {
  const other = { id: 102, name: 'Other', inactive: false };
  const raw = {
    clients: [ACME, other],
    contracts: [
      contract(50),
      contract(51, { client_id: 102 }),
      contract(52, { client_id: 102, periodchargeamount: 0 }),
    ],
    recurring_invoices: [template(-1, { client_id: 102, contract_id: 52, disabled: true, lines: line(7) })],
  };
  expect(ask(raw, {}, 101).leaks.map(({ entity }) => entity)).toEqual(['contract:50']);
  expect(ask(raw, {}, 102).leaks.map(({ entity }) => entity)).toEqual(['contract:51', 'recurring_invoice:-1']);
});

test.each<[string, Raw, Partial<Book>, RegExp]>([
  ['a page that failed', {}, { complete: false, reason: ['RecurringInvoice: page 2 failed'] }, /page 2 failed/],
  ['a currency that /Currency does not know', { contracts: [contract(51, { currency_code: 77 })] }, {}, /contract:51/],
])('with %s the answer is not complete and has no totals', (_what, raw, changes, reason) => {
  const answer = ask({ contracts: [contract(50)], ...raw }, changes);
  expect(answer).toMatchObject({ complete: false, reason: expect.stringMatching(reason), totals: {} });
});

describe('L1 a contract in force that no link bills', () => {
  const billed = (fields: Fields) => ({
    contracts: [contract(50)],
    recurring_invoices: [template(-8, { contract_id: 50, ...fields })],
  });
  test.each<[Fields, string]>([
    [{ lines: line(0) }, '-8 (zero)'],
    [{ lines: line(90, { onetimecharge: true }) }, '-8 (one-time lines only)'],
    [{ lines: line(90, { enddate: '2026-06-01' }) }, '-8 (line ended)'],
    [{ lines: line(90), period: 42, schedule: { period: 42 } }, '-8 (unknown period)'],
  ])('%j: the reason is told', (fields, why) => {
    expect(ask(billed(fields)).leaks).toMatchObject([
      {
        kind: 'contract_no_recurring_invoice',
        entity: 'contract:50',
        monthly_value: '800.00',
        look_at: `In force since 2025-07-01, and no active recurring invoice bills it: ${why}.`,
      },
    ]);
  });
  test('one that only the recurring invoice of its predecessor bills is worth the difference', () => {
    const contracts = [
      contract(50),
      contract(51, { previouscontract: 50, periodchargeamount: 1000, start_date: '2026-01-01' }),
    ];
    const { leaks, totals } = ask({
      contracts,
      recurring_invoices: [template(-8, { contract_id: 50, lines: line(800) })],
    });
    expect(leaks).toMatchObject([
      {
        kind: 'template_on_predecessor',
        entity: 'contract:51',
        monthly_value: '200.00',
        look_at: 'In force since 2026-01-01, and billed by -8 alone, which names contract 50 that it renews.',
      },
    ]);
    expect(totals.AUD?.total).toEqual({ count: 1, monthly_value: '200.00', lost: '0.00' });
  });
});

describe('L2 billed straight from the contract', () => {
  const hand = (
    id: number,
    date: string,
    fields: Fields = {},
    lines: Fields[] = [{ id: 10 * id, net_amount: 800, contract_id: 50, recurring_invoice_id: -1 }],
  ) => ({
    ...{ id, client_id: 101, invoice_date: date, posted: true, currency_code: 1 },
    ...{ period_start_date: '2026-06-01', period_end_date: '2026-06-30', lines, ...fields },
  });
  const askWith = (invoices: Fields[], fields: Fields = {}) =>
    leaksOf(
      bookOf({ clients: [ACME], currencies: [AUD], contracts: [contract(50, fields)] }),
      paramsOf({}, '2026-06-30'),
      bookOf({ invoices }).invoices,
    );
  test('of an unknown period no invoice is known to be for it', () => {
    const { leaks, billed_by_invoice } = askWith([hand(2, '2026-06-02')], { billingperiod: 42 });
    expect([leaks.length, billed_by_invoice]).toEqual([1, []]);
  });
  test('is not a leak, is listed apart, and is in no total', () => {
    expect(askWith([hand(1, '2026-05-02'), hand(2, '2026-06-02')])).toMatchObject({
      leaks: [],
      totals: {},
      billed_by_invoice: [
        {
          entity: 'contract:50',
          client: 'Acme',
          monthly_value: '800.00',
          currency: 'AUD',
          invoices: [2, 1],
          last_billed: '2026-06-02',
        },
      ],
    });
  });
  test.each<[string, Fields[], Fields, boolean]>([
    ['its last period and a month ago', [hand(1, '2026-05-01')], {}, true],
    ['before that', [hand(1, '2026-04-30')], {}, false],
    ['a year and a month ago, of a yearly one', [hand(1, '2025-06-01')], { billingperiod: 3 }, true],
    ['five weeks ago, of a weekly one', [hand(1, '2026-05-24')], { billingperiod: 1 }, true],
    ['six weeks ago, of a weekly one', [hand(1, '2026-05-23')], { billingperiod: 1 }, false],
    ['on a day to come', [hand(1, '2026-07-01')], {}, false],
    ['on a draft', [hand(1, '2026-06-02', { posted: false })], {}, false],
    ['on a void', [hand(1, '2026-06-02', { voided: true })], {}, false],
    [
      'for another contract',
      [hand(1, '2026-06-02', {}, [{ id: 9, net_amount: 800, contract_id: 51, recurring_invoice_id: -1 }])],
      {},
      false,
    ],
    ['without a service period', [hand(1, '2026-06-02', { period_start_date: null })], {}, false],
    [
      'and credited in full',
      [
        hand(1, '2026-06-02'),
        hand(2, '2026-06-03', { creditlinkedtoinvoiceid: 1 }, [{ id: 20, net_amount: -800, creditlinkedidid: 10 }]),
      ],
      {},
      false,
    ],
    [
      'and credited in part',
      [
        hand(1, '2026-06-02'),
        hand(2, '2026-06-03', { creditlinkedtoinvoiceid: 1 }, [{ id: 20, net_amount: -300, creditlinkedidid: 10 }]),
      ],
      {},
      true,
    ],
  ])('%s', (_when, invoices, fields, direct) => {
    const { leaks, billed_by_invoice: billed } = askWith(invoices, fields);
    expect([leaks.length, billed.length]).toEqual(direct ? [0, 1] : [1, 0]);
  });
});

test('L3 a recurring invoice without a next date is a leak', () => {
  expect(found({ recurring_invoices: [template(-8, { lines: line(90), ...dated('1900-01-01T00:00:00') })] })).toEqual([
    ['ri_no_next_date', 'recurring_invoice:-8', '90.00'],
  ]);
  expect(found({ recurring_invoices: [template(-8, { lines: line(0), ...dated('1900-01-01T00:00:00') })] })).toEqual(
    [],
  );
});

describe('L4 what is lost is runs missed times the amount of one', () => {
  const late = (next: string, fields: Fields = {}) =>
    ask({
      recurring_invoices: [template(-8, { lines: line(90), ...fields, ...dated(next, fields.schedule as Fields) })],
    }).leaks[0];
  test.each<[string, Fields, number, string]>([
    ['2026-06-29', {}, 1, '90.00'],
    ['2026-04-30', {}, 2, '180.00'],
    ['2026-01-31', {}, 5, '450.00'],
    ['2026-06-01', { period: 1, schedule: { period: 1 } }, 5, '450.00'],
    ['2025-03-01', { period: 3, schedule: { period: 3 } }, 2, '180.00'],
  ])('%s %j: %i', (next, fields, runs_missed, lost) => {
    expect(late(next, fields)).toMatchObject({ kind: 'ri_past_next_date', runs_missed, lost });
  });
  test.each<[string, Fields]>([
    ['has ended', { end_date: '2026-05-31' }],
    ['has not started', { start_date: '2026-07-05' }],
    ['is archived', { active: false }],
  ])('not of a disabled one whose contract %s', (_what, fields) => {
    const stopped = template(-8, { disabled: true, contract_id: 50, lines: line(90), ...dated('2026-05-15') });
    expect(ask({ contracts: [contract(50, fields)], recurring_invoices: [stopped] }).leaks).toEqual([]);
  });

  test('also of a disabled one whose contract runs on, and of none that is only odd', () => {
    const raw = {
      contracts: [contract(50)],
      recurring_invoices: [template(-8, { disabled: true, contract_id: 50, lines: line(90), ...dated('2026-05-15') })],
    };
    const { leaks, totals } = ask(raw);
    expect(leaks.map(({ kind, lost }) => [kind, lost])).toEqual([
      ['contract_no_recurring_invoice', undefined],
      ['disabled_ri_live_contract', '180.00'],
    ]);
    expect(totals.AUD?.total).toEqual({ count: 1, monthly_value: '800.00', lost: '180.00' });
  });
  describe('on a past day', () => {
    const on = (as_of: string, more: object = {}) => {
      const off = template(-8, {
        ...{ disabled: true, contract_id: 50, lines: line(90) },
        ...dated('2026-05-15', { startdate: '2026-01-15', ...more }),
      });
      const raw = { clients: [ACME], currencies: [AUD], contracts: [contract(50)], recurring_invoices: [off] };
      return leaksOf(bookOf(raw), paramsOf({ as_of }, '2026-06-30'));
    };
    const kinds = ({ leaks }: ReturnType<typeof on>) => leaks.map(({ kind }) => kind);
    const BOTH = ['contract_no_recurring_invoice', 'disabled_ri_live_contract'];

    test('what is disabled today but ran on it or later was active', () => {
      expect(kinds(on('2026-04-15'))).toEqual([]);
      expect(kinds(on('2026-04-16'))).toEqual(BOTH);
      expect(kinds(on('2026-06-30'))).toEqual(BOTH);
    });

    test('no run is taken as made before the start, or without one', () => {
      expect(kinds(on('2026-04-15', { startdate: '2026-05-15' }))).toEqual(BOTH);
      expect(kinds(on('2026-04-15', { startdate: '1900-01-01' }))).toEqual(BOTH);
    });

    test('the answer says what it can’t know, and today says nothing', () => {
      expect(on('2026-04-16')).toMatchObject({
        method: expect.stringContaining('of today, looked at by their dates on the day asked about'),
        note: expect.stringContaining('2026-04-16 is past:'),
      });
      expect(on('2026-06-30').method).toContain('as they stand on the day asked about');
      expect(on('2026-06-30')).not.toHaveProperty('note');
    });
  });

  test('nothing is late on a day to come', () => {
    const raw = {
      clients: [ACME],
      currencies: [AUD],
      recurring_invoices: [template(-8, { lines: line(90), ...dated('2026-07-15') })],
    };
    expect(leaksOf(bookOf(raw), paramsOf({ as_of: '2026-12-31' }, '2026-06-30')).leaks).toEqual([]);
    expect(leaksOf(bookOf(raw), paramsOf({ as_of: '2026-12-31' }, '2026-07-16')).leaks).toMatchObject([
      { runs_missed: 1 },
    ]);
  });
});

test('L5 what is of two kinds is listed twice and counted once', () => {
  const late = template(-8, { contract_id: 50, lines: line(90), ...dated('2026-06-01') });
  const { leaks, totals } = ask({
    clients: [{ ...ACME, inactive: true }],
    contracts: [contract(50, { end_date: '2026-05-31' })],
    recurring_invoices: [late],
  });
  expect(leaks).toHaveLength(3);
  expect(totals.AUD?.total).toEqual({ count: 1, monthly_value: '90.00', lost: '90.00' });
});

test('L6 a contract past its printed end that rolls on is in force', () => {
  expect(found({ contracts: [contract(50, { end_date: '2025-12-31', rollingcontract: true })] })).toEqual([
    ['contract_no_recurring_invoice', 'contract:50', '800.00'],
  ]);
});

test('L7 is asked as of any day', () => {
  const raw = { clients: [ACME], currencies: [AUD], contracts: [contract(50, { end_date: '2026-05-31' })] };
  const at = (as_of: string) => leaksOf(bookOf(raw), paramsOf({ as_of }, '2026-06-30'));
  expect([at('2026-05-31').leaks.length, at('2026-06-01').leaks.length]).toEqual([1, 0]);
  expect(at('2026-05-31').as_of).toBe('2026-05-31');
});

test('invoices make no difference', () => {
  const raw = { contracts: [contract(50)], recurring_invoices: [template(-8, { lines: line(90) })] };
  const billed = { id: 1, client_id: 101, invoice_date: '2026-06-01', posted: true, lines: [generated(1, 90)] };
  expect(ask({ ...raw, invoices: [billed] })).toEqual(ask(raw));
});

describe('what to look at', () => {
  const look = (raw: Raw) => Object.fromEntries(ask(raw).leaks.map(({ kind, look_at }) => [kind, look_at]));
  const lines = [
    { id: 11, net_amount: 5, contract_id: 50 },
    { id: 12, net_amount: 5, contract_id: 51 },
  ];

  test('names every contract that is over, and how', () => {
    const contracts = [contract(50, { end_date: '2026-05-31' }), contract(51, { active: false }), contract(52)];
    const all = [...lines, { id: 13, net_amount: 5, contract_id: 52 }];
    expect(look({ contracts, recurring_invoices: [template(-8, { lines: all })] })).toEqual({
      ri_on_expired_contract: 'Active on contract 50, which ended on 2026-05-31 and contract 51, which is archived.',
    });
  });

  test('names every contract that a disabled one leaves, and every link that bills nothing', () => {
    const contracts = [contract(50, { start_date: null }), contract(51)];
    const templates = [template(-8, { lines, disabled: true }), template(-9, { contract_id: 50, lines: line(0) })];
    const { leaks } = ask({ contracts, recurring_invoices: templates });
    expect(leaks.map(({ entity, look_at }) => [entity, look_at])).toEqual([
      ['contract:50', 'In force, and no active recurring invoice bills it: -9 (zero), -8 (disabled).'],
      ['contract:51', 'In force since 2025-07-01, and no active recurring invoice bills it: -8 (disabled).'],
      ['recurring_invoice:-8', 'Disabled, while contracts 50 and 51 are in force and nothing else bills them.'],
    ]);
  });

  test('says plainly that there is no next date, and of an inactive client the next date where there is one', () => {
    const off = { ...ACME, inactive: true };
    const of = (next: string | null) =>
      look({ clients: [off], recurring_invoices: [template(-8, { lines: line(90), ...dated(next as string) })] });
    expect(of('2026-07-05')).toEqual({
      inactive_client_active_ri: 'Active for an inactive client; next date 2026-07-05.',
    });
    expect(of(null)).toEqual({
      inactive_client_active_ri: 'Active for an inactive client.',
      ri_no_next_date: 'Active, but it has no next date, so nothing makes its next invoice.',
    });
  });

  test('of two that name what a contract renews names both', () => {
    const contracts = [
      contract(50, { end_date: '2025-12-31' }),
      contract(51, { previouscontract: 50, start_date: null }),
    ];
    const both = [-8, -9].map((id) => template(id, { contract_id: 50, lines: line(400) }));
    expect(look({ contracts, recurring_invoices: both })).toMatchObject({
      template_on_predecessor: 'In force, and billed by -9 and -8 alone, which names contract 50 that it renews.',
    });
  });
});

describe('what is not known', () => {
  const untold = { periodchargeamount: undefined };
  test('the charge of a contract that is to be invoiced leaves the answer open', () => {
    const { complete, reason, totals, leaks } = ask({ contracts: [contract(50, untold), contract(51)] });
    expect([complete, totals]).toEqual([false, {}]);
    expect(reason).toContain('contract:50');
    expect(reason).not.toContain('contract:51');
    expect(leaks.map(({ entity }) => entity)).toContain('contract:50');
    expect(ask({ contracts: [contract(50, { ...untold, dontinvoice: true })] }).complete).toBe(true);
  });

  test('so does that of one that only its predecessor’s recurring invoice bills: by how much is not known', () => {
    const contracts = [contract(50, { end_date: '2025-12-31' }), contract(51, { ...untold, previouscontract: 50 })];
    const { complete, reason, leaks } = ask({
      contracts,
      recurring_invoices: [template(-8, { contract_id: 50, lines: line(400) })],
    });
    expect(leaks.map(({ kind, entity, monthly_value }) => [kind, entity, monthly_value])).toEqual([
      ['template_on_predecessor', 'contract:51', undefined],
    ]);
    expect([complete, reason]).toEqual([false, expect.stringContaining('contract:51')]);
  });

  test('an amount that can not be read is an unknown loss', () => {
    const odd = template(-8, { lines: line(90, { net_amount: 'lots' }), ...dated('2026-05-01') });
    const [leak] = ask({ recurring_invoices: [odd] }).leaks;
    expect(leak?.kind).toBe('ri_past_next_date');
    for (const key of ['monthly_value', 'currency', 'lost', 'runs_missed']) expect(leak).not.toHaveProperty(key);
  });

  test('without a next date it is one for an amount that can not be read, and none for nothing', () => {
    const of = (net: unknown) =>
      ask({
        recurring_invoices: [template(-8, { lines: [{ id: 11, net_amount: net }], ...dated(null as never) })],
      }).leaks.map(({ kind }) => kind);
    expect([of('lots'), of(0), of(5)]).toEqual([['ri_no_next_date'], [], ['ri_no_next_date']]);
  });

  test('late by no run, and odd in another way, nothing is lost', () => {
    const expired = { contract_id: 50, lines: line(90), ...dated('2026-05-01') };
    const raw = { contracts: [contract(50, { end_date: '2026-05-31' })], recurring_invoices: [template(-8, expired)] };
    const lost = Object.fromEntries(ask(raw).leaks.map(({ kind, lost: amount }) => [kind, amount]));
    expect(lost).toEqual({ ri_past_next_date: '180.00', ri_on_expired_contract: undefined });
    const soon = template(-9, { contract_id: 51, disabled: true, lines: line(90) });
    const idle = ask({ contracts: [contract(51)], recurring_invoices: [soon] }).leaks;
    expect(idle.map(({ kind, lost: amount }) => [kind, amount])).toContainEqual([
      'disabled_ri_live_contract',
      undefined,
    ]);
  });

  test('a client is named by its record, and by its id where that is not there', () => {
    const stopped = (id: number, client_id: number, contract_id: number) =>
      template(id, { client_id, contract_id, disabled: true, lines: line(5) });
    const raw = {
      clients: [ACME, { id: 102, name: 'Branch' }],
      contracts: [contract(50), contract(51)],
      recurring_invoices: [stopped(-8, 102, 50), stopped(-9, 103, 51)],
    };
    const named = ask(raw).leaks.filter(({ kind }) => kind === 'disabled_ri_live_contract');
    expect(named.map(({ client_id, client }) => [client_id, client])).toEqual([
      [102, 'Branch'],
      [103, 'Client 103'],
    ]);
  });
});

test.each([
  ['end_date', 'soon'],
  ['rollingcontract', 'abc'],
  ['start_date', 'once'],
  ['end_date', { day: 1 }],
])('no total rests on a contract whose %s is %j, even if a recurring invoice bills it', (field, value) => {
  const raw = {
    contracts: [contract(50, { end_date: '2026-06-29T00:00:00', [field]: value })],
    recurring_invoices: [template(-1, { contract_id: 50, lines: line(10) })],
  };
  const { totals, ...head } = ask(raw);
  expect(head).toMatchObject({ complete: false });
  expect(JSON.stringify(head)).toContain('contract:50');
  expect(totals).toEqual({});
});
