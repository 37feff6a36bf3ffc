import { describe, expect, test } from 'vitest';
import { HaloError } from '../../../core/errors.js';
import type { Query } from '../../../core/halo/client.js';
import { Learned } from '../../../core/halo/learned.js';
import { fetchPage, type Get, type Row } from '../../../core/halo/pages.js';
import { type Doubt, judge, NO_ID } from '../../../core/halo/proof.js';

const DAY = 86_400_000;

/** A Halo with one list, the filters that it obeys, and a clock that the test advances. */
function haloWith(rows: readonly Row[], obeys: (row: Row, query: Query) => boolean) {
  const asked: Query[] = [];
  const clock = { now: 0 };
  const learned = new Learned(() => clock.now);
  const halo: { get: Get; rows: readonly Row[] } = {
    rows,
    get: async (_path, query) => {
      asked.push(query);
      const found = halo.rows.filter((row) => obeys(row, query));
      const [page, size] = [Number(query.page_no), Number(query.page_size)];
      const some = found.slice((page - 1) * size, page * size);
      return { page_no: page, record_count: found.length, tickets: some };
    },
  };
  const get: Get = (path, query) => halo.get(path, query);
  /** One page, and the verdict on it. */
  const read = async (
    doubt: Doubt,
    query: Query,
    { page = 1, pageSize = 2, counted = true, base = {} as Query } = {},
  ) => {
    const options = { key: 'tickets', query: { ...base, ...query }, page, pageSize };
    const got = await fetchPage(get, learned.caps, '/Tickets', options);
    const judged = { key: 'tickets', query: options.query, base, page: got, doubts: [doubt], counted };
    return (await judge(get, learned, '/Tickets', judged))[0];
  };
  return { halo, asked, clock, read };
}

const client: Doubt = {
  test: (row) => (row.client_id === undefined ? undefined : row.client_id === 7),
  proof: { nothing: [{ client_id: NO_ID }] },
  lenient: false,
};
const byClient = (row: Row, { client_id: id }: Query) => id === undefined || row.client_id === id;
const all = () => true;
const of = (...clients: (number | undefined)[]): Row[] =>
  clients.map((id, at) => ({ id: at + 1, ...(id !== undefined && { client_id: id }) }));

describe('an id that nothing has', () => {
  test('finds nothing where Halo filters: asked once, whatever the value, and again after a day', async () => {
    const { read, asked, clock } = haloWith(of(7, 7, 7, 8), byClient);
    expect(await read(client, { client_id: 7 })).toBe('obeyed');
    expect(await read(client, { client_id: 7 }, { page: 2 })).toBe('obeyed');
    expect(asked.map(({ client_id: id }) => id)).toEqual([7, NO_ID, 7]);
    clock.now = DAY;
    await read(client, { client_id: 7 });
    expect(asked).toHaveLength(4);
    clock.now = DAY + 1;
    await read(client, { client_id: 7 });
    expect(asked).toHaveLength(6);
  });

  test('finds rows where Halo does not, though those of the page fit', async () => {
    const { read } = haloWith(of(7, 7, 8, 9), all);
    expect(await read(client, { client_id: 7 })).toBe('ignored');
  });

  test('is not asked where the page is the whole list and each row fits', async () => {
    for (const obeys of [byClient, all]) {
      const { read, asked } = haloWith(of(7, 7), obeys);
      expect(await read(client, { client_id: 7 }, { pageSize: 3 })).toBe('obeyed');
      expect(asked).toHaveLength(1);
    }
  });

  test('is asked where a row does not say, though the page is the whole list', async () => {
    const rows = of(7, undefined);
    expect(await haloWith(rows, all).read(client, { client_id: 7 })).toBe('ignored');
    const filtering = haloWith(rows, (_row, query) => query.client_id !== NO_ID);
    expect(await filtering.read(client, { client_id: 7 })).toBe('obeyed');
  });

  test.each<[string, () => unknown]>([
    ['an error', () => Promise.reject(new HaloError('HALO_FAILED', 'no'))],
    ['a body that is not a list', () => ({ text: 'nothing' })],
    ['a count and no rows', () => ({ record_count: 4, tickets: [] })],
  ])(
    'that is answered with %s proves nothing, fails nothing, and is tried again in five minutes',
    async (_, answer) => {
      const { halo, read, asked, clock } = haloWith(of(7, 7, 7), byClient);
      const honest = halo.get;
      halo.get = async (path, query) => (query.client_id === NO_ID ? answer() : honest(path, query));
      expect(await read(client, { client_id: 7 })).toBe('unknown');
      halo.get = honest;
      expect(await read(client, { client_id: 7 })).toBe('unknown');
      clock.now = 300_001;
      expect(await read(client, { client_id: 7 })).toBe('obeyed');
      expect(asked.filter(({ client_id: id }) => id === NO_ID)).toHaveLength(1);
    },
  );

  test('a caller who has gone is not told of a proof', async () => {
    const { halo, read } = haloWith(of(7, 7, 7), byClient);
    const honest = halo.get;
    halo.get = async (path, query) => {
      if (query.client_id === NO_ID) throw new HaloError('CALL_CANCELLED', 'gone');
      return honest(path, query);
    };
    await expect(read(client, { client_id: 7 })).rejects.toMatchObject({ code: 'CALL_CANCELLED' });
  });
});

