import { agentName } from '../tenant/agents.js';
import type { Tenant } from '../tenant/index.js';
import { nameOf, PRIORITIES } from '../tenant/lookups.js';
import { guid } from '../tenant/random.js';
import { CUSTOM_FIELDS } from '../tenant/subjects.js';
import type { Ticket } from '../tenant/tickets.js';
import type { Row } from '../types.js';
import { ticketRow, timeOf } from './ticket-row.js';

/** Other tickets of the client, embedded whole, which make Halo's answer about 146 KB. */
const RELATED = 28;

/** The record by id: names beside ids, custom fields, and much that is never read. */
export function ticketDetail(ticket: Ticket, tenant: Tenant): Row {
  const { now } = tenant.clock;
  return {
    ...ticketRow(ticket, now),
    details_html: `<p>${escapeHtml(ticket.details)}</p>`,
    ...{ status_name: nameOf('status', ticket.status), tickettype_name: nameOf('type', ticket.type) },
    ...{ agent_name: agentName(ticket.agent), sla_name: nameOf('sla', ticket.sla), priority: priorityOf(ticket) },
    ...timeOf(ticket),
    ...{ contract_id: ticket.contract, customfields: customFields(ticket), parent_id: ticket.parent },
    ...{ createdfrom_id: 0, emailcclist: '' },
    related_tickets: relatedTo(ticket, tenant).map((one) => ticketRow(one, now)),
  };
}

function relatedTo(ticket: Ticket, tenant: Tenant): readonly Ticket[] {
  const all = tenant.tickets().filter((one) => one !== ticket);
  const own = all.filter((one) => one.client === ticket.client);
  return [...own, ...all].slice(0, RELATED);
}

function priorityOf(ticket: Ticket): Row {
  const found = PRIORITIES.find((one) => one.sla === ticket.sla && one.priority === ticket.priority);
  if (found === undefined) return {};
  return {
    ...{ id: guid(0xb0 + found.sla, found.priority), slaid: found.sla, priorityid: found.priority, name: found.name },
    ...{ fixtime: found.fix, fixunits: 'H', responsetime: found.response, responseunits: 'H' },
    ...{ ishidden: false, colour: found.colour },
  };
}

/** Every ticket has the fields; every third has values in them. */
const customFields = (ticket: Ticket): Row[] =>
  CUSTOM_FIELDS.map(([id, name, label, sample]) => {
    const value = (ticket.id + id) % 3 === 0 ? sample.replace('{device}', ticket.device) : '';
    return { id, name, label, type: 0, usage: 1, ...(value === '' ? {} : { value, display: value }) };
  });

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
