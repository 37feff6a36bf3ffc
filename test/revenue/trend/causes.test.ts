/** Why MRR moved, the documents behind it, and the look-back: T8-T10. */
import { describe, expect, test } from 'vitest';
import type { Fields } from '../rows.js';
import { template } from '../rows.js';
import { bill, credit, line, monthly, moves, mrr, over, period, trend } from './history.js';

const second = (id: number, from: string, to: string, net: number, fields: Fields = {}) =>
  bill(id, from, to, 0, {
    recurring_invoice_id: -5002,
    lines: [line(id * 10, net, { recurring_invoice_id: -5002, recurring_invoice_line_id: 21 })],
    ...fields,
  });
const ENDED = [template(-5001, { schedule: { end_date: '2026-02-28' } }), template(-5002)];
const qty = (rows: Fields[], of: (month: number) => [number, number]) =>
  rows.map((row) => {
    const [quantity, price] = of(Number(row.id));
    return { ...row, lines: [line(Number(row.id) * 10, quantity * price, { qty_order: quantity, unit_price: price })] };
  });

describe('T8 the cause of a movement', () => {
  test('price, quantity, and both in one, with what each comes to', () => {
    const invoices = qty(
      monthly([1, 1, 1, 1]),
      (month) =>
        [
          [10, 10],
          [12, 10],
          [12, 11],
          [10, 12],
        ][month - 1] as [number, number],
    );
    expect(moves({ invoices })).toEqual([
      '01 new 100.00 new',
      '02 expansion 20.00 quantity',
      '03 expansion 12.00 price',
      '04 contraction -12.00 quantity',
    ]);
    const [last] = trend({ invoices }).movements;
    expect(last?.causes.map(({ cause, amount }) => [cause, amount.toFixed(2)])).toEqual([
      ['quantity', '-22.00'],
      ['price', '10.00'],
    ]);
  });

  test('price or quantity where a quantity can’t be read', () => {
    const odd = (row: Fields) => ({ ...row, lines: [line(Number(row.id) * 10, 110, { qty_order: 'eleven' })] });
    const rows = qty(monthly([1, 1, 1]), (month) => [month, 100]);
    const invoices = rows.map((row: Fields) => (row.id === 2 ? odd(row) : row));
    expect(moves({ invoices })).toEqual([
      '01 new 100.00 new',
      '02 expansion 10.00 price or quantity',
      '03 expansion 190.00 price or quantity',
    ]);
  });

  test('new and ended, also of a line beside others', () => {
    const lines = (id: number) => [line(id, 100), line(id + 1, 30, { recurring_invoice_line_id: 12 })];
    const february = bill(2, '2026-02-01', '2026-02-28', 0, { lines: lines(20) });
    expect(moves({ invoices: [...monthly([100, 0, 100]), february] })).toEqual([
      '01 new 100.00 new',
      '02 expansion 30.00 new',
      '03 contraction -30.00 ended',
    ]);
  });

  test('a line in the place of another is a swap', () => {
    const march = bill(3, '2026-03-01', '2026-03-31', 0, { lines: [line(30, 130, { recurring_invoice_line_id: 12 })] });
    expect(moves({ invoices: [...monthly([100, 100]), march] })).toEqual([
      '01 new 100.00 new',
      '03 expansion 30.00 swap',
    ]);
  });

  test.each<[string, string, string]>([
    ['in the next month', '2026-03-10', '2026-04-09'],
    ['31 days after the end of the other, a month end between', '2026-03-31', '2026-04-30'],
  ])('a template in the place of another is one net movement: %s', (_what, from, to) => {
    const raw = { recurring_invoices: ENDED, invoices: [...monthly([100, 100]), second(9, from, to, 150)] };
    expect(moves(raw)).toEqual(['01 new 100.00 new', '03 expansion 50.00 swap']);
    expect(trend(raw).movements[0]).toMatchObject({ documents: [2, 9], templates: [-5002, -5001] });
  });

  test('what lies between the two is not billed, and counts', () => {
    const invoices = [bill(1, '2026-01-01', '2026-02-20', 165), second(9, '2026-03-10', '2026-06-09', 300)];
    const raw = { recurring_invoices: ENDED, invoices };
    expect(mrr(raw, 'AUD', 'not_billed')[1]).toBeGreaterThan(0);
    expect(moves(raw).slice(1)).toEqual([expect.stringMatching(/^03 \w+ \S+ swap$/)]);
  });

  test('32 days later it is another', () => {
    const raw = {
      recurring_invoices: ENDED,
      invoices: [...monthly([100, 100]), second(9, '2026-04-01', '2026-04-30', 150)],
    };
    expect(moves(raw)).toEqual(['01 new 100.00 new', '03 churn -100.00 ended', '04 reactivation 150.00 new']);
  });

  test('another currency is not a swap', () => {
    const raw = {
      recurring_invoices: ENDED,
      invoices: [...monthly([100, 100]), second(9, '2026-03-01', '2026-06-30', 400, { currency_code: 2 })],
    };
    expect(moves(raw)).toEqual(['01 new 100.00 new', '03 new 100.00 new', '03 churn -100.00 ended']);
  });

  test('a subscription that another client takes over names both', () => {
    const invoices = [...monthly([100, 100]), ...monthly([0, 0, 100, 100, 100, 100], { client_id: 102 })];
    const { movements } = trend({ invoices });
    expect(movements.map(({ client, kind, cause, other }) => [client, kind, cause, other])).toEqual([
      [101, 'churn', 'moved', 102],
      [102, 'new', 'moved', 101],
      [101, 'new', 'new', undefined],
    ]);
    expect(movements.map(({ documents }) => documents)).toEqual([[2, 3], [2, 3], [1]]);
  });

  test('what goes to another client and comes back has moved, though it leaves a gap, or its last bill is credited', () => {
    const other = bill(9, '2026-02-01', '2026-02-28', 100, { client_id: 102 });
    const raw = { recurring_invoices: [over()], invoices: [...monthly([100, 0, 100]), other] };
    const of = (invoices: Fields[]) =>
      trend({ ...raw, invoices })
        .movements.filter(({ client, kind }) => client === 101 && kind !== 'new')
        .map(({ month, cause, other }) => [month.slice(5), cause, other]);
    expect(of(raw.invoices).slice(-2)).toEqual([
      ['03', 'moved', 102],
      ['02', 'moved', 102],
    ]);
    const credited = [bill(2, '2026-02-01', '2026-02-28', 100), credit(2, -100, '2026-03-01')];
    expect(of([...monthly([100]), other, ...credited]).at(-1)).toEqual(['02', 'moved', 102]);
  });

  test('a line that a credit ended is gone by credit; one that is credited as it comes is new', () => {
    const both = (id: number, from: string, to: string) =>
      bill(id, from, to, 0, { lines: [line(id * 10, 300), line(id * 10 + 1, 90, { recurring_invoice_line_id: 12 })] });
    const ended = credit(1, -46, '2026-02-15', { lines: [line(90_001, -46, { creditlinkedidid: 11 })] });
    const quarter = { recurring_invoices: [period(4)], invoices: [both(1, '2026-01-01', '2026-03-31'), ended] };
    expect(moves(quarter)).toEqual(['01 new 130.00 new', '02 contraction -30.00 credit']);
    const comes = credit(2, -30, '2026-02-10', { lines: [line(90_002, -30, { creditlinkedidid: 21 })] });
    const lines = [line(11, 100), line(12, 60, { id: 12 })];
    const months = [bill(1, '2026-01-01', '2026-01-31', 300), both(2, '2026-02-01', '2026-02-28'), comes];
    const raw = { recurring_invoices: [template(-5001, { lines })], invoices: months };
    expect(moves(raw).slice(0, 2)).toEqual(['01 new 300.00 new', '02 expansion 60.00 new']);
  });

  test('what a credit ended in the middle of its period comes back by credit, with both behind it', () => {
    const quarters = [bill(1, '2026-01-01', '2026-03-31', 300), bill(4, '2026-04-01', '2026-06-30', 300)];
    const raw = { recurring_invoices: [period(4)], invoices: [...quarters, credit(1, -149.5, '2026-02-15')] };
    expect(moves(raw)).toEqual(['01 new 100.00 new', '02 churn -100.00 credit', '04 reactivation 100.00 credit']);
    const [back, gone] = trend(raw).movements;
    expect([back?.documents, gone?.documents]).toEqual([
      [1, 4, 9001],
      [1, 9001],
    ]);
  });

  test('credits of another client, of another currency or for other days are not behind it', () => {
    const mine = monthly([100, 100]);
    const others = [
      ...monthly([0, 0, 70], { client_id: 102 }, 20),
      ...monthly([0, 0, 60], { currency_code: 2 }, 40),
      bill(31, '2026-04-01', '2026-04-30', 10),
    ];
    const credits = [
      credit(23, -70, '2026-04-01', { client_id: 102 }),
      credit(43, -60, '2026-04-01', { currency_code: 2 }),
      credit(31, -10, '2026-05-01'),
    ];
    const raw = { recurring_invoices: [over()], invoices: [...mine, ...others, ...credits] };
    const { movements } = trend(raw);
    const [gone] = movements.filter(
      ({ client, currency, kind }) => client === 101 && currency === 'AUD' && kind === 'churn',
    );
    expect([gone?.month, gone?.cause, gone?.documents]).toEqual(['2026-03', 'ended', [2]]);
  });

  test.each<[string, Fields[]]>([
    ['of another recurring invoice', [second(7, '2026-03-01', '2026-03-31', 100), credit(7, -100, '2026-04-01')]],
    ['of a bill that was over by then', [credit(1, -100, '2026-02-20')]],
  ])('a credit in full %s is not behind an end', (_what, more) => {
    const recurring_invoices = [over(), template(-5002, { disabled: true })];
    const raw = { recurring_invoices, invoices: [...monthly([100, 100]), ...more] };
    expect(moves(raw).at(-1)).toBe('03 churn -100.00 ended');
  });

  test('a bill credited in full that begins on the last day of the month is behind an end', () => {
    const invoices = [
      bill(1, '2026-01-28', '2026-02-27', 100),
      bill(2, '2026-02-28', '2026-03-27', 100),
      credit(2, -100, '2026-03-01'),
    ];
    const raw = { recurring_invoices: [over()], invoices };
    expect(moves(raw).at(-1)).toBe('02 churn -100.00 credit');
    expect(trend(raw).movements[0]?.documents).toEqual([1, 2, 9002]);
  });

  test('of a gap the last bill before it and the first after it are behind it', () => {
    const { movements } = trend({ invoices: monthly([100, 100, 0, 0, 100, 100]) });
    expect(movements.map(({ kind, documents }) => [kind, documents])).toEqual([
      ['reactivation', [2, 5]],
      ['churn', [2, 5]],
      ['new', [1]],
    ]);
  });

  test('movements of a month stand by size, of equal ones by client', () => {
    const of = (client_id: number, id: number, net: number) =>
      bill(id, '2026-02-01', '2026-02-28', net, {
        client_id,
        recurring_invoice_id: 0,
        lines: [
          { id: id * 10, net_amount: net, recurring_invoice_id: -6000 - id, recurring_invoice_line_id: 6000 + id },
        ],
      });
    const rows = [of(103, 1, 50), of(102, 2, 50), of(104, 3, 90), of(101, 4, 50)];
    for (const invoices of [rows, rows.toReversed()])
      expect(
        trend({ invoices })
          .movements.filter(({ month }) => month === '2026-02')
          .map(({ client }) => client),
      ).toEqual([104, 101, 102, 103]);
  });

  test('credit, and the documents behind it', () => {
    const raw = { recurring_invoices: [over()], invoices: [...monthly([100, 100]), credit(2, -100, '2026-03-01')] };
    expect(moves(raw)).toEqual(['01 new 100.00 new', '02 churn -100.00 credit']);
    expect(trend(raw).movements[0]).toMatchObject({ documents: [1, 2, 9002], templates: [-5001] });
  });

  test('a gap, at both of its ends', () => {
    const raw = { invoices: monthly([100, 0, 100]) };
    expect(moves(raw)).toEqual(['01 new 100.00 new', '02 churn -100.00 gap', '03 reactivation 100.00 gap']);
    expect(trend(raw).movements.map(({ documents }) => documents)).toEqual([[1, 3], [1, 3], [1]]);
  });
});

