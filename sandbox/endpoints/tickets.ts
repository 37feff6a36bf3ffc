import type { Query } from '../query.js';
import { AGENTS, TEAMS } from '../tenant/agents.js';
import { DAY } from '../tenant/clock.js';
import type { Tenant } from '../tenant/index.js';
import { PROJECT, TASK } from '../tenant/lookups.js';
import { isClosed, type Ticket } from '../tenant/tickets.js';
import { postTicket } from '../writes/tickets.js';
import { type Endpoint, pagedEndpoint } from './define.js';
import { milestonesOf } from './milestones.js';
import { ticketDetail } from './ticket-detail.js';
import { ticketRow, withFlags } from './ticket-row.js';

const shared = {
  key: 'tickets',
  extra: { include_children: false },
  order: {
    id: (ticket: Ticket) => ticket.id,
    dateoccurred: (ticket: Ticket) => ticket.occurred,
    lastactiondate: (ticket: Ticket) => ticket.last,
    priority_id: (ticket: Ticket) => ticket.priority,
    fixbydate: (ticket: Ticket) => ticket.fixBy,
    summary: (ticket: Ticket) => ticket.summary.toLowerCase(),
    client_name: (ticket: Ticket) => ticket.client.name.toLowerCase(),
  },
  show: (ticket: Ticket, tenant: Tenant, query: Query, found: readonly Ticket[]) => ({
    ...ticketRow(ticket, tenant.clock.now),
    ...withFlags(ticket, query, tenant, found.length === 1),
  }),
  detail(tenant: Tenant, id: number) {
    const ticket = tenant.ticket(id);
    return ticket && ticketDetail(ticket, tenant);
  },
};

/** Requests and project tasks; the projects themselves with `domain=prjs` or under /Projects. */
export const tickets: Endpoint = pagedEndpoint({
  ...shared,
  path: 'tickets',
  scope: 'read:tickets',
  find: (tenant, query) => find(tenant, query, query.text('domain') === 'prjs' ? isProject : notProject),
  post(tenant, row) {
    const { id } = postTicket(tenant, row);
    return { row: shared.detail(tenant, id) ?? {}, key: 'tickets', ticket: id, id };
  },
});

export const projects: Endpoint = pagedEndpoint({
  ...shared,
  path: 'projects',
  scope: 'read:projects',
  find: (tenant, query) => find(tenant, query, query.int('parent_id') === undefined ? isProject : isTask),
  detail(tenant, id) {
    const ticket = tenant.ticket(id);
    if (ticket === undefined || !(isProject(ticket) || isTask(ticket))) return undefined;
    return { ...ticketDetail(ticket, tenant), ...milestonesOf(ticket, tenant) };
  },
});

const isProject = (ticket: Ticket) => ticket.type === PROJECT;
const isTask = (ticket: Ticket) => ticket.type === TASK;
const notProject = (ticket: Ticket) => !isProject(ticket);

/** `[parameter, value of a ticket]`: one id. */
const ONE: readonly (readonly [string, (ticket: Ticket) => number])[] = [
  ['client_id', (ticket) => ticket.client.id],
  ['site_id', (ticket) => ticket.site.id],
  ['user_id', (ticket) => ticket.user.id],
  ['agent_id', (ticket) => ticket.agent],
  ['status_id', (ticket) => ticket.status],
  ['requesttype_id', (ticket) => ticket.type],
  ['parent_id', (ticket) => ticket.parent],
  ['contract_id', (ticket) => ticket.contract],
  ['toplevel_id', (ticket) => ticket.client.topLevel],
];

/** Lists of ids. */
const MANY: readonly (readonly [string, (ticket: Ticket) => number])[] = [
  ['client_ids', (ticket) => ticket.client.id],
  ['agent', (ticket) => ticket.agent],
  ['team', (ticket) => ticket.team],
  ['status', (ticket) => ticket.status],
  ['requesttype', (ticket) => ticket.type],
  ['priority', (ticket) => ticket.priority],
  ['sla', (ticket) => ticket.sla],
  ['category_1', (ticket) => ticket.category],
];

/** Both spellings are in use for the day opened. */
const DATES: Record<string, (ticket: Ticket) => number | undefined> = {
  dateoccured: (ticket) => ticket.occurred,
  dateoccurred: (ticket) => ticket.occurred,
  datecleared: (ticket) => ticket.closed,
};

function find(tenant: Tenant, query: Query, domain: (ticket: Ticket) => boolean): readonly Ticket[] {
  const tests: ((ticket: Ticket) => boolean)[] = [domain];
  for (const [name, of] of ONE) {
    const id = query.int(name);
    if (name === 'agent_id' && id !== undefined && tenant.is('harsh')) tests.push(queueOf(id));
    else if (id !== undefined) tests.push((ticket) => of(ticket) === id);
  }
  for (const [name, of] of MANY) {
    const ids = query.ints(name);
    if (ids !== undefined) tests.push((ticket) => ids.includes(of(ticket)));
  }
  if (query.flag('open_only')) tests.push((ticket) => !isClosed(ticket));
  if (query.flag('closed_only')) tests.push(isClosed);
  const search = query.text('search');
  if (search !== undefined) tests.push((ticket) => textOf(ticket).includes(search));
  const summary = query.text('search_summary');
  if (summary !== undefined) tests.push((ticket) => ticket.summary.toLowerCase().includes(summary));
  const date = DATES[query.text('datesearch') ?? ''];
  if (date !== undefined) {
    const inDays = daysOf(query);
    tests.push((ticket) => inDays(date(ticket)));
  }
  return tenant.tickets().filter((ticket) => tests.every((test) => test(ticket)));
}

/** What an agent sees: their own tickets and those of their teams. */
function queueOf(id: number): (ticket: Ticket) => boolean {
  const teams = new Set(
    TEAMS.filter(({ name }) => AGENTS.find((agent) => agent.id === id)?.teams.includes(name)).map((team) => team.id),
  );
  return (ticket) => ticket.agent === id || teams.has(ticket.team);
}

const textOf = (ticket: Ticket) => `${ticket.summary}\n${ticket.details}\n${ticket.client.name}`.toLowerCase();

/** Tests whether an instant lies in the requested span, both ends included. Days count whole, midnights too. */
export function daysOf(query: Query, start = 'startdate', end = 'enddate'): (instant: number | undefined) => boolean {
  const [from, to] = [query.date(start), query.date(end)];
  if (from === undefined && to === undefined) return () => true;
  const first = from === undefined ? Number.NEGATIVE_INFINITY : momentOf(from);
  const after = to === undefined ? Number.POSITIVE_INFINITY : momentOf(to) + (/T(?!00:00:00)/.test(to) ? SECOND : DAY);
  return (instant) => instant !== undefined && instant >= first && instant < after;
}

const SECOND = 1000;

/** Milliseconds of a UTC date written without a zone. */
const momentOf = (date: string) => Date.parse(date.includes('T') ? `${date}Z` : date);
