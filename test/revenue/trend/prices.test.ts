/** Which price is in force, and for how long: T1, T2, T4-T7. */
import { describe, expect, test } from 'vitest';
import type { Raw } from '../book.js';
import { answer, codes, type Fields, invoice, template } from '../rows.js';
import { bill, credit, line, monthly, moves, mrr, over, period, trend } from './history.js';

const WHOLE = [100, 100, 100, 100, 100, 100];

describe('T1 the days and the period that a line pays for', () => {
  test.each<[string, Raw, number[]]>([
    ['a year in one bill', { invoices: [bill(1, '2025-09-15', '2026-09-14', 1200)] }, WHOLE],
    ['two months in one bill', { invoices: [bill(1, '2026-01-01', '2026-06-30', 600)] }, WHOLE],
    [
      'the line’s own days before those of the bill',
      {
        recurring_invoices: [over()],
        invoices: [
          bill(1, '2026-01-01', '2026-01-31', 0, {
            lines: [line(10, 300, { startdate: '2026-02-01', enddate: '2026-04-30' })],
          }),
        ],
      },
      [0, 100, 100, 100, 0, 0],
    ],
    [
      'not the days of the template’s line, which say when it is billed at all',
      {
        recurring_invoices: [
          template(-5001, { lines: [{ ...line(11, 100), startdate: '2026-01-01', enddate: '2026-12-31' }] }),
        ],
        invoices: monthly([100, 100]).map((row) => ({
          ...row,
          lines: [line(Number(row.id) * 10, 100, { startdate: '2026-01-01', enddate: '2026-12-31' })],
        })),
      },
      WHOLE,
    ],
    [
      'a yearly line on a monthly bill',
      { recurring_invoices: [over({ period: 2 })], invoices: monthly([1200]).map((row) => withPeriod(row, 3)) },
      WHOLE,
    ],
    [
      'a line without a template that pays for longer than its bill',
      { recurring_invoices: [], invoices: monthly([1200]).map((row) => withPeriod(row, 3)) },
      WHOLE,
    ],
    [
      'the bill’s days where the line’s period is that of the template',
      { recurring_invoices: [over()], invoices: [withPeriod(bill(1, '2026-02-01', '2026-03-31', 200), 2)] },
      [0, 100, 100, 0, 0, 0],
    ],
    [
      'from the date for one period, where no days are named',
      {
        recurring_invoices: [period(4, { disabled: true })],
        invoices: [bill(1, '', '', 300, { invoice_date: '2026-02-10' })],
      },
      [0, 100, 100, 100, 0, 0],
    ],
    [
      'a year of 366 days, and one whose end is the first day of the next',
      {
        recurring_invoices: [period(3)],
        invoices: [bill(1, '2024-02-29', '2025-02-28', 1200), bill(2, '2025-03-01', '2026-03-01', 1200)],
      },
      WHOLE,
    ],
    [
      'a bill that stops a day or two before the next one begins',
      {
        invoices: [
          bill(1, '2026-01-01', '2026-01-30', 100),
          bill(2, '2026-02-01', '2026-02-26', 100),
          ...monthly([0, 0, 100, 100, 100, 100]),
        ],
      },
      WHOLE,
    ],
    [
      'weeks at 52/12, also of a bill for four of them',
      { recurring_invoices: [period(1, { disabled: true })], invoices: [bill(1, '2026-02-01', '2026-02-28', 120)] },
      [0, 130, 0, 0, 0, 0],
    ],
    [
      'a month and a half by the days of each month',
      { recurring_invoices: [over()], invoices: [bill(1, '2026-02-01', '2026-03-15', 148.39)] },
      [0, 100, 0, 0, 0, 0],
    ],
  ])('%s', (_what, raw, expected) => expect(mrr(raw)).toEqual(expected));

  test('what nothing gives a period is in no balance', () => {
    const { months, history } = trend({
      recurring_invoices: [],
      invoices: [bill(1, '', '', 100, { invoice_date: '2026-02-10' })],
    });
    expect(months.map((row) => row.mrr.toFixed())).toEqual(Array(6).fill('0'));
    expect([...history.subscriptions.timeless.keys()]).toEqual([1]);
  });
});

function withPeriod(row: Fields, code: number): Fields {
  return { ...row, lines: (row.lines as Fields[]).map((one) => ({ ...one, billingperiod: code })) };
}

