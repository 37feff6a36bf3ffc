import type { Row } from '../json.js';
import { AGENTS, TEAMS } from '../tenant/agents.js';
import type { Tenant } from '../tenant/index.js';
import { CLOSED, nameOf } from '../tenant/lookups.js';
import type { Ticket } from '../tenant/ticket.js';
import { broken, intIn } from './refusal.js';

/** Applies a row's fields to a ticket. Unknown ones are ignored, as in Halo. */
export function applyTicket(tenant: Tenant, ticket: Ticket, row: Row): void {
  const status = intIn(row, 'status_id');
  const agent = intIn(row, 'agent_id');
  const priority = intIn(row, 'priority_id');
  const team = TEAMS.find(({ id, name }) => name === row.team || id === row.team_id)?.id;
  if (status !== undefined && nameOf('status', status) === '') throw broken('Invalid status');
  if (agent !== undefined && !AGENTS.some(({ id }) => id === agent)) throw broken('Invalid agent');
  const patch: Partial<Ticket> = {
    ...(status !== undefined && status !== ticket.status
      ? { status, ...(status === CLOSED ? { closed: Date.now() } : {}) }
      : {}),
    ...(agent === undefined ? {} : { agent }),
    ...(team === undefined ? {} : { team }),
    ...(priority === undefined ? {} : { priority }),
    ...(typeof row.summary === 'string' ? { summary: row.summary } : {}),
    last: Date.now(),
  };
  tenant.changes.patch(ticket, patch);
  fireRules(tenant, ticket, row);
}

/**
 * Rules and automations mail the user about every update unless the row switches them off. Three untested fields of the
 * swagger (_prevent_outgoing, _dont_fire_automations, and sendack on an action) have no effect.
 */
export function fireRules(tenant: Tenant, ticket: Ticket, { dont_do_rules: not }: Row): void {
  if (not !== true) tenant.changes.mails.push({ by: 'rule', ticket: ticket.id, to: ticket.user.email });
}
