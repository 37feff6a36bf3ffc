import { column, definePlugin, filter, listTool } from '../../core/index.js';

/** Saved reports. */
const listReports = listTool({
  name: 'list_reports',
  title: 'Saved reports',
  description: 'Which saved reports there are in Halo: all that we have for a group, or by a word in name or SQL.',
  scopes: ['read:reporting'],
  examples: [{ page_size: 3 }],
  from: { path: '/Report', key: 'reports' },
  filters: {
    search: filter.search(),
    // Halo filters by a group's id, not by its name, and has no lookup for groups.
    group: filter.named('group', { param: 'reportgroup_id', field: 'group_id', nameField: 'group_name' }),
  },
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
