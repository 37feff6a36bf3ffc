import type { Query } from '../query.js';
import { type Action, RATE } from '../tenant/actions.js';
import { haloDate } from '../tenant/clock.js';
import type { Tenant } from '../tenant/index.js';
import { nameOf } from '../tenant/lookups.js';
import type { Json, Row } from '../types.js';
import { deleteAction, postAction } from '../writes/actions.js';
import type { Endpoint, Posted } from './define.js';
import { escapeHtml } from './ticket-detail.js';
import { daysOf } from './tickets.js';

/** Unpaged, oldest first; empty without a ticket and without dates. */
export const actions: Endpoint = {
  path: 'actions',
  scope: 'read:tickets',
  list(tenant, query): Json {
    const count = query.int('count');
    const rows = find(tenant, query).slice(0, count === undefined || count < 1 ? undefined : count);
    return { record_count: rows.length, actions: rows.map((action) => show(action, tenant, query)) };
  },
  /** Ids count within a ticket, so the ticket must be named. */
  detail(tenant, id, query) {
    const ticket = tenant.ticket(query.int('ticket_id') ?? 0);
    const found = ticket?.actions().find((action) => action.id === id);
    return found && show(found, tenant, query);
  },
  post: (tenant, row, query) => written(postAction(tenant, row), tenant, query),
  remove: (tenant, id, query) => written(deleteAction(tenant, id, query), tenant, query),
};

const written = (action: Action, tenant: Tenant, query: Query): Posted => ({
  row: show(action, tenant, query),
  key: 'actions',
  ticket: action.ticket,
  id: action.id,
});

function find(tenant: Tenant, query: Query): readonly Action[] {
  const ticket = query.int('ticket_id');
  const dated = query.date('startdate') !== undefined || query.date('enddate') !== undefined;
  if (ticket === undefined && !dated) return [];
  const inDays = daysOf(query);
  const all = ticket === undefined ? tenant.actions() : (tenant.ticket(ticket)?.actions() ?? []);
  return all.filter(
    (action) =>
      inDays(action.at) &&
      !(query.flag('agentonly') && action.agent === 0) &&
      !(query.flag('excludesys') && action.system) &&
      !(query.flag('excludeprivate') && action.hidden) &&
      !(query.flag('timeentriesonly') && action.hours === 0),
  );
}

function show(action: Action, tenant: Tenant, query: Query): Row {
  const user = tenant.ticket(action.ticket)?.user.email ?? '';
  return {
    ...{ id: action.id, ticket_id: action.ticket, datetime: haloDate(action.at) },
    ...(action.made === undefined ? {} : { actiondatecreated: haloDate(action.made) }),
    ...{ outcome: action.outcome[1], outcome_id: action.outcome[0], who: action.who },
    ...{ who_type: action.agent === 0 ? 0 : 1, who_agentid: action.agent, note: action.note },
    ...(query.flag('includehtmlnote') ? { note_html: htmlOf(action.note) } : {}),
    ...{ timetaken: action.hours, hiddenfromuser: action.hidden, important: false },
    ...hoursOf(action, tenant),
    ...{ chargerate: 1, traveltime: 0, old_status: action.statusBefore, new_status: action.statusAfter },
    ...{ new_status_name: nameOf('status', action.statusAfter), emaildirection: action.email },
    ...{ emailfrom: action.email === 'I' ? user : '', emailto: action.email === 'O' ? user : '' },
    ...{ emailsubject: action.email === '' ? '' : action.subject, attachment_count: 0 },
    ...{ actioncontractid: action.contract, actreviewed: false },
    ...invoiceOf(action, tenant),
  };
}

/** A harsh tenant doesn't split hours: all are billable, and none is charged, covered or prepaid. */
function hoursOf(action: Action, tenant: Tenant): Row {
  if (tenant.is('harsh'))
    return {
      ...{ actisbillable: true, actionchargehours: 0, actionnonchargehours: 0, actionprepayhours: 0 },
      ...{ actionchargeamount: 0, actionprepayamount: 0 },
    };
  return {
    ...{ actisbillable: action.charged > 0 || action.prepaid > 0, actionchargehours: action.charged },
    ...{ actionnonchargehours: action.covered, actionprepayhours: action.prepaid },
    ...{ actionchargeamount: Math.round(action.charged * RATE) / 100, actionprepayamount: 0 },
  };
}

/** A text; absent if nothing was invoiced. */
function invoiceOf(action: Action, tenant: Tenant): Row {
  const invoice = action.charged > 0 ? tenant.invoiceOf(action.ticket) : 0;
  return invoice > 0 ? { actioninvoicenumber: String(invoice) } : {};
}

const htmlOf = (note: string) =>
  /<br>|^</.test(note) || /&(?:lt|gt|amp|quot|#39);/.test(note) ? note : `<p>${escapeHtml(note)}</p>`;