describe('T2 not billed yet is not churn', () => {
  const three = monthly([100, 100, 100]);
  test('while the template is active the price goes on, in a column of its own', () => {
    expect(mrr({ invoices: three })).toEqual(WHOLE);
    expect(mrr({ invoices: three }, 'AUD', 'billed_mrr')).toEqual([100, 100, 100, 0, 0, 0]);
    expect(mrr({ invoices: three }, 'AUD', 'not_billed')).toEqual([0, 0, 0, 100, 100, 100]);
    expect(moves({ invoices: three })).toEqual(['01 new 100.00 new']);
  });
  test.each<[string, Fields[], number[]]>([
    ['until it ends', [template(-5001, { schedule: { end_date: '2026-05-31' } })], [100, 100, 100, 100, 100, 0]],
    [
      'not where it ended before',
      [template(-5001, { schedule: { end_date: '2026-04-15' } })],
      [100, 100, 100, 0, 0, 0],
    ],
    ['not where it is disabled', [over()], [100, 100, 100, 0, 0, 0]],
    ['not where Halo has no such template', [], [100, 100, 100, 0, 0, 0]],
    [
      'until its line ends',
      [template(-5001, { lines: [line(11, 100, { enddate: '2026-04-30' })] })],
      [100, 100, 100, 100, 0, 0],
    ],
    [
      'on where its line renews itself',
      [template(-5001, { lines: [line(11, 100, { enddate: '2026-04-30', autorenew: true })] })],
      WHOLE,
    ],
    ['on where its lines were made anew', [template(-5001, { lines: [line(12, 100)] })], WHOLE],
  ])('%s', (_what, recurring_invoices, expected) =>
    expect(mrr({ recurring_invoices, invoices: three })).toEqual(expected),
  );
  test('only the tail: what later bills follow is a gap', () => {
    expect(moves({ invoices: monthly([100, 100, 0, 120]) })).toEqual([
      '01 new 100.00 new',
      '03 churn -100.00 gap',
      '04 reactivation 120.00 gap',
    ]);
  });
  test('a line that later bills lack has ended, although its template goes on', () => {
    const two = [line(1, 100), line(2, 50, { recurring_invoice_line_id: 12 })];
    expect(mrr({ invoices: [bill(1, '2026-01-01', '2026-01-31', 0, { lines: two }), ...monthly([0, 100])] })).toEqual([
      150,
      ...WHOLE.slice(1),
    ]);
  });
  test('a line that a template no longer has does not go on beside one that it has', () => {
    const lines = [line(1, 100), line(2, 50, { recurring_invoice_line_id: 12 })];
    const recurring_invoices = [template(-5001, { lines: [line(11, 100)] })];
    expect(mrr({ recurring_invoices, invoices: [bill(1, '2026-01-01', '2026-01-31', 0, { lines })] })).toEqual([
      150,
      ...WHOLE.slice(1),
    ]);
  });
  test('a last bill that stops short in mid-month ends the service', () => {
    expect(mrr({ invoices: [...monthly([100, 100]), bill(3, '2026-03-01', '2026-03-15', 48.39)] })).toEqual([
      100, 100, 0, 0, 0, 0,
    ]);
    expect(
      mrr({ invoices: [bill(1, '2026-01-10', '2026-02-09', 100), bill(2, '2026-02-10', '2026-02-28', 67.86)] }),
    ).toEqual(WHOLE);
  });
  test('if it can not be read whether the template is active, the answer is not complete', () => {
    const recurring_invoices = [template(-5001, { disabled: 'Y' })];
    expect(trend({ recurring_invoices, invoices: three }).unread).toMatchObject([
      { entity: { kind: 'recurring_invoice', id: -5001 } },
    ]);
    expect(trend({ recurring_invoices, invoices: monthly(WHOLE) }).unread).toEqual([]);
  });
});

