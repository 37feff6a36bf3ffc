import { describe, expect, it } from 'vitest';
import { breakdown, FLAGS, GROUPS, RevenueInputError } from '../../../../plugins/finance/revenue/index.js';
import { bookOf } from './book.js';
import { ACME, AUD, adhoc, answer, client, codes, contract, figures, generated, invoice, template } from './rows.js';
import { defaults } from './vectors.js';

describe('what can’t be asked', () => {
  it.each([
    [
      { from: '2026-07-01', to: '2026-06-30' },
      'The window ends (2026-06-30) before it starts (2026-07-01). Swap from and to.',
    ],
    [{ from: '2026-02-30' }, 'from "2026-02-30" is no day. Give it as YYYY-MM-DD.'],
    [{ as_of: 'today' }, 'as_of "today" is no day. Give it as YYYY-MM-DD.'],
    [{ to: '2026-06-30T00:00:00' }, 'is no day'],
    [{ from: '2021-06-30', to: '2026-06-30' }, 'longer than 60 months'],
    [
      { group_by: ['site'] },
      'group_by "site" is unknown. Choose among client, month, item_group, contract, recurring_invoice.',
    ],
    [{ attribute_to: 'payer' }, 'attribute_to "payer" is unknown'],
    [{ currency_policy: 'add' }, 'currency_policy "add" is unknown'],
    [{ month_basis: 'cash' }, 'month_basis "cash" is unknown'],
    [{ from: '2021-07-01', to: '2026-07-01' }, 'The window 2021-07-01 to 2026-07-01 is longer than 60 months. Ask for'],
    [{ attribute_to: 'payer' }, 'Choose among service_client, billed_client.'],
    [{ currency_policy: 'add' }, 'Choose among separate, convert.'],
    [{ month_basis: 'cash' }, 'Choose among billed, service_period.'],
    [{ renewal_horizon_days: -1 }, 'renewal_horizon_days -1 is no number of days. Give 0 or more whole days.'],
    [{ renewal_horizon_days: 1.5 }, 'renewal_horizon_days 1.5 is no number of days.'],
    [{ rates: { USD: 0 } }, 'The rate of USD is "0". Give home units per unit, above 0.'],
  ])('%o', (params, message) => {
    const ask = () => answer({}, params as object);
    expect(ask).toThrow(RevenueInputError);
    expect(ask).toThrow(message);
  });
  it('names itself, and gives the way out by itself too', () => {
    const error = new RevenueInputError('There is no rate for USD.', 'Give rates.USD.');
    expect([error.name, error.message, error.wayOut]).toEqual([
      'RevenueInputError',
      'There is no rate for USD. Give rates.USD.',
      'Give rates.USD.',
    ]);
  });
  it('one day is a window, no horizon is one, and either choice is known', () => {
    const day = { from: '2026-06-30', to: '2026-06-30', renewal_horizon_days: 0 };
    expect(() => answer({}, day)).not.toThrow();
    for (const group of GROUPS) expect(() => answer({}, { group_by: [group] })).not.toThrow();
    expect(() => answer({}, { attribute_to: 'billed_client', month_basis: 'service_period' })).not.toThrow();
    expect(() => answer({}, { currency_policy: 'convert', rates: { ' usd ': '0.5' } })).not.toThrow();
  });
  it('sixty months is the longest', () => {
    expect(() => answer({}, { from: '2021-07-01', to: '2026-06-30' })).not.toThrow();
  });
});

describe('method', () => {
  it('says how, and how much was read, each row once', () => {
    const row = invoice(1, { lines: [adhoc(1, 1)] });
    expect(
      answer({ invoices: [row, row], recurring_invoices: [template(-2, { revenue: 1 })], contracts: [contract(1)] })
        .method,
    ).toEqual({
      version: 1,
      as_of: '2026-06-30',
      from: '2025-07-01',
      to: '2026-06-30',
      attribute_to: 'service_client',
      currency_policy: 'separate',
      month_basis: 'billed',
      include_unposted: false,
      weekly: '52/12',
      rounding: 'half away from zero per document',
      complete: true,
      fetched: { recurring_invoices: 1, invoices: 1, contracts: 1, pages: 1 },
    });
  });
});

