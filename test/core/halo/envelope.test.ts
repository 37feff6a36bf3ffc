import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { all } from '../../../core/halo/all.js';
import type { Query } from '../../../core/halo/client.js';
import { type Caps, fetchPage, hasNext, type Row, rowsOf } from '../../../core/halo/pages.js';
import { failure } from './fake.js';

const upTo = (total: number): Row[] => Array.from({ length: total }, (_, index) => ({ id: index + 1 }));
const ids = (rows: readonly Row[]) => rows.map(({ id }) => id);
const KEY = { key: 'invoices' };

type Answer = (query: { page: number; size: number; query: Query }) => unknown;

/** A Halo that answers one list like this, and records every query. */
function halo(answer: Answer) {
  const asked: Query[] = [];
  const caps: Caps = new Map();
  const get = async (_path: string, query: Query) => {
    asked.push(query);
    return answer({ page: Number(query.page_no ?? 1), size: Number(query.page_size ?? 0), query });
  };
  return {
    asked,
    page: (page = 1, pageSize = 25) => fetchPage(get, caps, '/Invoice', { ...KEY, page, pageSize }),
    walk: (options = {}) => all(get, caps, '/Invoice', { ...KEY, ...options }, new AbortController().signal),
  };
}

interface Served {
  /** Rows per page, whatever is requested; by default as many as requested, at most 100. */
  cap?: number;
  fixed?: number;
  count?: (rows: number, page: number) => unknown;
  echo?: boolean;
  bare?: boolean;
}

const serving =
  (total: number, { cap = 100, fixed, count = () => total, echo = true, bare = false }: Served = {}): Answer =>
  ({ page, size }) => {
    const served = fixed ?? Math.min(size || 50, cap);
    const rows = upTo(total).slice((page - 1) * served, page * served);
    return bare
      ? rows
      : { ...(echo && { page_no: page, page_size: size }), record_count: count(rows.length, page), invoices: rows };
  };

describe('an error in place of a list is not an empty list', () => {
  test.each<[string, unknown]>([
    ['errors', { errors: [{ message: 'x' }] }],
    ['errors, and a list of them only', { errors: ['x'], record_count: 0 }],
    ['an error next to an empty list', { error: 'x', invoices: [] }],
    ['an error and a count of 0', { record_count: 0, error: 'invalid' }],
    ['an error object', { record_count: 0, error: { code: 5 } }],
    ['problem+json', { type: 'about:blank', title: 'Bad', status: 500, detail: 'x' }],
    ['problem+json next to an empty list', { title: 'Bad', status: 500, invoices: [] }],
    ['a .NET exception', { ClassName: 'SqlException', Message: 'x', HResult: -1, record_count: 0 }],
    ['a Web API exception', { Message: 'x', ExceptionMessage: 'y', ExceptionType: 'z', invoices: [] }],
    ['an OAuth error', { error: 'invalid_token', error_description: 'x' }],
    ['a failure by flag', { success: false, invoices: [] }],
    ['another list than the named one', { results: upTo(3), record_count: 3 }],
    ['rows under another name, next to an empty list', { invoices: [], results: upTo(3) }],
    ['another list, and a count of 0', { results: upTo(3), record_count: 0 }],
    ['a list that is not one', { invoices: 'none', record_count: 0 }],
    ['rows counted and left out', { record_count: 2 }],
    ['nothing that is a row', { invoices: [null, 'x'], record_count: 2 }],
    ['a bare array of texts', ['Something went wrong']],
  ])('%s', async (_, body) => {
    const { page, walk } = halo(() => body);
    expect(() => rowsOf(body, 'invoices')).toThrow();
    expect((await failure(page())).code).toBe('HALO_UNEXPECTED');
    expect((await failure(walk())).code).toBe('HALO_UNEXPECTED');
    expect((await failure(walk({ paged: false }))).code).toBe('HALO_UNEXPECTED');
  });

  test.each<[string, unknown]>([
    ['fields for errors that are empty', { error: null, errors: [], Message: '', success: true, invoices: [] }],
    ['a status and a title that are empty', { status: 200, title: '', detail: null, invoices: [] }],
    ['columns next to it', { record_count: 0, columns_id: 1, columns: [{ id: 1 }] }],
    ['the list null', { record_count: 0, invoices: null }],
  ])('an empty list with %s is one', async (_, body) => {
    expect(await halo(() => body).page()).toMatchObject({ rows: [], total: 0 });
    expect(await halo(() => body).walk()).toMatchObject({ rows: [], complete: true });
  });
});

