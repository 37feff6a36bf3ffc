import { describe, expect, test } from 'vitest';
import type { Row } from '../../../core/halo/pages.js';
import { column } from '../../../core/make/column.js';
import { type Filter, filter } from '../../../core/make/filter.js';
import { getTool } from '../../../core/make/get.js';
import { listTool } from '../../../core/make/list.js';
import { firstOf, part } from '../../../core/make/part.js';
import { callOf, type Fake, fakeContext, listed } from './fake.js';

const AGENTS = [
  { id: 3, name: 'Ann' },
  { id: 4, name: 'Bob' },
];

const listOf = (filters: Record<string, Filter>) =>
  listTool({
    ...{ name: 'list_notes', title: 'Notes', description: 'Notes.', scopes: ['read:tickets'] },
    from: { path: '/Actions', key: 'actions', paged: false },
    filters,
    columns: { id: column.id() },
  });

const over = (rows: Row[]): Fake => fakeContext({ '/Actions': () => ({ actions: rows }) }, { agent: AGENTS });
const idsOf = async (filters: Record<string, Filter>, rows: Row[], args: Row) => {
  const fake = over(rows);
  const { items, total } = await listed(listOf(filters), fake, args);
  return { ids: items.map(({ id }) => id), total, query: fake.asked[0]?.query ?? {} };
};

describe('a filter by name or id of any list', () => {
  const rows = [{ id: 1, who: '3' }, { id: 2, who: 4 }, { id: 5 }];
  const byAgent = { agent: filter.named('agent', { lookup: 'agent', field: 'who', query: { agentonly: true } }) };
  test.each([3, 'ann'])(
    'chosen here by %j because Halo has no filter, a row that names no one is left out',
    async (agent) => {
      const { ids, total, query } = await idsOf(byAgent, rows, { agent });
      expect({ ids, total }).toEqual({ ids: [1], total: 1 });
      expect(query).toMatchObject({ agentonly: true });
    },
  );

  const byGroup = { group: filter.named('group', { param: 'group_id', field: 'group_id', nameField: 'group_name' }) };
  const grouped = [
    { id: 1, group_id: 7, group_name: 'Money' },
    { id: 2, group_id: 8, group_name: 'SLA' },
  ];
  test('an id is sent, and checked', async () => {
    const { ids, query } = await idsOf(byGroup, grouped.slice(0, 1), { group: 7 });
    expect({ ids, group: query.group_id }).toEqual({ ids: [1], group: 7 });
    await expect(idsOf(byGroup, grouped, { group: 7 })).rejects.toMatchObject({ code: 'HALO_FILTER_IGNORED' });
  });
  test('a name that no lookup knows is compared with what the rows say', async () => {
    const { ids, query } = await idsOf(byGroup, grouped, { group: 'mon' });
    expect(ids).toEqual([1]);
    expect(query).not.toHaveProperty('group_id');
  });

  test('a name that no row bears is an unknown one, if nothing else is asked for', async () => {
    await expect(idsOf(byGroup, grouped, { group: 'abc' })).rejects.toMatchObject({
      code: 'UNKNOWN_NAME',
      foreign: ['Money (7)', 'SLA (8)'],
    });
    const both = { ...byGroup, one: filter.id('one', { param: 'one', field: 'id' }) };
    expect((await idsOf(both, [{ ...grouped[0], id: 5 }], { group: 'abc', one: 5 })).ids).toEqual([]);
    expect((await idsOf(byGroup, [], { group: 'abc' })).ids).toEqual([]);
  });

  test('a row without any group of its own is left out, and no total is told', async () => {
    const { ids, total } = await idsOf(byGroup, [...grouped, { id: 3 }], { group: 'mon' });
    expect({ ids, total }).toEqual({ ids: [1], total: null });
  });

  test.each<[string, Row, number | null]>([
    ['an id and no name', { group_id: 9 }, null],
    ['a name that can not be read', { group_id: 9, group_name: { name: 'Money' } }, null],
    ['neither as 0 and blank', { group_id: 0, group_name: '' }, 1],
    ['neither as -1', { group_id: -1 }, 1],
    ['neither as null', { group_id: null, group_name: null }, 1],
  ])('the total where a row says of its group: %s', async (_, says, sum) => {
    const { ids, total } = await idsOf(byGroup, [...grouped, { id: 3, ...says }], { group: 'mon' });
    expect({ ids, total }).toEqual({ ids: [1], total: sum });
  });

  test('a row may hold several', async () => {
    const names = (row: Row) => (row.agents as { id: number | undefined; name: string }[] | undefined) ?? [];
    const both = [
      {
        id: 1,
        agents: [
          { id: 9, name: 'Cy' },
          { id: undefined, name: 'Bob' },
        ],
      },
      { id: 2 },
    ];
    const held = { agent: filter.named('agent', { lookup: 'agent', names }) };
    expect((await idsOf(held, both, { agent: 'bob' })).ids).toEqual([1]);
  });
});

test('a switch that Halo does not know is applied here, and sends nothing of itself', async () => {
  const filters = { long: filter.here('long_only', { test: ({ hours }) => Number(hours) > 1 }) };
  const rows = [
    { id: 1, hours: 2 },
    { id: 2, hours: 1 },
  ];
  expect(await idsOf(filters, rows, { long_only: true })).toMatchObject({ ids: [1], total: 1 });
  const off = await idsOf(filters, rows, {});
  expect(off.ids).toEqual([1, 2]);
  expect(off.query).not.toHaveProperty('long_only');
});