describe('an incomplete book', () => {
  const raw = { clients: [ACME], currencies: [AUD], invoices: [invoice(1, { lines: [adhoc(1, 100)] })] };
  const from = breakdown(bookOf(raw, { complete: false, reason: ['Invoice: page 3 failed'] }), defaults);
  it('carries its reason, and no figure of it is unmarked', () => {
    expect(from.method).toMatchObject({ complete: false, reason: ['Invoice: page 3 failed'] });
    expect(from.clients.every(({ flags }) => flags.some(({ code }) => code === 'incomplete_data'))).toBe(true);
    expect(from.flags.filter(({ code }) => code === 'incomplete_data')).toHaveLength(1);
  });
  it('is not stated as a total', () => {
    expect(from.statement).toBe(
      'INCOMPLETE (Invoice: page 3 failed): these figures cover only what was read and are not totals. AUD: the recurring run rate read so far on 2026-06-30 is 0.00 a month (0.00 a year); billed read so far from 2025-07-01 to 2026-06-30 is 0.00 recurring and 100.00 non-recurring, 100.00 net of tax and credits, 0.00% of it recurring.',
    );
  });
  it('is so in its flags once for each client, and once for the book', () => {
    const two = { ...raw, invoices: [...raw.invoices, invoice(2, { client_id: 7, lines: [adhoc(2, 1)] })] };
    const flagged = breakdown(bookOf(two, { complete: false }), defaults);
    const of = ({ code, entity }: { code: string; entity: string }) => [code, entity];
    expect(flagged.clients.map(({ flags }) => flags.map(of))).toEqual([
      [['incomplete_data', 'book']],
      [['incomplete_data', 'book']],
    ]);
    expect(flagged.flags.map(of)).toEqual([['incomplete_data', 'book']]);
    expect(flagged.flags[0]).not.toHaveProperty('client_id');
  });
  it('names the rows that could not be read, the first five of them', () => {
    const odd = (count: number) =>
      answer({
        invoices: Array.from({ length: count }, (_, index) =>
          invoice(index + 1, { lines: [adhoc(1, 'many')], client_id: 101 + (index % 2) }),
        ),
      });
    expect(odd(2).method.reason).toEqual(['not readable whole: invoice:1, invoice:2']);
    expect(odd(5).method.reason).toEqual(['not readable whole: invoice:1, invoice:3, invoice:5, invoice:2, invoice:4']);
    expect(odd(7).method.reason?.[0]).toMatch(/^not readable whole: (invoice:\d, ){4}invoice:\d and 2 more$/);
    expect(odd(1).flags.map(({ code, entity, client_id }) => [code, entity, client_id])).toEqual([
      ['incomplete_data', 'invoice:1', 101],
    ]);
    const missing = breakdown(
      bookOf(
        { currencies: [AUD], invoices: [invoice(1, { lines: [adhoc(1, 'many')] })] },
        { complete: false, reason: ['a', 'b'] },
      ),
      defaults,
    );
    expect(missing.method.reason).toEqual(['a', 'b', 'not readable whole: invoice:1']);
    expect(missing.statement).toMatch(/^INCOMPLETE \(a; b; not readable whole: invoice:1\): /);
  });
  it('is one whose currency has no name', () => {
    const from = answer({ currencies: [], recurring_invoices: [template(-5001, { currency_code: 0, revenue: 5 })] });
    expect(client(from).flags).toMatchObject([
      { code: 'incomplete_data', entity: 'currency' },
      { code: 'ri_header_only' },
    ]);
    expect(from.method.reason).toEqual(['not readable whole: currency']);
  });
  it('has a reason even where none was given', () => {
    expect(breakdown(bookOf(raw, { complete: false }), defaults).method.reason).toEqual([
      'something could not be fetched',
    ]);
  });
});

