import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HaloError } from '../../../core/errors.js';
import { type AllOptions, all } from '../../../core/halo/all.js';
import type { Query } from '../../../core/halo/client.js';
import type { Row } from '../../../core/halo/pages.js';

type Answer = (query: { page: number; size: number }) => unknown;

/** Walks a Halo with these answers, and records the requested page numbers. */
async function walk(answer: Answer, options: Partial<AllOptions> = {}, path = '/Tickets', signal?: AbortSignal) {
  const pages: number[] = [];
  const get = async (_path: string, query: Query) => {
    pages.push(Number(query.page_no));
    return answer({ page: Number(query.page_no), size: Number(query.page_size) });
  };
  const got = await all(get, new Map(), path, { key: 'tickets', ...options }, signal ?? new AbortController().signal);
  return { ...got, pages };
}

const rowsUpTo = (total: number): Row[] => Array.from({ length: total }, (_, index) => ({ id: index + 1 }));
const ids = (rows: readonly Row[]) => rows.map(({ id }) => id);

const paged =
  (rows: readonly Row[], { cap = 100, count = rows.length as number | undefined, echo = true } = {}): Answer =>
  ({ page, size }) => {
    const served = Math.min(cap, size);
    const some = rows.slice((page - 1) * served, page * served);
    return {
      page_no: page,
      ...(echo && { page_size: size }),
      ...(count !== undefined && { record_count: some.length === 0 ? 0 : count }),
      tickets: some,
    };
  };