describe('a count that lies', () => {
  test.each([100_000_000_000, 10_000_001, -1, 2.5, 'many', Number.MAX_SAFE_INTEGER, null, ' ', true])(
    '%s is not a count: a short page is the whole list',
    async (count) => {
      const { page, walk, asked } = halo(serving(30, { count: () => count }));
      expect(await page()).toMatchObject({ total: null });
      expect(await walk()).toMatchObject({ rows: upTo(30), complete: true });
      expect(asked.length).toBeLessThan(4);
    },
  );

  test.each([10_000_000, 1_000_000, 101])(
    'of %i with a hundred rows: a handful of requests, not complete',
    async (count) => {
      const { walk, asked } = halo(serving(100, { count: () => count }));
      expect(await walk()).toMatchObject({ complete: false, reason: `Halo counts ${count} rows and served 100` });
      expect(asked.length).toBeLessThan(10);
    },
  );

  test('of a million, and the same hundred rows for ever, or an error for each other page', async () => {
    for (const told of [undefined, 1]) {
      const same: Answer = () => ({ page_no: told, record_count: 1_000_000, invoices: upTo(100) });
      const { walk, asked } = halo(same);
      expect((await walk()).complete).toBe(false);
      expect(asked.length).toBeLessThan(12);
    }
  });

  test('the length of the page in place of that of the list does not end the walk', async () => {
    for (const total of [100, 150, 200, 250, 337]) {
      const { walk } = halo(serving(total, { count: (rows) => rows }));
      const { rows, complete } = await walk();
      expect([ids(rows), complete]).toEqual([ids(upTo(total)), true]);
    }
  });

  test('the length of the page: no total is told, and the next page is offered to the end', async () => {
    const { page } = halo(serving(60, { count: (rows) => rows }));
    expect(await page(1)).toMatchObject({ total: null, more: true });
    expect(hasNext(await page(2))).toBe(true);
    expect(hasNext(await page(3))).toBe(false);
  });

  test('less than the rows that came is a contradiction, told in a page and a walk', async () => {
    const { page, walk } = halo(serving(250, { count: () => 5 }));
    const got = await page();
    expect(got).toMatchObject({ total: null, flaw: 'Halo counts 5 rows and sent 25' });
    expect(hasNext(got)).toBe(true);
    expect(await walk()).toMatchObject({
      rows: upTo(250),
      complete: false,
      reason: expect.stringContaining('counts 5'),
    });
  });

  test('rows counted but not sent', async () => {
    const none: Answer = ({ page }) => ({ page_no: page, record_count: 2, invoices: [] });
    expect(await halo(none).page()).toMatchObject({ rows: [], total: null, flaw: 'Halo counts 2 rows and sent none' });
    expect(await halo(none).walk()).toMatchObject({ complete: false, reason: 'Halo counts 2 rows and served 0' });
  });

  test('an empty page in mid-list', async () => {
    const gap: Answer = (query) =>
      query.page === 2 ? { page_no: 2, record_count: 70, invoices: [] } : serving(70)(query);
    expect((await halo(gap).page(2)).flaw).toBe('Halo counts 70 rows and sent none on page 2');
    const wide: Answer = (query) =>
      query.page === 2 ? { page_no: 2, record_count: 0, invoices: [] } : serving(300)(query);
    expect((await halo(wide).walk()).complete).toBe(false);
  });

  test('fewer rows than the page holds in mid-list', async () => {
    const short =
      (at: number): Answer =>
      (query) => {
        const body = serving(70)(query) as { invoices: Row[] };
        return query.page === at ? { ...body, invoices: body.invoices.slice(0, 10) } : body;
      };
    expect(await halo(short(1)).page(1)).toMatchObject({
      total: null,
      more: true,
      flaw: expect.stringContaining('10'),
    });
    expect(await halo(short(2)).page(2)).toMatchObject({
      total: null,
      more: true,
      flaw: expect.stringContaining('10'),
    });
  });
});

