import { describe, expect, test } from 'vitest';
import { column, filter, getTool, listTool, z } from '../../../core/index.js';
import { fakeContext, listed, pagedList } from './fake.js';

const list = {
  name: 'list_sites',
  title: 'List sites',
  description: 'Sites.',
  scopes: ['read:customers'],
  from: { path: '/Site', key: 'sites' },
  filters: { search: filter.search() },
  columns: { id: column.id(), name: column.foreign('name') },
};
const get = {
  name: 'get_site',
  title: 'Get a site',
  description: 'A site.',
  scopes: ['read:customers'],
  from: { path: '/Site' },
  fields: { id: column.id() },
};
const without = (whole: object, key: string) =>
  Object.fromEntries(Object.entries(whole).filter(([name]) => name !== key));

describe("an author's mistake is reported in one sentence when the plugin loads", () => {
  test.each<[object, string]>([
    [{ ...list, filter: {} }, 'listTool "list_sites" has no option "filter". Did you mean "filters"?'],
    [{ ...list, run: () => 1 }, 'listTool "list_sites" has no option "run". Options: name, title, description, scopes'],
    [without(list, 'scopes'), 'lacks "scopes": list the scopes of Halo that it needs, [] for none.'],
    [{ ...list, scopes: 'read:customers' }, 'listTool "list_sites": "scopes" must be a list.'],
    [without(list, 'columns'), 'listTool "list_sites" lacks "columns".'],
    [without(list, 'from'), 'listTool "list_sites" lacks "from".'],
    [
      { ...list, from: { path: '/Site', key: 'sites', page: false } },
      'from has no option "page". Did you mean "paged"?',
    ],
    [{ ...list, from: { path: '/Site' } }, 'listTool "list_sites": from lacks "key".'],
    [{ ...list, from: '/Site' }, 'listTool "list_sites": from must be an object.'],
    [
      { ...list, filters: { search: filter.search } },
      '"search" is not a filter; make it with a call, such as filter.search().',
    ],
    [
      { ...list, columns: { id: column.id } },
      '"id" is not a column; make it with a call, such as column.text(\'name\').',
    ],
    [{ ...list, more: { x: z.string() } }, '"x" is not a column'],
  ])('a mistake in the description of a list is told when the plugin loads: case %#', (given, sentence) => {
    expect(() => listTool(given as never)).toThrow(sentence);
  });

  test.each<[object, string]>([
    [{ ...get, columns: {} }, 'getTool "get_site" has no option "columns".'],
    [without(get, 'scopes'), 'lacks "scopes": list the scopes of Halo that it needs, [] for none.'],
    [{ ...get, from: { path: '/Site', key: 'sites' } }, 'getTool "get_site": from has no option "key".'],
    [{ ...get, parts: { users: { columns: {} } } }, 'getTool "get_site": the part "users" lacks "rows".'],
    [{ ...get, fields: { name: 'name' } }, '"name" is not a column'],
  ])('a mistake in the description of a record is told when the plugin loads: case %#', (given, sentence) => {
    expect(() => getTool(given as never)).toThrow(sentence);
  });

  test('filter.days whose query is not a function', () => {
    const sentence = 'filter.days: "query" must be a function, (from, to) => the parameters that Halo takes.';
    expect(() => filter.days({ field: 'date', query: { startdate: 'from' } as never })).toThrow(sentence);
  });
});

describe('a filter on a field that no row has', () => {
  const rows = [{ id: 1, client_id: 7, date: '2026-10-01T00:00:00' }];
  const fake = () => fakeContext({ '/Site': pagedList(rows, { key: 'sites' }) });
  const tool = (one: object) => listTool({ ...list, filters: { one } } as never);

  test('is an error if Halo ignores it, but not if Halo is shown to filter', async () => {
    const misspelt = tool(filter.id('site_id', { field: 'siteid' }));
    await expect(listed(misspelt, fake(), { site_id: 3 })).rejects.toMatchObject({ code: 'HALO_FILTER_IGNORED' });
    const narrow = (_row: unknown, query: Record<string, unknown>) => query.site_id === 3;
    const filtering = fakeContext({ '/Site': pagedList(rows, { key: 'sites', narrow }) });
    expect(await listed(misspelt, filtering, { site_id: 3 })).toMatchObject({ items: [{ id: 1 }], total: 1 });
  });

  test('of days is an error, as it would leave nothing', async () => {
    const misspelt = tool(filter.days({ field: 'dateoccured', query: (from, to) => ({ from, to }) }));
    await expect(listed(misspelt, fake(), { from: '2026-10-01' })).rejects.toMatchObject({
      code: 'HALO_UNEXPECTED',
      message: 'Halo\'s rows have no "dateoccured", so they can\'t be filtered by days.',
    });
  });

  test('that one row has is none', async () => {
    const here = fake();
    const days = filter.days({ field: ['nowhere', 'date'], query: () => ({}) });
    expect((await listed(tool(filter.id('client_id')), here, { client_id: 7 })).items).toHaveLength(1);
    expect((await listed(tool(days), here, { from: '2026-10-01' })).items).toHaveLength(1);
  });
});
