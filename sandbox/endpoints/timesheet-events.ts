import type { Action } from '../tenant/actions.js';
import { DAY, HOUR, haloDate } from '../tenant/clock.js';
import type { Tenant } from '../tenant/index.js';
import type { Row } from '../types.js';
import type { Endpoint } from './define.js';
import { daysOf } from './tickets.js';

/** Time worked, for all agents in one answer: unpaged, including breaks and leave. The hours are not split. */
export const timesheetEvents: Endpoint = {
  path: 'timesheetevent',
  scope: 'read:timesheets',
  list(tenant, query) {
    const spellings = [daysOf(query), daysOf(query, 'start_date', 'end_date')];
    const agent = query.int('agent_id');
    return [...worked(tenant), ...others(tenant)]
      .filter(
        ({ at, row }) => spellings.every((inDays) => inDays(at)) && (agent === undefined || row.agent_id === agent),
      )
      .map(({ row }) => row);
  },
};

interface Event {
  at: number;
  row: Row;
}

const worked = (tenant: Tenant): Event[] =>
  tenant
    .actions()
    .filter(({ hours }) => hours > 0)
    .map((action) => ({ at: action.at, row: eventOf(action, tenant) }));

function eventOf(action: Action, tenant: Tenant): Row {
  const client = tenant.ticket(action.ticket)?.client;
  return {
    ...{ id: action.ticket * 1000 + action.id, event_type: 1, subject: `${action.ticket} - ${action.subject}` },
    ...{
      start_date: haloDate(action.at),
      end_date: haloDate(action.at + action.hours * HOUR),
      timetaken: action.hours,
    },
    ...{ agent_id: action.agent, break_type: 0, break_note: '', ticket_id: action.ticket, action_number: action.id },
    action_invoice_number: action.charged > 0 ? tenant.invoiceOf(action.ticket) : 0,
    ...{ note: action.note, customer: client?.name ?? '', client_id: client?.id ?? 0, contract_id: action.contract },
    ...{ holiday_id: 0, charge_type_name: 'Remote support', charge_type_colour: '#0aa', is_all_day: false },
  };
}

/** A lunch break and a day of leave. */
function others({ clock }: Tenant): Event[] {
  const plain: Row = {
    ...{ event_type: 1, break_note: '', ticket_id: 0, action_number: 0, action_invoice_number: 0, note: '' },
    ...{ customer: '', client_id: 0, contract_id: 0, charge_type_name: '', charge_type_colour: '', is_all_day: false },
  };
  const event = (id: number, at: number, hours: number, more: Row): Event => ({
    at,
    row: { id, ...plain, start_date: haloDate(at), end_date: haloDate(at + hours * HOUR), timetaken: hours, ...more },
  });
  return [
    event(71, clock.today - 2 * DAY + 12 * HOUR, 0.5, { agent_id: 3, break_type: 1, holiday_id: 0, subject: 'Lunch' }),
    event(72, clock.today - 3 * DAY + 9 * HOUR, 7.5, { agent_id: 7, break_type: 0, holiday_id: 4, subject: 'Leave' }),
  ];
}
