import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HaloError } from '../../../core/errors.js';
import type { Query } from '../../../core/halo/client.js';
import type { Row } from '../../../core/halo/pages.js';
import { NO_ID } from '../../../core/halo/proof.js';
import { column } from '../../../core/make/column.js';
import { filter } from '../../../core/make/filter.js';
import { type ListDescription, listTool } from '../../../core/make/list.js';
import { failure } from '../halo/fake.js';
import { fakeContext, type Listed, listed, pagedList, walkOf } from './fake.js';

const described: ListDescription = {
  name: 'list_tickets',
  title: 'List tickets',
  description: 'Tickets.',
  scopes: ['read:tickets'],
  from: { path: '/Tickets', key: 'tickets', query: { includestatus: true } },
  filters: {
    client: filter.client(),
    site: filter.id('site_id'),
    agent: filter.lookup('agent', 'agent', { param: 'agent_id', field: 'agent_id', looser: true }),
    team: filter.lookup('team', 'team', { param: 'team', field: 'team_id', nameField: 'team' }),
    open: filter.open(),
    inactive: filter.inactive(),
  },
  columns: { id: column.id() },
};
const tickets = listTool(described);
const LOOKUPS = { team: [{ id: 4, name: '1st Line' }], agent: [{ id: 3, name: 'Alice' }] };

/** What Halo's filter lets through if it is obeyed. */
const FILTERS: Record<string, (row: Row, query: Query) => boolean> = {
  client_id: (row, { client_id: id }) => id === undefined || row.client_id === id,
  site_id: (row, { site_id: id }) => id === undefined || row.site_id === id,
  team: (row, { team: id }) => id === undefined || row.team_id === id,
  open_only: (row, { open_only: on }) => on !== true || row.status_id !== 9,
  // The agent's whole queue, including what is unassigned.
  agent_id: (row, { agent_id: id }) => id === undefined || row.agent_id === id || (id === 3 && row.agent_id === 1),
  includeinactive: (row, { includeinactive: on }) => on === true || row.inactive !== true,
};
const haloWith = (
  rows: readonly Row[],
  ignores: readonly string[] = [],
  refuses: (query: Query) => boolean = () => false,
) => {
  const obeyed = Object.keys(FILTERS).filter((name) => !ignores.includes(name));
  const answer = pagedList(rows, { narrow: (row, query) => obeyed.every((name) => FILTERS[name]?.(row, query)) });
  return fakeContext(
    {
      '/Tickets': (query) => {
        if (refuses(query)) throw new HaloError('HALO_REQUEST_REFUSED', 'no');
        return answer(query);
      },
    },
    LOOKUPS,
  );
};
const rows = (many: number, more: (at: number) => Row): Row[] =>
  Array.from({ length: many }, (_, at) => ({
    ...{ id: at + 1, client_id: 7, site_id: 5, team_id: 4, agent_id: 3, status_id: 1, inactive: false },
    ...more(at),
  }));
const ids = ({ items }: Pick<Listed, 'items'>) => items.map(({ id }) => id);
const upTo = (last: number, from = 1) => Array.from({ length: last - from + 1 }, (_, at) => at + from);

/** A filter, and rows, the first 30 of which fit. */
const CASES: readonly [string, Record<string, unknown>, Row][] = [
  ['client_id', { client_id: 7 }, { client_id: 8 }],
  ['site_id', { site_id: 5 }, { site_id: 6 }],
  ['team', { team: 4 }, { team_id: 5 }],
  ['open_only', { open_only: true }, { status_id: 9 }],
  ['includeinactive', {}, { inactive: true }],
];