describe('a row that does not fit', () => {
  test('ends what was known, and the next page is proved again', async () => {
    const { halo, read, asked } = haloWith(of(7, 7, 7), byClient);
    expect(await read(client, { client_id: 7 })).toBe('obeyed');
    const honest = halo.get;
    halo.get = async () => ({ record_count: 3, tickets: of(7, 8) });
    expect(await read(client, { client_id: 7 })).toBe('contradicted');
    halo.get = honest;
    expect(await read(client, { client_id: 7 })).toBe('obeyed');
    expect(asked.filter(({ client_id: id }) => id === NO_ID)).toHaveLength(2);
  });

  test('is not news if Halo is known to ignore the filter', async () => {
    const { read } = haloWith(of(7, 7, 8, 9), all);
    await read(client, { client_id: 7 });
    expect(await read(client, { client_id: 7 }, { page: 2 })).toBe('ignored');
  });

  test('of a filter whose rows are chosen here says no for good, as pages would not be those of one list', async () => {
    const days: Doubt = { test: (row) => Number(row.day) >= 5, proof: { nothing: [{ from: 99 }] }, lenient: true };
    const dated = [9, 1, 8, 7].map((day, id) => ({ id, day }));
    const { read } = haloWith(dated, all);
    expect(await read(days, { from: 5 })).toBe('ignored');
    expect(await read(days, { from: 5 }, { page: 2 })).toBe('ignored');
  });
});

describe('a switch', () => {
  const open: Doubt = {
    test: (row) => row.closed !== true,
    proof: { given: { open_only: true }, without: { open_only: undefined } },
    lenient: false,
  };
  const byOpen = (row: Row, query: Query) => (query.open_only !== true || row.closed !== true) && byClient(row, query);
  const tickets: Row[] = [1, 2, 3, 4, 5, 6].map((id) => ({ id, client_id: id < 4 ? 7 : 8, closed: id === 6 }));

  test('is obeyed where more rows are counted without it; one request more, once', async () => {
    const { read, asked } = haloWith(tickets, byOpen);
    expect(await read(open, { open_only: true })).toBe('obeyed');
    expect(await read(open, { open_only: true }, { page: 2 })).toBe('obeyed');
    expect(asked.map((query) => query.open_only)).toEqual([true, undefined, true]);
  });

  test('is not proved by rows that all fit: as many are counted without it', async () => {
    const { read } = haloWith(tickets, byClient);
    expect(await read(open, { open_only: true })).toBe('unknown');
  });

  test('that changes nothing for one client is proved by all of them', async () => {
    const { read, asked } = haloWith(tickets, byOpen);
    expect(await read(open, { open_only: true, client_id: 7 })).toBe('obeyed');
    expect(asked.map(({ client_id: id, open_only: on }) => [id, on])).toEqual([
      [7, true],
      [7, undefined],
      [undefined, true],
      [undefined, undefined],
    ]);
  });
});

test('of many filters that a plugin makes up the oldest are forgotten', () => {
  const learned = new Learned(() => 0);
  for (let at = 0; at <= 1000; at += 1) learned.learn(`/Site ${at}`, 'obeyed');
  expect([learned.verdict('/Site 0'), learned.verdict('/Site 1'), learned.verdict('/Site 1000')]).toEqual([
    undefined,
    'obeyed',
    'obeyed',
  ]);
});