test('a search in a list that comes whole is made here', async () => {
  const rows = [
    { id: 1, name: 'Router' },
    { id: 2, note: 'new ROUTER' },
    { id: 3, other: 'router' },
  ];
  expect((await idsOf({ search: filter.searchIn(['name', 'note']) }, rows, { search: 'router' })).ids).toEqual([1, 2]);
});

test('a list parses each row once; filters and columns get what it gives', async () => {
  let read = 0;
  const tool = listTool({
    ...{ name: 'list_notes', title: 'Notes', description: 'Notes.', scopes: ['read:tickets'] },
    from: { path: '/Actions', key: 'actions', paged: false },
    filters: { even: filter.here('even_only', { test: (row: Row & { half: number }) => Number.isInteger(row.half) }) },
    columns: {
      id: column.id(),
      half: column.value(column.number('half').schema, (row: Row & { half: number }) => row.half),
    },
    read(row: Row) {
      read += 1;
      return { ...row, half: Number(row.id) / 2 };
    },
  });
  const { items } = await listed(tool, over([{ id: 1 }, { id: 2 }]), { even_only: true });
  expect({ items, read }).toEqual({ items: [{ id: 2, half: 1 }], read: 2 });
  expect(tool.source).toMatchObject({ kind: 'list', path: '/Actions', key: 'actions', also: [] });
});

describe('lists inside a record', () => {
  const tool = getTool({
    ...{ name: 'get_site', title: 'Site', description: 'One site.', scopes: ['read:customers'] },
    from: { path: '/Site' },
    input: { id: column.id().schema, include_users: column.field('x').schema.optional() },
    fields: { id: column.id() },
    parts: {
      custom_fields: part.customFields(),
      users: part.list({
        ...{ path: '/Users', key: 'users', by: 'site_id', columns: { id: column.id() } },
        ...{ most: 20, what: 'users', when: 'include_users' },
      }),
    },
  });
  const users = Array.from({ length: 30 }, (_, index) => ({ id: index + 1, site_id: 7 }));
  const fake = () =>
    fakeContext({
      '/Site/7': () => ({
        id: 7,
        customfields: [
          { name: 'CFdoor', value: 'blue' },
          { name: 'CFpassword', value: 'x' },
        ],
      }),
      '/Users': ({ page_size }) => ({ record_count: 30, users: users.slice(0, Number(page_size)) }),
    });
  test('come where they are asked for, and say how many there are', async () => {
    const asked = fake();
    expect(await callOf(tool, asked, { id: 7, include_users: true })).toEqual({
      id: 7,
      custom_fields: [{ name: 'CFdoor', value: 'blue' }],
      users: users.slice(0, 20).map(({ id }) => ({ id })),
      hint: 'The first 20 of 30 users.',
    });
    expect(asked.asked[1]?.query).toMatchObject({ site_id: 7 });
    const silent = fake();
    expect(await callOf(tool, silent, { id: 7 })).not.toHaveProperty('users');
    expect(silent.asked).toHaveLength(1);
    expect(tool.source).toMatchObject({ kind: 'record', path: '/Site', also: ['/Users'] });
  });
});

test('a custom field that is set is shown or counted', async () => {
  const tool = getTool({
    ...{ name: 'get_site', title: 'Site', description: 'One site.', scopes: ['read:customers'] },
    ...{ from: { path: '/Site' }, fields: { id: column.id() }, parts: { custom_fields: part.customFields() } },
  });
  const of = (customfields: unknown[]) =>
    callOf(tool, fakeContext({ '/Site/7': () => ({ id: 7, customfields }) }), { id: 7 });
  const shown = [
    { name: 'CFalarm', value: true },
    { name: 'CFlift', value: false },
    { name: 'CFfloors', value: 0 },
    { name: 'CFdoors', value: [1, 2], display: 'front, back' },
  ];
  const unset = [
    { name: 'CFa', value: null },
    { name: 'CFb', value: [] },
    { name: 'CFc', value: '', display: ' ' },
  ];
  const said = ['true', 'false', '0', 'front, back'];
  const custom_fields = shown.map(({ name }, at) => ({ name, value: said[at] }));
  expect(await of([...shown, ...unset])).toEqual({ id: 7, custom_fields });
  const odd = [
    { name: 'CFd', value: [1, 2] },
    { name: 'CFe', value: { id: 1 } },
    { name: { text: 'CFf' }, value: 'x' },
  ];
  expect(await of([...shown, ...odd])).toEqual({ id: 7, custom_fields, hint: "3 of the custom fields can't be read." });
  expect(await of(odd)).toMatchObject({ custom_fields: [], hint: "3 of the custom fields can't be read." });
});

test('the first of some rows say so only where there are more', () => {
  const rows = [{ id: 1 }, { id: 2 }];
  const of = { which: 'newest', what: 'orders' };
  expect(firstOf(rows, 2, of)).toEqual({ rows });
  expect(firstOf(rows, 1, of).hint).toBe('The 1 newest of 2 orders.');
  expect(firstOf(rows, 2, { ...of, more: true, see: 'list_orders has all' }).hint).toBe(
    'The 2 newest of 2 or more orders; list_orders has all.',
  );
});