describe('a full page that is counted as all', () => {
  test.each([25, 50, 100])('exactly %i rows: one look at the next page, and the total is true', async (total) => {
    const { page, asked } = halo(serving(total));
    expect(await page(1, total)).toMatchObject({ total });
    expect(asked).toHaveLength(2);
  });

  test.each([3, 24, 26, 49, 99])('%i rows of a page cost no look', async (total) => {
    const { page, asked } = halo(serving(total));
    expect((await page(1, 100)).total).toBe(total);
    expect(asked).toHaveLength(1);
  });

  test('where paging is ignored nobody knows: at least so many, in a page and a walk', async () => {
    const default50: Answer = () => ({ record_count: 50, invoices: upTo(50) });
    const got = await halo(default50).page(1, 25);
    expect(got).toMatchObject({ total: null, flaw: expect.stringContaining('the same rows for every page') });
    expect(got.rows).toHaveLength(25);
    expect(await halo(default50).walk()).toMatchObject({ complete: false, reason: 'page 2 repeats earlier rows' });
    const own: Answer = ({ size }) => ({ record_count: size, invoices: upTo(120).slice(0, size) });
    const page = await halo(own).page(1, 25);
    expect(page.total).toBeNull();
    expect(hasNext(page)).toBe(false);
  });

  test('a next page that fails proves nothing', async () => {
    const { page } = halo((query) => (query.page === 2 ? { error: 'x' } : serving(25)(query)));
    expect(await page()).toMatchObject({ total: null, more: true });
  });
});

describe('more rows than were asked for', () => {
  test.each<[string, Served]>([
    ['50 for 25', { fixed: 50 }],
    ['200 a page', { fixed: 200 }],
    ['200 a page, counted by the page', { fixed: 200, count: (rows) => rows }],
    ['50 a page, without a count', { fixed: 50, count: () => undefined }],
    ['bare arrays of a hundred', { fixed: 100, bare: true }],
    ['bare arrays of as many as asked', { bare: true }],
    ['120 a page', { fixed: 120 }],
  ])('%s: no row is passed over, none comes twice, and no page is the whole list', async (_, served) => {
    const { page, walk } = halo(serving(717, served));
    const met: Row[] = [];
    for (let number = 1; number < 60; number += 1) {
      const got = await page(number);
      met.push(...got.rows);
      expect([null, 717]).toContain(got.total);
      if (!hasNext(got)) break;
    }
    expect(ids(met)).toEqual(ids(upTo(717)));
    const { rows, complete } = await walk();
    expect([ids(rows), complete]).toEqual([ids(upTo(717)), true]);
  });

  test.each([2, 8, 15, 29])('50 for 25: page %i is right though no other was asked for before', async (number) => {
    const got = await halo(serving(717, { fixed: 50 })).page(number);
    expect(ids(got.rows)).toEqual(ids(upTo(717)).slice((number - 1) * 25, number * 25));
    expect(got.total).toBe(717);
  });

  test.each([60, 100, 250])('a bare array of all %i rows is the whole list, on each page', async (total) => {
    for (const order of [
      [1, 2, 3],
      [3, 2, 1],
    ]) {
      const { page } = halo(() => upTo(total));
      for (const number of order) {
        const got = await page(number);
        expect(ids(got.rows)).toEqual(ids(upTo(total)).slice((number - 1) * 25, number * 25));
        expect(got.total).toBe(total);
      }
    }
    expect(await halo(() => upTo(total)).walk()).toMatchObject({ rows: upTo(total), complete: true });
  });

  test('that Halo once sent more is forgotten when it does not any more', async () => {
    let now: Answer = serving(717, { fixed: 50 });
    for (const next of [
      serving(717),
      () => upTo(60),
      serving(717),
      serving(90, { fixed: 50, bare: true }),
      serving(717),
    ]) {
      const { page } = halo((query) => now(query));
      await page(1);
      await page(2);
      now = next;
      const [one, two] = [await page(1), await page(2)];
      expect(ids([...one.rows, ...two.rows])).toEqual(ids(upTo(50)));
    }
  });

  test('the same first page whatever is asked, and no page number told: an error from page 2 on', async () => {
    const { page } = halo(({ size }) => ({ record_count: 120, invoices: upTo(size) }));
    expect((await failure(page(2))).line).toContain('Halo sent page 1 of Invoice in place of page 2.');
  });
});

