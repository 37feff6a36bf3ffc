import {
  type AnyTool,
  type Columns,
  chosenColumns,
  column,
  filter,
  firstOf,
  getTool,
  intOf,
  isNothing,
  part,
  type Row,
  z,
} from '../../core/index.js';
import { actionColumns, moreTicketColumns, ticketFields } from './columns.js';
import type { TicketOptions } from './options.js';

/** The newest actions with their ticket: shorter notes than in list_actions, and neither ticket nor billing. */
const {
  ticket_id: _ticket,
  billable: _billable,
  ...shown
}: Columns = { ...actionColumns, note: column.html(['note', 'note_html'], 240) };

const newestFirst = (a: Row, b: Row) =>
  String(b.datetime).localeCompare(String(a.datetime)) || Number(b.id) - Number(a.id);

/** One ticket with its newest actions. Keeps a few fields of some 146 KB. */
export const getTicket = ({ columns }: TicketOptions): AnyTool =>
  getTool({
    name: 'get_ticket',
    title: 'Ticket or incident details',
    description:
      'Details of one ticket (incident, request, call, case, job): who it is for and who has it, status, priority, category, SLA, when it was logged, closed or is due to be fixed, and notes.',
    scopes: ['read:tickets'],
    examples: [{ id: 10311, action_limit: 2 }],
    record: 'tickets',
    from: { path: '/Tickets', query: { includedetails: true } },
    input: {
      id: filter.Id.describe('Ticket number'),
      include_actions: z.boolean().default(true),
      action_limit: z.int().min(1).max(100).default(20),
    },
    fields: chosenColumns(columns, ticketFields, moreTicketColumns),
    parts: {
      custom_fields: part.customFields(),
      actions: {
        columns: shown,
        path: '/Actions',
        async rows(ticket, { include_actions: wanted, action_limit: limit }, { halo }) {
          if (wanted !== true) return undefined;
          const query = { ticket_id: Number(ticket.id), count: 500 };
          const walk = await halo.all('/Actions', { key: 'actions', query, paged: false });
          const own = walk.rows.filter(({ ticket_id: of }) => isNothing(of) || intOf(of) === intOf(ticket.id));
          const lost = walk.rows.some(({ ticket_id: of }) => !isNothing(of) && intOf(of) === undefined);
          return firstOf(own.sort(newestFirst), Number(limit), {
            which: 'newest',
            what: 'actions',
            more: !walk.complete || lost,
            see: 'list_actions has all',
          });
        },
      },
    },
  });
