import { column, definePlugin, filter, isClosed, listTool, type Row } from 'halo-psa-mcp';

/** Halo ignores a filter that it does not know, so each row is checked as well. */
const open = filter.custom({
  args: {},
  resolve: () => ({
    query: { open_only: true },
    test: (row: Row) => !isClosed(row),
    mode: 'verify',
    label: 'open_only',
  }),
});

/** Open tickets, the oldest first. Halo: GET /Tickets, which needs read:tickets. */
const listAcmeTickets = listTool({
  name: 'list_acme_tickets',
  title: 'Acme: oldest tickets',
  description: 'Open tickets, the oldest first, of one client or team, or of all.',
  scopes: ['read:tickets'],
  examples: [{ team: '1st Line', page_size: 3 }, { client_name: 'Northwind' }, {}],
  from: { path: '/Tickets', key: 'tickets', query: { order: 'dateoccurred' } },
  filters: {
    client: filter.client(),
    team: filter.lookup('team', 'team', { param: 'team', field: 'team_id', nameField: 'team' }),
    open,
  },
  columns: {
    id: column.id(),
    summary: column.foreign('summary', 120),
    client: column.foreign('client_name', 60),
    team: column.lookup('team', 'team_id', 'team'),
    created: column.day('dateoccurred'),
  },
});

export default definePlugin({
  name: 'acme',
  apiVersion: 1,
  title: 'Acme',
  description: 'which open tickets have waited longest',
  instructions: 'Acme: list_acme_tickets answers which open tickets have waited longest.',
  tools: [listAcmeTickets],
});
