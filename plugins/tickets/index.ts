import { definePlugin } from '../../core/index.js';
import { listActions } from './actions.js';
import { getTicket } from './get-ticket.js';
import { listTickets } from './list-tickets.js';
import { TicketOptions } from './options.js';
import { triage } from './triage.js';

export default definePlugin({
  name: 'tickets',
  apiVersion: 1,
  title: 'Tickets',
  description: 'tickets, notes, time entries',
  instructions:
    'Tickets: list_tickets filters (open_only, team, agent, client_name …), get_ticket reads one, list_actions has notes and time.',
  options: TicketOptions,
  configure: (options) => [listTickets(options), getTicket(options), listActions],
  prompts: [triage],
});