describe('the statement', () => {
  it('names both axes in one sentence', () => {
    const raw = {
      recurring_invoices: [template(-5001, { lines: [{ id: 11, net_amount: 1500 }] })],
      invoices: [
        invoice(1, { lines: [generated(1, 1500), adhoc(2, 500)] }),
        invoice(2, { posted: false, lines: [adhoc(3, 7)] }),
      ],
      contracts: [contract(301)],
    };
    expect(answer(raw).statement).toBe(
      'AUD: the recurring run rate on 2026-06-30 is 1500.00 a month (18000.00 a year); billed from 2025-07-01 to 2026-06-30 is 1500.00 recurring and 500.00 non-recurring, 2000.00 net of tax and credits, 75.00% of it recurring; contracts that no recurring invoice bills are worth a further 800.00 a month; 7.00 more is not posted.',
    );
  });
  it('says the client asked for, and that months are those of the service', () => {
    const raw = { invoices: [invoice(1, { lines: [adhoc(2, 5)] })] };
    expect(answer(raw, { client_id: 101, month_basis: 'service_period' }).statement).toBe(
      'AUD for Acme: the recurring run rate on 2026-06-30 is 0.00 a month (0.00 a year); billed from 2025-07-01 to 2026-06-30 (recurring spread over its service period) is 0.00 recurring and 5.00 non-recurring, 5.00 net of tax and credits, 0.00% of it recurring.',
    );
  });
  it('says no share where nothing, or less, was billed', () => {
    expect(answer({ invoices: [invoice(1, { lines: [adhoc(2, -5)] })] }).statement).toMatch(
      /-5\.00 non-recurring, -5\.00 net of tax and credits\.$/,
    );
    expect(answer({}, { client_id: 101 }).statement).toMatch(
      /^AUD for Acme: .* is 0\.00 recurring and 0\.00 non-recurring, 0\.00 net of tax and credits\.$/,
    );
  });
  it('says that nothing was found', () =>
    expect(answer({}).statement).toBe('Nothing recurring and nothing billed was found.'));
});

describe('flags', () => {
  const raw = {
    clients: [ACME, { id: 102, name: 'Beta' }],
    contracts: [contract(301), contract(302, { client_id: 102 })],
    invoices: [invoice(1, { supplier_id: 3 }), invoice(2, { revenue: 5 })],
  };
  it('stand per client and once more over all, by severity, with their entity and amount', () => {
    const from = answer(raw);
    expect(
      from.flags.map(({ code, severity, entity, amount, client_id }) => [severity, code, entity, amount, client_id]),
    ).toEqual([
      ['high', 'contract_no_recurring_invoice', 'contract:301', '800.00', 101],
      ['high', 'contract_no_recurring_invoice', 'contract:302', '800.00', 102],
      ['medium', 'unclassified', 'invoice:2', '5.00', 101],
      ['info', 'invoice_header_only', 'invoice:2', '5.00', 101],
      ['info', 'supplier_invoice_excluded', 'invoice:1', '0.00', 101],
    ]);
    expect(codes(from, 102)).toEqual(['contract_no_recurring_invoice']);
  });
  it('add up the amounts of one code and one row, and are ordered by severity, code and entity', () => {
    const lines = [adhoc(1, 5, { ticket_id: 4 }), adhoc(2, 7, { ticket_id: 4 }), adhoc(3, 1, { credit_id: 9 })];
    const run = { recurring_invoice_id: -5001, lines };
    const from = answer({ invoices: [invoice(3, run), invoice(2, run), invoice(1, { supplier_id: 4 })] });
    expect(client(from).flags.map(({ severity, code, entity, amount }) => [severity, code, entity, amount])).toEqual([
      ['high', 'duplicate_invoice_suspected', 'invoice:3', '13.00'],
      ['medium', 'credit_note_missing', 'invoice:2', '1.00'],
      ['medium', 'credit_note_missing', 'invoice:3', '1.00'],
      ['medium', 'labour_on_recurring_run', 'invoice:2', '12.00'],
      ['medium', 'labour_on_recurring_run', 'invoice:3', '12.00'],
      ['info', 'supplier_invoice_excluded', 'invoice:1', '0.00'],
    ]);
  });
  it('have a severity and a sentence each', () => {
    for (const { severity, message } of Object.values(FLAGS)) {
      expect(['high', 'medium', 'info']).toContain(severity);
      expect(message).toMatch(/^\S.*\.$/);
    }
    expect(FLAGS.line_period_differs.severity).toBe('medium');
    expect(Object.keys(FLAGS)).toHaveLength(8 + 15 + 15);
  });
});

