/** From billed to run rate and to contracted: B1. */
import { describe, expect, test } from 'vitest';
import { answerBridge } from '../../../revenue/halo/index.js';
import { type Bridge, type Bridged, bridgeOf, labelOf, paramsOf } from '../../../revenue/index.js';
import { bookOf, type Raw } from '../book.js';
import { ACME, AUD, contract, type Fields, JPY, KWD, template, USD } from '../rows.js';
import { bill, credit, line, monthly, OTHER, over, period } from './history.js';

const AS_OF = '2026-07-10';
const of = (raw: Raw, client?: number): Bridged => {
  const rows = { clients: [ACME, OTHER], currencies: [AUD, USD, JPY, KWD], ...raw };
  const asked = client === undefined ? {} : { client_id: client };
  return bridgeOf(bookOf(rows), paramsOf({ as_of: AS_OF, ...asked }, AS_OF));
};
/** The non-zero steps, as numbers. Checks the sum each time. */
const bridge = (raw: Raw, client?: number) =>
  of(raw, client).bridge.map((row) => {
    expect(closed(row)).toBe(true);
    const { currency, ...amounts } = row;
    const shown = Object.entries(amounts).flatMap(([name, amount]) => (amount.eq(0) ? [] : [[name, Number(amount)]]));
    return { currency, ...Object.fromEntries(shown) } as Record<string, unknown>;
  });
const closed = (row: Bridge) => {
  const sum = row.billed_mrr.plus(row.not_billed).plus(row.started).minus(row.ended);
  return (
    sum.plus(row.price).plus(row.quantity).plus(row.other).eq(row.mrr) &&
    row.difference.eq(0) &&
    row.mrr.plus(row.contract_only_mrr).eq(row.contracted_mrr)
  );
};
const steps = (raw: Raw, client?: number) =>
  of(raw, client).steps.map(({ way, amount, entity, reason }) => [way, Number(amount), labelOf(entity), reason]);

const says = (net: number, fields: Fields = {}) => template(-5001, { lines: [line(11, net)], ...fields });
const june = monthly([0, 0, 0, 0, 0, 100]);

