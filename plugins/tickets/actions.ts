import { type Applied, type Filter, filter, HaloError, listTool, resolveLookup, z } from '../../core/index.js';
import { actionColumns, isBillable, moreActionColumns } from './columns.js';

/** One ticket, or a span of days: without either Halo answers with nothing at all, or never. */
const scope: Filter = {
  args: { ticket_id: z.int().positive().optional().describe('This, or from and to') },
  resolve({ ticket_id: id, from, to }): Applied | undefined {
    if (typeof id === 'number')
      return {
        query: { ticket_id: id },
        test: (row) => Number(row.ticket_id) === id,
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
};

const byAgent: Filter = {
  args: { agent: z.union([z.int(), z.string().min(1)]).optional() },
  async resolve({ agent }, { halo }) {
    if (typeof agent !== 'number' && typeof agent !== 'string') return undefined;
    const { id } = await resolveLookup(halo, 'agent', agent, 'agent');
    return { query: { agentonly: true }, test: (row) => Number(row.who_agentid) === id, mode: 'here', label: 'agent' };
  },
};

/** Notes and time entries. Halo: GET /Actions, which knows no pages. */
export const listActions = listTool({
  name: 'list_actions',
  title: 'List actions',
  description: 'Notes, e-mails and time entries of one ticket, or of all tickets in a span of days.',
  scopes: ['read:tickets'],
  examples: [{ ticket_id: 10311, time_entries_only: true, page_size: 3 }],
  from: { path: '/Actions', key: 'actions', paged: 'count' },
  filters: {
    scope,
    days: filter.days({
      field: 'datetime',
      query: (from, to) => ({ startdate: from, enddate: to && `${to}T23:59:59` }),
    }),
    agent: byAgent,
    billable: {
      args: { billable_only: z.boolean().default(false) },
      resolve: ({ billable_only: on }) =>
        on === true ? { test: isBillable, mode: 'here', label: 'billable_only' } : undefined,
    },
    time: {
      args: { time_entries_only: z.boolean().default(false) },
      resolve: ({ time_entries_only: on }) =>
        on === true
          ? {
              query: { timeentriesonly: true },
              test: (row) => Number(row.timetaken) > 0,
              mode: 'here',
              label: 'time_entries_only',
            }
          : undefined,
    },
  },
  columns: actionColumns,
  more: moreActionColumns,
  hint: 'Check that the ticket exists with get_ticket.',
});
