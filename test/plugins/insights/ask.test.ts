import { describe, expect, test } from 'vitest';
import { ask, monthsOf } from '../../../plugins/insights/ask.js';
import { windowOf } from '../../../revenue/index.js';
import { haloWith } from '../finance/halo.js';

const TODAY = '2026-07-10';

describe('the months of a trend', () => {
  test.each<[string, Parameters<typeof monthsOf>[0], string, string]>([
    ['the last 12 complete ones', {}, '2025-07-01', '2026-06-30'],
    ['as many as asked for', { months: 3 }, '2026-04-01', '2026-06-30'],
    ['those that both days lie in', { from: '2026-01-15', to: '2026-02-10' }, '2026-01-01', '2026-02-28'],
    ['up to the last complete one', { from: '2026-03-31' }, '2026-03-01', '2026-06-30'],
    ['twelve that end with a day', { to: '2024-02-01' }, '2023-03-01', '2024-02-29'],
  ])('%s', (_what, asked, from, to) => {
    expect(monthsOf(asked, TODAY)).toEqual({ from, to });
  });

  test.each<[Parameters<typeof monthsOf>[0], RegExp]>([
    [{ months: 3, from: '2026-01-01' }, /months is given together with from or to/],
    [{ to: '2026-07-01' }, /2026-07-01 is not over/],
    [{ from: '2026-08-01' }, /2026-08-01 is not over/],
  ])('%j is refused in one sentence', (asked, sentence) => {
    expect(() => monthsOf(asked, TODAY)).toThrow(sentence);
  });
});

test.each<[string | undefined, string | undefined, string, string]>([
  [undefined, undefined, '2025-07-01', '2026-06-30'],
  ['2026-01-05', undefined, '2026-01-05', '2026-06-30'],
  ['2026-07-02', undefined, '2026-07-02', '2026-07-10'],
  [undefined, '2026-03-31', '2025-04-01', '2026-03-31'],
])('days from %s to %s', (from, to, first, last) => {
  expect(windowOf(from, to, TODAY)).toEqual({ from: first, to: last });
});

test.each([{ client_id: 12 }, { client_name: 'Northwind' }])('%j asks of that client alone', async (asked) => {
  const { params } = await ask(asked, haloWith({}).context, { invoices: false });
  expect(params.client_id).toBe(12);
});

test('a window that ends before it starts is refused with the way out, and nothing is read', async () => {
  const halo = haloWith({});
  await expect(ask({ from: '2026-07-01', to: '2026-06-01' }, halo.context)).rejects.toThrow(
    /ends \(2026-06-01\) before it starts/,
  );
  expect(halo.asked).toEqual([]);
});