describe('B1 the bridge', () => {
  test('what is billed is the run rate where nothing changed', () =>
    expect(bridge({ recurring_invoices: [says(100)], invoices: june })).toEqual([
      { currency: 'AUD', billed_mrr: 100, mrr: 100, contracted_mrr: 100 },
    ]));

  test.each<[string, Raw, Record<string, unknown>, [string, number, string, string][]]>([
    [
      'not billed yet',
      { recurring_invoices: [says(100)], invoices: monthly([0, 0, 0, 0, 100]) },
      { not_billed: 100 },
      [['not_billed', 100, 'recurring_invoice:-5001', 'not billed since its last period']],
    ],
    [
      'started since',
      {
        recurring_invoices: [
          says(100),
          template(-5002, { lines: [line(21, 40)], schedule: { startdate: '2026-07-05' } }),
        ],
        invoices: june,
      },
      { billed_mrr: 100, started: 40, mrr: 140 },
      [['started', 40, 'recurring_invoice:-5002', 'started since']],
    ],
    [
      'first billed for days since',
      { recurring_invoices: [says(100)], invoices: [bill(1, '2026-07-01', '2026-07-31', 100)] },
      { started: 100 },
      [['started', 100, 'recurring_invoice:-5001', 'first billed for days since']],
    ],
    [
      'ended since',
      { recurring_invoices: [says(100, { schedule: { end_date: '2026-07-05' } })], invoices: june },
      { billed_mrr: 100, ended: 100, mrr: undefined },
      [['ended', -100, 'recurring_invoice:-5001', 'ended since']],
    ],
    [
      'disabled since',
      { recurring_invoices: [over()], invoices: june },
      { billed_mrr: 100, ended: 100 },
      [['ended', -100, 'recurring_invoice:-5001', 'disabled since']],
    ],
    [
      'another price',
      { recurring_invoices: [says(110)], invoices: june },
      { billed_mrr: 100, price: 10, mrr: 110 },
      [['price', 10, 'recurring_invoice:-5001', 'it bills another price now']],
    ],
    [
      'another quantity and another price',
      {
        recurring_invoices: [template(-5001, { lines: [line(11, 132, { qty_order: 12 })] })],
        invoices: [bill(6, '2026-06-01', '2026-06-30', 0, { lines: [line(60, 100, { qty_order: 10 })] })],
      },
      { billed_mrr: 100, quantity: 20, price: 12, mrr: 132 },
      [
        ['quantity', 20, 'recurring_invoice:-5001', 'it bills another quantity now'],
        ['price', 12, 'recurring_invoice:-5001', 'it bills another price now'],
      ],
    ],
    ...(
      [
        [
          'billed in two pieces',
          [line(11, 150, { qty_order: 15 })],
          [
            [100, 10],
            [20, 2],
          ],
          120,
          30,
        ],
        [
          'that the recurring invoice has twice',
          [line(11, 70, { qty_order: 7 }), line(11, 80, { qty_order: 8 })],
          [[100, 10]],
          100,
          50,
        ],
        ['that says no quantity any more', [line(11, 132)], [[100, 10]], 100, 32],
        ['that was billed without a quantity', [line(11, 132, { qty_order: 12 })], [[100, 0]], 100, 32],
      ] as const
    ).map(
      ([what, lines, pieces, billed_mrr, price]): [
        string,
        Raw,
        Record<string, number>,
        [string, number, string, string][],
      ] => [
        `a line ${what} tells price and quantity by no quantity`,
        {
          recurring_invoices: [template(-5001, { lines })],
          invoices: [
            bill(6, '2026-06-01', '2026-06-30', 0, {
              lines: pieces.map(([net, qty_order], index) => line(60 + index, net, { qty_order })),
            }),
          ],
        },
        { billed_mrr, price, mrr: billed_mrr + price },
        [['price', price, 'recurring_invoice:-5001', 'it bills another price now']],
      ],
    ),
    [
      'a line that has started and one that has ended',
      { recurring_invoices: [template(-5001, { lines: [line(12, 30)] })], invoices: june },
      { billed_mrr: 100, started: 30, ended: 100, mrr: 30 },
      [
        ['ended', -100, 'recurring_invoice:-5001', 'a line of it has ended'],
        ['started', 30, 'recurring_invoice:-5001', 'a line of it has started'],
      ],
    ],
    [
      'lines that name none',
      {
        recurring_invoices: [says(120)],
        invoices: [{ ...june[0], lines: [line(60, 100, { recurring_invoice_line_id: 0 })] }],
      },
      { billed_mrr: 100, price: 20, mrr: 120 },
      [['price', 20, 'recurring_invoice:-5001', 'it bills another amount now']],
    ],
    [
      'active, and never billed',
      { recurring_invoices: [says(100)], invoices: [] },
      { other: 100, mrr: 100 },
      [['other', 100, 'recurring_invoice:-5001', 'active, and never billed']],
    ],
    [
      'a recurring invoice that the data lacks',
      { recurring_invoices: [], invoices: june },
      { billed_mrr: 100, other: -100 },
      [['other', -100, 'recurring_invoice:-5001', 'its recurring invoice is not in the data']],
    ],
    [
      'a period that is unknown',
      { recurring_invoices: [says(100, { period: 42, schedule: { period: 42 } })], invoices: june },
      { billed_mrr: 100, other: -100 },
      [['other', -100, 'recurring_invoice:-5001', 'its billing period is unknown']],
    ],
    [
      'what a credit ended, while its recurring invoice goes on',
      {
        recurring_invoices: [period(3, { lines: [line(11, 1200)] })],
        invoices: [bill(1, '2026-01-01', '2026-12-31', 1200), credit(1, -900, '2026-04-01')],
      },
      { other: 100, mrr: 100 },
      [['other', 100, 'recurring_invoice:-5001', 'active, and no bill holds the month’s end']],
    ],
  ])('%s', (_what, raw, expected, named) => {
    expect(bridge(raw)[0]).toMatchObject(
      Object.fromEntries(Object.entries(expected).filter(([, amount]) => amount !== undefined)),
    );
    expect(steps(raw)).toEqual(named);
  });

  test.each([
    ['today', { was: 10, is: 'twelve' }, 'recurring_invoice:-5001', 'qty_order of line 11'],
    ['last billed', { was: 'ten', is: 12 }, 'invoice:6', 'qty_order of line 60'],
  ])('a quantity %s that can’t be read leaves open what of a change is price', (_when, { was, is }, entity, field) => {
    const raw = {
      recurring_invoices: [template(-5001, { lines: [line(11, 132, { qty_order: is })] })],
      invoices: [bill(6, '2026-06-01', '2026-06-30', 0, { lines: [line(60, 100, { qty_order: was })] })],
    };
    expect(bridge(raw)).toEqual([{ currency: 'AUD', billed_mrr: 100, other: 32, mrr: 132, contracted_mrr: 132 }]);
    expect(steps(raw)).toEqual([['other', 32, 'recurring_invoice:-5001', 'price and quantity can’t be told apart']]);
    expect(of(raw).unread.map((one) => [labelOf(one.entity), one.fields])).toEqual([[entity, [field]]]);
  });

  test('an agreement that is billed without a recurring invoice, and one that nothing bills', () => {
    const lines = [{ id: 1, net_amount: 60, contract_id: 301, recurring_invoice_id: -1, recurring_invoice_line_id: 0 }];
    const direct = bill(1, '2026-06-01', '2026-06-30', 0, { recurring_invoice_id: 0, contract_id: 301, lines });
    const raw = { contracts: [contract(301, { periodchargeamount: 60 })], invoices: [direct] };
    expect(bridge(raw)).toEqual([
      { currency: 'AUD', billed_mrr: 60, other: -60, contract_only_mrr: 60, contracted_mrr: 60 },
    ]);
    expect(steps(raw)).toEqual([['other', -60, 'contract:301', 'billed without a recurring invoice']]);
  });

  test('what is left by rounding on both sides is told as such', () => {
    const raw = {
      recurring_invoices: [period(3, { lines: [line(11, 0.06)] })],
      invoices: [bill(1, '2026-01-01', '2026-12-31', 0.06)],
    };
    expect(bridge(raw)).toEqual([{ currency: 'AUD', billed_mrr: 0.01, mrr: 0.01, contracted_mrr: 0.01 }]);
  });

  test('steps stand by currency, the largest first whatever its sign, of equal ones by id', () => {
    const starts = (id: number, net: number, fields: Fields = {}) =>
      template(id, { lines: [line(-id, net)], schedule: { startdate: '2026-07-05' }, ...fields });
    const raw = {
      recurring_invoices: [
        starts(-5002, 40),
        starts(-5003, 500, { currency_code: 2 }),
        starts(-5004, 40),
        over(),
        starts(-5005, 7, { currency_code: 2 }),
        starts(-5006, 40),
      ],
      invoices: june,
    };
    const told = of(raw).steps.map(({ currency, amount, entity }) => [currency, Number(amount), entity.id]);
    expect(told).toEqual([
      ['AUD', -100, -5001],
      ['AUD', 40, -5006],
      ['AUD', 40, -5004],
      ['AUD', 40, -5002],
      ['USD', 500, -5003],
      ['USD', 7, -5005],
    ]);
  });

  test('of equal steps of agreements too the first by id stands first', () => {
    const line = { net_amount: 60, recurring_invoice_id: -1, recurring_invoice_line_id: 0 };
    const direct = (id: number) =>
      bill(id, '2026-06-01', '2026-06-30', 0, {
        ...{ recurring_invoice_id: 0, contract_id: 300 + id },
        lines: [{ id, ...line, contract_id: 300 + id }],
      });
    const raw = { contracts: [contract(301), contract(302), contract(303)], invoices: [1, 2, 3].map(direct) };
    expect(of(raw).steps.map(({ entity }) => entity.id)).toEqual([301, 302, 303]);
  });

  test('currencies apart, each in its own minor unit', () => {
    const raw = {
      recurring_invoices: [says(100), template(-5002, { currency_code: 4, lines: [line(21, 7.5)] })],
      invoices: [
        ...june,
        bill(9, '2026-06-01', '2026-06-30', 0, {
          currency_code: 4,
          recurring_invoice_id: -5002,
          lines: [line(90, 7.25, { recurring_invoice_id: -5002, recurring_invoice_line_id: 21 })],
        }),
      ],
    };
    expect(bridge(raw)).toEqual([
      { currency: 'AUD', billed_mrr: 100, mrr: 100, contracted_mrr: 100 },
      { currency: 'KWD', billed_mrr: 7.25, price: 0.25, mrr: 7.5, contracted_mrr: 7.5 },
    ]);
  });

  test('of one client: what it is billed for others, and what others are billed for it, is named', () => {
    const lines = [line(60, 100), line(61, 40, { recurring_invoice_line_id: 12, original_client_id: 102 })];
    const raw = {
      recurring_invoices: [template(-5001, { lines: [line(11, 100), line(12, 40)] })],
      invoices: [bill(6, '2026-06-01', '2026-06-30', 0, { lines })],
    };
    expect(bridge(raw)).toEqual([{ currency: 'AUD', billed_mrr: 140, mrr: 140, contracted_mrr: 140 }]);
    expect(bridge(raw, 101)).toEqual([{ currency: 'AUD', billed_mrr: 100, other: 40, mrr: 140, contracted_mrr: 140 }]);
    expect(steps(raw, 101)).toEqual([['other', 40, 'recurring_invoice:-5001', 'billed for other clients']]);
    expect(bridge(raw, 102)).toEqual([{ currency: 'AUD', billed_mrr: 40, other: -40 }]);
  });
});

