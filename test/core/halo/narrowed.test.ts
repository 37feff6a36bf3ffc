import { describe, expect, test } from 'vitest';
import { HaloError } from '../../../core/errors.js';
import type { Query } from '../../../core/halo/client.js';
import { Learned } from '../../../core/halo/learned.js';
import { allWhere, listWhere } from '../../../core/halo/narrowed.js';
import type { Get, Row } from '../../../core/halo/pages.js';
import { NO_ID } from '../../../core/halo/proof.js';
import { failure } from './fake.js';

const SIGNAL = new AbortController().signal;
type Obeys = 'obeyed' | 'ignored' | 'unproved';

/** Sites by client; `unproved`: Halo ignores the id and does not answer the question that would show it. */
function sites(rows: readonly Row[], halo: Obeys) {
  const asked: Query[] = [];
  const learned = new Learned(() => 0);
  const get: Get = async (_path, query) => {
    asked.push(query);
    if (halo === 'unproved' && query.client_id === NO_ID) throw new HaloError('HALO_REQUEST_REFUSED', 'no such client');
    // What Halo knows of a row and does not send: `of`.
    const found = rows.filter(({ client_id: id, of = id }) => halo !== 'obeyed' || of === query.client_id);
    const [page, size] = [Number(query.page_no), Number(query.page_size)];
    const some = found.slice((page - 1) * size, page * size).map(({ of: _, ...row }) => row);
    return { page_no: page, page_size: size, record_count: found.length, sites: some };
  };
  const options = { key: 'sites', where: { client_id: 7 } };
  const proofs = () => asked.filter(({ client_id: id }) => id === NO_ID).length;
  return {
    asked,
    proofs,
    list: (page = 1, pageSize = 25) => listWhere(get, learned, '/Site', { ...options, page, pageSize }),
    all: (onPage?: (rows: Row[]) => Row[] | undefined) =>
      allWhere(get, learned, '/Site', { ...options, ...(onPage && { onPage }) }, SIGNAL),
  };
}

const rows = (many: number, more: (at: number) => Row): Row[] =>
  Array.from({ length: many }, (_, at) => ({ id: at + 1, ...more(at) }));
const ours = (many: number) => rows(many, () => ({ client_id: 7 }));
const silent = (many: number) => rows(many, (at) => (at % 2 === 0 ? { client_id: 7 } : { of: 7 }));
/** The client's rows come first, as if its id ordered the list. */
const first = (many: number, total: number) => rows(total, (at) => ({ client_id: at < many ? 7 : 8 }));
const ids = (some: readonly Row[]) => some.map(({ id }) => id);

describe('rows of another client', () => {
  test.each<Row>([
    { client_id: 8 },
    { client_id: '8' },
    { client_id: true },
    { client_id: [7] },
    { client_id: 'seven' },
  ])('%o is an error and no answer, in a page and in a walk', async (other) => {
    const halo = sites(
      [
        { id: 1, client_id: 7 },
        { id: 2, ...other },
      ],
      'ignored',
    );
    for (const read of [halo.list(), halo.all()]) {
      const { code, line } = await failure(read);
      expect(code).toBe('HALO_FILTER_IGNORED');
      expect(line).toContain('Halo ignored the filter "client_id"');
    }
    expect(halo.proofs()).toBe(0);
  });

  test('none, in rows that say 7.0 and "7": no further question', async () => {
    const halo = sites(
      rows(2, (at) => ({ client_id: at === 0 ? 7.0 : '7' })),
      'ignored',
    );
    expect(await halo.list()).toMatchObject({ total: 2 });
    expect(await halo.all()).toMatchObject({ total: 2, complete: true });
    expect(halo.asked).toHaveLength(2);
  });
});

describe('a page whose rows all fit', () => {
  test('has its total where Halo is shown to filter, for one question more', async () => {
    const halo = sites([...ours(60), { id: 99, client_id: 8 }], 'obeyed');
    expect(await halo.list()).toMatchObject({ total: 60 });
    expect(await halo.list(2)).toMatchObject({ total: 60 });
    expect(halo.proofs()).toBe(1);
    expect(halo.asked).toHaveLength(3);
  });

  test.each<Obeys>(['ignored', 'unproved'])('of a list that is not filtered (%s): counted here', async (how) => {
    const halo = sites(first(30, 730), how);
    expect(await halo.list(1, 20)).toMatchObject({ total: 30 });
    const page = await halo.list(2, 20);
    expect([ids(page.rows), page.total]).toEqual([ids(rows(30, () => ({}))).slice(20), 30]);
  });

  test('of a list too long to be looked through: an error where it is ignored, no total where nobody knows', async () => {
    expect((await failure(sites(first(30, 4001), 'ignored').list())).code).toBe('HALO_FILTER_IGNORED');
    const page = await sites(first(30, 4001), 'unproved').list();
    expect(page).toMatchObject({ total: null, flaw: 'Halo could not be shown to filter by client_id' });
    expect(page.rows).toHaveLength(25);
  });
});

describe('rows that do not say whose they are', () => {
  test('count where Halo is shown to filter', async () => {
    const halo = sites([...silent(6), { id: 9, of: 8 }], 'obeyed');
    expect(await halo.list()).toMatchObject({ total: 6 });
    expect(ids((await halo.all()).rows)).toEqual([1, 2, 3, 4, 5, 6]);
    const met: Row[] = [];
    const walk = await halo.all((some) => {
      met.push(...some);
      return [];
    });
    expect([ids(met).sort(), walk.complete]).toEqual([[1, 2, 3, 4, 5, 6], true]);
    expect(halo.proofs()).toBe(1);
  });

  test('are an error where Halo ignores the id', async () => {
    const halo = sites(silent(6), 'ignored');
    for (const read of [halo.list(), halo.all(), halo.all(() => [])])
      expect((await failure(read)).code).toBe('HALO_FILTER_IGNORED');
  });

  test('are left out and reported if it is unknown', async () => {
    const halo = sites(silent(6), 'unproved');
    const page = await halo.list();
    expect([ids(page.rows), page.total, page.flaw]).toEqual([[1, 3, 5], null, '3 rows do not say client_id']);
    const reason = '3 rows do not say client_id, and Halo could not be shown to filter by it';
    const walk = await halo.all();
    expect([ids(walk.rows), walk.complete, walk.reason]).toEqual([[1, 3, 5], false, reason]);
    const met: Row[] = [];
    const watched = await halo.all((some) => {
      met.push(...some);
      return undefined;
    });
    expect([ids(met), ids(watched.rows), watched.complete]).toEqual([[1, 3, 5], [1, 3, 5], false]);
  });
});

test('a whole walk whose rows all say so needs no proof', async () => {
  const halo = sites(ours(250), 'obeyed');
  expect(await halo.all()).toMatchObject({ total: 250, complete: true });
  expect(halo.proofs()).toBe(0);
});
