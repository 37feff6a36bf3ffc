/** The sentence that a reader quotes, and its wording if something could not be read. */
import { describe, expect, it } from 'vitest';
import { breakdown } from '../../revenue/index.js';
import { bookOf } from './book.js';
import { ACME, AUD, adhoc, answer, client, contract, generated, invoice, template, USD } from './rows.js';
import { defaults } from './vectors.js';

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
    expect(odd(2).method.reason).toEqual([
      'not fully readable: invoice:1 (net_amount of line 1), invoice:2 (net_amount of line 1)',
    ]);
    expect(odd(5).method.reason).toEqual([
      `not fully readable: ${[1, 3, 5, 2, 4].map((id) => `invoice:${id} (net_amount of line 1)`).join(', ')}`,
    ]);
    expect(odd(7).method.reason?.[0]).toMatch(
      /^not fully readable: (invoice:\d \([^)]+\), ){4}invoice:\d \([^)]+\) and 2 more$/,
    );
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
    expect(missing.method.reason).toEqual(['a', 'b', 'not fully readable: invoice:1 (net_amount of line 1)']);
    expect(missing.statement).toMatch(/^INCOMPLETE \(a; b; not fully readable: invoice:1 \(net_amount of line 1\)\): /);
  });
  it('is one whose currency has no name', () => {
    const from = answer({ currencies: [], recurring_invoices: [template(-5001, { currency_code: 0, revenue: 5 })] });
    expect(client(from).flags).toMatchObject([
      { code: 'incomplete_data', entity: 'currency' },
      { code: 'ri_header_only' },
    ]);
    expect(from.method.reason).toEqual(['not fully readable: currency']);
  });
  it('has a reason even where none was given', () => {
    expect(breakdown(bookOf(raw, { complete: false, reason: [] }), defaults).statement).toMatch(
      /^INCOMPLETE \(something could not be fetched\): these/,
    );
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
  it('has a sentence for each currency', () => {
    const invoices = [invoice(1, { lines: [adhoc(1, 5)] }), invoice(2, { currency_code: 2, lines: [adhoc(2, 7)] })];
    expect(answer({ invoices }).statement).toMatch(/^AUD: [^:]* recurring\. USD: [^:]* recurring\.$/);
    const part = breakdown(bookOf({ currencies: [AUD, USD], invoices }, { complete: false }), defaults);
    expect(part.statement).toMatch(/^INCOMPLETE [^:]*: [^:]* AUD: [^:]* recurring\. USD: [^:]* recurring\.$/);
  });
  it('says that nothing was found', () =>
    expect(answer({}).statement).toBe('Nothing recurring and nothing billed was found.'));
});

describe('a day that is not today', () => {
  const raw = {
    contracts: [contract(301, { end_date: '2026-08-31' })],
    recurring_invoices: [
      template(-5001, { lines: [{ id: 11, net_amount: 70 }], schedule: { end_date: '2026-08-31' } }),
      template(-5002, { lines: [{ id: 11, net_amount: 30 }] }),
    ],
  };
  it('before it: today’s recurring invoices are carried back, and the answer says so', () => {
    const { statement, method } = answer(raw, { as_of: '2026-03-31', today: '2026-06-30' });
    expect(statement).toMatch(/The run rate on 2026-03-31 is that of today's recurring invoices carried back/);
    expect(method).toMatchObject({ carried_back: true, billed_run_rate: {} });
    expect(statement).toContain('No invoice that was read has a service period that holds 2026-03-31.');
    expect(method).not.toHaveProperty('projection');
  });
  it('after it: a projection, without what ends before, which is counted, and nothing is late', () => {
    const { statement, method, flags } = answer(raw, { as_of: '2026-12-31', today: '2026-06-30' });
    expect(statement).toMatch(/the recurring run rate projected on 2026-12-31 is 30\.00 a month/);
    expect(statement).toMatch(/without what ends before \(1 recurring invoice ends, 1 contract ends\)\.$/);
    expect(method).toMatchObject({ projection: true, ends_before: { recurring_invoices: 1, contracts: 1 } });
    expect(flags.map(({ code }) => code)).not.toContain('ri_past_next_date');
  });
  it('a window to come has nothing billed, and one that runs is not over', () => {
    const ahead = answer(raw, { from: '2026-08-01', to: '2026-08-31', today: '2026-06-30', as_of: '2026-06-30' });
    expect(ahead.statement).toMatch(
      /the window 2026-08-01 to 2026-08-31 is in the future, and nothing is billed in it yet/,
    );
    expect(ahead.statement).not.toMatch(/billed from/);
    const runs = answer(raw, { from: '2026-06-01', to: '2026-08-31', today: '2026-06-30', as_of: '2026-06-30' });
    expect(runs.statement).toMatch(/billed so far \(the window is not over\) from 2026-06-01 to 2026-08-31 is 0\.00/);
    expect(runs.method).toMatchObject({ projection: true });
  });
  it('today says none of it', () => {
    const { statement, method } = answer(raw, { today: '2026-06-30' });
    expect(statement).not.toMatch(/carried back|projec|so far/);
    expect(method).not.toHaveProperty('carried_back');
  });
});

it('the statement names every choice that moves a figure', () => {
  const { statement } = answer(
    { invoices: [invoice(1, { currency_code: 2, lines: [adhoc(1, 100)] })] },
    {
      currency_policy: 'convert',
      rates: { usd: '1.5' },
      include_unposted: true,
      attribute_to: 'billed_client',
      include_contracts: false,
    },
  );
  expect(statement).toMatch(
    /Converted to AUD \(USD at 1\.5\)\. Drafts are included in what was billed\. Each amount is counted at the client that is billed, not the one served\. Contracts were left out\.$/,
  );
});