describe('duplicate_invoice_suspected', () => {
  const bill = (id: number, fields = {}) =>
    invoice(id, {
      recurring_invoice_id: -5001,
      lines: [generated(21, 300)],
      period_start_date: '2026-06-01',
      period_end_date: '2026-06-30',
      ...fields,
    });
  it.each([
    ['the same period on another day', [bill(1), bill(2, { invoice_date: '2026-06-03' })], true],
    ['another period', [bill(1), bill(2, { period_start_date: '2026-05-01', period_end_date: '2026-05-31' })], false],
    ['another client', [bill(1), bill(2, { client_id: 7 })], false],
    ['a draft', [bill(1), bill(2, { posted: false })], false],
    ['a void one', [bill(1), bill(2, { voided: true })], false],
    ['its credit', [bill(1), bill(2, { creditlinkedtoinvoiceid: 1 })], false],
    [
      'no real template',
      [
        bill(1, { recurring_invoice_id: -1, lines: [adhoc(1, 1)] }),
        bill(2, { recurring_invoice_id: -1, lines: [adhoc(1, 1)] }),
      ],
      false,
    ],
    [
      'no periods, the same day and net',
      [bill(1, { period_start_date: null }), bill(2, { period_start_date: null })],
      true,
    ],
    [
      'no periods, the same day and another net',
      [bill(1, { period_start_date: null }), bill(2, { period_start_date: null, lines: [generated(21, 301)] })],
      false,
    ],
    ['another template', [bill(1), bill(2, { recurring_invoice_id: -5002, lines: [generated(21, 300)] })], false],
    ['another start alone', [bill(1), bill(2, { period_start_date: '2026-05-01' })], false],
    ['another end alone', [bill(1), bill(2, { period_end_date: '2026-06-29' })], false],
    [
      'no end, the same day and net',
      [bill(1, { period_end_date: null }), bill(2, { period_end_date: null, period_start_date: '2026-05-01' })],
      true,
    ],
    [
      'no periods, another day',
      [bill(1, { period_start_date: null }), bill(2, { period_start_date: null, invoice_date: '2026-06-02' })],
      false,
    ],
    [
      'a template that only the lines name',
      [bill(1, { recurring_invoice_id: -1 }), bill(2, { recurring_invoice_id: -1 })],
      true,
    ],
    [
      'lines of two templates',
      [1, 2].map((id) =>
        bill(id, {
          recurring_invoice_id: -1,
          lines: [generated(21, 1), generated(22, 1, { recurring_invoice_id: -5002 })],
        }),
      ),
      false,
    ],
    [
      'lines of a template and others',
      [1, 2].map((id) => bill(id, { recurring_invoice_id: -1, lines: [generated(21, 1), adhoc(22, 1)] })),
      true,
    ],
    [
      'the first and the last day of the window',
      [bill(1, { invoice_date: '2025-07-01' }), bill(2, { invoice_date: '2026-06-30' })],
      true,
    ],
    ['one before the window', [bill(1, { invoice_date: '2025-06-30' }), bill(2)], false],
    ['one after the window', [bill(1, { invoice_date: '2026-07-01' }), bill(2)], false],
    ['one without a day', [bill(1, { invoice_date: null }), bill(2)], false],
  ])('%s', (_what, invoices, suspected) => {
    const from = answer({ invoices });
    expect(codes(from).includes('duplicate_invoice_suspected')).toBe(suspected);
  });
  it('is said to each client that has a part of it, with that part', () => {
    const lines = [generated(21, 300), generated(22, 70, { original_client_id: 102 })];
    const from = answer({ invoices: [bill(1, { lines }), bill(2, { lines })] });
    expect(
      [101, 102].map((id) => client(from, id).flags.find(({ code }) => code.startsWith('duplicate'))?.amount),
    ).toEqual(['300.00', '70.00']);
    const unknown = answer({ invoices: [bill(1, { currency_code: 77 }), bill(2, { currency_code: 77 })] });
    expect(client(unknown).flags.find(({ code }) => code.startsWith('duplicate'))?.amount).toBeNull();
  });
  it('is the one with the later id, whatever the order in which they came', () => {
    const flags = client(answer({ invoices: [bill(2), bill(1)] })).flags;
    expect(flags.filter(({ code }) => code === 'duplicate_invoice_suspected')).toMatchObject([
      { entity: 'invoice:2', amount: '300.00', currency: 'AUD' },
    ]);
  });
  it('counts both', () => expect(figures(answer({ invoices: [bill(1), bill(2)] })).recurring.net).toBe('600.00'));
});

describe('evidence', () => {
  const invoices = [3, 1, 2].map((id) => invoice(id, { lines: [adhoc(id, id * 10)] }));
  it('is capped to the largest, shown by id, and still proves the figure', () => {
    const { non_recurring } = client(answer({ invoices }, { evidence_cap: 2 })).evidence;
    expect(non_recurring).toMatchObject({ count: 3, sum: '60.00', truncated: true });
    expect(non_recurring.items.map(({ id }) => id)).toEqual([2, 3]);
  });
  it('has every bucket, empty ones too', () => {
    expect(Object.keys(client(answer({ invoices })).evidence)).toEqual([
      'mrr',
      'contract_only',
      'recurring',
      'non_recurring',
      'credit',
      'excluded',
    ]);
    expect(client(answer({ invoices })).evidence.mrr).toEqual({ count: 0, sum: '0.00', truncated: false, items: [] });
  });
});

