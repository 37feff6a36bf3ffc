import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readArguments } from '../../../core/call/arguments.js';
import { HaloError } from '../../../core/errors.js';
import type { Row } from '../../../core/halo/pages.js';
import { column } from '../../../core/make/column.js';
import { filter } from '../../../core/make/filter.js';
import { type ListDescription, listTool } from '../../../core/make/list.js';
import { failure } from '../halo/fake.js';
import { fakeContext, listed, pagedList, walkOf } from './fake.js';

const tickets: ListDescription = {
  name: 'list_tickets',
  title: 'List tickets',
  description: 'Tickets.',
  scopes: ['read:tickets'],
  from: { path: '/Tickets', key: 'tickets', query: { includestatus: true } },
  filters: {
    search: filter.search(),
    client: filter.client(),
    team: filter.lookup('team', 'team', { param: 'team', field: 'team_id' }),
    open: filter.flag('open_only', { test: (row) => row.closed !== true }),
    days: filter.days({ field: 'day', query: (from, to) => ({ startdate: from, enddate: to }) }),
    order: filter.order({ id: 'id', date: 'dateoccurred' }, 'date'),
  },
  columns: { id: column.id(), summary: column.foreign('summary'), client_id: column.ref('client_id') },
  more: { hours: { ...column.number('timetaken'), query: { includetimetaken: true } }, site: column.text('site_name') },
  hint: 'Closed tickets are listed, too.',
};
const tool = listTool(tickets);
const rows = (many: number): Row[] => Array.from({ length: many }, (_, n) => ({ id: n + 1, summary: `No ${n + 1}` }));
const ids = (some: readonly Row[]) => some.map(({ id }) => id);
const only = (args: Record<string, unknown>, some: Row[] = rows(3)) => {
  const fake = fakeContext({ '/Tickets': pagedList(some) });
  return { fake, answer: listed(tool, fake, args) };
};

describe('arguments', () => {
  test('an unknown one is an error that names it, the nearest one and the list', async () => {
    const { code, line } = await failure((async () => readArguments(tool, { serch: 'x' }))());
    expect(code).toBe('BAD_ARGUMENTS');
    expect(line).toBe(
      'BAD_ARGUMENTS: There is no argument "serch". Did you mean "search"? list_tickets takes: search, client_id, ' +
        'client_name, team, open_only, from, to, order_by, descending, page, page_size, columns.',
    );
  });

  test.each<[Record<string, unknown>, string]>([
    [{ page: 0 }, '"page" must be at least 1'],
    [{ page_size: 101 }, '"page_size" must be at most 100'],
    [{ client_id: '7 or 8' }, '"client_id" must be a whole number, not "7 or 8"'],
    [{ client_id: 1.5 }, '"client_id"'],
    [{ client_id: -1 }, '"client_id"'],
    [{ team: true }, '"team" must be an id (a whole number) or a name'],
    [{ open_only: 'yes' }, '"open_only" must be true or false'],
    [{ columns: ['hourz'] }, '"columns" must be one of hours, site, not "hourz"'],
    [{ from: '2026-02-30' }, '"from" must be a day such as 2026-11-28'],
    [{ from: '2026-13-01' }, '"from" must be a day such as 2026-11-28'],
    [{ from: '01/02/2026' }, '"from" must be a day'],
    [{ to: '2026-2-1' }, '"to" must be a day'],
    [{ order_by: 'colour' }, '"order_by" must be one of id, date'],
  ])('%o is told: %s', async (args, sentence) => {
    expect((await failure((async () => readArguments(tool, args))())).line).toContain(sentence);
  });

  test.each(['2026-02-28', '2028-02-29', '2026-12-31'])('%s is a day', (from) => {
    expect(() => readArguments(tool, { from })).not.toThrow();
  });

  test('"to" before "from" is an error, the same day is not', async () => {
    const { line } = await failure(only({ from: '2026-05-02', to: '2026-05-01' }).answer);
    expect(line).toBe('BAD_ARGUMENTS: "to" (2026-05-01) is before "from" (2026-05-02). Swap them.');
    await only({ from: '2026-05-01', to: '2026-05-01' }, []).answer;
  });
});

