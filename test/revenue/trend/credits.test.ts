/** What credits do to prices: T3. */
import { describe, expect, test } from 'vitest';
import { type Fields, JPY, KWD, template } from '../rows.js';
import { bill, credit, line, monthly, moves, mrr, over, period, trend } from './history.js';

const WHOLE = [100, 100, 100, 100, 100, 100];
const yearly = bill(1, '2026-01-01', '2026-12-31', 1200);
const named = (invoices: Fields[], recurring_invoices: Fields[] = [template(-5001)]) =>
  trend({ recurring_invoices, invoices }).history.subscriptions.named.map(({ credit: id, goodwill }) => [id, goodwill]);

describe('T3 a line credited whole', () => {
  test.each<[string, Fields[], number[]]>([
    [
      'is gone from its start, and what replaces it counts',
      [...monthly(WHOLE), credit(3, -100, '2026-04-05'), bill(9, '2026-03-01', '2026-03-31', 110)],
      [100, 100, 110, 100, 100, 100],
    ],
    [
      'with a credit stored positive',
      [...monthly(WHOLE), credit(3, 100, '2026-04-05'), bill(9, '2026-03-01', '2026-03-31', 110)],
      [100, 100, 110, 100, 100, 100],
    ],
    [
      'by a credit that names the document alone',
      [
        ...monthly(WHOLE),
        credit(3, -100, '2026-04-05', { lines: [{ id: 1, net_amount: -100 }] }),
        bill(9, '2026-03-01', '2026-03-31', 110),
      ],
      [100, 100, 110, 100, 100, 100],
    ],
    [
      'by one that names the line alone',
      [
        ...monthly(WHOLE),
        credit(3, -100, '2026-04-05', { creditlinkedtoinvoiceid: 0 }),
        bill(9, '2026-03-01', '2026-03-31', 110),
      ],
      [100, 100, 110, 100, 100, 100],
    ],
    [
      'in two steps',
      [
        ...monthly(WHOLE),
        credit(3, -60, '2026-04-05'),
        credit(3, -40, '2026-04-06', { id: 9999 }),
        bill(9, '2026-03-01', '2026-03-31', 110),
      ],
      [100, 100, 110, 100, 100, 100],
    ],
    [
      'between bills that stand, with nothing in its place, is goodwill',
      [...monthly(WHOLE), credit(3, -100, '2026-04-05')],
      WHOLE,
    ],
    [
      'two months of goodwill',
      [...monthly(WHOLE), credit(3, -100, '2026-04-05'), credit(4, -100, '2026-05-05')],
      WHOLE,
    ],
    [
      'the first bill is not goodwill',
      [...monthly([0, 100, 100, 100, 100, 100]), credit(2, -100, '2026-04-05')],
      [0, 0, 100, 100, 100, 100],
    ],
    [
      'nor is a draft a credit',
      [...monthly(WHOLE), credit(3, -100, '2026-04-05', { posted: false }), bill(9, '2026-03-01', '2026-03-31', 110)],
      [100, 100, 110, 100, 100, 100],
    ],
  ])('%s', (_what, invoices, expected) => expect(mrr({ invoices })).toEqual(expected));

  test('is whole to the smallest coin of its currency', () => {
    const inCoins = ({ id }: { id: number }, net: number) =>
      named([
        ...monthly([100, 100, net, 100, 100, 100], { currency_code: id }),
        credit(3, -100, '2026-04-05', { currency_code: id }),
      ]);
    expect(inCoins(JPY, 100.4)).toEqual([[9003, true]]);
    expect(inCoins(KWD, 100.0004)).toEqual([[9003, true]]);
    expect(inCoins(KWD, 100.004)).toEqual([[9003, false]]);
  });

  test('the last bill: not billed while its template is active, churn where it is not', () => {
    const invoices = [...monthly(WHOLE), credit(6, -100, '2026-07-05')];
    expect(mrr({ invoices })).toEqual(WHOLE);
    expect(mrr({ invoices }, 'AUD', 'billed_mrr')).toEqual([100, 100, 100, 100, 100, 0]);
    expect(moves({ recurring_invoices: [over()], invoices })).toEqual(['01 new 100.00 new', '06 churn -100.00 credit']);
  });

  test('a line of nothing, credited by nothing, is nothing; a credit off bills that come to nothing is named', () => {
    const both = [line(30, 50), line(31, -50, { recurring_invoice_line_id: 12 })];
    const nothing = bill(3, '2026-03-01', '2026-03-31', 0, { lines: both });
    const rest = monthly([100, 100, 0, 100, 100, 100]);
    const nil = [...rest, bill(3, '2026-03-01', '2026-03-31', 0), credit(3, 0, '2026-04-05')];
    expect(mrr({ invoices: nil })).toEqual([100, 100, 0, 100, 100, 100]);
    expect(named(nil)).toEqual([]);
    const off = credit(3, -20, '2026-04-05', { lines: [line(901, -20)] });
    expect(mrr({ invoices: [...rest, nothing, off] })).toEqual([100, 100, 0, 100, 100, 100]);
    expect(named([...rest, nothing, off])).toEqual([[9003, false]]);
  });

  test('a credit out of goodwill is named as such', () =>
    expect(named([...monthly(WHOLE), credit(3, -100, '2026-04-05')])).toEqual([[9003, true]]));

  test('of two lines one may go and the other stay', () => {
    const invoices = [
      bill(1, '2026-01-01', '2026-12-31', 0, {
        lines: [line(10, 1200), line(11, 600, { recurring_invoice_line_id: 12 })],
      }),
      credit(1, -600, '2026-01-20', { lines: [line(901, -600, { creditlinkedidid: 11 })] }),
    ];
    expect(mrr({ recurring_invoices: [period(3)], invoices })).toEqual(WHOLE);
  });
});