describe('30 rows of 730 fit, and they come first', () => {
  const some = (other: Row) => rows(730, (at) => (at < 30 ? {} : other));
  /** An inactive one, as every tenant has. Lists leave those out, which also takes a proof. */
  const healthy = (other: Row) => [...some(other), ...rows(1, () => ({ id: 731, inactive: true }))];

  test.each(CASES)(
    '%s, which Halo obeys: its count is the total, for one request more in a day',
    async (_, args, other) => {
      const fake = haloWith(healthy(other));
      expect(await listed(tickets, fake, { ...args, page_size: 1 })).toMatchObject({ total: 30, next_page: 2 });
      const asked = fake.asked.length;
      // Inactive rows are left out of every list, which takes its own proof.
      expect(asked).toBeLessThanOrEqual(3);
      const later = await listed(tickets, fake, { ...args, page_size: 5, page: 2 });
      expect([ids(later), later.total, later.hint]).toEqual([upTo(10, 6), 30, undefined]);
      expect(fake.asked).toHaveLength(asked + 1);
    },
  );

  test.each(CASES)('%s, which Halo ignores: never its count', async (name, args, other) => {
    const fake = haloWith(some(other), [name]);
    const pages = await walkOf(tickets, fake, { ...args, page_size: 8 });
    expect(pages.flatMap(ids)).toEqual(upTo(30));
    for (const { total } of pages) expect([null, 30]).toContain(total);
    expect(pages.at(-1)?.total).toBe(30);
  });

  test.each(CASES)(
    '%s, and the proof is refused: counted here, and a longer list says why it can not be',
    async (name, args, other) => {
      const isProof = (query: Query) =>
        Object.values(query).includes(NO_ID) ||
        query.page_size === 1 ||
        (name === 'open_only' && query.open_only !== true);
      const short = await listed(tickets, haloWith(some(other), [name], isProof), { ...args, page_size: 8 });
      expect([ids(short), short.next_page]).toEqual([upTo(8), 2]);
      // That Halo sends inactive rows is seen on the way, and then as many are looked at as the page needs.
      expect(short.total).toBe(name === 'includeinactive' ? null : 30);
      const long = rows(2000, (at) => (at < 30 ? {} : other));
      const got = await listed(tickets, haloWith(long, [name], isProof), { ...args, page_size: 8 });
      expect([ids(got), got.total, got.next_page]).toEqual([upTo(8), null, 2]);
      if (name !== 'includeinactive')
        expect(got.hint).toMatch(/It could not be shown that Halo filters by "\w+", so the total is left out\./);
    },
  );
});

test('a proof that fails, and a walk that fails after it: the page that came stands, without a total', async () => {
  let asked = 0;
  const fake = haloWith(
    rows(60, () => ({})),
    [],
    () => {
      asked += 1;
      return asked > 1;
    },
  );
  const got = await listed(tickets, fake, { client_id: 7 });
  expect([ids(got), got.total, got.next_page]).toEqual([upTo(25), null, 2]);
  expect(got.hint).toContain('could not be shown');
});

describe('rows without the field of a filter', () => {
  const { site_id: _, ...bare } = rows(1, () => ({}))[0] ?? {};
  const some: Row[] = [1, 2, 3, 4].map((id) => ({ ...bare, id, ...(id === 1 && { site_id: 99 }) }));
  /** Halo knows where the rows belong but does not say so. */
  const knowing = (query: Query) => query.site_id === undefined || query.site_id === 99;

  test('count where Halo is shown to filter', async () => {
    const fake = fakeContext({ '/Tickets': pagedList(some, { narrow: (_row, query) => knowing(query) }) });
    expect(await listed(tickets, fake, { site_id: 99 })).toMatchObject({ total: 4, next_page: null });
  });

  test('are left out and told where Halo ignores it, and an error where no row says anything', async () => {
    const got = await listed(tickets, haloWith(some, ['site_id']), { site_id: 99 });
    expect([ids(got), got.total]).toEqual([[1], null]);
    expect(got.hint).toBe('3 rows do not say whether they fit "site_id", and are left out.');
    expect((await failure(listed(tickets, haloWith(some.slice(1), ['site_id']), { site_id: 99 }))).code).toBe(
      'HALO_FILTER_IGNORED',
    );
  });

  test('are left out and reported if it is unknown', async () => {
    const fake = haloWith(some, ['site_id'], (query) => query.site_id === NO_ID);
    const got = await listed(tickets, fake, { site_id: 99 });
    expect([ids(got), got.total]).toEqual([[1], null]);
    expect(got.hint).toBe('3 rows do not say whether they fit "site_id", and are left out.');
  });

  test('and no row has it: an empty list says that it is not sure', async () => {
    const fake = haloWith(some.slice(1, 2), ['site_id'], (query) => query.site_id === NO_ID);
    const got = await listed(tickets, fake, { site_id: 99 });
    expect([ids(got), got.total]).toEqual([[], null]);
    expect(got.hint).toBe('1 row does not say whether it fits "site_id", and is left out.');
  });
});

