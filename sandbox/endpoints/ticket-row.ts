import type { Query } from '../query.js';
import { agentName, teamName } from '../tenant/agents.js';
import { DAY, HOUR, haloDate, NEVER } from '../tenant/clock.js';
import type { Tenant } from '../tenant/index.js';
import { CATEGORIES, nameOf, PROJECT, STATUSES } from '../tenant/lookups.js';
import { guid } from '../tenant/random.js';
import { hoursOf, isClosed, type Ticket } from '../tenant/tickets.js';
import type { Row } from '../types.js';

const CATEGORY = new Map(CATEGORIES);
const HELD = new Set(STATUSES.filter(([, , , sla]) => sla === 'hold').map(([id]) => id));

/** The fields that are the same in nearly every ticket. */
const PLAIN: Row = {
  enduserstatus: 0,
  excludefromsla: false,
  slaholdtime: 0,
  organisation_id: 1,
  department_id: 1,
  matched_kb_id: 0,
  product_id: 0,
  release_id: 0,
  release2_id: 0,
  release3_id: 0,
  lastincomingemail: NEVER,
  workflow_id: 0,
  workflow_step: 0,
  workflow_seq: 0,
  inactive: false,
  impact: 3,
  urgency: 3,
  targetdate: NEVER,
  deadlinedate: NEVER,
  cost: 0,
  quantity: 0,
  oppvalueadjusted: 0,
  source: 0,
  supplier_status: 0,
  appointment_type: 0,
  projectinternaltask: false,
  impactlevel: 0,
  merged_into_id: 0,
  estimate: 0,
  estimatedays: 0,
  child_count: 0,
};

const WORKDAY_HOURS = 8;

/** A row of /Tickets and /Projects: bare foreign keys, no status, type or agent names. */
export function ticketRow(ticket: Ticket, now: number): Row {
  const { client, site, user } = ticket;
  return {
    ...PLAIN,
    id: ticket.id,
    dateoccurred: haloDate(ticket.occurred),
    summary: ticket.summary,
    details: ticket.details,
    status_id: ticket.status,
    tickettype_id: ticket.type,
    sla_id: ticket.sla,
    priority_id: ticket.priority,
    client_id: client.id,
    client_name: client.name,
    site_id: site.id,
    site_name: site.name,
    user_id: user.id,
    user_name: user.name,
    team_id: ticket.team,
    team: teamName(ticket.team),
    agent_id: ticket.agent,
    category_1: CATEGORY.get(ticket.category) ?? '',
    categoryid_1: ticket.category,
    attachment_count: ticket.id % 5 === 0 ? 1 : 0,
    flagged: ticket.id % 31 === 0,
    read: ticket.status !== 1,
    onhold: HELD.has(ticket.status),
    respondbydate: haloDate(ticket.respondBy),
    fixbydate: haloDate(ticket.fixBy),
    lastactiondate: haloDate(ticket.last),
    last_update: haloDate(ticket.last),
    reportedby: user.email,
    is_vip: client.vip === true,
    isimportantcontact: user.important,
    use: ticket.type === PROJECT ? 'project' : 'ticket',
    idsummary: `${String(ticket.id).padStart(7, '0')} - ${ticket.summary}`,
    ticketage: Math.round((10 * ((ticket.closed ?? now) - ticket.occurred)) / DAY) / 10,
    guid: guid(0xf0, ticket.id),
    ...responseOf(ticket, now),
    ...closedOf(ticket),
    ...projectOf(ticket),
    ...(ticket.parent === 0 ? undefined : { parent_id: ticket.parent }),
  };
}

/** `I` inside, `O` outside of the response time. */
function responseOf(ticket: Ticket, now: number): Row {
  const late = (ticket.responded ?? now) > ticket.respondBy;
  const responsedate = ticket.responded === undefined ? NEVER : haloDate(ticket.responded);
  return { slaresponsestate: late ? 'O' : 'I', responsedate };
}

/** Present only when true. A reopened ticket has been closed, but the date is gone. */
function closedOf(ticket: Ticket): Row {
  if (ticket.reopened === true) return { hasbeenclosed: true };
  if (!isClosed(ticket) || ticket.closed === undefined) return {};
  const closed = haloDate(ticket.closed);
  return { hasbeenclosed: true, dateclosed: closed, date_fully_closed: closed };
}

function projectOf(ticket: Ticket): Row {
  const { project } = ticket;
  if (project === undefined) return {};
  const { hours, money } = project;
  return {
    estimate: hours.budget,
    estimatedays: hours.budget / WORKDAY_HOURS,
    child_count: project.children,
    startdate: haloDate(project.start),
    targetdate: haloDate(project.target),
    deadlinedate: haloDate(project.deadline),
    projecttimebudget: hours.budget,
    projecttimeactual: hours.actual,
    projectmoneybudget: money.budget / 100,
    projectmoneyactual: money.actual / 100,
    projecttimepercentage: Math.round((hours.actual / hours.budget) * 10_000) / 100,
    projectcompletionpercentage: project.done,
    parent_id: 0,
  };
}

/** Names and sums that come only on request. */
export function withFlags(ticket: Ticket, query: Query, tenant: Tenant, alone: boolean): Row {
  const { now } = tenant.clock;
  return {
    ...(query.flag('includestatus') ? { status_name: nameOf('status', ticket.status) } : {}),
    ...(query.flag('includetickettype') ? { tickettype_name: nameOf('type', ticket.type) } : {}),
    ...(query.flag('includeagent') ? { agent_name: agentName(ticket.agent) } : {}),
    ...(query.flag('includetimetaken') ? timeOf(ticket) : {}),
    ...(query.flag('includeslatimer') ? slaTimer(ticket, now) : {}),
    ...(query.flag('includelastaction') && alone ? lastAction(ticket) : {}),
    ...(query.flag('includelastnote') ? { lastnote: ticket.actions().at(-1)?.note ?? '' } : {}),
    ...(query.flag('includechildids') ? childrenOf(ticket, tenant) : {}),
  };
}

export function timeOf(ticket: Ticket): Row {
  const total = { timetaken: 0, chargehours: 0, nonchargehours: 0 };
  for (const action of ticket.actions()) {
    total.timetaken += action.hours;
    total.chargehours += action.charged;
    total.nonchargehours += action.covered;
  }
  return total;
}

function slaTimer(ticket: Ticket, now: number): Row {
  const { fix } = hoursOf(ticket.sla, ticket.priority);
  const elapsed = Math.round((((ticket.closed ?? now) - ticket.occurred) / HOUR) * 100) / 100;
  return {
    slatimeelapsed: elapsed,
    slatimeleft: Math.round((fix - elapsed) * 100) / 100,
    slapercused: Math.round((elapsed / fix) * 100),
  };
}

/** Halo sends it only for a single ticket. */
function lastAction(ticket: Ticket): Row {
  const last = ticket.actions().at(-1);
  if (last === undefined) return {};
  return {
    ...{ action_number: last.id, action_ticket_id: last.ticket, action_datetime: haloDate(last.at) },
    ...{ action_outcome: last.outcome[1], action_note: last.note, action_agent_name: last.who },
  };
}

const childrenOf = (ticket: Ticket, tenant: Tenant): Row => ({
  child_ticket_ids: tenant
    .tickets()
    .filter((one) => one.parent === ticket.id)
    .map((one) => one.id),
});
