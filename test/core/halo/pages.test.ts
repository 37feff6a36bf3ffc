import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HaloError } from '../../../core/errors.js';
import type { Query } from '../../../core/halo/client.js';
import { type Caps, hasNext, fetchPage as list, type Page, type Row, rowsOf } from '../../../core/halo/pages.js';

const ids = (rows: readonly Row[]) => rows.map(({ id }) => id);
const rowsUpTo = (total: number): Row[] => Array.from({ length: total }, (_, index) => ({ id: index + 1 }));

interface Paging {
  cap?: number;
  /** The page size that the answer states: the one served, or the one requested. */
  echo?: 'served' | 'asked' | 'none';
  count?: boolean;
  pastEnd?: number;
}

/** A Halo with one paged list, which records every query. */
function paged(rows: readonly Row[], { cap = 100, echo = 'asked', count = true, pastEnd = 0 }: Paging = {}) {
  const asked: Query[] = [];
  const get = async (_path: string, query: Query) => {
    asked.push(query);
    const size = Math.min(Number(query.page_size), cap);
    const start = (Number(query.page_no) - 1) * size;
    const some = rows.slice(start, start + size);
    return {
      page_no: query.page_no,
      ...(echo !== 'none' && { page_size: echo === 'served' ? size : query.page_size }),
      ...(count && { record_count: some.length === 0 ? pastEnd : rows.length }),
      tickets: some,
      include_children: false,
    };
  };
  return { get, asked, caps: new Map() as Caps };
}

describe('the rows of an answer', () => {
  test.each<[string, unknown, unknown[]]>([
    ['under their key', { page_no: 1, tickets: [{ id: 1 }], include_children: false }, [1]],
    ['under their key, next to other lists', { tickets: [{ id: 1 }], columns: [{ id: 9 }] }, [1]],
    ['under one of its keys', { quotations: [{ id: 2 }], record_count: 1 }, [2]],
    ['next to an empty field for errors', { error: null, errors: [], message: '', tickets: [{ id: 4 }] }, [4]],
    ['as a bare list', [{ id: 3 }], [3]],
    ['none', { tickets: [], record_count: 0 }, []],
    ['none, the list left out as empty ones may be', { page_no: 1, record_count: 0 }, []],
    ['except for what is not a row', { tickets: [{ id: 1 }, null, 'x', [1]] }, [1]],
  ])('%s', (_, body, expected) => {
    expect(ids(rowsOf(body, ['tickets', 'quotations']))).toEqual(expected);
  });

  test.each<[string, unknown]>([
    ['no list', { message: 'canary' }],
    ['two strange lists', { a: [], b: [] }],
    ['no list though rows are counted', { record_count: 3 }],
    ['text', 'canary'],
    ['null', null],
  ])('an answer with %s is an error, not an empty list', (_, body) => {
    expect(() => rowsOf(body, 'tickets')).toThrow("Halo's answer holds no list of tickets.");
  });
});