describe.each(['abc', {}, [3], '3,1'])('rows whose agent can not be read (%j)', (agent_id) => {
  const some = rows(8, (at) => (at > 5 ? { agent_id } : {}));
  const hint = '2 rows do not say whether they fit "agent", and are left out.';

  test('are none of other agents: no total, and that is told', async () => {
    const fake = fakeContext({ '/Tickets': pagedList(some) }, LOOKUPS);
    const got = await listed(tickets, fake, { agent: 'Alice' });
    expect([ids(got), got.total, got.hint]).toEqual([upTo(6), null, hint]);
  });

  test('so too where Halo has no such filter', async () => {
    const own = listTool({
      ...described,
      filters: { agent: filter.named('agent', { lookup: 'agent', field: 'agent_id' }) },
    });
    const got = await listed(own, fakeContext({ '/Tickets': pagedList(some) }, LOOKUPS), { agent: 3 });
    expect([ids(got), got.total, got.hint]).toEqual([upTo(6), null, hint]);
  });
});

test('three rows of a Halo that filters nothing are the whole list, and no more is asked', async () => {
  const fake = haloWith(
    rows(3, () => ({})),
    Object.keys(FILTERS),
  );
  const args = { client_id: 7, site_id: 5, team: 4, open_only: true };
  expect(await listed(tickets, fake, args)).toMatchObject({ total: 3, next_page: null });
  expect(fake.asked).toHaveLength(1);
});

describe('an open ticket that a date calls closed', () => {
  const dated = { dateclosed: '2026-10-01T09:00:00' };

  test('is listed if Halo filters, and does not prove the contrary', async () => {
    const some = rows(40, (at) => (at === 3 ? dated : at > 30 ? { status_id: 9, ...dated } : {}));
    const got = await listed(tickets, haloWith(some), { open_only: true });
    expect([ids(got), got.total, got.hint]).toEqual([upTo(25), 31, undefined]);
  });

  test('is left out and told where Halo is not shown to filter', async () => {
    const fake = haloWith(
      rows(4, (at) => (at === 3 ? { status_id: 8, ...dated } : {})),
      ['open_only'],
    );
    const got = await listed(tickets, fake, { open_only: true });
    expect([ids(got), got.total]).toEqual([[1, 2, 3], null]);
    expect(got.hint).toContain('1 row does not say whether it fits "open_only"');
  });

  test('and one that is closed by its status is an error', async () => {
    const fake = haloWith(
      rows(4, (at) => (at === 3 ? { status_id: 9 } : {})),
      ['open_only'],
    );
    expect((await failure(listed(tickets, fake, { open_only: true }))).code).toBe('HALO_FILTER_IGNORED');
  });
});

test("an agent's queue holds tickets of others: those of the agent are chosen and counted here", async () => {
  const queue = rows(150, (at) => ({ agent_id: at % 2 === 0 ? 3 : 1 }));
  const pages = await walkOf(tickets, haloWith(queue), { agent: 3, page_size: 50 });
  expect(pages.map(({ items, total }) => [items.length, total])).toEqual([
    [50, 75],
    [25, 75],
  ]);
  expect(pages.flatMap(ids)).toEqual(upTo(150).filter((id) => id % 2 === 1));
});

test("a plugin's own filter is proved like the others", async () => {
  const own = listTool({
    ...described,
    filters: {
      category: filter.custom({
        args: filter.id('category').args,
        resolve: ({ category: id }) =>
          typeof id === 'number'
            ? { query: { category_1: id }, test: (row) => row.category === id, fields: ['category'], mode: 'verify' }
            : undefined,
      }),
    },
  });
  const some = rows(60, (at) => ({ category: at < 30 ? 2 : 3 }));
  const obeying = fakeContext({
    '/Tickets': pagedList(some, { narrow: (row, { category_1: id }) => id === undefined || row.category === id }),
  });
  expect(await listed(own, obeying, { category: 2 })).toMatchObject({ total: 30, next_page: 2 });
  const ignoring = fakeContext({ '/Tickets': pagedList(some) });
  expect(await listed(own, ignoring, { category: 2 })).toMatchObject({ total: 30, next_page: 2 });
});

