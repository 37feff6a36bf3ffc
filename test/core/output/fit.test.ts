import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fit as cutToFit, isShort, tokensOf } from '../../../core/output/fit.js';
import { record, table } from '../../../core/output/table.js';

type Result = Record<string, unknown>;

const renderList = (result: Result) =>
  [`${(result.items as unknown[]).length} of ${result.total} rows`, table(result.items as Result[]), result.hint].join(
    '\n',
  );
const renderRecord = ({ hint, ...rest }: Result) => [record(rest), hint].join('\n');

const listOf = (rows: Result[], { page = 1, size = rows.length, total = 717 } = {}): Result => ({
  items: rows,
  page,
  page_size: size,
  total,
  next_page: page + 1,
});

const row = (id: number, words = 20) => ({ id, summary: `word${id} `.repeat(words).trim() });

test('a short text has no more tokens than it may have, whatever it is made of', () => {
  const letters = ['aé’–£ \n', 'a1.,-_"\t', 'жя α', '©®‼⁉™', '漢字かな한국', '😀👍🏽☺', 'नमस्ते'].flatMap((some) => [
    ...some,
  ]);
  const text = fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 40 }).map((some) => some.join(''));
  fc.assert(
    fc.property(text, (one) => {
      const least = Math.ceil(one.length * 1.5);
      if (isShort(one, least)) expect(tokensOf(one)).toBeLessThanOrEqual(least);
    }),
    { numRuns: 2000 },
  );
  expect([isShort('Café £5', 11), isShort('Café £5', 10), isShort('👍', 100)]).toEqual([true, false, false]);
});

