import { describe, expect, test } from 'vitest';
import { HaloError } from '../../../core/errors.js';
import { column } from '../../../core/make/column.js';
import { listTool } from '../../../core/make/list.js';
import { type Answer, fakeContext, listed, pagedList } from '../make/fake.js';

const ROWS = Array.from({ length: 130 }, (_, index) => ({ id: index + 1 }));

/** Pages in which these records are too large to be read. */
function heavy(...large: number[]): Answer {
  const serve = pagedList(ROWS);
  return (query) => {
    const body = serve(query) as { tickets: { id: number }[] };
    if (body.tickets.some(({ id }) => large.includes(id))) throw new HaloError('HALO_TOO_LARGE', 'too large');
    return body;
  };
}

const tool = listTool({
  ...{ name: 'list_tickets', title: 'x', description: 'x', scopes: [] },
  from: { path: '/Tickets', key: 'tickets' },
  filters: {},
  columns: { id: column.id() },
});

const idsBetween = (first: number, last: number, ...without: number[]) =>
  ROWS.map(({ id }) => id).filter((id) => id >= first && id <= last && !without.includes(id));

describe('a list with a record that is too large to be read', () => {
  test.each([
    [12, 1, 25, 12],
    [26, 2, 25, 1],
    [50, 2, 25, 25],
    [130, 6, 25, 5],
    [100, 1, 100, 100],
    [7, 1, 7, 7],
    [31, 2, 30, 1],
    [97, 1, 97, 97],
    [3, 3, 1, 1],
  ])('record %i: page %i of %i has the others and names its place', async (id, page, size, place) => {
    const got = await listed(tool, fakeContext({ '/Tickets': heavy(id) }), { page, page_size: size });
    const first = (page - 1) * size + 1;
    expect(got.items.map((row) => row.id)).toEqual(idsBetween(first, page * size, id));
    expect(got.hint).toBe(
      `The record at place ${place} of page ${page} of Tickets (${size} a page) is too large to be read. The list is without it.`,
    );
    // An unreadable page of one record has no count.
    expect([got.total, got.next_page]).toEqual([size === 1 ? null : 130, page * size < 130 ? page + 1 : null]);
  });

  test('two of them: both are named', async () => {
    const got = await listed(tool, fakeContext({ '/Tickets': heavy(3, 20) }), {});
    expect(got.items).toHaveLength(23);
    expect(got.hint).toMatch(/place 3 of page 1 .* place 20 of page 1 /);
  });

  test('more than three: no single record is to blame, and not each is asked for', async () => {
    const fake = fakeContext({ '/Tickets': heavy(...ROWS.map(({ id }) => id)) });
    await expect(listed(tool, fake, { page_size: 100 })).rejects.toMatchObject({
      ...{ code: 'HALO_TOO_LARGE', message: 'too large' },
    });
    expect(fake.asked.length).toBeLessThan(12);
  });

  test('a plugin that did not ask for less is told by an error, never by fewer rows', async () => {
    const { halo } = fakeContext({ '/Tickets': heavy(12) }).context;
    await expect(halo.list('/Tickets', { key: 'tickets' })).rejects.toThrow(
      'The record at place 12 of page 1 of Tickets',
    );
  });

  test('a page that is too large as a whole is put together from smaller ones without a word', async () => {
    const serve = pagedList(ROWS);
    const answer: Answer = (query) => {
      if (Number(query.page_size) > 5) throw new HaloError('HALO_TOO_LARGE', 'too large');
      return serve(query);
    };
    const got = await listed(tool, fakeContext({ '/Tickets': answer }), { page: 2, page_size: 33 });
    expect([got.items.map((row) => row.id), got.total, got.hint]).toEqual([idsBetween(34, 66), 130, undefined]);
  });

  test.each([
    ['a page that can not be read whole', 120, 100],
    ['as many rows as a piece has', 25, 25],
    ['a list that ends within a page', 130, 30],
  ])('pieces that count only their own rows: %s', async (_, rows, first) => {
    const some = ROWS.slice(0, rows);
    const serve = pagedList(some);
    const fake = fakeContext({
      '/Tickets': (query) => {
        if (Number(query.page_size) > 25) throw new HaloError('HALO_TOO_LARGE', 'too large');
        const body = serve(query) as { tickets: unknown[] };
        return { ...body, record_count: body.tickets.length };
      },
    });
    const got = await listed(tool, fake, { page_size: 100, ...(first === 30 && { page: 2 }) });
    expect(got.items).toHaveLength(first);
    expect([null, rows]).toContain(got.total);
    const walk = await fake.context.halo.all('/Tickets', { key: 'tickets' });
    expect(walk.rows).toHaveLength(rows);
  });

  test('a contradiction in a piece is reported for the page and for the walk', async () => {
    const serve = pagedList([...ROWS.slice(0, 60), 'no row', ...ROWS.slice(60, 90)] as { id: number }[]);
    const fake = fakeContext({
      '/Tickets': (query) => {
        if (Number(query.page_size) > 25) throw new HaloError('HALO_TOO_LARGE', 'too large');
        return serve(query);
      },
    });
    const got = await listed(tool, fake, { page_size: 100 });
    expect([got.total, got.hint]).toEqual([
      null,
      "1 of the 25 rows that Halo sent can't be read: rows may be missing.",
    ]);
    const walk = await fake.context.halo.all('/Tickets', { key: 'tickets' });
    expect([walk.complete, walk.reason]).toEqual([false, expect.stringContaining("can't be read")]);
  });

  test('other errors are not asked about in pieces', async () => {
    const fake = fakeContext({
      '/Tickets': () => {
        throw new HaloError('HALO_FORBIDDEN', 'no');
      },
    });
    await expect(listed(tool, fake)).rejects.toThrow('no');
    expect(fake.asked).toHaveLength(1);
  });
});