test('whatever Halo obeys, no total is wrong, and what comes fits', async () => {
  const row = fc.record({
    client_id: fc.constantFrom(7, 7, 7, 8, undefined),
    team_id: fc.constantFrom(4, 4, 4, 5, undefined),
    agent_id: fc.constantFrom(3, 3, 1),
    status_id: fc.constantFrom(1, 1, 9),
    inactive: fc.constantFrom(false, false, true, undefined),
  });
  const setting = fc.record({
    plain: fc.array(row, { maxLength: 130 }),
    sorted: fc.boolean(),
    ignores: fc.subarray(Object.keys(FILTERS)),
    refuses: fc.boolean(),
    args: fc.record(
      { client_id: fc.constant(7), team: fc.constant(4), agent: fc.constant(3), open_only: fc.constant(true) },
      { requiredKeys: [] },
    ),
    size: fc.integer({ min: 1, max: 60 }),
  });
  const fits = (one: Row, args: Record<string, unknown>) =>
    one.inactive !== true &&
    (args.client_id === undefined || one.client_id === 7) &&
    (args.team === undefined || one.team_id === 4) &&
    (args.agent === undefined || one.agent_id === 3) &&
    (args.open_only === undefined || one.status_id !== 9);
  await fc.assert(
    fc.asyncProperty(setting, async ({ plain, sorted, ignores, refuses, args, size }) => {
      const some = plain.map((one, at) => JSON.parse(JSON.stringify({ ...one, id: at + 1 })) as Row);
      if (sorted) some.sort((a, b) => Number(fits(b, args)) - Number(fits(a, args)));
      const wanted = some.filter((one) => fits(one, args)).map(({ id }) => id);
      const fake = haloWith(some, ignores, (query) => refuses && query.page_size === 1 && size > 1);
      try {
        const pages = await walkOf(tickets, fake, { ...args, page_size: size });
        for (const { total, hint } of pages) {
          expect([null, wanted.length]).toContain(total);
          if (total === null && pages.length === 1) expect(hint).toBeDefined();
        }
        const met = pages.flatMap(ids);
        expect(met).toEqual(met.filter((id) => wanted.includes(id as number)));
        if (pages.at(-1)?.total !== null) expect(met).toEqual(wanted);
      } catch (error) {
        expect(error).toMatchObject({ code: 'HALO_FILTER_IGNORED' });
        expect(ignores.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) },
  );
});

test('a row whose day is there and can not be read is told, and is none of a window that Halo does not filter by', async () => {
  const rows = [
    { id: 1, day: '2026-10-01T00:00:00' },
    { id: 2, day: '01.10.2026' },
  ];
  const window = filter.days({ field: 'day', query: (from, to) => ({ from, to }) });
  const applied = await window.resolve({ from: '2026-10-01', to: '2026-10-31' }, {} as never);
  expect(rows.map((row) => applied?.test?.(row))).toEqual([true, undefined]);
});

describe('what was learned of a Halo', () => {
  const list = listTool({
    ...{ name: 'list_clients', title: 'Clients', description: 'Clients.', scopes: ['read:customers'] },
    from: { path: '/Client', key: 'clients' },
    filters: { search: filter.search(), inactive: filter.inactive() },
    columns: { id: column.id(), name: column.foreign('name') },
  });
  const clients = (many: number): Row[] => Array.from({ length: many }, (_, n) => ({ id: n + 1, name: `C ${n}` }));
  /** How many requests each call took, and the total that it reported. */
  const costs = async (fake: ReturnType<typeof fakeContext>, calls: readonly Record<string, unknown>[]) => {
    const told: [number, number | null][] = [];
    for (const args of calls) {
      const before = fake.asked.length;
      const { total } = await listed(list, fake, args);
      told.push([fake.asked.length - before, total]);
    }
    return told;
  };

  test.each([40, 160, 330])(
    'no inactive client among %i: they are walked once, then a page is one request',
    async (many) => {
      const fake = fakeContext({ '/Client': pagedList(clients(many), { key: 'clients' }) });
      const [first, ...others] = await costs(fake, [{}, {}, { page: 2, page_size: 10 }]);
      expect(first?.[1]).toBe(many);
      expect(others).toEqual([
        [1, many],
        [1, many],
      ]);
    },
  );

  test('holds for five minutes, as somebody may become inactive', async () => {
    let now = 0;
    const rows = clients(160);
    const fake = fakeContext({ '/Client': (query) => pagedList(rows, { key: 'clients' })(query) }, {}, () => now);
    await costs(fake, [{}]);
    now += 301_000;
    rows[120] = { ...rows[120], inactive: true };
    expect((await costs(fake, [{}]))[0]?.[1]).not.toBe(160);
  });

  test('an inactive one that is met ends it at once', async () => {
    const rows = clients(160);
    const fake = fakeContext({ '/Client': (query) => pagedList(rows, { key: 'clients' })(query) });
    await costs(fake, [{}]);
    rows[3] = { ...rows[3], inactive: true };
    const { items, total } = await listed(list, fake, {});
    expect([items.some(({ id }) => id === 4), total]).toEqual([false, null]);
  });

  test.each(['perhaps', 2, {}])(
    'a client of which %j says whether it is inactive is shown, and that is told',
    async (odd) => {
      const rows = [...clients(3), { id: 4, name: 'Odd', inactive: odd }];
      const { items, total, hint } = await listed(
        list,
        fakeContext({ '/Client': pagedList(rows, { key: 'clients' }) }),
      );
      expect([items.map(({ id }) => id), total]).toEqual([[1, 2, 3, 4], null]);
      expect(hint).toBe('1 row does not say whether it fits "include_inactive", and is shown.');
    },
  );

  describe('a search', () => {
    const searched = (finds: (id: number, search: unknown) => boolean) => {
      const narrow = ({ id }: Row, { search }: Query) => search === undefined || finds(Number(id), search);
      return fakeContext({ '/Client': pagedList(clients(300), { key: 'clients', narrow }) });
    };
    const obeyed = () => searched((id, search) => search === 'ten' && id <= 10);
    const asked = { search: 'ten', include_inactive: true };
    const UNCHECKED =
      'Whether Halo searched could not be checked: rows that do not fit "search" may be among these, and the total is left out.';

    test('has its total where Halo is shown to search, for one question a day', async () => {
      expect(await costs(obeyed(), [asked, asked, { ...asked, page: 2, page_size: 4 }])).toEqual([
        [2, 10],
        [1, 10],
        [1, 10],
      ]);
    });

    test.each([1, 2])('that Halo ignores is no answer, page %i', async (page) => {
      const told = await failure(
        listed(
          list,
          searched(() => true),
          { ...asked, page },
        ),
      );
      expect([told.code, told.line]).toEqual(['HALO_FILTER_IGNORED', expect.stringContaining('"search"')]);
    });

    test('that finds nothing asks nothing further', async () => {
      expect(await costs(obeyed(), [{ ...asked, search: 'none' }])).toEqual([[1, 0]]);
    });

    test('of which nobody knows whether Halo obeys it shows its rows without a total, and that is told', async () => {
      const fake = fakeContext({
        '/Client': (query) => {
          if (query.search !== 'ten') throw new HaloError('HALO_REQUEST_REFUSED', 'no');
          return pagedList(clients(10), { key: 'clients' })(query);
        },
      });
      const { items, total, hint } = await listed(list, fake, asked);
      expect([items.length, total]).toEqual([10, null]);
      expect(hint).toBe(UNCHECKED);
    });

    test('that nobody can check costs a request a page, and no walk for a total that it can never have', async () => {
      const narrow = ({ id }: Row, { search }: Query) => search === undefined || Number(id) <= 190;
      const fake = fakeContext({
        '/Client': (query) => {
          if (query.search !== undefined && query.search !== 'ten') throw new HaloError('HALO_REQUEST_REFUSED', 'no');
          return pagedList(clients(300), { key: 'clients', narrow })(query);
        },
      });
      const pages = await walkOf(list, fake, { ...asked, page_size: 50 });
      expect(pages.flatMap(({ items }) => items.map(({ id }) => id))).toEqual(clients(190).map(({ id }) => id));
      for (const { total, hint } of pages) expect([total, hint]).toEqual([null, UNCHECKED]);
      // One of them is the failed proof.
      expect(fake.asked).toHaveLength(pages.length + 1);
    });

    test('that nobody can check says so beside a filter that is chosen here, of which more pages are looked through', async () => {
      const own = listTool({
        ...described,
        filters: { search: filter.search(), agent: filter.named('agent', { lookup: 'agent', field: 'agent_id' }) },
      });
      const fake = fakeContext(
        {
          '/Tickets': (query) => {
            if (query.search !== 'ten') throw new HaloError('HALO_REQUEST_REFUSED', 'no');
            return pagedList(rows(500, () => ({})))(query);
          },
        },
        LOOKUPS,
      );
      const got = await listed(own, fake, { search: 'ten', agent: 3, page_size: 5 });
      expect([ids(got), got.total, got.next_page, got.hint]).toEqual([upTo(5), null, 2, UNCHECKED]);
      expect(fake.asked).toHaveLength(2);
    });
  });

  test('a search that fits as a whole says nothing of the list', async () => {
    const rows = clients(300).map((row) => ({ ...row, inactive: Number(row.id) > 200 }));
    const narrow = ({ id }: Row, { search }: Query) => search === undefined || (search === 'x' && Number(id) <= 60);
    const fake = fakeContext({ '/Client': pagedList(rows, { key: 'clients', narrow }) });
    await costs(fake, [{ search: 'x' }, { search: 'x' }]);
    expect((await costs(fake, [{}]))[0]?.[1]).not.toBe(300);
  });
});
