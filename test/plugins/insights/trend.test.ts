import { describe, expect, test } from 'vitest';
import { paramsOf } from '../../../plugins/insights/ask.js';
import { answerTrend } from '../../../revenue/halo/index.js';
import type { Book } from '../../../revenue/index.js';
import { bookOf, type Raw } from '../../revenue/book.js';
import { ACME, AUD, adhoc, type Fields, generated, invoice, KWD, template, USD } from '../../revenue/rows.js';

const OTHER = { id: 102, name: 'Other' };
/** One that no longer bills, so its last bill does not continue. */
const OVER = [template(-5001, { disabled: true })];
const window = { from: '2026-01-01', to: '2026-06-30', month_basis: 'service_period' as const };
const ask = (raw: Raw, changes: Partial<Book> = {}, client?: number) =>
  answerTrend(
    bookOf(
      { clients: [ACME, OTHER], currencies: [AUD, USD, KWD], recurring_invoices: [template(-5001)], ...raw },
      changes,
    ),
    paramsOf({ ...window, ...(client !== undefined && { client_id: client }) }, '2026-07-10'),
  );
/** A generated invoice for a service period, with a unique line id. */
const run = (id: number, from: string, to: string, net: number, fields: Fields = {}) =>
  invoice(id, {
    ...{ invoice_date: from, period_start_date: from, period_end_date: to, recurring_invoice_id: -5001 },
    lines: [generated(id * 10, net)],
    ...fields,
  });
const ENDS = ['31', '28', '31', '30', '31', '30'];
const monthly = (nets: readonly number[], first = 9001, fields: Fields = {}) =>
  nets.flatMap((net, i) =>
    net === 0 ? [] : [run(first + i, `2026-0${i + 1}-01`, `2026-0${i + 1}-${ENDS[i]}`, net, fields)],
  );
const balances = (raw: Raw, code = 'AUD') =>
  ask(raw)
    .months.filter(({ currency }) => currency === code)
    .map(({ mrr }) => Number(mrr));
const moves = (raw: Raw) =>
  ask(raw)
    .movements.toReversed()
    .map(({ month, kind, amount }) => `${month.slice(5)} ${kind} ${amount}`);

describe('movements of a client', () => {
  test('new, expansion, contraction, churn, reactivation', () => {
    const raw = { invoices: monthly([100, 150, 120, 0, 130, 130]) };
    expect(balances(raw)).toEqual([100, 150, 120, 0, 130, 130]);
    expect(moves(raw)).toEqual([
      '01 new 100.00',
      '02 expansion 50.00',
      '03 contraction -30.00',
      '04 churn -120.00',
      '05 reactivation 130.00',
    ]);
    expect(ask(raw).totals).toEqual({
      AUD: {
        ...{ recurring: '630.00', non_recurring: '0.00', opening_mrr: '0.00', closing_mrr: '130.00' },
        closing_not_billed: '0.00',
        ...{ new: '100.00', expansion: '50.00', contraction: '-30.00', churn: '-120.00', reactivation: '130.00' },
      },
    });
  });

  test('what was there before the window opens it, and what had left before comes back', () => {
    const before = [
      run(8001, '2025-12-01', '2025-12-31', 100),
      run(8002, '2024-02-01', '2024-02-29', 40, { client_id: 102 }),
    ];
    const invoices = [...before, ...monthly([100, 100]), ...monthly([0, 40], 9101, { client_id: 102 })];
    const raw = { recurring_invoices: OVER, invoices };
    expect(ask(raw).totals.AUD?.opening_mrr).toBe('100.00');
    expect(moves(raw)).toEqual(['02 reactivation 40.00', '03 churn -40.00', '03 churn -100.00'].sort(byMonth));
  });

  test('each currency has its own', () => {
    const invoices = [...monthly([100, 100]), ...monthly([0, 7.5], 9101, { currency_code: 4 })];
    const raw = { recurring_invoices: OVER, invoices };
    expect(balances(raw, 'KWD')).toEqual([0, 7.5, 0, 0, 0, 0]);
    expect(ask(raw).movements.filter(({ currency }) => currency === 'KWD')).toMatchObject([
      { kind: 'churn', amount: '-7.500' },
      { kind: 'new', amount: '7.500' },
    ]);
  });
});

const byMonth = (a: string, b: string) => (a.slice(0, 2) < b.slice(0, 2) ? -1 : 1);

