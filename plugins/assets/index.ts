import {
  type AnyTool,
  type Columns,
  chosenColumns,
  column,
  columnNames,
  definePlugin,
  filter,
  getTool,
  isRow,
  listTool,
  numberOf,
  part,
  type Row,
  refOf,
  rowsIn,
  textOf,
  z,
} from '../../core/index.js';

const columns: Columns = {
  id: column.id(),
  tag: column.foreign('inventory_number', 60),
  name: column.foreign(['key_field', 'key_field2'], 80),
  type: column.lookup('assettype', 'assettype_id', 'assettype_name'),
  client: column.foreign('client_name', 60),
  site: column.foreign('site_name', 60),
  // Asset statuses are the tenant's own, and Halo has no lookup for them: without a name in the row the id is shown.
  status: column.value(
    z.string(),
    (row) => textOf(row.status_name) ?? (refOf(row.status_id) === undefined ? undefined : `#${refOf(row.status_id)}`),
  ),
};

const more: Columns = {
  client_id: column.ref('client_id'),
  contract: column.foreign('contract_ref', 60),
  supplier: column.text('supplier_name', 60),
  user: { ...column.foreign(['username', 'business_owner_name'], 60), query: { includeuser: true } },
  inactive: column.flag('inactive'),
};

const Options = z.strictObject({
  columns: columnNames.describe(
    'Shown always: further columns of list_assets by their names, or fields of an asset by their names in Halo.',
  ),
});

type Options = z.output<typeof Options>;

/** Assets. Halo serves 50 a page, whatever is requested. */
const listAssets = (options: Options): AnyTool =>
  listTool({
    name: 'list_assets',
    title: 'Devices and hardware',
    description:
      'Which assets (machines: laptops, PCs, servers, printers, firewalls, switches) we look after for our clients: all that we have at a site, with a user or by serial. For one use get_asset.',
    scopes: ['read:assets'],
    examples: [
      { type: 'Laptop', page_size: 3 },
      { client_name: 'Northwind', columns: ['user', 'contract'] },
    ],
    from: { path: '/Asset', key: 'assets' },
    filters: {
      client: filter.client(),
      site: filter.id('site_id'),
      // Rows that name their users are checked; for the others, the majority, Halo's own filter has to be trusted.
      user: filter.custom({
        args: { user_id: filter.Id.optional() },
        resolve({ user_id: id }) {
          if (id === undefined) return undefined;
          const test = ({ users }: Row) =>
            Array.isArray(users) ? users.some((user) => isRow(user) && numberOf(user.id) === id) : undefined;
          return { query: { user_id: id }, test, mode: 'verify', label: 'user_id' };
        },
      }),
      type: filter.lookup('type', 'assettype', { param: 'assettype_id', field: 'assettype_id' }),
      search: filter.search(),
      inactive: filter.inactive(),
    },
    columns: chosenColumns(options.columns, columns, more),
    more,
    hint: 'Inactive assets are listed only with include_inactive.',
  });

const getAsset = (options: Options): AnyTool =>
  getTool({
    name: 'get_asset',
    title: 'Device details',
    description:
      'Details of one asset (device, laptop, PC, server, machine): who it is for, its site, serial, specification, supplier, when it was bought, and warranty. No passwords.',
    scopes: ['read:assets'],
    examples: [{ id: 501 }],
    record: 'assets',
    from: { path: '/Asset', query: { includedetails: true } },
    input: { id: filter.Id.describe('Asset id') },
    fields: chosenColumns(options.columns, {
      ...columns,
      model: column.foreign('key_field2', 80),
      serial: column.foreign('key_field3', 80),
      ...more,
      contract_id: column.ref('contract_id'),
      item: column.text('item_name', 80),
      technical_owner: column.text('technical_owner_name', 60),
      warranty_start: column.day('warranty_start'),
      warranty_end: column.day('warranty_end'),
      purchased: column.day('supplier_purchasedate'),
      commissioned: column.day('commissiondate'),
      parent_id: column.ref('parent_id'),
      link: column.value(
        z.string(),
        (row) =>
          textOf(row.ninja_url) ??
          textOf(row.datto_url) ??
          textOf(row.ncentral_url) ??
          textOf(row.automate_url) ??
          textOf(row.itglue_url),
      ),
      last_modified: column.instant('last_modified'),
      notes: column.html('notes', 800),
    }),
    parts: {
      fields: part.customFields({
        from: ['fields', 'customfields'],
        name: 80,
        value: column.foreign('value', 300),
        always: true,
      }),
      users: {
        columns: { id: column.id(), name: column.foreign('name', 80), email: column.foreign('emailaddress', 80) },
        rows: (asset) => rowsIn(asset, 'users'),
      },
    },
  });

export default definePlugin({
  name: 'assets',
  apiVersion: 1,
  title: 'Assets',
  description: 'assets',
  instructions: 'Assets: list_assets (by client, site, user, type), get_asset for all fields of one.',
  options: Options,
  configure: (options) => [listAssets(options), getAsset(options)],
});
