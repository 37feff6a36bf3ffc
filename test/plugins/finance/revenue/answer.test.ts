import { describe, expect, it } from 'vitest';
import { breakdown, FLAGS, RevenueInputError } from '../../../../plugins/finance/revenue/index.js';
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
    [{ renewal_horizon_days: -1 }, 'renewal_horizon_days -1'],
  ])('%o', (params, message) => {
    const ask = () => answer({}, params as object);
    expect(ask).toThrow(RevenueInputError);
    expect(ask).toThrow(message);
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
  ])('%s', (_what, invoices, suspected) => {
    const from = answer({ invoices });
    expect(codes(from).includes('duplicate_invoice_suspected')).toBe(suspected);
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

it('clients come by what was billed, the largest first; ties by id', () => {
  const of = (client_id: number, net: number) => invoice(client_id, { client_id, lines: [adhoc(1, net)] });
  const from = answer({ invoices: [of(3, 5), of(1, 5), of(2, 9), of(4, -1)] });
  expect(from.clients.map(({ client_id }) => client_id)).toEqual([2, 1, 3, 4]);
});