describe('rows that are not rows, or came twice', () => {
  const among =
    (...strange: unknown[]): Answer =>
    ({ page }) => ({
      page_no: page,
      record_count: strange.length + 2,
      invoices: [{ id: 1 }, ...strange, { id: 2 }],
    });

  test.each<[string, Answer]>([
    ['null and text', among(null, 'x', 7, [1])],
    ['a row without an id', among({ net: 5 })],
    ['a row twice, with other figures', among({ id: 1, net: 100 })],
    ['a row twice, as it was', among({ id: 1 })],
    ['a failure by flag beside them', () => ({ success: false, record_count: 2, invoices: upTo(2) })],
    ['an error next to them', () => ({ error: 'timeout', record_count: 2, invoices: upTo(2) })],
  ])('%s: the walk is not complete', async (_, answer) => {
    const { complete, reason, rows } = await halo(answer).walk();
    expect([complete, reason]).toEqual([false, expect.any(String)]);
    expect(new Set(ids(rows)).size).toBe(rows.length);
  });

  test.each<[string, Answer, number[], string]>([
    ['a row twice, as it was, is there once', among({ id: 1 }), [1, 2], 'Halo sent a row twice on one page'],
    [
      'rows that share an id and differ are not there',
      among({ id: 1, net: 100 }, { id: 3 }),
      [3, 2],
      'Halo sent different rows under one id, left out',
    ],
    [
      'of a bare list, too',
      () => [{ id: 1 }, { id: 2, net: 1 }, { id: 2, net: 2 }, { id: 1 }],
      [1],
      'Halo sent different rows under one id, left out',
    ],
  ])('%s, and the page says so', async (_, answer, shown, flaw) => {
    const got = await halo(answer).page();
    expect([ids(got.rows), got.total, got.flaw]).toEqual([shown, null, flaw]);
  });

  test('are told of one page, which still offers the next', async () => {
    const some = [...upTo(24), null];
    const got = await halo(({ page }) => ({ page_no: page, record_count: 70, invoices: some })).page();
    expect(got).toMatchObject({ total: null, flaw: "1 of the 25 rows that Halo sent can't be read" });
    expect(hasNext(got)).toBe(true);
  });

  test.each<[string, Answer]>([
    ['an id 0, as the home currency has', () => [{ id: 0 }, { id: 2 }]],
    ['a message', () => ({ message: 'Welcome', title: 'Invoices', record_count: 2, invoices: upTo(2) })],
    ['a row again on the next page', serving(150, { count: () => 150 })],
  ])('%s is not a fault', async (_, answer) => {
    expect((await halo(answer).walk()).complete).toBe(true);
  });

  test('pages of rows without ids that repeat for ever end the walk', async () => {
    const nameless = Array.from({ length: 100 }, (_, n) => ({ n }));
    const { walk, asked } = halo(({ page }) => ({ page_no: page, invoices: nameless }));
    expect((await walk()).complete).toBe(false);
    expect(asked).toHaveLength(2);
  });
});