describe('what Halo is asked', () => {
  test('one page, with the fixed query, the filters that were given and nothing of the others', async () => {
    const { fake, answer } = only({ search: 'x y', client_id: 7, page: 1, page_size: 2, order_by: 'id' }, []);
    await answer;
    expect(fake.asked).toEqual([
      {
        path: '/Tickets',
        query: {
          includestatus: true,
          search: 'x y',
          client_id: 7,
          order: 'id',
          pageinate: true,
          page_no: 1,
          page_size: 2,
        },
      },
    ]);
  });

  test.each<[Record<string, unknown>, object]>([
    [{ open_only: true }, { open_only: true }],
    [{ descending: true }, { order: 'dateoccurred', orderdesc: true }],
    [{ descending: false }, { order: 'dateoccurred' }],
    [{ from: '2026-05-01' }, { startdate: '2026-05-01', enddate: undefined }],
  ])('the arguments %o become the query %o', async (args, query) => {
    const { fake, answer } = only(args, []);
    await answer;
    expect(fake.asked[0]?.query).toMatchObject(query);
    expect(JSON.stringify(fake.asked[0]?.query)).not.toMatch(/":(false|1)[,}].*open_only|orderdesc":false/);
  });

  test('columns on demand bring their own query, and are shown with the others', async () => {
    const some = [{ id: 1, summary: 'a', timetaken: 1.239, site_name: 'HQ' }];
    const bare = only({}, some);
    expect((await bare.answer).items).toEqual([{ id: 1, summary: 'a' }]);
    expect(bare.fake.asked[0]?.query).not.toHaveProperty('includetimetaken');
    const more = only({ columns: ['hours'] }, some);
    expect((await more.answer).items).toEqual([{ id: 1, summary: 'a', hours: 1.24 }]);
    expect(more.fake.asked[0]?.query).toMatchObject({ includetimetaken: true });
  });
});

describe('pages', () => {
  test('the envelope says where it stands', async () => {
    expect(await only({ page_size: 2 }).answer).toMatchObject({ page: 1, page_size: 2, total: 3, next_page: 2 });
    expect(await only({ page_size: 2, page: 2 }).answer).toMatchObject({ page: 2, total: 3, next_page: null });
  });

  test.each<[string, Record<string, unknown>, unknown[], boolean]>([
    ['ids', { order_by: 'id' }, [1, 2, 5, 9], true],
    ['ids', { order_by: 'id', descending: true }, [9, 5, 2, 1], true],
    ['ids that come as text', { order_by: 'id' }, ['2', '10', '11'], true],
    ['ids', { order_by: 'id' }, [1, 3, 2], false],
    ['ids', { order_by: 'id', descending: true }, [1, 2, 3], false],
    ['days', { order_by: 'date' }, ['2026-01-02T00:00:00', null, '2026-01-02T00:00:01', 'soon', '2026-03-01'], true],
    ['days', { descending: true }, ['2026-03-01', '2026-01-02'], true],
    ['days', { descending: true }, ['2026-01-02', '2026-03-01'], false],
    ['days', { order_by: 'date' }, ['2026-01-02T09:00:00+02:00', '2026-01-02T08:00:00Z'], true],
    ['days', { order_by: 'date' }, ['2026-01-02T09:00:00-02:00', '2026-01-02T10:00:00Z'], false],
    ['days that nobody asked to sort', {}, ['2026-03-01', '2026-01-02', '2026-02-01'], true],
  ])('rows that Halo did not sort as asked are told: %s, %j, %j', async (_, args, values, sorted) => {
    const field = _ === 'days' || args.order_by === undefined ? 'dateoccurred' : 'id';
    const some = values.map((value, at) => ({ id: at + 1, [field]: value }));
    const { hint } = await only(args, some).answer;
    if (sorted) expect(hint).toBeUndefined();
    else
      expect(hint).toMatch(/^Halo did not sort by (id|date)(, descending,)? as asked: what should come first may be/);
  });

  test.each([7, 50, 100])('a walk under a cap of %i meets each row once, whatever the size', async (cap) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(260), fc.integer({ min: 1, max: 100 }), async (many, size) => {
        const fake = fakeContext({ '/Tickets': pagedList(rows(many), { cap }) });
        const pages = await walkOf(tool, fake, { page_size: size });
        expect(pages.flatMap(({ items }) => ids(items))).toEqual(ids(rows(many)));
        for (const { total } of pages) expect(total).toBe(many);
      }),
      { numRuns: 25 },
    );
  });

  test('an empty list says why it may be empty and what to try', async () => {
    expect((await only({}, []).answer).hint).toBe('Halo shows this login no tickets. Closed tickets are listed, too.');
    expect((await only({ search: 'x', open_only: true }, []).answer).hint).toBe(
      'No tickets match search, open_only: widen or leave out one of them. Closed tickets are listed, too.',
    );
    expect((await only({ search: 'x' }, []).answer).hint).toMatch(
      /^No tickets match search: widen it or leave it out\./,
    );
    expect((await only({ page: 9 }).answer).hint).toBe('Page 9 is past the end; ask for page 1.');
    expect(await only({}).answer).not.toHaveProperty('hint');
  });
});