describe('a steady price is a steady balance', () => {
  const weekly = { ...template(-5001, { period: 1, schedule: { period: 1 } }) };
  const weeks = Array.from({ length: 30 }, (_, i) => {
    const from = new Date(Date.UTC(2025, 11, 29 + 7 * i));
    const to = new Date(Date.UTC(2025, 11, 35 + 7 * i));
    return run(9001 + i, from.toISOString().slice(0, 10), to.toISOString().slice(0, 10), 100);
  });
  test.each<[string, Raw, number]>([
    ['weekly, at 52/12', { recurring_invoices: [weekly], invoices: weeks }, 433.33],
    ['yearly in one invoice', { invoices: [run(1, '2025-09-15', '2026-09-14', 1200)] }, 100],
    ['five-yearly, billed years ago', { invoices: [run(1, '2022-01-01', '2026-12-31', 6000)] }, 100],
    ['quarterly', { invoices: [run(1, '2026-01-01', '2026-03-31', 90), run(2, '2026-04-01', '2026-06-30', 90)] }, 30],
    [
      'in arrears, billed after the window',
      { invoices: [run(1, '2026-01-01', '2026-06-30', 60, { invoice_date: '2026-07-05' })] },
      10,
    ],
    [
      'yearly without service dates, by its period',
      {
        recurring_invoices: [template(-5001, { period: 3, schedule: { period: 3 } })],
        invoices: [run(1, '', '', 1200, { invoice_date: '2025-12-05' })],
      },
      100,
    ],
  ])('%s', (_what, raw, balance) => {
    expect(balances(raw)).toEqual(Array(6).fill(balance));
  });

  test('with a part month first: at its full price from then on', () => {
    const raw = { invoices: [run(1, '2026-01-20', '2026-01-31', 39), ...monthly([0, 100, 100, 100, 100, 100])] };
    expect(balances(raw)).toEqual([100, 100, 100, 100, 100, 100]);
  });
});

describe('not a price', () => {
  const plain = monthly([100, 100, 100, 100, 100, 100]);
  const credit = (of: number, net: number, fields: Fields = {}) =>
    invoice(9900 + of, {
      ...{ invoice_date: '2026-03-20', creditlinkedtoinvoiceid: 9000 + of, recurring_invoice_id: -5001 },
      lines: [generated(99_000 + of, net, { creditlinkedidid: (9000 + of) * 10 })],
      ...fields,
    });
  test.each<[string, Fields[]]>([
    ['a partial credit', [credit(3, -60)]],
    ['a credit that names nothing', [credit(3, -60, { creditlinkedtoinvoiceid: 0 })]],
    ['an invoice credited in full and billed again', [credit(3, -100), run(9777, '2026-03-01', '2026-03-31', 100)]],
    ['the same, with a positive credit note', [credit(3, 100), run(9777, '2026-03-01', '2026-03-31', 100)]],
    [
      'a pro-rata line',
      [invoice(9777, { invoice_date: '2026-03-09', lines: [adhoc(1, 50, { pro_rata_line_id: 4 })] })],
    ],
    ['a draft', [run(9777, '2026-03-01', '2026-03-31', 100, { posted: false })]],
    ['a void', [run(9777, '2026-03-01', '2026-03-31', 100, { voided: true })]],
    ['usage', [run(9777, '2026-03-01', '2026-03-31', 0, { lines: [generated(1, 33, { is_meter: true })] })]],
    ['one-off work', [invoice(9777, { lines: [adhoc(1, 500)] })]],
    [
      'a recurring item by hand, for no period',
      [invoice(9777, { lines: [{ id: 1, net_amount: 5, item_recurring: true }] })],
    ],
  ])('%s moves nothing', (_what, more) => {
    expect(balances({ invoices: [...plain, ...more] })).toEqual(Array(6).fill(100));
  });

  test('usage whose invoice line does not say so, but its recurring invoice does', () => {
    const lines = [{ id: 12, is_meter: true, net_amount: 9 }];
    const usage = [generated(1, 33, { recurring_invoice_line_id: 12 })];
    const more = run(9777, '2026-03-01', '2026-03-31', 0, { lines: usage });
    expect(balances({ recurring_invoices: [template(-5001, { lines })], invoices: [...plain, more] })).toEqual(
      Array(6).fill(100),
    );
  });

  test('a quantity that can’t be read makes no figure doubtful, and the note names the invoices of the change', () => {
    const [first, second] = [
      run(1, '2026-01-01', '2026-01-31', 0, { lines: [generated(10, 100, { qty_order: 10 })] }),
      run(2, '2026-02-01', '2026-02-28', 0, { lines: [generated(20, 120, { qty_order: 'twelve' })] }),
    ];
    const answer = ask({ recurring_invoices: OVER, invoices: [first, second] });
    expect(answer.complete).toBe(true);
    expect(answer.movements.map(({ amount, cause }) => [amount, cause])).toContainEqual(['20.00', 'price or quantity']);
    expect(answer.note).toContain(
      'Price or quantity, since a quantity can’t be read on one of them: invoice:1, invoice:2.',
    );
  });

  test('a credit in full between months that stand is goodwill: the price stays, and the note names the credit', () => {
    const raw = { invoices: [...plain, credit(3, -100)] };
    expect(moves(raw)).toEqual(['01 new 100.00']);
    expect(ask(raw).note).toContain('so the price stays: invoice:9903.');
  });

  test('a credit in full of the last month leaves it not billed while its recurring invoice is active, and is churn where it is not', () => {
    const invoices = [...plain, credit(6, -100)];
    expect(ask({ invoices }).months.at(-1)).toMatchObject({ billed_mrr: '0.00', not_billed: '100.00', mrr: '100.00' });
    expect(moves({ recurring_invoices: OVER, invoices })).toEqual(['01 new 100.00', '06 churn -100.00']);
  });

  test('credits do reduce what was billed, in their own month', () => {
    const march = ask({ invoices: [...plain, credit(3, -60)] }).months.find(({ month }) => month === '2026-03');
    expect(march).toMatchObject({ recurring: '40.00', billed_mrr: '100.00' });
  });
});