describe('every row, once', () => {
  test.each([100, 200, 150, 1])(
    'whatever less Halo counts, a full page is followed: 250 rows, counted as %i',
    async (count) => {
      const { rows, complete, total } = await walk(paged(rowsUpTo(250), { count }));
      expect(complete ? ids(rows) : 'told').toEqual(complete ? ids(rowsUpTo(250)) : 'told');
      expect([null, 250]).toContain(total);
    },
  );

  test('a full page that ends the list by the count costs one look at the next', async () => {
    const { pages, complete, total } = await walk(paged(rowsUpTo(300)));
    expect([pages, complete, total]).toEqual([[1, 2, 3, 4], true, 300]);
    expect((await walk(paged(rowsUpTo(299)))).pages).toEqual([1, 2, 3]);
  });

  test('under random totals and caps, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(650), fc.constantFrom(7, 50, 100), fc.boolean(), async (total, cap, echo) => {
        const { rows, complete, total: told, pages } = await walk(paged(rowsUpTo(total), { cap, echo }));
        expect(ids(rows)).toEqual(ids(rowsUpTo(total)));
        expect([complete, told]).toEqual([true, total]);
        expect(pages.length).toBeLessThanOrEqual(Math.max(1, Math.ceil(total / cap)) + 1);
      }),
      { numRuns: 60 },
    );
  });

  test('where Halo cuts some of its pages at 50 without a word: all of them, or that some are missing', async () => {
    const scene = fc.record({
      total: fc.oneof(fc.constantFrom(51, 60, 99, 100, 150, 200), fc.nat(420)),
      caps: fc.oneof(fc.constantFrom([50], [50, 100], [100, 50]), fc.array(fc.constantFrom(50, 100), { minLength: 1 })),
      placed: fc.constantFrom('by what was asked', 'by what is served'),
      count: fc.constantFrom('all', 'the page', 'nothing', 'in turns'),
    });
    await fc.assert(
      fc.asyncProperty(scene, async ({ total, caps, placed, count }) => {
        let met = 0;
        const { rows, complete } = await walk(({ page, size }) => {
          const cap = Math.min(size, caps[met++ % caps.length] as number);
          const start = (page - 1) * (placed === 'by what was asked' ? size : cap);
          const some = rowsUpTo(total).slice(start, start + cap);
          const counts = count === 'all' || (count === 'in turns' && met % 2 === 1) ? total : some.length;
          return { page_no: page, ...(count !== 'nothing' && { record_count: counts }), tickets: some };
        });
        expect(complete ? ids(rows) : 'told').toEqual(complete ? ids(rowsUpTo(total)) : 'told');
        if (caps.length === 1) expect(complete).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test.each([0, 1, 99, 100, 101, 250])('where Halo counts nothing: %i rows', async (total) => {
    for (const cap of [50, 100]) {
      const answer: Answer = ({ page, size }) => {
        const served = Math.min(cap, size);
        return { page_no: page, tickets: rowsUpTo(total).slice((page - 1) * served, page * served) };
      };
      const { rows, complete } = await walk(answer);
      expect(ids(rows)).toEqual(ids(rowsUpTo(total)));
      expect(complete).toBe(true);
    }
  });

  test('of a list that is not paged: one request', async () => {
    const { rows, complete, pages } = await walk(() => rowsUpTo(260));
    expect([rows.length, complete, pages]).toEqual([260, true, [1]]);
  });

  test('rows without ids, and actions whose ids count anew in each ticket, are all different ones', async () => {
    const nameless = Array.from({ length: 150 }, (_, n) => ({ name: `row ${n % 3}` }));
    expect(await walk(paged(nameless))).toMatchObject({ complete: true, rows: nameless });
    const actions = Array.from({ length: 150 }, (_, n) => ({ id: 1 + (n % 5), ticket_id: Math.floor(n / 5) }));
    expect((await walk(paged(actions), {}, '/Actions')).rows).toEqual(actions);
    const sheets = Array.from({ length: 150 }, (_, n) => ({ id: 0, agent_id: n }));
    expect((await walk(paged(sheets))).rows).toEqual(sheets);
  });

  test('of pages that overlap, the version modified last', async () => {
    const first = rowsUpTo(100).map((row) => ({ ...row, last_modified: '2026-01-01T10:00:00' }));
    const second = [
      { id: 99, last_modified: '2026-01-01T10:00:00.5', changed: true },
      { id: 100, last_modified: '2025-12-31T10:00:00', changed: true },
      { id: 101 },
    ];
    const { rows, complete } = await walk(({ page }) => ({
      page_no: page,
      record_count: 101,
      tickets: page === 1 ? first : second,
    }));
    expect(rows).toHaveLength(101);
    expect(rows.filter(({ changed }) => changed)).toMatchObject([{ id: 99 }]);
    expect(complete).toBe(true);
  });

  test.each([
    ['on the next page', [...rowsUpTo(100), { id: '100' }, { id: 101 }], 101],
    // If two rows with one id differ, there is no telling which is right.
    ['on the same page', [...rowsUpTo(60), { id: '60' }, { id: '61' }], 60],
  ])('a row that comes again with its id as text is not counted twice: %s', async (_, rows, kept) => {
    const got = await walk(paged(rows as Row[]));
    expect([got.rows.length, got.complete]).toEqual([kept, false]);
  });

  test('each is shown to onPage once, even where pages overlap', async () => {
    const shown: unknown[] = [];
    const overlap: Answer = ({ page }) => ({
      page_no: page,
      record_count: 180,
      tickets: page === 1 ? rowsUpTo(100) : rowsUpTo(180).slice(90),
    });
    const { rows } = await walk(overlap, {
      onPage: (page) => {
        shown.push(...ids(page));
        return page.map(({ id }) => ({ id }));
      },
    });
    expect(shown).toEqual(ids(rowsUpTo(180)));
    expect(rows).toHaveLength(180);
  });

  test('a row that was modified between two pages is shown to onPage again, and counted once', async () => {
    const shown: unknown[] = [];
    const stamped = (day: number, rows: Row[]) => rows.map((row) => ({ ...row, last_modified: `2026-01-0${day}` }));
    const overlap: Answer = ({ page }) => ({
      page_no: page,
      record_count: 101,
      tickets:
        page === 1
          ? stamped(2, rowsUpTo(100))
          : [{ id: 99, last_modified: '2026-01-03' }, ...stamped(1, rowsUpTo(101).slice(99))],
    });
    const { complete } = await walk(overlap, {
      onPage: (page) => {
        shown.push(...page.map(({ id, last_modified }) => `${id} ${last_modified}`));
        return [];
      },
    });
    expect(shown.slice(100)).toEqual(['99 2026-01-03', '101 2026-01-01']);
    expect(complete).toBe(true);
  });

  test('onPage hears how many pages there will be, and may keep less', async () => {
    const heard: unknown[] = [];
    const { rows, complete } = await walk(paged(rowsUpTo(250)), {
      onPage: (page, progress) => {
        heard.push(progress);
        return page.slice(0, 1);
      },
    });
    expect(heard).toEqual([1, 2, 3].map((done) => ({ done, pages: 3 })));
    expect([ids(rows), complete]).toEqual([[1, 101, 201], true]);
  });

  test.each([
    ['counted', 250],
    ['not counted', undefined],
  ])('a page whose rows were taken holds them no longer, whoever still holds the page: %s', async (_, count) => {
    const held: Row[][] = [];
    const { rows } = await walk((query) => {
      const answer = paged(rowsUpTo(250), { count })(query) as { tickets: Row[] };
      held.push(answer.tickets);
      return answer;
    });
    expect(ids(rows)).toEqual(ids(rowsUpTo(250)));
    // The first one stays: later ones are compared with it.
    expect(held.slice(1).flat()).toEqual([]);
  });
});

describe('what is missing is told', () => {
  test('Halo counts more than it serves', async () => {
    const { complete, reason, rows } = await walk(paged(rowsUpTo(120), { count: 125 }));
    expect([complete, reason, rows.length]).toEqual([false, 'Halo counts 125 rows and served 120', 120]);
  });

  test.each([
    ['counts them', 9000],
    ['does not count them', undefined],
  ])('no more pages than its caller allows are asked for, whether Halo %s', async (_, count) => {
    const { complete, reason, pages } = await walk(paged(rowsUpTo(9000), { count }), { mostPages: 4 });
    expect([complete, reason, Math.max(...pages)]).toEqual([false, 'there are more than 4 pages', 4]);
  });

  test('as many rows as were asked for at once are not followed by pages, however many Halo counts', async () => {
    const answer = () => ({ record_count: 137_000, tickets: rowsUpTo(500) });
    const { complete, reason, rows, pages } = await walk(answer, { paged: false, query: { count: 500 } });
    expect([rows.length, complete, pages.length]).toEqual([500, false, 1]);
    expect(reason).toMatch('Halo was asked for 500 rows and sent as many');
  });

  test('a list without a count that never ends is cut, and that is said', async () => {
    const endless: Answer = ({ page }) => ({
      page_no: page,
      tickets: rowsUpTo(100).map(({ id }) => ({ id: page * 1000 + Number(id) })),
    });
    const { complete, reason } = await walk(endless, { onPage: () => [] });
    expect([complete, reason]).toEqual([false, 'there are more than 1000 pages']);
  });

  const failing =
    (bad: number, error: Error): Answer =>
    (query) => {
      if (query.page === bad) throw error;
      return paged(rowsUpTo(350))(query);
    };

  test('a page that fails for good', async () => {
    const { complete, reason, rows, total } = await walk(failing(3, new HaloError('HALO_UNAVAILABLE', 'down')));
    expect([complete, reason]).toEqual([false, 'page 3 of 4 failed (HALO_UNAVAILABLE)']);
    expect([rows.length, total]).toEqual([250, 350]);
  });

  test('a page that fails where Halo counts nothing', async () => {
    const { complete, reason, rows } = await walk(({ page }) => {
      if (page === 3) throw new HaloError('HALO_FAILED', 'down');
      return { page_no: page, tickets: rowsUpTo(100).map(({ id }) => ({ id: page * 1000 + Number(id) })) };
    });
    expect([complete, reason, rows.length]).toEqual([false, 'page 3 failed (HALO_FAILED)', 200]);
  });

  test.each([
    ['the first page', failing(1, new HaloError('HALO_FAILED', 'down')), 'down'],
    [
      'a filter that is ignored on a later page',
      failing(2, new HaloError('HALO_FILTER_IGNORED', 'ignored')),
      'ignored',
    ],
    ['a bug', failing(2, new TypeError('bug')), 'bug'],
  ])('%s is an error of the walk', async (_, answer, message) => {
    await expect(walk(answer)).rejects.toThrow(message);
  });

  test('a bug in onPage is not mistaken for a missing page', async () => {
    const onPage = (_: Row[], { done }: { done: number }) => {
      if (done === 2) throw new TypeError('bug in a pack');
      return undefined;
    };
    await expect(walk(paged(rowsUpTo(350)), { onPage })).rejects.toThrow('bug in a pack');
  });
});

describe('rows so large that no hundred of them can be read in one answer', () => {
  /** Pages of rows. After `from`, only a few of them fit into one answer. */
  function heavy(fitting: number, { from = 0, cap = 100 } = {}) {
    const asked: string[] = [];
    const serve = paged(rowsUpTo(230), { cap });
    const answer: Answer = (query) => {
      asked.push(`${query.page}/${query.size}`);
      const body = serve(query) as { tickets: Row[] };
      if (body.tickets.filter(({ id }) => Number(id) > from).length > fitting)
        throw new HaloError('HALO_TOO_LARGE', 'too large');
      return body;
    };
    return { answer, asked };
  }

  test.each([
    [60, ['1/100', '1/50', '2/50', '3/50', '4/50', '5/50']],
    [30, ['1/100', '1/50', '1/25', '2/25']],
    [5, ['1/100', '1/50', '1/25', '1/5', '2/5']],
  ])('%i of them fit: the walk goes on with shorter pages, and is whole', async (fitting, first) => {
    const { answer, asked } = heavy(fitting);
    expect(await walk(answer)).toMatchObject({ rows: rowsUpTo(230), total: 230, complete: true });
    expect(asked.slice(0, first.length)).toEqual(first);
  });

  test.each([
    [30, 200, 100],
    [30, 200, 50],
    [20, 120, 100],
    [20, 60, 50],
  ])(
    '%i fit of those after %i, of pages of %i: a later page is put together from shorter ones',
    async (fitting, from, cap) => {
      const shown: unknown[] = [];
      const onPage = (rows: Row[]) => {
        shown.push(...ids(rows));
        return undefined;
      };
      expect(await walk(heavy(fitting, { from, cap }).answer, { onPage })).toMatchObject({
        rows: rowsUpTo(230),
        complete: true,
      });
      expect(shown.sort()).toEqual(ids(rowsUpTo(230)).sort());
    },
  );

  test('not even five fit: they are read one by one', async () => {
    expect(await walk(heavy(4).answer)).toMatchObject({ rows: rowsUpTo(230), total: 230, complete: true });
  });

  test("not even one: the fault is not a single record's, and fails the walk", async () => {
    await expect(walk(heavy(0).answer)).rejects.toThrow('too large');
  });

  test('not even one of a later page: it is missing, and that is reported', async () => {
    const { rows, complete, reason } = await walk(heavy(0, { from: 200 }).answer);
    expect([rows.length, complete, reason]).toEqual([
      200,
      false,
      'The record at place 1 of page 3 of Tickets (100 a page) is too large to be read',
    ]);
  });

  test.each([1, 12, 100, 101, 230])(
    'record %i alone is too large: the others are there, and it is named',
    async (id) => {
      const serve = paged(rowsUpTo(230));
      const answer: Answer = (query) => {
        const body = serve(query) as { tickets: Row[] };
        if (body.tickets.some((row) => row.id === id)) throw new HaloError('HALO_TOO_LARGE', 'too large');
        return body;
      };
      const { rows, complete, reason, total } = await walk(answer);
      expect(ids(rows)).toEqual(ids(rowsUpTo(230)).filter((one) => one !== id));
      expect([total, complete]).toEqual([230, false]);
      const [, place, page, size] =
        /^The record at place (\d+) of page (\d) of Tickets \((\d+) a page\) is too large/.exec(reason ?? '') ?? [];
      expect((Number(page) - 1) * Number(size) + Number(place)).toBe(id);
    },
  );
});

describe('a caller that gives up', () => {
  test.each([1, 2])('ends the walk at page %i, with its own reason', async (stop) => {
    const controller = new AbortController();
    const answer: Answer = (query) => {
      if (query.page === stop) controller.abort(new Error('cancelled'));
      controller.signal.throwIfAborted();
      return paged(rowsUpTo(1000))(query);
    };
    await expect(walk(answer, {}, '/Tickets', controller.signal)).rejects.toThrow('cancelled');
  });
});
