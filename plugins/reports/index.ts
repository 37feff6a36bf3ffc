import { column, definePlugin, type Filter, filter, listTool, nameKey, textOf, z } from '../../core/index.js';

/** A report group by its id, which Halo filters, or by its name, which it does not. */
const group: Filter = {
  args: { group: z.union([z.int(), z.string().min(1)]).optional() },
  resolve({ group: wanted }) {
    if (typeof wanted === 'number')
      return {
        query: { reportgroup_id: wanted },
        test: (row) => Number(row.group_id) === wanted,
        fields: ['group_id'],
        mode: 'verify',
        label: 'group',
      };
    if (typeof wanted !== 'string') return undefined;
    const key = nameKey(wanted);
    return {
      test: (row) => nameKey(textOf(row.group_name) ?? '').includes(key),
      mode: 'here',
      label: 'group',
    };
  },
};

/** Saved reports. Halo: GET /Report. */
const listReports = listTool({
  name: 'list_reports',
  title: 'List reports',
  description: "Reports that are saved in Halo; Halo's search looks in their SQL, too.",
  scopes: ['read:reporting'],
  examples: [{ page_size: 3 }],
  from: { path: '/Report', key: 'reports' },
  filters: { search: filter.search(), group },
  columns: { id: column.id(), name: column.foreign('name', 120), group: column.foreign('group_name', 60) },
  more: { description: column.foreign('description', 300) },
});

export default definePlugin({
  name: 'reports',
  apiVersion: 1,
  title: 'Reports',
  description: 'the list of reports',
  instructions: 'Reports: list_reports names what is saved in Halo.',
  tools: [listReports],
});