describe('T9 the look-back', () => {
  test('who was there within five years comes back; who was there before is new, and the cut is told', () => {
    const known = bill(1, '2021-03-01', '2021-03-31', 100);
    const raw = (row: Fields) => ({ invoices: [row, bill(9, '2026-02-01', '2026-02-28', 100)] });
    expect(moves(raw(known))).toEqual(['02 reactivation 100.00 gap']);
    expect(trend(raw(known)).history.since).toBe('2021-01-01');
    expect(moves({ invoices: [bill(9, '2026-02-01', '2026-02-28', 100)] })).toEqual(['02 new 100.00 new']);
  });
});

describe('T10 as seen on a day', () => {
  const invoices = [
    ...monthly([100, 100, 100]),
    bill(9, '2026-03-01', '2026-03-31', 110, { invoice_date: '2026-06-15' }),
  ];
  test('what is dated later is not known yet', () => {
    expect(moves({ invoices })).toEqual(['01 new 100.00 new', '03 expansion 10.00 price']);
    expect(moves({ invoices }, { to: '2026-05-31', as_of: '2026-06-14' })).toEqual(['01 new 100.00 new']);
  });
});

describe('T10 on a day that is over', () => {
  const invoices = monthly([100, 100, 100, 100, 100]);
  const seen = (next: string, asked: Fields) => {
    const recurring_invoices = [over({ schedule: { nextcreationdate: `${next}T00:00:00` } })];
    const last = trend({ recurring_invoices, invoices }, asked).months.at(-1);
    return [Number(last?.mrr), Number(last?.not_billed)];
  };

  test('a recurring invoice that was disabled later, after a further run, still goes on', () => {
    expect(seen('2026-08-01', { as_of: '2026-06-30', today: '2026-09-15' })).toEqual([100, 100]);
  });

  test('one that was disabled and has not run since has ended, as nobody says when that was', () => {
    expect(seen('2026-06-01', { as_of: '2026-06-30', today: '2026-09-15' })).toEqual([0, 0]);
  });

  test('one that is disabled today has ended today, whatever its next date is', () => {
    expect(seen('2026-08-01', { as_of: '2026-06-30', today: '2026-06-30' })).toEqual([0, 0]);
  });
});
