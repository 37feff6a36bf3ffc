import type { Prompt } from '../../core/index.js';

/** What a dispatcher asks each morning. */
export const triage: Prompt = {
  name: 'ticket_triage',
  title: 'Ticket triage',
  description: 'The open tickets in the order in which they need someone, with a next step for the most urgent.',
  tools: ['list_tickets', 'get_ticket'],
  arguments: {
    team: { description: 'Only this team', otherwise: 'any team', complete: 'team' },
    status: { description: 'Only this status', otherwise: 'any status', complete: 'status' },
    agent: { description: 'Only this agent', otherwise: 'any agent', complete: 'agent' },
    client: { description: 'Only this client', otherwise: 'any client', complete: 'client' },
  },
  text: [
    'Triage our open tickets. Team: {team}. Status: {status}. Agent: {agent}. Client: {client}.',
    'Call list_tickets with open_only true, order_by fix_by and descending false, and a filter for each of those that names one; follow next_page until the list is whole or 100 tickets are read, and say which.',
    'Put first what has passed its SLA (sla_breached), then what is due within a day, then what has no agent.',
    'Read the five most urgent with get_ticket, and for each give: what is wrong in one sentence, what was done last and when, who should do what next.',
    'End with a table of all others by agent, and with the numbers of tickets breached, due within a day and unassigned. Change nothing.',
  ].join('\n'),
};
