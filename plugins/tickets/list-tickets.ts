import { type AnyTool, chosenColumns, filter, listTool } from '../../core/index.js';
import { moreTicketColumns, ticketColumns } from './columns.js';
import type { TicketOptions } from './options.js';

/** Tickets, newest first. */
export const listTickets = ({ open_only, columns }: TicketOptions): AnyTool =>
  listTool({
    name: 'list_tickets',
    title: 'Tickets and requests',
    description:
      'Which tickets (incidents, requests, calls, jobs, issues) our clients have logged with us: all that are new, open, waiting, unassigned, overdue (SLA) or closed, in a queue. For one use get_ticket.',
    scopes: ['read:tickets'],
    examples: [
      { open_only: true, team: '1st Line', order_by: 'fix_by', page_size: 3 },
      { client_name: 'Northwind', columns: ['type', 'hours'] },
      {},
    ],
    from: { path: '/Tickets', key: 'tickets' },
    filters: {
      search: filter.search(),
      client: filter.client(),
      site: filter.id('site_id'),
      user: filter.id('user_id'),
      // Halo returns everything in the agent's queue, including tickets of others in the team.
      agent: filter.lookup('agent', 'agent', { param: 'agent_id', field: 'agent_id', looser: true }),
      team: filter.lookup('team', 'team', { param: 'team', field: 'team_id', nameField: 'team' }),
      status: filter.lookup('status', 'status', { param: 'status_id', field: 'status_id' }),
      type: filter.lookup('type', 'tickettype', { param: 'requesttype', field: 'tickettype_id' }),
      priority: filter.lookup('priority', 'priority', { param: 'priority', field: 'priority_id' }),
      open: filter.open({ preset: open_only }),
      // The swagger spells `dateoccured`, working clients send `dateoccurred`; each row is checked in any case.
      days: filter.days({
        field: 'dateoccurred',
        moments: (from, to) => ({ datesearch: 'dateoccurred', startdate: from, enddate: to }),
      }),
      order: filter.order(
        { id: 'id', date: 'dateoccurred', last_action: 'lastactiondate', priority: 'priority_id', fix_by: 'fixbydate' },
        'date',
      ),
    },
    columns: chosenColumns(columns, ticketColumns, moreTicketColumns),
    more: moreTicketColumns,
    hint: `Closed tickets are listed ${open_only ? 'only with open_only false' : 'unless open_only is true'}.`,
  });