describe('a list that Halo gives at once', () => {
  const once =
    (total: number, first: unknown, rest: Served = {}): Answer =>
    (query) =>
      query.query.pageinate === undefined ? first : serving(total, rest)(query);

  test.each<[string, unknown, number]>([
    ['whole, bare', upTo(24), 24],
    ['whole, counted', { record_count: 24, invoices: upTo(24) }, 24],
    ['whole, without a count', { invoices: upTo(24) }, 24],
  ])('%s: one request', async (_, first, total) => {
    const { walk, asked } = halo(once(total, first));
    expect(await walk({ paged: false })).toMatchObject({ rows: upTo(total), complete: true, total });
    expect(asked).toEqual([{}]);
  });

  test.each([50, 100])('cut at %i rows, counted or not, and paged after all: the rest is asked for', async (cap) => {
    const rows = upTo(220).slice(0, cap);
    for (const first of [rows, { record_count: 220, invoices: rows }, { record_count: cap, invoices: rows }]) {
      const { rows: got, complete } = await halo(once(220, first)).walk({ paged: false });
      expect([ids(got), complete]).toEqual([ids(upTo(220)), true]);
    }
  });

  test.each<[string, unknown]>([
    ['counted as more', { record_count: 120, invoices: upTo(50) }],
    ['counted as what came', { record_count: 50, invoices: upTo(50) }],
  ])('cut at 50 rows, %s, and never paged: not complete', async (_, body) => {
    const { complete, rows } = await halo(() => body).walk({ paged: false });
    expect([complete, rows.length]).toEqual([false, 50]);
  });

  test.each([50, 100])('a bare array of exactly %i rows is whole: Halo pages no such list', async (total) => {
    expect(await halo(() => upTo(total)).walk({ paged: false })).toMatchObject({ complete: true, total });
  });

  test('as many as were asked for by count may be cut', async () => {
    const { complete, reason } = await halo(() => ({ record_count: 500, invoices: upTo(500) })).walk({
      paged: false,
      query: { count: 500 },
    });
    expect([complete, reason]).toEqual([false, 'Halo was asked for 500 rows and sent as many']);
  });
});

describe('whatever Halo pages and counts', () => {
  const counts: Record<string, (total: number) => NonNullable<Served['count']>> = {
    true: (total) => () => total,
    'of the page': () => (rows) => rows,
    'none past the end': (total) => (rows) => (rows === 0 ? 0 : total),
    none: () => () => undefined,
    'too many': (total) => () => total + 7,
    'fewer than the page': () => (rows) => Math.floor(rows / 3),
    huge: () => () => 10_000_000,
  };
  const faults = fc.record({
    total: fc.oneof(fc.nat(450), fc.constantFrom(25, 50, 75, 100, 150, 200, 300)),
    shape: fc.constantFrom({}, { cap: 50 }, { fixed: 50 }, { fixed: 100 }, { fixed: 150 }),
    count: fc.constantFrom(...Object.keys(counts)),
    echo: fc.boolean(),
    bare: fc.boolean(),
    unpaged: fc.boolean(),
    size: fc.constantFrom(10, 25, 50, 100),
    lost: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined, freq: 3 }),
  });

  test('a total is the true one and a complete walk is whole, in few requests', async () => {
    await fc.assert(
      fc.asyncProperty(faults, async ({ total, shape, count, size, unpaged, lost, ...how }) => {
        const full = serving(total, { ...shape, ...how, count: counts[count]?.(total) ?? (() => total) });
        const answer: Answer = (query) => {
          const body = full(unpaged ? { ...query, page: 1 } : query);
          // A page that lacks half of its rows.
          if (query.page !== lost || unpaged || Array.isArray(body)) return body;
          const { invoices, ...rest } = body as { invoices: Row[] };
          return { ...rest, invoices: invoices.slice(0, Math.floor(invoices.length / 2)) };
        };
        const honest = (count === 'true' || count === 'none past the end') && lost === undefined && !unpaged;
        const { walk, asked } = halo(answer);
        const { rows, complete } = await walk().catch(() => ({ rows: [], complete: false }));
        // Without a count, a page that lost rows looks like the last one, and a truncated array like a whole one.
        const blind =
          (lost !== undefined && !['true', 'too many', 'huge', 'none past the end'].includes(count)) ||
          (unpaged && how.bare);
        if (complete && !blind) expect(ids(rows)).toEqual(ids(upTo(total)));
        if (honest) expect(complete).toBe(true);
        expect(asked.length).toBeLessThan(40);

        const { page } = halo(answer);
        const met: Row[] = [];
        let flawed = false;
        for (let number = 1; number < 60; number += 1) {
          const got = await page(number).catch(() => undefined);
          if (got === undefined) break;
          if (got.total !== null && !blind && count !== 'too many' && count !== 'huge') expect(got.total).toBe(total);
          if (honest) expect(got.flaw).toBeUndefined();
          flawed ||= got.flaw !== undefined;
          met.push(...got.rows);
          if (!hasNext(got)) break;
        }
        if (honest) expect(ids(met)).toEqual(ids(upTo(total)));
        if (!flawed) expect(new Set(ids(met)).size).toBe(met.length);
      }),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) },
    );
  });
});