describe('T4 a part of a period', () => {
  const part = (id: number, from: string, to: string, net: number, fields: Fields = {}) =>
    bill(id, from, to, 0, {
      lines: [line(id * 10, net, { recurring_invoice_line_id: 0, pro_rata_line_id: 11 })],
      ...fields,
    });
  test.each<[string, Fields[], number[]]>([
    [
      'who starts mid-month is there at the full price',
      [part(1, '2026-01-16', '2026-01-31', 51.61), ...monthly([0, 100])],
      WHOLE,
    ],
    ['by months of 30 days as well', [part(1, '2026-01-16', '2026-01-31', 53.33), ...monthly([0, 100])], WHOLE],
    [
      'seats added mid-month have theirs from then on',
      [...monthly([100, 100, 150, 150, 150, 150]), part(9, '2026-02-15', '2026-02-28', 25)],
      [100, 150, 150, 150, 150, 150],
    ],
    [
      'though the part was rounded',
      [...monthly([10, 10, 11]), part(9, '2026-02-22', '2026-02-28', 0.25)],
      [10, 11, 11, 11, 11, 11],
    ],
    [
      'another price than the one that follows is its own',
      [...monthly([100, 100, 120]), part(9, '2026-02-15', '2026-02-28', 25)],
      [100, 150, 120, 120, 120, 120],
    ],
    [
      'co-termed seats, until the renewal takes them over',
      [
        bill(1, '2025-04-01', '2026-03-31', 1200),
        part(2, '2026-01-01', '2026-03-31', 150),
        bill(3, '2026-04-01', '2027-03-31', 1800),
      ],
      [150, 150, 150, 150, 150, 150],
    ],
    [
      'the same, while the renewal is not billed yet',
      [bill(1, '2025-04-01', '2026-03-31', 1200), part(2, '2026-01-01', '2026-03-31', 150)],
      [150, 150, 150, 150, 150, 150],
    ],
    [
      'a whole bill of the same that begins within it takes it over',
      [...monthly([100, 100, 150, 150, 150, 150]), part(9, '2026-02-15', '2026-03-31', 75)],
      [100, 150, 150, 150, 150, 150],
    ],
    [
      'beside whole lines, its days are not those of the bill',
      monthly(WHOLE).map((row, index) =>
        index === 2
          ? { ...row, lines: [line(30, 100), line(31, 20, { recurring_invoice_line_id: 0, pro_rata_line_id: 11 })] }
          : row,
      ),
      WHOLE,
    ],
    [
      'beside whole lines, it is a price for days of its own until the next whole line',
      monthly(WHOLE).map((row, index) =>
        index === 2
          ? {
              ...row,
              lines: [
                line(30, 100),
                line(31, 60, {
                  ...{ recurring_invoice_line_id: 0, pro_rata_line_id: 11 },
                  ...{ startdate: '2026-02-01', enddate: '2026-04-30' },
                }),
              ],
            }
          : row,
      ),
      [100, 120, 100, 100, 100, 100],
    ],
    ['without days it is not a price', [...monthly(WHOLE), part(9, '', '', 25, { invoice_date: '2026-02-15' })], WHOLE],
  ])('%s', (_what, invoices, expected) => expect(mrr({ invoices })).toEqual(expected));
  test('is a change of quantity', () => {
    const invoices = [...monthly([100, 100, 150, 150, 150, 150]), part(9, '2026-02-15', '2026-02-28', 25)];
    expect(moves({ invoices })).toEqual(['01 new 100.00 new', '02 expansion 50.00 quantity']);
  });
});

describe('T5 one subscription is one MRR', () => {
  test.each<[string, Fields[], number[]]>([
    [
      'of two bills for one month the last one counts',
      [...monthly(WHOLE), bill(9, '2026-03-01', '2026-03-31', 110)],
      [100, 100, 110, 100, 100, 100],
    ],
    [
      'whatever their dates',
      [...monthly(WHOLE), bill(9, '2026-03-01', '2026-03-31', 110, { invoice_date: '2026-02-20' })],
      WHOLE,
    ],
    [
      'the last uncredited one',
      [...monthly(WHOLE), bill(9, '2026-03-01', '2026-03-31', 110), credit(9, -110, '2026-03-20')],
      WHOLE,
    ],
    [
      'bills of other lines are others',
      [
        ...monthly(WHOLE),
        bill(9, '2026-03-01', '2026-03-31', 0, { lines: [line(91, 30, { recurring_invoice_line_id: 12 })] }),
      ],
      [100, 100, 130, 100, 100, 100],
    ],
    [
      'a bill for longer gives way to a later one of the same, and comes back after it',
      [bill(1, '2026-01-01', '2026-12-31', 1200), bill(9, '2026-03-01', '2026-03-31', 110)],
      [100, 100, 110, 100, 100, 100],
    ],
  ])('%s', (_what, invoices, expected) => expect(mrr({ invoices })).toEqual(expected));
  test('agreements that are billed without a template may have several bills', () => {
    const lines = (id: number) => [
      { id, net_amount: 60, contract_id: 301, recurring_invoice_id: -1, recurring_invoice_line_id: 0 },
    ];
    const own = { recurring_invoice_id: 0, contract_id: 301 };
    const invoices = [1, 2].map((id) => bill(id, '2026-02-01', '2026-02-28', 0, { ...own, lines: lines(id) }));
    const contracts = [{ id: 301, client_id: 101, billingperiod: 2, start_date: '2025-01-01', active: true }];
    expect(mrr({ contracts, invoices })).toEqual([0, 120, 0, 0, 0, 0]);
  });
});

