import type { Row } from '../json.js';
import { UNASSIGNED } from '../tenant/agents.js';
import { HOUR } from '../tenant/clock.js';
import { findClient, type Tenant } from '../tenant/index.js';
import { ACKNOWLEDGED, MANDATORY, nameOf } from '../tenant/lookups.js';
import { usersOf } from '../tenant/people.js';
import type { Ticket } from '../tenant/ticket.js';
import { hoursOf } from '../tenant/tickets.js';
import { applyTicket, fireRules } from './apply.js';
import { broken, intIn, Refused } from './refusal.js';

/** Makes a ticket or, with an id, changes one. */
export function postTicket(tenant: Tenant, row: Row): Ticket {
  const id = intIn(row, 'id') ?? 0;
  if (id <= 0) return makeTicket(tenant, row);
  const ticket = tenant.ticket(id);
  if (ticket === undefined) throw new Refused(404);
  applyTicket(tenant, ticket, row);
  return tenant.ticket(id) ?? ticket;
}

function makeTicket(tenant: Tenant, row: Row): Ticket {
  const type = intIn(row, 'tickettype_id') ?? 1;
  if (typeof row.summary !== 'string' || row.summary.trim() === '') throw broken('A Summary must be entered');
  if (nameOf('type', type) === '') throw broken('Invalid ticket type');
  const client = findClient(intIn(row, 'client_id') ?? 0);
  if (client === undefined) throw broken('A Customer must be entered');
  const missing = (MANDATORY[type] ?? []).find(({ name }) => row[name] === undefined);
  if (missing !== undefined && row._novalidate !== true) throw broken(`${missing.label} must be entered`);
  const users = usersOf(client.id);
  const user = users.find((one) => one.id === row.user_id) ?? users[0];
  if (user === undefined) throw broken('A User must be entered');
  const at = Date.now();
  const sla = client.sla ?? 1;
  const priority = intIn(row, 'priority_id') ?? 3;
  const hours = hoursOf(sla, priority);
  const details = String(row.details_html ?? row.details ?? '');
  const made: Ticket = {
    ...{
      id: Math.max(...tenant.tickets().map((one) => one.id)) + 1,
      occurred: at,
      last: at,
      summary: row.summary,
      details,
    },
    ...{ status: 1, type, sla, priority, client, site: user.site, user, team: 1, agent: UNASSIGNED, category: 0 },
    ...{ contract: 0, parent: 0, device: '', respondBy: at + hours.response * HOUR, fixBy: at + hours.fix * HOUR },
    actions: () => [],
  };
  tenant.changes.add(made);
  // Some types acknowledge in a way that the request can't switch off.
  if (row.sendack !== false || ACKNOWLEDGED.includes(type))
    tenant.changes.mails.push({ by: 'acknowledgement', ticket: made.id, to: user.email });
  fireRules(tenant, made, row);
  return made;
}
