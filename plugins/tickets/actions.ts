import { filter, HaloError, listTool, numberOf } from '../../core/index.js';
import { actionColumns, isBillable, isTimeEntry, moreActionColumns } from './columns.js';

/** One ticket, or a span of days: without either Halo answers with nothing at all, or never. */
const scope = filter.custom({
  args: { ticket_id: filter.Id.optional().describe('This, or from and to') },
  resolve({ ticket_id: id, from, to }) {
    if (id !== undefined)
      return {
        query: { ticket_id: id },
        test: (row) => numberOf(row.ticket_id) === id,
        fields: ['ticket_id'],
        mode: 'verify',
        label: 'ticket_id',
      };
    if (from !== undefined && to !== undefined) return undefined;
    throw new HaloError(
      'BAD_ARGUMENTS',
      'list_actions needs a ticket, or a span of days.',
      'Give ticket_id, or both from and to.',
    );
  },
});

/** Notes and time entries. Halo's list of them has no pages. */
export const listActions = listTool({
  name: 'list_actions',
  title: 'Ticket notes and time entries',
  description:
    'Actions of tickets: notes, updates, emails and replies to a user, work that agents did, and time entries (hours logged).',
  scopes: ['read:tickets'],
  examples: [{ ticket_id: 10311, time_entries_only: true, page_size: 3 }],
  from: { path: '/Actions', key: 'actions', paged: 'count' },
  filters: {
    scope,
    days: filter.days({
      field: 'datetime',
      moments: (from, to) => ({ startdate: from, enddate: to }),
    }),
    agent: filter.named('agent', { lookup: 'agent', field: 'who_agentid', query: { agentonly: true } }),
    billable: filter.here('billable_only', { test: isBillable }),
    time: filter.here('time_entries_only', {
      test: isTimeEntry,
      query: { timeentriesonly: true },
    }),
  },
  columns: actionColumns,
  more: moreActionColumns,
  hint: 'Check that the ticket exists with get_ticket.',
});