describe('T6 a document with a real template and no link is not a credit', () => {
  const minus = { recurring_invoice_id: -5002, lines: [line(1, -130, { recurring_invoice_id: -5002 })] };
  const invoices = [
    ...monthly([100, 100, 100, 100, 100, 100]),
    bill(9, '2026-03-01', '2026-04-30', 0, { ...minus, lines: [line(91, -260, { recurring_invoice_id: -5002 })] }),
  ];
  test('whatever its sign; churn is at most the balance', () => {
    expect(mrr({ invoices })).toEqual([100, 100, -30, -30, 100, 100]);
    expect(moves({ invoices })).toEqual([
      '01 new 100.00 new',
      '03 contraction -30.00 new',
      '03 churn -100.00 new',
      '05 expansion 30.00 ended',
      '05 reactivation 100.00 ended',
    ]);
  });
  test('below zero without template or link it is a credit of something unknown', () => {
    const loose = invoice(9, {
      invoice_date: '2026-03-05',
      lines: [{ id: 91, net_amount: -20, item_recurring: true, billingperiod: 2 }],
    });
    expect(mrr({ invoices: [...monthly(WHOLE), loose] })).toEqual(WHOLE);
    expect([...trend({ invoices: [loose] }).history.subscriptions.loose.keys()]).toEqual([9]);
  });
});

test('T7 a line whose period differs from its template’s is a high flag', () => {
  const from = answer({
    recurring_invoices: [template(-5001, { lines: [{ id: 1, net_amount: 1200, billingperiod: 3 }] })],
  });
  expect(codes(from)).toContain('line_period_differs');
  expect(from.flags.find(({ code }) => code === 'line_period_differs')?.severity).toBe('high');
});

describe('T6 what a credit is, by its header or by a line', () => {
  test('a line that credits another stands in a bill of its own month, which counts', () => {
    const april = bill(4, '2026-04-01', '2026-04-30', 0, {
      lines: [line(40, 100), line(41, -100, { creditlinkedidid: 30 }), line(42, 10, { recurring_invoice_line_id: 12 })],
    });
    const invoices = [...monthly([100, 100, 100, 0, 100, 100]), april, bill(9, '2026-03-01', '2026-03-31', 80)];
    expect(mrr({ invoices })).toEqual([100, 100, 80, 110, 100, 100]);
  });
  test('a credit note that names what it credits on one line prices nothing on its others', () => {
    const note = credit(3, -100, '2026-04-05', {
      creditlinkedtoinvoiceid: 0,
      period_start_date: '2026-04-01',
      period_end_date: '2026-04-30',
      lines: [line(901, -100, { creditlinkedidid: 30 }), line(902, -40, { recurring_invoice_line_id: 12 })],
    });
    expect(mrr({ invoices: [...monthly(WHOLE), note] })).toEqual(WHOLE);
  });
  test.each<[string, Fields, number[]]>([
    ['names nothing', {}, [9]],
    ['is of a recurring invoice by its header', { recurring_invoice_id: -5001 }, []],
    ['is of one by a line', { lines: [line(90, -50), { id: 91, net_amount: -1, item_recurring: true }] }, []],
    ['is none as it is above zero', { lines: [{ id: 91, net_amount: 5, item_recurring: true }] }, []],
    ['names a line', { lines: [{ id: 91, net_amount: -5, item_recurring: true, creditlinkedidid: 30 }] }, []],
  ])('a document below zero that %s: credits of nobody knows what are %j %j', (_what, fields, expected) => {
    const lines = [{ id: 90, net_amount: -50, item_recurring: true }];
    const raw = { invoices: [...monthly(WHOLE), invoice(9, { invoice_date: '2026-03-10', lines, ...fields })] };
    expect([...trend(raw).history.subscriptions.loose.keys()]).toEqual(expected);
  });
});