describe('one page', () => {
  test.each([
    [75, 3, null],
    [50, 2, null],
    [120, 5, 120],
  ])(
    'of 120 rows counted as %i: page %i, which the count ends, is told with %j rows in all',
    async (count, page, total) => {
      const { get, caps } = paged(rowsUpTo(120));
      const lying = async (path: string, query: Query) => ({ ...(await get(path, query)), record_count: count });
      const got = await list(lying, caps, '/Tickets', { key: 'tickets', page, pageSize: 25 });
      expect([got.total, hasNext(got)]).toEqual([total, total === null]);
    },
  );

  test('is asked for in the way that Halo understands', async () => {
    const { get, asked, caps } = paged(rowsUpTo(9));
    await list(get, caps, '/Tickets', { key: 'tickets', query: { open_only: true }, where: { client_id: 7 }, page: 2 });
    expect(asked[0]).toEqual({ open_only: true, client_id: 7, pageinate: true, page_no: 2, page_size: 25 });
  });

  test('no more than 100 rows are asked for', async () => {
    const { get, asked, caps } = paged(rowsUpTo(9));
    await list(get, caps, '/Tickets', { key: 'tickets', pageSize: 1000 });
    expect(asked[0]?.page_size).toBe(100);
  });

  test.each<[string, Paging, Partial<Page>, boolean]>([
    ['a full one', {}, { pageSize: 100, total: 120 }, true],
    ['a cap of 50 that Halo tells', { cap: 50, echo: 'served' }, { pageSize: 50, total: 120 }, true],
    ['a cap of 50 that Halo does not tell', { cap: 50, echo: 'asked' }, { pageSize: 50, total: 120 }, true],
    ['a cap of 7 without any size', { cap: 7, echo: 'none' }, { pageSize: 7, total: 120 }, true],
    ['no count', { count: false }, { pageSize: 100, total: null }, true],
    ['no count and a cap of 50', { count: false, cap: 50 }, { pageSize: 50, total: null }, true],
  ])('%s: the size served, the true total, and that more follows', async (_, paging, expected, more) => {
    const { get, caps } = paged(rowsUpTo(120), paging);
    const page = await list(get, caps, '/Tickets', { key: 'tickets', pageSize: 100 });
    expect(page).toMatchObject(expected);
    expect(hasNext(page)).toBe(more);
  });

  test.each([0, 120])('past the end, counted as %i: empty, with nothing after it', async (pastEnd) => {
    const { get, caps } = paged(rowsUpTo(120), { pastEnd });
    const page = await list(get, caps, '/Tickets', { key: 'tickets', page: 9, pageSize: 25 });
    expect(page).toMatchObject({ rows: [], total: null });
    expect(hasNext(page)).toBe(false);
  });

  test('a short page without a count is the whole list', async () => {
    const { get, caps } = paged(rowsUpTo(24), { count: false });
    const page = await list(get, caps, '/Agent', { key: 'tickets', pageSize: 25 });
    expect(page).toMatchObject({ total: 24 });
    expect(hasNext(page)).toBe(false);
  });

  test.each([1, 2, 3, 4])('of a list that Halo does not page is cut here: page %i', async (page) => {
    const caps: Caps = new Map();
    const bodies: unknown[] = [rowsUpTo(60), { tickets: rowsUpTo(60), record_count: 60 }];
    for (const body of bodies) {
      const got = await list(async () => body, caps, '/Team', { key: 'tickets', page, pageSize: 25 });
      expect(ids(got.rows)).toEqual(ids(rowsUpTo(60)).slice((page - 1) * 25, page * 25));
      expect(got.total).toBe(60);
    }
  });

  test('a page number that Halo ignores does not show the same rows again', async () => {
    const body = { page_no: 1, page_size: 25, record_count: 20, tickets: rowsUpTo(20) };
    const page = await list(async () => body, new Map(), '/Tickets', { key: 'tickets', page: 2, pageSize: 25 });
    expect(page.rows).toEqual([]);
    expect(hasNext(page)).toBe(false);
  });

  test('a cap is learned, and forgotten when it turns out to be none', async () => {
    const caps: Caps = new Map([['/Tickets', 50]]);
    const { get } = paged(rowsUpTo(120));
    expect(await list(get, caps, '/Tickets', { key: 'tickets', pageSize: 100 })).toMatchObject({ pageSize: 100 });
    expect(await list(get, caps, '/Tickets', { key: 'tickets', page: 2, pageSize: 100 })).toMatchObject({
      pageSize: 100,
      total: 120,
    });
  });

  test.each(['by what was asked', 'by what is served'])(
    'of 50 rows where Halo was asked for 100 and counts the page: not the whole list, its pages placed %s',
    async (placed) => {
      const get = async (_path: string, { page_no, page_size }: Query) => {
        const size = Math.min(50, Number(page_size));
        const start = (Number(page_no) - 1) * (placed === 'by what was asked' ? Number(page_size) : size);
        const some = rowsUpTo(70).slice(start, start + size);
        return { page_no, record_count: some.length, tickets: some };
      };
      const got = await list(get, new Map(), '/Tickets', { key: 'tickets', pageSize: 100 });
      expect([got.rows.length, got.total, hasNext(got)]).toEqual([50, null, true]);
    },
  );

  test.each([
    [250, 'Halo sent pages of 100 rows before, and now one of 50', true],
    [150, undefined, false],
  ])(
    'of %i rows, a page that Halo cut at 50 after one of 100 skips rows, and that is told',
    async (many, flaw, more) => {
      const caps: Caps = new Map();
      const serve =
        (cap: number) =>
        async (_path: string, { page_no, page_size }: Query) => {
          const start = (Number(page_no) - 1) * Number(page_size);
          const some = rowsUpTo(many).slice(start, start + Math.min(cap, Number(page_size)));
          return { page_no, record_count: some.length, tickets: some };
        };
      const options = { key: 'tickets', pageSize: 100 };
      expect((await list(serve(100), caps, '/Tickets', options)).rows.length).toBe(100);
      const next = await list(serve(50), caps, '/Tickets', { ...options, page: 2 });
      expect([next.rows.length, next.total, next.flaw, hasNext(next)]).toEqual([50, null, flaw, more]);
    },
  );

  test('a page that may be cut is shown, and that is told, if what follows it can not be read', async () => {
    const caps: Caps = new Map([['/Tickets', 100]]);
    const halo = async (_path: string, { page_no }: Query) => {
      if (page_no !== 2) throw new HaloError('HALO_UNAVAILABLE', 'Halo is down.');
      return { page_no, record_count: 50, tickets: rowsUpTo(150).slice(100) };
    };
    const page = await list(halo, caps, '/Tickets', { key: 'tickets', pageSize: 100, page: 2 });
    const flaw = 'Halo sent pages of 100 rows before, and now one of 50';
    expect([page.rows.length, page.total, page.flaw, hasNext(page)]).toEqual([50, null, flaw, true]);
  });

  test('a page after one that Halo cut at 50 skips no rows where it cuts at 100 now', async () => {
    const caps: Caps = new Map();
    const options = { key: 'tickets', pageSize: 100 };
    expect((await list(paged(rowsUpTo(199), { cap: 50 }).get, caps, '/Tickets', options)).pageSize).toBe(50);
    const next = await list(paged(rowsUpTo(199)).get, caps, '/Tickets', { ...options, page: 2 });
    expect([ids(next.rows), next.pageSize, next.total, next.flaw]).toEqual([
      ids(rowsUpTo(100)).slice(50),
      50,
      199,
      undefined,
    ]);
  });

  test.each([
    ['bare, placed by pages of 100', (page: number, all: readonly Row[]) => all.slice((page - 1) * 100, page * 100)],
    ['bare, and of 30', (page: number, all: readonly Row[]) => all.slice((page - 1) * 30, page * 30)],
    [
      'longer than asked for, without a count',
      (page: number, all: readonly Row[]) => ({ tickets: all.slice((page - 1) * 60, page * 60) }),
    ],
  ])('an answer that is %s after one that counted more is not the end of the list', async (_name, odd) => {
    const rows = rowsUpTo(117);
    const { get, caps } = paged(rows, { cap: 50 });
    const mixed = async (path: string, query: Query) =>
      query.page_no === 2 ? odd(2, rows) : ((await get(path, query)) as unknown);
    await list(mixed, caps, '/Tickets', { key: 'tickets', page: 1, pageSize: 100 });
    const second = await list(mixed, caps, '/Tickets', { key: 'tickets', page: 2, pageSize: 100 });
    expect(second.total).not.toBe(67);
    expect(second.total === 117 || second.flaw !== undefined || hasNext(second)).toBe(true);
  });

  test.each([1, 2, 3, 4])(
    'of bare pages cut at 50 and placed by what was asked, page %i skips nothing',
    async (page) => {
      const get = async (_path: string, { page_no, page_size }: Query) => {
        const start = (Number(page_no) - 1) * Number(page_size);
        return rowsUpTo(170).slice(start, start + Math.min(50, Number(page_size)));
      };
      const got = await list(get, new Map(), '/Tickets', { key: 'tickets', page, pageSize: 60 });
      expect([ids(got.rows), got.pageSize]).toEqual([ids(rowsUpTo(170)).slice((page - 1) * 50, page * 50), 50]);
      expect([null, 170]).toContain(got.total);
      expect(hasNext(got)).toBe(page < 4);
    },
  );

  test('of a list that is always its first 50 rows and counts them, a later page does not say that 50 are all', async () => {
    const body = { record_count: 50, tickets: rowsUpTo(50) };
    const page = list(async () => body, new Map(), '/Tickets', { key: 'tickets', page: 3, pageSize: 100 });
    await expect(page).rejects.toThrow('Halo sent page 1 of Tickets in place of page 3.');
  });

  test('whatever the cap, walking on by hasNext meets every row once and ends', async () => {
    const setting = fc.record({
      total: fc.nat(400),
      cap: fc.constantFrom(7, 50, 100),
      echo: fc.constantFrom('served' as const, 'asked' as const, 'none' as const),
      size: fc.integer({ min: 1, max: 100 }),
    });
    await fc.assert(
      fc.asyncProperty(setting, async ({ total, cap, echo, size }) => {
        const { get, caps } = paged(rowsUpTo(total), { cap, echo });
        const met: Row[] = [];
        for (let page = 1; ; page += 1) {
          const got: Page = await list(get, caps, '/Tickets', { key: 'tickets', page, pageSize: size });
          met.push(...got.rows);
          expect(got.total).toBe(total);
          if (!hasNext(got)) break;
          expect(page).toBeLessThan(500);
        }
        expect(ids(met)).toEqual(ids(rowsUpTo(total)));
      }),
    );
  });
});
