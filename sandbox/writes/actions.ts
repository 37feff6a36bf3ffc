import type { Row } from '../json.js';
import type { Query } from '../query.js';
import { agentName } from '../tenant/agents.js';
import type { Tenant } from '../tenant/index.js';
import { OUTCOMES, type Outcome, outcomeOf } from '../tenant/outcomes.js';
import type { Action, Ticket } from '../tenant/ticket.js';
import { applyTicket, fireRules } from './apply.js';
import { broken, intIn, Refused } from './refusal.js';

/** The agent that the API application logs in as. */
const API_AGENT = 9;

/** Makes an action or, with an id, changes one. */
export function postAction(tenant: Tenant, row: Row): Action {
  const ticket = tenant.ticket(intIn(row, 'ticket_id') ?? 0);
  if (ticket === undefined) throw broken('Ticket not found');
  const id = intIn(row, 'id') ?? 0;
  return id > 0 ? changeAction(tenant, ticket, row, id) : makeAction(tenant, ticket, row);
}

function makeAction(tenant: Tenant, ticket: Ticket, row: Row): Action {
  const outcome = outcomeIn(row);
  const { changes } = tenant;
  const before = ticket.actions();
  const after = intIn(row, 'new_status') ?? outcome.status ?? ticket.status;
  const mailed = mails(row, outcome);
  const hours = Number(row.timetaken ?? 0);
  const billable = row.actisbillable !== false && hours > 0;
  const action: Action = {
    ...{ id: Math.max(0, ...before.map((one) => one.id)) + 1, ticket: ticket.id, at: whenOf(row), made: Date.now() },
    ...{ outcome: [outcome.id, outcome.name], who: agentName(API_AGENT), agent: API_AGENT, system: false },
    ...{ note: noteOf(row), hours, charged: billable ? hours : 0, covered: 0, prepaid: 0 },
    // What the action says wins over the outcome's preset.
    hidden: typeof row.hiddenfromuser === 'boolean' ? row.hiddenfromuser : outcome.hides === true,
    ...{ statusBefore: ticket.status, statusAfter: after, email: mailed ? 'O' : '', subject: ticket.summary },
    contract: ticket.contract,
  };
  changes.setActions(ticket, [...before, action]);
  changes.patch(ticket, { last: action.at });
  const now = tenant.ticket(ticket.id) ?? ticket;
  if (mailed) changes.mails.push({ by: 'action', ticket: ticket.id, to: ticket.user.email });
  if (row.sendsms === true) changes.mails.push({ by: 'sms', ticket: ticket.id, to: ticket.user.email });
  if (row.send_survey === true) changes.mails.push({ by: 'survey', ticket: ticket.id, to: ticket.user.email });
  applyTicket(tenant, now, { ...renamed(row), status_id: after, dont_do_rules: true });
  fireRules(tenant, now, row);
  return action;
}

function changeAction(tenant: Tenant, ticket: Ticket, row: Row, id: number): Action {
  const found = ticket.actions().find((one) => one.id === id);
  if (found === undefined) throw new Refused(404);
  const changed: Action = {
    ...found,
    ...(row.note !== undefined || row.note_html !== undefined ? { note: noteOf(row) } : {}),
    ...(typeof row.hiddenfromuser === 'boolean' ? { hidden: row.hiddenfromuser } : {}),
    ...(row.timetaken === undefined ? {} : { hours: Number(row.timetaken) }),
  };
  tenant.changes.setActions(
    ticket,
    ticket.actions().map((one) => (one.id === id ? changed : one)),
  );
  return changed;
}

/** Deletes an action and returns it. */
export function deleteAction(tenant: Tenant, id: number, query: Query): Action {
  const ticket = tenant.ticket(query.int('ticket_id') ?? 0);
  const found = ticket?.actions().find((one) => one.id === id);
  if (ticket === undefined || found === undefined) throw new Refused(404);
  tenant.changes.setActions(
    ticket,
    ticket.actions().filter((one) => one !== found),
  );
  return found;
}

function outcomeIn(row: Row): Outcome {
  const id = intIn(row, 'outcome_id');
  const name = typeof row.outcome === 'string' ? row.outcome.trim().toLowerCase() : '';
  const found = id === undefined ? OUTCOMES.find((one) => one.name.toLowerCase() === name) : outcomeOf(id);
  if (found === undefined) throw broken('An Outcome must be entered for this Action');
  return found;
}

const mails = ({ sendemail }: Row, { mail }: Outcome): boolean =>
  mail === 2 || (sendemail === undefined ? mail === 1 : sendemail === true);

/** HTML wins. Halo would make plain text of it; here that is left to the reader. */
const noteOf = (row: Row): string => String(row.note_html ?? row.note ?? '');

function whenOf({ datetime }: Row): number {
  const at = Date.parse(`${String(datetime ?? '').slice(0, 19)}Z`);
  return Number.isNaN(at) ? Date.now() : at;
}

/** `new_status` in an action is the `status_id` of its ticket, and so on. */
const renamed = ({ new_priority: priority, new_agent: agent, new_team: team }: Row): Row => ({
  ...(priority === undefined ? {} : { priority_id: priority }),
  ...(agent === undefined ? {} : { agent_id: agent }),
  ...(team === undefined ? {} : { team }),
});
