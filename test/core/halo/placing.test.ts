/** Single pages of a Halo that caps them, whatever it counts and however it places them, also where its cap changes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Query } from '../../../core/halo/client.js';
import { type Caps, fetchPage, hasNext, type Page } from '../../../core/halo/pages.js';

interface Halo {
  total: number;
  cap: number;
  /** Whether page 2 begins after the rows that were asked for, or after those that are served. */
  placed: 'by what was asked' | 'by what is served';
  count: 'of all' | 'of the page' | 'none';
  /** The page number and size that an answer states. */
  told: 'asked' | 'served' | 'none';
}

/** A Halo with one list of rows 1 to `total`, and how often it was asked. */
function haloOf({ total, cap, placed, count, told }: Halo) {
  const asked: Query[] = [];
  const get = async (_path: string, query: Query) => {
    asked.push(query);
    const served = Math.min(cap, Number(query.page_size));
    const start = (Number(query.page_no) - 1) * (placed === 'by what was asked' ? Number(query.page_size) : served);
    const some = Array.from({ length: Math.max(0, Math.min(served, total - start)) }, (_, at) => ({
      id: start + at + 1,
    }));
    const record_count = count === 'of all' ? total : some.length;
    const place = { page_no: query.page_no, page_size: told === 'served' ? served : query.page_size };
    return { ...(told !== 'none' && place), ...(count !== 'none' && { record_count }), tickets: some };
  };
  return { get, asked };
}

const page = (halo: Halo, caps: Caps, number: number, pageSize: number): Promise<Page> =>
  fetchPage(haloOf(halo).get, caps, '/Tickets', { key: 'tickets', page: number, pageSize });

/** What an answer claims: all rows of its page in pages of its size, and if nothing follows, the end of the list. */
function claims(got: Page, total: number): void {
  const start = (got.page - 1) * got.pageSize;
  const length = Math.max(0, Math.min(got.pageSize, total - start));
  expect(got.rows.map(({ id }) => id)).toEqual(Array.from({ length }, (_, at) => start + at + 1));
  if (!hasNext(got)) expect(start + got.pageSize).toBeGreaterThanOrEqual(total);
  if (got.total !== null) expect(got.total).toBe(total);
}

const halo = fc.record({
  total: fc.oneof(fc.nat(400), fc.constantFrom(50, 70, 100, 120, 130, 150, 180, 200, 250)),
  cap: fc.constantFrom(50, 100),
  placed: fc.constantFrom('by what was asked' as const, 'by what is served' as const),
  count: fc.constantFrom('of all' as const, 'of the page' as const, 'none' as const),
  told: fc.constantFrom('asked' as const, 'served' as const, 'none' as const),
});
const size = fc.oneof(fc.constant(100), fc.integer({ min: 1, max: 100 }));
const RUNS = { numRuns: 1000 };

test('pages of a Halo that each server meets anew lose no row between them', () =>
  fc.assert(
    fc.asyncProperty(halo, size, async (one, asked) => {
      const rows: unknown[] = [];
      for (let number = 1, more = true; more; number += 1) {
        const got = await page(one, new Map(), number, asked);
        if (got.flaw !== undefined) return;
        rows.push(...got.rows.map(({ id }) => id));
        more = hasNext(got);
      }
      expect(new Set(rows).size).toBe(one.total);
    }),
    RUNS,
  ));

describe('a single page is what it says it is, or says that it may not be', () => {
  test('of a Halo that this server has not met', () =>
    fc.assert(
      fc.asyncProperty(halo, fc.integer({ min: 1, max: 5 }), size, async (one, number, asked) => {
        const got = await page(one, new Map(), number, asked);
        if (got.flaw === undefined) claims(got, one.total);
      }),
      RUNS,
    ));

  test('of one whose cap was another when its first page was read', () =>
    fc.assert(
      fc.asyncProperty(
        halo,
        fc.constantFrom(50, 100),
        fc.integer({ min: 1, max: 5 }),
        size,
        size,
        async (one, before, number, first, asked) => {
          const caps: Caps = new Map();
          await page({ ...one, cap: before }, caps, 1, first);
          const got = await page(one, caps, number, asked);
          if (got.flaw === undefined) claims(got, one.total);
        },
      ),
      RUNS,
    ));

  test('page by page every row is met, though the cap changes on the way: else the answers say so', () =>
    fc.assert(
      fc.asyncProperty(
        halo,
        fc.constantFrom(50, 100),
        fc.integer({ min: 1, max: 5 }),
        size,
        async (one, later, from, asked) => {
          const caps: Caps = new Map();
          const pages: Page[] = [];
          for (let number = 1; number < 500; number += 1) {
            const got = await page(number < from ? one : { ...one, cap: later }, caps, number, asked);
            pages.push(got);
            if (!hasNext(got)) break;
          }
          if (pages.some(({ flaw, pageSize }) => flaw !== undefined || pageSize !== pages[0]?.pageSize)) return;
          expect(pages.flatMap(({ rows }) => rows.map(({ id }) => id))).toEqual(
            Array.from({ length: one.total }, (_, at) => at + 1),
          );
        },
      ),
      RUNS,
    ));

  test.each<[string, number, number, Halo['count'], number]>([
    ['the first', 1, 250, 'of all', 1],
    ['a full one', 2, 250, 'of all', 1],
    ['the last', 3, 250, 'of all', 2],
    ['a last one that no cap explains', 3, 230, 'of all', 1],
    ['a last one that Halo does not count', 3, 230, 'of the page', 2],
  ])('where its size is known it costs few requests: %s', async (_what, number, total, count, requests) => {
    const caps: Caps = new Map([['/Tickets', 100]]);
    const { get, asked } = haloOf({ total, cap: 100, placed: 'by what is served', count, told: 'asked' });
    await fetchPage(get, caps, '/Tickets', { key: 'tickets', page: number, pageSize: 100 });
    expect(asked).toHaveLength(requests);
  });

  test('a full page is in order, though a smaller size was asked for before', async () => {
    const caps: Caps = new Map();
    const one: Halo = { total: 300, cap: 100, placed: 'by what is served', count: 'of all', told: 'asked' };
    await page(one, caps, 1, 51);
    expect(await page(one, caps, 2, 100)).toMatchObject({ pageSize: 100, total: 300 });
  });

  test('what a cap turns out to be is learned: the next page costs one request', async () => {
    const caps: Caps = new Map();
    const { get, asked } = haloOf({ total: 400, cap: 50, placed: 'by what was asked', count: 'of all', told: 'asked' });
    const options = { key: 'tickets', pageSize: 100 };
    expect(await fetchPage(get, caps, '/Tickets', { ...options, page: 3 })).toMatchObject({ pageSize: 50, total: 400 });
    const before = asked.length;
    expect((await fetchPage(get, caps, '/Tickets', { ...options, page: 4 })).rows[0]).toEqual({ id: 151 });
    expect(asked.length - before).toBe(1);
  });
});
