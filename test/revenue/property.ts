/** What the properties share: querying a random book, and figures as whole minor units. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Breakdown, breakdown, type CurrencyFigures, decimalsOf, type Params } from '../../revenue/index.js';
import { bookOf } from './book.js';
import { asked, type RawBook, RUNS, rawBook } from './books.js';
import { defaults } from './vectors.js';

export const ask = (raw: RawBook, params: Partial<Params> = {}) => breakdown(bookOf(raw), { ...defaults, ...params });
export const property = (name: string, check: (raw: RawBook, params: Partial<Params>) => void) =>
  it(name, () => fc.assert(fc.property(rawBook, asked, check), RUNS), 60_000 + 100 * RUNS.numRuns);

/** Like `toEqual`, which takes longer to compare two whole answers than the engine takes to make them. */
export function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}

/** A figure in whole minor units, so that sums are exact. */
export const units = (amount: string | undefined, code: string) =>
  Math.round(Number(amount ?? 0) * 10 ** decimalsOf(code));

/** Every money field of some figures, by its path. */
export function moneyOf(figures: CurrencyFigures | undefined, code: string): Record<string, number> {
  const flat: Record<string, number> = {};
  const walk = (value: unknown, path: string) => {
    if (typeof value === 'string' && !path.endsWith('_pct')) flat[path] = units(value, code);
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`);
  };
  walk(figures, '');
  return flat;
}

export function add(all: Record<string, number>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const one of all) for (const [key, value] of Object.entries(one)) sum[key] = (sum[key] ?? 0) + value;
  return sum;
}

export const RATE = /mrr|arr|contract/;
const only = (from: Breakdown, wanted: (field: string) => boolean) =>
  Object.fromEntries(
    Object.entries(from.totals)
      .map(([code, figures]) => [
        code,
        Object.fromEntries(
          Object.entries(moneyOf(figures, code)).filter(([field, value]) => wanted(field) && value !== 0),
        ),
      ])
      .filter(([, fields]) => Object.keys(fields as object).length > 0),
  );
export const runRate = (from: Breakdown) => only(from, (field) => RATE.test(field));
export const billed = (from: Breakdown) => only(from, (field) => !RATE.test(field));
/** Totals without empty currencies. */
export const filled = (from: Breakdown) => only(from, () => true);
export const shuffle = <T>(rows: readonly T[], seed: number) =>
  rows
    .map((row, index) => ({ row, key: Math.sin(seed + index) }))
    .sort((a, b) => a.key - b.key)
    .map(({ row }) => row);