describe('the sentence of the bridge', () => {
  const said = (raw: Raw) => {
    const rows = { clients: [ACME, OTHER], currencies: [AUD], ...raw };
    return answerBridge(bookOf(rows), paramsOf({ as_of: AS_OF }, AS_OF)).statement;
  };
  const starts = template(-5002, { lines: [line(21, 40)], schedule: { startdate: '2026-07-05' } });
  const ends = says(100, { schedule: { end_date: '2026-07-05' } });

  test.each<[string, Raw, RegExp]>([
    ['what is the same', { recurring_invoices: [says(100)], invoices: june }, /, which is the run rate of 100\.00 on/],
    [
      'what is added and taken off, without signs',
      { recurring_invoices: [ends, starts], invoices: june },
      /2026-06-30; plus 40\.00 started since, less 100\.00 ended since, that is the run rate of 40\.00 on/,
    ],
    [
      'run rate and contracts that nothing bills, which are not called contracted',
      { recurring_invoices: [says(100)], invoices: june, contracts: [contract(301, { periodchargeamount: 60 })] },
      /; run rate and contracts that nothing bills \(60\.00\) come to 160\.00\.$/,
    ],
  ])('tells %s', (_name, raw, sentence) => {
    expect(said(raw)).toMatch(sentence);
    expect(said(raw)).not.toContain('contracted');
  });
});
