import { type AnyTool, chosenColumns, columnNames, definePlugin, filter, listTool, z } from '../../core/index.js';
import { clientColumns, moreClientColumns } from './columns.js';
import { getClient } from './get-client.js';

const Options = z.strictObject({
  columns: columnNames.describe(
    'Shown always: further columns of list_clients by their names, or fields of a client by their names in Halo.',
  ),
});

type Options = z.output<typeof Options>;

const listClients = ({ columns }: Options): AnyTool =>
  listTool({
    name: 'list_clients',
    title: 'Customers and accounts',
    description:
      'Which clients (customers, companies, accounts, firms) there are that we look after: all that are in our books, with name and id. For one use get_client.',
    scopes: ['read:customers'],
    examples: [
      { page_size: 4, columns: ['currency'] },
      { search: 'contoso', include_inactive: true },
    ],
    from: { path: '/Client', key: 'clients' },
    filters: { search: filter.search(), inactive: filter.inactive() },
    columns: chosenColumns(columns, clientColumns, moreClientColumns),
    more: moreClientColumns,
    hint: 'Inactive clients are listed only with include_inactive.',
  });

export default definePlugin({
  name: 'clients',
  apiVersion: 1,
  title: 'Clients',
  description: 'clients, sites, contacts',
  instructions: 'Clients: list_clients finds ids; get_client has sites and main contacts.',
  options: Options,
  configure: (options) => [listClients(options), getClient(options)],
});
