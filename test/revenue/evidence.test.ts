/** The rows behind a figure: which are shown, in which order, and their sum. */
import { describe, expect, it } from 'vitest';
import { showEvidence } from '../../revenue/answer/evidence.js';
import { Exact } from '../../revenue/index.js';
import { Evidence } from '../../revenue/ledger/evidence.js';
import { adhoc, answer, client, type Fields, generated, invoice } from './rows.js';

const evidence = (rows: readonly [id: number, amount: number, code?: string, reason?: string][], cap: number) => {
  const all = new Evidence(cap);
  for (const [id, amount, code, reason] of rows) {
    all.add('mrr', new Exact(amount), code, () => ({ id, ...(reason === undefined ? {} : { reason }) }));
  }
  return all;
};
const shown = (rows: Parameters<typeof evidence>[0], cap: number) => showEvidence(evidence(rows, cap), 'AUD').mrr;

describe('a bucket', () => {
  it('has no sum in a currency of which an amount can not be read, and counts the row', () => {
    const all = new Evidence(5);
    all.add('excluded', new Exact(5), 'AUD', () => ({ id: 1 }));
    all.add('excluded', undefined, 'AUD', () => ({ id: 2, unreadable: true }));
    all.add('excluded', new Exact(7), 'USD', () => ({ id: 3 }));
    const { count, sum } = showEvidence(all, 'AUD').excluded;
    expect({ count, sum }).toEqual({ count: 3, sum: { USD: '7.00' } });
    const alone = new Evidence(5);
    alone.add('excluded', undefined, 'AUD', () => ({ id: 2, unreadable: true }));
    expect(showEvidence(alone, 'AUD').excluded.sum).toEqual({});
  });
  it('shows the largest, whatever their sign, and of equal ones those with the lower ids', () => {
    const rows = [3, 1, 2, 5, 4].map((id): [number, number, string] => [id, id === 5 ? -9 : 1, 'AUD']);
    expect(shown(rows, 3).items.map(({ id }) => id)).toEqual([1, 2, 5]);
  });
  it('shows what can not be read before the largest, as it may be larger', () => {
    const all = new Evidence(2);
    for (const [id, amount] of [5, 9, undefined, 7, undefined, undefined].entries())
      all.add('mrr', amount === undefined ? undefined : new Exact(amount), 'AUD', () => ({ id: id + 1 }));
    expect(showEvidence(all, 'AUD').mrr.items.map(({ id }) => id)).toEqual([3, 5]);
    all.add('credit', undefined, 'AUD', () => ({ id: 1 }));
    for (const id of [2, 3, 4, 5, 6]) all.add('credit', new Exact(id), 'AUD', () => ({ id }));
    expect(showEvidence(all, 'AUD').credit.items.map(({ id }) => id)).toEqual([1, 6]);
  });
  it('orders by the size of the id, a document before a template, then by reason', () => {
    const rows: Parameters<typeof evidence>[0] = [
      [-2, 1, 'AUD'],
      [7, 1, 'AUD', 'b'],
      [2, 1, 'AUD'],
      [7, 1, 'AUD', 'a'],
      [-1, 1, 'AUD'],
      [7, 1, 'AUD'],
    ];
    const items = shown(rows, 9).items.map(({ id, reason }) => [id, reason]);
    expect(items).toEqual([
      [-1, undefined],
      [2, undefined],
      [-2, undefined],
      [7, undefined],
      [7, 'a'],
      [7, 'b'],
    ]);
    expect(shown([...rows].reverse(), 9).items.map(({ id, reason }) => [id, reason])).toEqual(items);
  });
  it('is truncated only where something is not shown', () => {
    const rows: Parameters<typeof evidence>[0] = [
      [1, 5, 'AUD'],
      [2, 6, 'AUD'],
    ];
    expect([shown(rows, 2).truncated, shown(rows, 1).truncated, shown(rows, 0).items]).toEqual([false, true, []]);
  });
  it('adds up each currency by itself, with its own decimals, in the order of the codes', () => {
    const bucket = shown(
      [
        [1, 6, 'JPY'],
        [2, 5, 'USD'],
        [3, 9, 'AUD'],
        [4, 7, 'USD'],
        [5, 100],
      ],
      9,
    );
    expect(bucket.sum).toEqual({ AUD: '9.00', JPY: '6', USD: '12.00' });
    expect(Object.keys(bucket.sum)).toEqual(['AUD', 'JPY', 'USD']);
    expect(bucket.items).toStrictEqual([
      { id: 1, currency: 'JPY' },
      { id: 2, currency: 'USD' },
      { id: 3, currency: 'AUD' },
      { id: 4, currency: 'USD' },
      { id: 5 },
    ]);
    expect(shown([[1, 5, 'KWD']], 9).sum).toBe('5.000');
    expect(shown([[1, 5]], 9).sum).toBe('0.00');
    expect(showEvidence(evidence([], 9), 'JPY').mrr).toEqual({ count: 0, sum: '0', truncated: false, items: [] });
  });
  it('shows 25 unless asked otherwise', () => {
    const invoices = Array.from({ length: 26 }, (_, index) => invoice(index + 1, { lines: [adhoc(1, 1)] }));
    const { non_recurring } = client(answer({ invoices })).evidence;
    expect([non_recurring.count, non_recurring.items.length, non_recurring.truncated]).toEqual([26, 25, true]);
  });
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

describe('the evidence of a document', () => {
  const of = (fields: Fields, params = {}) => client(answer({ invoices: [invoice(1, fields)] }, params)).evidence;
  it('is one item for each class that has an amount', () => {
    const lines = [adhoc(24, 7), adhoc(22, 5, { ticket_id: 5 }), generated(21, 0), adhoc(23, 0, { milestone_id: 3 })];
    const { recurring, non_recurring, credit } = of({ lines });
    expect([recurring.count, credit.count]).toEqual([0, 0]);
    expect(non_recurring).toStrictEqual({
      count: 1,
      sum: '12.00',
      truncated: false,
      items: [{ id: 1, date: '2026-06-01', net: '12.00', line_ids: [22, 23, 24], rule: 'C5 C7 C11', currency: 'AUD' }],
    });
  });
  it('is one item of its own for a credit, which names what it credits', () => {
    const lines = [generated(21, -10), adhoc(22, -5)];
    const { recurring, non_recurring, credit } = of({ invoicenumber: 'CN-1', creditlinkedtoinvoiceid: 7, lines });
    expect([recurring.count, non_recurring.count]).toEqual([0, 0]);
    expect(credit.items).toStrictEqual([
      {
        ...{ id: 1, number: 'CN-1', date: '2026-06-01', net: '-15.00', line_ids: [21, 22], rule: 'C1 C11', credits: 7 },
        currency: 'AUD',
      },
    ]);
    expect(of({ lines }).credit.items).toStrictEqual([
      { id: 1, date: '2026-06-01', net: '-15.00', line_ids: [21, 22], rule: 'C1 C11', currency: 'AUD' },
    ]);
  });
  it('names no line where none came, and says where it is not posted', () => {
    const { non_recurring } = of({ posted: false, revenue: 5 }, { include_unposted: true });
    expect(non_recurring.items).toStrictEqual([
      { id: 1, date: '2026-06-01', net: '5.00', line_ids: [], rule: 'C11', posted: false, currency: 'AUD' },
    ]);
  });
});

it.each([
  ['texts', ['line']],
  ['no list', 'none'],
  ['a list of lists', [[1]]],
])('a voided invoice whose lines are %s has no sum, whatever its header says', (_, lines) => {
  const raw = { invoices: [{ ...invoice(1, { revenue: 1137.72 }), voided: true, lines }] };
  const { clients } = answer(raw);
  expect(clients[0]?.evidence.excluded).toMatchObject({ count: 1, sum: {}, items: [{ id: 1, unreadable: true }] });
});
