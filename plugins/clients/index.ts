import { definePlugin, filter, listTool } from '../../core/index.js';
import { clientColumns, moreClientColumns } from './columns.js';
import { getClient } from './get-client.js';

/** Clients. Halo: GET /Client. */
const listClients = listTool({
  name: 'list_clients',
  title: 'List clients',
  description: 'Search clients (customers).',
  scopes: ['read:customers'],
  examples: [
    { page_size: 4, columns: ['currency'] },
    { search: 'contoso', include_inactive: true },
  ],
  from: { path: '/Client', key: 'clients' },
  filters: { search: filter.search(), inactive: filter.inactive() },
  columns: clientColumns,
  more: moreClientColumns,
  hint: 'Inactive clients are listed only with include_inactive.',
});

export default definePlugin({
  name: 'clients',
  apiVersion: 1,
  title: 'Clients',
  instructions: 'Clients: list_clients finds ids; get_client has sites and main contacts.',
  tools: [listClients, getClient],
});