describe('an empty list by an id', () => {
  const hintOf = async (args: Record<string, unknown>) => {
    const clients = pagedList([{ id: 8, name: 'Contoso' }], { key: 'clients' });
    const fake = fakeContext(
      { '/Tickets': pagedList([]), '/Client': clients },
      { team: [{ id: 4, name: '1st Line' }] },
    );
    const { hint } = await listed(tool, fake, args);
    return { hint, asked: fake.asked.map(({ path }) => path) };
  };

  test('says that there may be nothing of that id, without asking Halo', async () => {
    const { hint, asked } = await hintOf({ client_id: 99_999 });
    expect(hint).toBe(
      'No tickets match client_id: leave it out, or check that there is a client 99999. Closed tickets are listed, too.',
    );
    expect(asked).not.toContain('/Client');
  });

  test('names each id that nothing is known of, and none that is known by its name', async () => {
    expect((await hintOf({ client_id: 9, team: 77 })).hint).toMatch(
      /match client_id, team: widen or leave out one of them, or check that there is a client 9 and a team 77\./,
    );
    for (const known of [{ client_name: 'Contoso' }, { team: 4 }])
      expect((await hintOf(known)).hint).toMatch(/: widen it or leave it out\./);
  });
});

test('a column that is shown anyway may be asked for', async () => {
  const some = [{ id: 1, summary: 'No 1', client_id: 7, timetaken: 2 }];
  const { items } = await only(readArguments(tool, { columns: ['id', 'hours', 'client_id'] }), some).answer;
  expect(items).toEqual([{ id: 1, summary: 'No 1', client_id: 7, hours: 2 }]);
  expect((await only(readArguments(tool, { columns: 'id' }), some).answer).items).toEqual([
    { id: 1, summary: 'No 1', client_id: 7 },
  ]);
});

describe('filters that Halo ignores', () => {
  test.each<[string, Record<string, unknown>, Row]>([
    ['client', { client_id: 7 }, { client_id: 8 }],
    ['open_only', { open_only: true }, { closed: true }],
    ['team', { team: 4 }, { team_id: 5 }],
  ])('%s: an error and no answer', async (label, args, wrong) => {
    const { code, line } = await failure(only(args, [{ id: 1 }, { id: 2, ...wrong }]).answer);
    expect(code).toBe('HALO_FILTER_IGNORED');
    expect(line).toContain(`Halo ignored the filter "${label}" and sent other rows, so there is no true answer.`);
  });

  test('a row that says 7.0 or "7" is right', async () => {
    const some = [
      { id: 2, client_id: 7.0 },
      { id: 3, client_id: '7' },
    ];
    expect(await only({ client_id: 7 }, some).answer).toMatchObject({ total: 2, next_page: null });
  });
});