describe('what is said beside the figures', () => {
  test('drafts, duplicates and invoices without a period', () => {
    const raw = {
      invoices: [
        ...monthly([100, 100]),
        run(9801, '2026-01-01', '2026-01-31', 100),
        run(9802, '', '', 100, { invoice_date: '2026-05-02' }),
        run(9803, '2026-04-01', '2026-04-30', 70, { posted: false }),
        invoice(9804, { lines: [{ id: 1, net_amount: 5, item_recurring: true }] }),
      ],
    };
    const { note } = ask(raw);
    expect(note).toContain('Not posted and not counted: 70.00 AUD.');
    expect(note).toContain('Looks billed twice, and counts twice in what was billed: invoice:9801.');
    expect(note).toContain('in arrears may still raise the last month');
    expect(note).toContain('taken to be one billing period from their date: 1.');
    expect(note).toContain('without any period, in no billed MRR: 1.');
  });

  test('of one client: its rows alone', () => {
    const invoices = [...monthly([100]), ...monthly([40], 9101, { client_id: 102 })];
    const answer = ask({ recurring_invoices: OVER, invoices }, {}, 102);
    expect(answer.months[0]).toMatchObject({ recurring: '40.00', billed_mrr: '40.00', mrr: '40.00' });
    expect(answer.movements.map(({ client }) => client)).toEqual(['Other', 'Other']);
  });

  test.each<[string, Partial<Book>, Fields[], RegExp]>([
    ['a page that failed', { complete: false, reason: ['Invoice: page 2 failed'] }, [], /page 2 failed/],
    [
      'a document of years ago in an unknown currency',
      {},
      [run(1, '2024-01-01', '2026-12-31', 360, { currency_code: 88 })],
      /not fully readable: invoice:1/,
    ],
  ])('with %s there are rows, and no totals', (_what, changes, more, reason) => {
    const answer = ask({ invoices: [...monthly([100]), ...more] }, changes);
    expect(answer).toMatchObject({ complete: false, reason: expect.stringMatching(reason), totals: {} });
    expect(answer.months).toHaveLength(6);
  });

  test('a recurring invoice that could not be read takes nothing from what was billed', () => {
    const unreadable = template(-5002, { lines: [{ id: 1, unit_price: 'abc' }] });
    const answer = ask({ recurring_invoices: [template(-5001), unreadable], invoices: monthly([100]) });
    expect(answer).toMatchObject({ complete: true, totals: { AUD: { recurring: '100.00' } } });
  });

  test('nothing billed is an empty answer', () => {
    expect(ask({})).toMatchObject({ complete: true, months: [], movements: [], totals: {} });
  });
});