describe('months and currencies', () => {
  const raw = {
    recurring_invoices: [template(-5001, { currency_code: 4, lines: [{ id: 1, net_amount: 5 }] })],
    invoices: [
      invoice(1, { currency_code: 2, lines: [adhoc(1, 1)] }),
      invoice(2, { lines: [adhoc(2, 2), generated(3, 4)] }),
      invoice(3, { currency_code: 3, client_id: 102, lines: [adhoc(4, 3)] }),
    ],
  };
  it('home is first, then the codes, for each client and in all', () => {
    const from = answer(raw);
    expect(Object.keys(from.totals)).toEqual(['AUD', 'JPY', 'KWD', 'USD']);
    expect(Object.keys(client(from).currencies)).toEqual(['AUD', 'KWD', 'USD']);
  });
  it('a month has each currency of its client', () => {
    const { months = {} } = client(answer(raw, { group_by: ['month'], from: '2026-06-01' }));
    expect(months).toEqual({
      '2026-06': {
        AUD: { recurring: '4.00', non_recurring: '2.00' },
        KWD: { recurring: '0.000', non_recurring: '0.000' },
        USD: { recurring: '0.00', non_recurring: '1.00' },
      },
    });
  });
  it('currencies are mixed where a client has money in several, not where it was merely seen', () => {
    expect(client(answer(raw)).flags).toMatchObject([{ code: 'mixed_currencies', entity: 'client:101' }]);
    const seen = [invoice(1, { lines: [adhoc(1, 1)] }), invoice(2, { currency_code: 2, voided: true })];
    expect(codes(answer({ invoices: seen }))).toEqual([]);
    expect(Object.keys(answer({ invoices: seen }).totals)).toEqual(['AUD', 'USD']);
  });
  it('a figure is the sum of its clients’', () => {
    const two = answer({
      ...{
        recurring_invoices: [101, 102].map((client_id) =>
          template(-client_id, { client_id, contract_id: 9, revenue: 10 }),
        ),
      },
      ...{ contracts: [101, 102].map((client_id) => contract(client_id, { client_id })) },
      invoices: [101, 102].flatMap((client_id) => [
        invoice(client_id, { client_id, lines: [generated(1, 30), adhoc(2, 20, { ticket_id: 1 })] }),
        invoice(client_id + 10, { client_id, lines: [adhoc(3, -4)] }),
        invoice(client_id + 20, { client_id, posted: false, lines: [adhoc(4, 7)] }),
      ]),
    });
    expect(two.totals).toEqual({
      AUD: {
        ...{ mrr: '20.00', arr: '240.00', mrr_under_contract: '20.00', mrr_not_under_contract: '0.00' },
        ...{ contract_only_mrr: '1600.00', contracted_mrr: '1620.00' },
        recurring: { invoiced: '60.00', credited: '0.00', net: '60.00' },
        non_recurring: {
          ...{ invoiced: '40.00', credited: '-8.00', net: '32.00' },
          by_kind: {
            ...{ labour: '40.00', product: '0.00', project: '0.00', prepay: '0.00', deposit: '0.00' },
            ...{ adhoc: '-8.00', unclassified: '0.00' },
          },
        },
        ...{ total_net: '92.00', recurring_share_pct: '65.22', unposted_net: '14.00' },
      },
    });
  });
});

it('clients with the same in the home currency come by the next one', () => {
  const of = (id: number, client_id: number, net: number, currency_code = 1) =>
    invoice(id, { client_id, currency_code, lines: [adhoc(1, net)] });
  const from = answer({ invoices: [of(1, 1, 5), of(2, 2, 5), of(3, 2, 7, 2), of(4, 3, 6, 2)] });
  expect(from.clients.map(({ client_id }) => client_id)).toEqual([2, 1, 3]);
});

it('clients come by what was billed, the largest first; ties by id', () => {
  const of = (client_id: number, net: number) => invoice(client_id, { client_id, lines: [adhoc(1, net)] });
  const from = answer({ invoices: [of(3, 5), of(1, 5), of(2, 9), of(4, -1)] });
  expect(from.clients.map(({ client_id }) => client_id)).toEqual([2, 1, 3, 4]);
});