describe('days', () => {
  const dated = (days: readonly string[]): Row[] => days.map((day, n) => ({ id: n + 1, day: `${day}T08:30:00` }));
  const inside = (row: Row, from: unknown, to: unknown) => {
    const day = String(row.day).slice(0, 10);
    return (from === undefined || day >= String(from)) && (to === undefined || day <= String(to));
  };
  const haloWith = (some: readonly Row[], obeys: { from: boolean; to: boolean }) =>
    fakeContext({
      '/Tickets': pagedList(some, {
        narrow: (row, { startdate, enddate }) =>
          inside(row, obeys.from ? startdate : undefined, obeys.to ? enddate : undefined),
      }),
    });
  const may = Array.from({ length: 31 }, (_, n) => `2026-05-${String(31 - n).padStart(2, '0')}`);

  test('where Halo obeys, its own count is the total', async () => {
    const fake = haloWith(dated(may), { from: true, to: true });
    const got = await listed(tool, fake, { from: '2026-05-11', to: '2026-05-30', page_size: 5 });
    expect(got).toMatchObject({ total: 20, next_page: 2 });
  });

  test('where Halo ignores them they hold all the same, and no count of other rows is shown', async () => {
    for (const obeys of [
      { from: false, to: false },
      { from: true, to: false },
      { from: false, to: true },
    ]) {
      const fake = haloWith(dated(may), obeys);
      const pages = await walkOf(tool, fake, { from: '2026-05-11', to: '2026-05-30', page_size: 5 });
      expect(pages.flatMap(({ items }) => ids(items))).toEqual(Array.from({ length: 20 }, (_, n) => n + 2));
      for (const { total } of pages) expect([null, 20]).toContain(total);
    }
  });

  test('a first page that looks right proves nothing: the total is not that of the whole tenant', async () => {
    const months = Array.from({ length: 12 }, (_, n) =>
      may.map((day) => day.replace('-05-', `-${12 - n}-`.padStart(4, '-0'))),
    ).flat();
    const fake = haloWith(dated(months), { from: false, to: false });
    expect((await listed(tool, fake, { from: '2026-12-01', page_size: 5 })).total).toBeNull();
  });

  test('whatever Halo does with them, a walk meets each row of the days once, and no total is wrong', async () => {
    const day = fc.integer({ min: 1, max: 31 }).map((n) => `2026-05-${String(n).padStart(2, '0')}`);
    const setting = fc.record({
      days: fc.array(day, { maxLength: 60 }),
      from: fc.option(day, { nil: undefined }),
      to: fc.option(day, { nil: undefined }),
      obeys: fc.record({ from: fc.boolean(), to: fc.boolean() }),
      size: fc.integer({ min: 1, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(setting, async ({ days, from, to, obeys, size }) => {
        fc.pre(from === undefined || to === undefined || from <= to);
        const some = dated(days);
        const wanted = some.filter((row) => inside(row, from, to));
        const pages = await walkOf(tool, haloWith(some, obeys), { from, to, page_size: size });
        expect(pages.flatMap(({ items }) => ids(items))).toEqual(ids(wanted));
        for (const { total } of pages) expect([null, wanted.length]).toContain(total);
      }),
      { numRuns: 150 },
    );
  });

  test('a row without a date is in no days', async () => {
    const some = [{ id: 1, day: '1900-01-01T00:00:00' }, { id: 2 }, { id: 3, day: '2026-05-02' }];
    const fake = fakeContext({ '/Tickets': pagedList(some) });
    expect(ids((await listed(tool, fake, { from: '2026-05-01' })).items)).toEqual([3]);
  });
});

describe('what Halo can not filter is chosen here', () => {
  const contracts = listTool({
    name: 'list_contracts',
    title: 'List contracts',
    description: 'Contracts.',
    scopes: ['read:contracts'],
    from: { path: '/ClientContract', key: 'contracts' },
    filters: {
      status: filter.choice('status', ['active', 'expired', 'all'], 'active', (row, value) => row.state === value),
    },
    columns: { id: column.id() },
    passOver: { test: (row) => row.void === true, label: 'voided' },
  });
  const contractsIn = (some: readonly Row[], cap = 100) =>
    fakeContext({ '/ClientContract': pagedList(some, { key: 'contracts', cap }) });
  const state = (n: number) => (n % 3 === 0 ? 'expired' : 'active');
  const mixed = (many: number): Row[] => Array.from({ length: many }, (_, n) => ({ id: n + 1, state: state(n) }));

  test('the page counts matching rows; the total is told where the walk was whole, and null else', async () => {
    const fake = contractsIn(mixed(150));
    const pages = await walkOf(contracts, fake, { page_size: 40 });
    expect(pages.map(({ items, total, next_page: next }) => [items.length, total, next])).toEqual([
      [40, null, 2],
      [40, 100, 3],
      [20, 100, null],
    ]);
  });

  test('it stops when the page is full', async () => {
    const fake = contractsIn(mixed(1000));
    await listed(contracts, fake, { page_size: 10 });
    expect(fake.asked).toHaveLength(1);
  });

  test('a walk meets each matching row once, and the last page says null', async () => {
    const some = fc.array(fc.record({ state: fc.constantFrom('active', 'expired'), void: fc.boolean() }), {
      maxLength: 230,
    });
    await fc.assert(
      fc.asyncProperty(
        some,
        fc.integer({ min: 1, max: 100 }),
        fc.constantFrom('active', 'expired', 'all'),
        fc.constantFrom(7, 50, 100),
        async (plain, size, status, cap) => {
          const all = plain.map((row, n) => ({ ...row, id: n + 1 }));
          const wanted = all.filter((row) => !row.void && (status === 'all' || row.state === status));
          const pages = await walkOf(contracts, contractsIn(all, cap), { status, page_size: size });
          expect(pages.flatMap(({ items }) => ids(items))).toEqual(ids(wanted));
          for (const { items, page_size: shown, next_page: next } of pages) {
            expect(shown).toBe(size);
            if (next !== null) expect(items).toHaveLength(size);
          }
          for (const { total } of pages) expect([null, wanted.length]).toContain(total);
          expect(pages.at(-1)).toMatchObject({ total: wanted.length, next_page: null });
        },
      ),
      { numRuns: 80 },
    );
  });

  test('the header tells how many were passed over', async () => {
    const some = [
      { id: 1, state: 'active' },
      { id: 2, state: 'active', void: true },
    ];
    const got = await listed(contracts, contractsIn(some));
    expect(got).toMatchObject({ total: 1, _passed_over: 1 });
    expect(contracts.text?.({ ...got }, {}).head).toContain('1 passed over (voided)');
  });

  test('rows that Halo counts and does not serve leave the total unknown, and that is said', async () => {
    const fake = fakeContext({
      '/ClientContract': ({ page_no: page }) => ({
        page_no: page,
        record_count: 150,
        contracts: page === 1 ? mixed(100) : [],
      }),
    });
    const got = await listed(contracts, fake, { status: 'all', page_size: 100 });
    expect([got.total, got.hint]).toEqual([
      null,
      'Halo counts 150 rows and served 100 of them: the list is not complete.',
    ]);
  });

  test.each<[string, (row: Row) => Row, (some: Row[]) => Row[], number]>([
    ['leaves the first page', (row) => row, (some) => some.slice(1), 149],
    ['comes to the first page', (row) => row, (some) => [{ id: 999, state: 'active' }, ...some], 150],
    [
      'comes to it, ids being text by then',
      (row) => ({ ...row, id: `${row.id}` }),
      (some) => [{ id: 0.5 }, ...some],
      150,
    ],
  ])('a row that %s during the walk moves the others: no total, and that is said', async (_, sent, changed, served) => {
    const fake = fakeContext({
      '/ClientContract': ({ page_no: page }) => {
        const now = page === 1 ? mixed(150) : changed(mixed(150));
        const some = now.slice((Number(page) - 1) * 100, Number(page) * 100);
        return { page_no: page, record_count: now.length, contracts: page === 1 ? some : some.map(sent) };
      },
    });
    const got = await listed(contracts, fake, { status: 'all', page_size: 100, page: 2 });
    expect([got.items.length, got.total]).toEqual([served - 100, null]);
    expect(got.hint).toMatch(`rows and served ${served} of them: the list is not complete.`);
  });

  test('the same page again and again ends the walk, and is reported', async () => {
    const fake = fakeContext({
      '/ClientContract': ({ page_no: page }) => ({ page_no: page, record_count: 717, contracts: mixed(100) }),
    });
    const got = await listed(contracts, fake, { status: 'expired', page_size: 100 });
    expect(got).toMatchObject({ total: null, next_page: null });
    expect(got.hint).toContain('Halo counts 717 rows and served 100 of them');
    expect(fake.asked.length).toBeLessThan(4);
  });

  test('rows without ids are counted as well', async () => {
    const fake = contractsIn(mixed(130).map(({ state: kept }) => ({ state: kept })));
    const loose = listTool({
      ...tickets,
      name: 'list_loose',
      from: { path: '/ClientContract', key: 'contracts' },
      filters: {
        status: filter.choice(
          'status',
          ['active', 'all'],
          'all',
          (row) => row.state === 'active',
          () => ({}),
        ),
      },
      columns: { state: column.text('state') },
      passOver: { test: () => false },
    });
    expect(await listed(loose, fake, { page_size: 100, page: 2 })).toMatchObject({ total: 130, next_page: null });
  });

  test('beyond 40 pages it stops and says so', async () => {
    const fake = contractsIn(Array.from({ length: 4500 }, (_, n) => ({ id: n + 1, state: 'expired' })));
    const got = await listed(contracts, fake);
    expect(got).toMatchObject({ items: [], total: null, next_page: null });
    expect(got.hint).toContain('Looked through 4000 of 4500 rows only');
    expect(fake.asked).toHaveLength(40);
  });
});

describe('lists that Halo gives at once', () => {
  const agents = listTool({
    ...tickets,
    name: 'list_agents',
    from: { path: '/Agent', key: 'results', paged: false },
    filters: { inactive: filter.inactive() },
    columns: { id: column.id() },
    more: {},
  });

  test.each([1, 2, 3])('the page is cut here: page %i', async (page) => {
    const fake = fakeContext({ '/Agent': () => ({ results: [...rows(24), { id: 99, inactive: true }] }) });
    const got = await listed(agents, fake, { page, page_size: 10 });
    expect(ids(got.items)).toEqual(ids(rows(24)).slice((page - 1) * 10, page * 10));
    expect(got).toMatchObject({ total: 24, next_page: page === 3 ? null : page + 1 });
    expect(fake.asked).toHaveLength(1);
    expect(fake.asked[0]?.query).not.toHaveProperty('pageinate');
  });

  test.each<[string, unknown, string]>([
    ['counts more', { record_count: 120, results: rows(50) }, 'Halo counts 120 rows and served 50'],
    ['counts what it sends', { record_count: 50, results: rows(50) }, 'as many as it is known to stop at'],
    ['sends something that is not a row', [...rows(2), null], "1 of the 3 rows that Halo sent can't be read"],
  ])('where Halo %s, no total is claimed and the last page says why', async (_, body, why) => {
    const got = await listed(agents, fakeContext({ '/Agent': () => body }), { page_size: 50 });
    expect(got).toMatchObject({ total: null, next_page: null, hint: expect.stringContaining(why) });
  });

  test('where Halo pages them after all, they are read to the end', async () => {
    const answer = ({ page_no }: { page_no?: unknown }) => {
      const page = Number(page_no ?? 1);
      return { record_count: 120, results: rows(120).slice((page - 1) * 50, page * 50) };
    };
    const got = await listed(agents, fakeContext({ '/Agent': answer }), { page: 5 });
    expect(got).toMatchObject({
      items: rows(120)
        .slice(100)
        .map(({ id }) => ({ id })),
      total: 120,
    });
  });

  const actions = listTool({
    ...tickets,
    name: 'list_actions',
    from: { path: '/Actions', key: 'actions', paged: 'count' },
    filters: {
      billable: {
        args: filter.flag('billable_only').args,
        resolve: ({ billable_only: on }) =>
          on === true ? { test: (row) => row.billable === true, mode: 'here' } : undefined,
      },
    },
    columns: { id: column.id() },
    more: {},
  });
  const actionsIn = (some: readonly Row[], cap = Number.POSITIVE_INFINITY) =>
    fakeContext({ '/Actions': ({ count }) => ({ actions: some.slice(0, Math.min(Number(count), cap)) }) });

  test('by a count that grows until the page is full: a walk meets each row once', async () => {
    const some = Array.from({ length: 3000 }, (_, n) => ({ id: n + 1, billable: n % 40 === 39 }));
    const pages = await walkOf(actions, actionsIn(some), { billable_only: true, page_size: 30 });
    expect(pages.flatMap(({ items }) => ids(items))).toEqual(ids(some.filter(({ billable }) => billable)));
    expect(pages.at(-1)).toMatchObject({ total: 75, next_page: null });
  });

  test('the only match lies far behind: it is found', async () => {
    const some = Array.from({ length: 700 }, (_, n) => ({ id: n + 1, billable: n === 699 }));
    const fake = actionsIn(some);
    expect(await listed(actions, fake, { billable_only: true })).toMatchObject({ items: [{ id: 700 }], total: 1 });
    expect(fake.asked.map(({ query }) => query.count)).toEqual([500, 2000]);
  });

  test.each([
    ['of Halo itself', 500],
    ['of ours', Number.POSITIVE_INFINITY],
  ])('where a cap %s ends it, no total is claimed', async (_, cap) => {
    const got = await listed(actions, actionsIn(rows(9000), cap), { billable_only: true });
    expect(got).toMatchObject({ items: [], total: null, next_page: null });
    expect(got.hint).toMatch(/Looked through \d+ rows only; there may be more\./);
  });
});

describe('inactive rows', () => {
  const clients = listTool({
    ...tickets,
    name: 'list_clients',
    from: { path: '/Client', key: 'clients' },
    filters: { inactive: filter.inactive() },
    columns: { id: column.id(), inactive: column.flag('inactive') },
    more: {},
  });
  const some = Array.from({ length: 30 }, (_, n) => ({ id: n + 1, inactive: n % 5 === 0 }));
  const haloThat = (leavesOut: boolean) =>
    fakeContext({
      '/Client': pagedList(some, {
        key: 'clients',
        narrow: (row, query) => !leavesOut || query.includeinactive === true || row.inactive !== true,
      }),
    });

  test.each([true, false])(
    'are left out unless asked for, whether or not Halo leaves them out (%s)',
    async (leavesOut) => {
      const pages = await walkOf(clients, haloThat(leavesOut), { page_size: 7 });
      expect(pages.flatMap(({ items }) => ids(items))).toEqual(ids(some.filter(({ inactive }) => !inactive)));
      for (const { total } of pages) expect([null, 24]).toContain(total);
      const all = await listed(clients, haloThat(leavesOut), { include_inactive: true, page_size: 50 });
      expect(all).toMatchObject({ total: 30 });
      expect(all.items[0]).toEqual({ id: 1, inactive: true });
    },
  );
});

test('an error of Halo is the error of the tool', async () => {
  const fake = fakeContext({
    '/Tickets': () => {
      throw new HaloError('HALO_UNAVAILABLE', 'down');
    },
  });
  expect((await failure(listed(tool, fake))).code).toBe('HALO_UNAVAILABLE');
});

test('scopes that only some filters use are optional', () => {
  expect(tool.optionalScopes).toEqual(['read:customers']);
  expect(listTool({ ...tickets, scopes: ['read:tickets', 'read:customers'] }).optionalScopes).toBeUndefined();
});