describe('a list that is too long', () => {
  test('keeps whole rows from the first, counts the rest, and says with which call it goes on', () => {
    const rows = Array.from({ length: 100 }, (_, index) => row(index + 1));
    const { result, text } = cutToFit(listOf(rows, { size: 100 }), 2000, renderList);
    const kept = result.items as Result[];
    expect(tokensOf(text)).toBeLessThanOrEqual(2000);
    expect(kept).toEqual(rows.slice(0, kept.length));
    expect(result).toMatchObject({ omitted: 100 - kept.length, next_page: null, total: 717, page: 1 });
    expect(text).toContain(String(result.hint));
  });

  test('one that fits is left as it is', () => {
    const list = listOf([row(1), row(2)]);
    expect(cutToFit(list, 2000, renderList).result).toBe(list);
  });

  test('what it said before it still says', () => {
    const rows = Array.from({ length: 100 }, (_, index) => row(index + 1));
    const { result } = cutToFit({ ...listOf(rows), hint: 'Looked through 4000 rows only.' }, 2000, renderList);
    expect(result.hint).toMatch(/^Looked through 4000 rows only\. Too long: /);
  });

  const setting = fc.record({
    count: fc.integer({ min: 1, max: 100 }),
    size: fc.constantFrom(1, 7, 10, 25, 50, 60, 97, 100),
    page: fc.integer({ min: 1, max: 5 }),
    words: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 8 }),
    maxTokens: fc.integer({ min: 500, max: 6000 }),
  });

  test('never beyond the limit, from 500 tokens up; the call in the hint starts at the first row that is missing', () => {
    fc.assert(
      fc.property(setting, ({ count, size, page, words, maxTokens }) => {
        const rows = Array.from({ length: Math.min(count, size) }, (_, index) =>
          row((page - 1) * size + index, words[index % words.length]),
        );
        const { result, text } = cutToFit(listOf(rows, { page, size }), maxTokens, renderList);
        expect(tokensOf(text)).toBeLessThanOrEqual(maxTokens);
        const kept = result.items as Result[];
        expect(kept.map(({ id }) => id)).toEqual(rows.slice(0, kept.length).map(({ id }) => id));
        expect(kept.length).toBeGreaterThan(0);
        expect(result.total).toBe(717);
        if (kept.length === rows.length) {
          expect(result).not.toHaveProperty('omitted');
          return;
        }
        expect([result.omitted, result.next_page]).toEqual([rows.length - kept.length, null]);
        const [, nextSize = 0, nextPage = 0] = (/page_size=(\d+), page=(\d+)/.exec(String(result.hint)) ?? []).map(
          Number,
        );
        expect(size % nextSize).toBe(0);
        expect((nextPage - 1) * nextSize).toBe((page - 1) * size + kept.length);
        expect(nextSize === 1 || nextSize <= kept.length).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('the size to go on with leaves a quarter to spare', () => {
    for (const maxTokens of [800, 1500, 2500, 4000]) {
      const rows = Array.from({ length: 100 }, (_, index) => row(index + 100));
      const { result } = cutToFit(listOf(rows, { size: 100 }), maxTokens, renderList);
      const size = Number(/page_size=(\d+)/.exec(String(result.hint))?.[1]);
      const next = listOf(rows.slice(0, size), { size });
      expect(tokensOf(renderList(next))).toBeLessThanOrEqual(maxTokens * 0.85);
    }
  });

  test('following the hints meets every row once', () => {
    const rows = Array.from({ length: 50 }, (_, index) => row(index, 10 + ((index * 37) % 150)));
    const met: unknown[] = [];
    let [page, size] = [1, 50];
    for (let calls = 0; met.length < 50; calls += 1) {
      expect(calls).toBeLessThan(60);
      const served = rows.slice((page - 1) * size, page * size);
      const { result } = cutToFit(listOf(served, { page, size, total: 50 }), 900, renderList);
      met.push(...(result.items as Result[]).map(({ id }) => id));
      const go = /page_size=(\d+), page=(\d+)/.exec(String(result.hint ?? ''));
      [page, size] = go === null ? [page + 1, size] : [Number(go[2]), Number(go[1])];
    }
    expect(met).toEqual(rows.map(({ id }) => id));
  });

  test('one row that is too long by itself is shown shortened, so that no walk stands still', () => {
    const { result, text } = cutToFit(listOf([row(1, 3000), row(2, 3000)]), 500, renderList);
    expect(tokensOf(text)).toBeLessThanOrEqual(500);
    expect((result.items as Result[])[0]?.summary).toMatch(/…\(\+\d+\)$/);
    expect(result.hint).toContain('page_size=1, page=2');
  });
});

describe('a record that is too long', () => {
  const action = (id: number) => ({ id, note: 'a note with some words '.repeat(10) });

  test('its lists are cut alike, its own fields stay', () => {
    const value = { id: 7, summary: 'x', actions: Array.from({ length: 40 }, (_, n) => action(n)), links: [{ id: 1 }] };
    const { result, text } = cutToFit(value, 1000, renderRecord);
    expect(tokensOf(text)).toBeLessThanOrEqual(1000);
    const kept = result.actions as Result[];
    expect(kept).toEqual(value.actions.slice(0, kept.length));
    expect(result).toMatchObject({ id: 7, summary: 'x', links: [{ id: 1 }], omitted: 40 - kept.length });
    expect(result.hint).toContain(`${40 - kept.length} of 40 actions are left out`);
  });

  test('one that begins with the oldest keeps the newest, whole times of them, and counts those', () => {
    const months = Array.from({ length: 60 }, (_, n) => `20${21 + Math.floor(n / 12)}-${10 + (n % 12)}`);
    const rows = months.flatMap((month) => ['GBP', 'EUR'].map((currency) => ({ month, currency, mrr: '1000.00' })));
    const oldestFirst = { months: 'month' };
    for (const maxTokens of [250, 400, 800, 805, 810]) {
      const { result, text } = cutToFit({ id: 7, months: rows }, maxTokens, renderRecord, { oldestFirst });
      const kept = result.months as Result[];
      expect(tokensOf(text)).toBeLessThanOrEqual(maxTokens);
      expect(kept.length).toBeGreaterThan(0);
      expect(kept).toEqual(rows.slice(-kept.length));
      expect([kept.length % 2, result.omitted]).toEqual([0, 60 - kept.length / 2]);
      expect(result.hint).toBe(`Too long: the oldest ${result.omitted} of 60 months are left out. Ask for less.`);
    }
  });

  test('lists of plain values are cut, too', () => {
    const { result, text } = cutToFit(
      { id: 7, billed_by: Array.from({ length: 5000 }, (_, n) => n) },
      500,
      renderRecord,
    );
    expect(tokensOf(text)).toBeLessThanOrEqual(500);
    expect((result.billed_by as number[]).length + Number(result.omitted)).toBe(5000);
  });

  test('lists inside of its only row are cut; totals never change', () => {
    const evidence = Array.from({ length: 300 }, (_, n) => ({ invoice: n, net: `${n}.00` }));
    const value = {
      totals: { GBP: { mrr: '1234.56', total_net: '9999999.99' } },
      clients: [{ client_id: 1, evidence: { invoiced: { count: 300, sum: '44850.00', items: evidence } } }],
    };
    const { result, text } = cutToFit(value, 800, (some) => JSON.stringify(some));
    expect(tokensOf(text)).toBeLessThanOrEqual(800);
    const [client] = result.clients as { evidence: { invoiced: { count: number; sum: string; items: Result[] } } }[];
    const bucket = client?.evidence.invoiced;
    expect(result.totals).toEqual(value.totals);
    expect(bucket).toMatchObject({ count: 300, sum: '44850.00' });
    expect(bucket?.items).toEqual(evidence.slice(0, bucket?.items.length));
    expect(bucket?.items.length).toBeGreaterThan(0);
    expect(result.omitted).toBe(300 - (bucket?.items.length ?? 0));
  });

  test('its long texts are shortened where nothing else is left to cut, the hint is not', () => {
    const { result, text } = cutToFit(
      { id: 7, details: 'word '.repeat(4000), hint: 'keep '.repeat(40) },
      500,
      renderRecord,
    );
    expect(tokensOf(text)).toBeLessThanOrEqual(500);
    expect(result.hint).toBe('keep '.repeat(40));
    expect(result.details).toMatch(/…\(\+\d+\)$/);
  });

  test('where nothing helps it is an error with the way out, never a text that is cut in the middle', () => {
    const many = Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`field_${n}`, `value ${n}`]));
    expect(() => cutToFit(many, 500, renderRecord)).toThrow('The answer does not fit into 500 tokens.');
  });

  test('never beyond the limit, whatever it holds', () => {
    const leaf = fc.oneof(fc.integer(), fc.string({ maxLength: 3000 }), fc.constant(null), fc.boolean());
    const rows = fc.array(fc.dictionary(fc.constantFrom('a', 'b', 'c'), leaf), { maxLength: 60 });
    const value = fc.dictionary(
      fc.constantFrom('id', 'name', 'lines', 'notes', 'sites'),
      fc.oneof(leaf, rows, fc.array(fc.integer())),
    );
    fc.assert(
      fc.property(value, fc.integer({ min: 500, max: 3000 }), (some, maxTokens) => {
        const { text } = cutToFit(some, maxTokens, renderRecord);
        expect(tokensOf(text)).toBeLessThanOrEqual(maxTokens);
      }),
      { numRuns: 200 },
    );
  });
});