test('T3 service that its recurring invoice ended ends there, whatever the day of the credit would say', () => {
  const yearly = bill(1, '2026-01-01', '2026-12-31', 1200);
  const raw = (end_date: string) => ({
    recurring_invoices: [period(3, { schedule: { end_date } })],
    invoices: [yearly, credit(1, -900, '2026-04-01')],
  });
  expect(moves(raw('2026-02-28'))).toEqual(['01 new 100.00 new', '03 churn -100.00 credit']);
  expect(moves(raw('2027-02-28'))).toEqual(['01 new 100.00 new', '04 churn -100.00 credit']);
});

test('T2, T3 a price that a credit corrected goes on until it is billed again', () => {
  const invoices = [...monthly([90, 90, 90]), credit(3, -30, '2026-04-02')];
  const raw = { recurring_invoices: [template(-5001, { lines: [line(11, 60)] })], invoices };
  expect(mrr(raw)).toEqual([90, 90, 60, 60, 60, 60]);
  expect(mrr(raw, 'AUD', 'not_billed')).toEqual([0, 0, 0, 60, 60, 60]);
  expect(moves(raw)).toEqual(['01 new 90.00 new', '03 contraction -30.00 credit']);
  const disabled = { invoices, recurring_invoices: [over({ lines: [line(11, 60)] })] };
  expect(moves(disabled).at(-1)).toBe('04 churn -60.00 ended');
});

test('T8 a price that a credit corrected is an ordinary one afterwards', () => {
  const corrected = [...monthly([90, 90, 90]), credit(3, -30, '2026-04-02'), bill(4, '2026-04-01', '2026-04-30', 70)];
  const raw = { recurring_invoices: [template(-5001, { lines: [line(11, 60)] })], invoices: corrected };
  expect(moves(raw)[2]).toBe('04 expansion 10.00 price');
});

describe('T3 a line credited in part', () => {
  const half = [100, 100, 100, 0, 0, 0];
  test.each<[string, Fields[], Fields[], number[]]>([
    [
      'ends with its template, where that has ended within it',
      [period(3, { schedule: { end_date: '2026-03-31' } })],
      [yearly, credit(1, -500, '2026-06-20')],
      half,
    ],
    [
      'ends with its line',
      [period(3, { lines: [line(11, 1200, { enddate: '2026-03-31' })] })],
      [yearly, credit(1, -500, '2026-06-20')],
      half,
    ],
    [
      'ends where the credit is dated, if it is of about what is left',
      [period(3)],
      [yearly, credit(1, -900, '2026-04-01')],
      half,
    ],
    ['by days as well as by months', [period(3)], [yearly, credit(1, -904.11, '2026-04-01')], half],
    ['dated on the last day with service', [period(3)], [yearly, credit(1, -900, '2026-03-31')], half],
    ['within a day’s worth', [period(3)], [yearly, credit(1, -897.5, '2026-04-01')], half],
    ['and is not ended beyond it', [period(3)], [yearly, credit(1, -890, '2026-04-01')], WHOLE],
    [
      'nor by a credit dated before it begins or after it ends',
      [period(3)],
      [yearly, credit(1, -900, '2025-12-20')],
      WHOLE,
    ],
    [
      'is corrected by a credit down to the template’s price',
      [period(3, { lines: [line(11, 1080)] })],
      [yearly, credit(1, -120, '2026-02-11')],
      [90, 90, 90, 90, 90, 90],
    ],
    [
      'also of a template without lines',
      [period(3, { revenue: 1080 })],
      [yearly, credit(1, -120, '2026-02-11')],
      [90, 90, 90, 90, 90, 90],
    ],
    [
      'any other changes nothing',
      [period(3, { lines: [line(11, 1200)] })],
      [yearly, credit(1, -120, '2026-02-11')],
      WHOLE,
    ],
  ])('%s', (_what, recurring_invoices, invoices, expected) =>
    expect(mrr({ recurring_invoices, invoices })).toEqual(expected),
  );

  test('any other is named, never guessed', () =>
    expect(named([yearly, credit(1, -120, '2026-02-11')], [period(3, { lines: [line(11, 1200)] })])).toEqual([
      [9001, false],
    ]));

  test('what ended by a credit is moved by it, and does not go on although its template is active', () => {
    const raw = { recurring_invoices: [period(3)], invoices: [yearly, credit(1, -900, '2026-04-01')] };
    expect(moves(raw)).toEqual(['01 new 100.00 new', '04 churn -100.00 credit']);
    expect(trend(raw).movements[0]?.documents).toEqual([1, 9001]);
  });

  test('a credit that can’t be read leaves the price it is about open', () => {
    const broken = credit(1, -1, '2026-04-01', {
      lines: [{ ...line(901, 1, { creditlinkedidid: 10 }), net_amount: 'half' }],
    });
    expect(trend({ recurring_invoices: [period(3)], invoices: [yearly, broken] }).unread).toMatchObject([
      { entity: { kind: 'invoice', id: 1 } },
    ]);
  });
});
