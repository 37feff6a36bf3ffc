import type { Query } from '../query.js';
import { AGENTS, type Agent, UNASSIGNED } from '../tenant/agents.js';
import { DAY, HOUR, haloDate } from '../tenant/clock.js';
import type { Tenant } from '../tenant/index.js';
import type { Row } from '../types.js';
import type { Endpoint } from './define.js';
import { daysOf } from './tickets.js';

const DAYS = 14;
const STAFF = AGENTS.filter((agent) => agent.id !== UNASSIGNED && agent.api !== true && agent.disabled !== true);

interface Sheet {
  /** 0: no sheet for that day. */
  id: number;
  agent: Agent;
  day: number;
}

/** A row per agent and day, all of them: paging is ignored. An unknown id answers 200 with id 0. */
export const timesheets: Endpoint = {
  path: 'timesheet',
  scope: 'read:timesheets',
  list: (tenant, query) => sheets(tenant, query).map((sheet) => show(sheet, tenant)),
  detail(tenant, id, query) {
    const sheet = id > 0 ? sheets(tenant, query).find((one) => one.id === id) : undefined;
    return sheet === undefined ? { id: 0 } : show(sheet, tenant);
  },
};

/** Clients use either spelling of the dates. */
function sheets(tenant: Tenant, query: Query): Sheet[] {
  const { today } = tenant.clock;
  const agent = query.int('agent_id');
  const spellings = [daysOf(query), daysOf(query, 'start_date', 'end_date')];
  return Array.from({ length: DAYS }, (_, back) => today - back * DAY)
    .flatMap((day, back) =>
      STAFF.map((one) => ({ id: isWeekend(day) ? 0 : 880 + back * 20 + one.id, agent: one, day })),
    )
    .filter(
      (sheet) => (agent === undefined || sheet.agent.id === agent) && spellings.every((inDays) => inDays(sheet.day)),
    );
}

const isWeekend = (day: number) => [0, 6].includes(new Date(day).getUTCDay());

function show({ id, agent, day }: Sheet, tenant: Tenant): Row {
  const own = tenant.actions().filter((one) => one.agent === agent.id && one.at >= day && one.at < day + DAY);
  const actual = own.reduce((total, one) => total + one.hours, 0);
  const charged = own.reduce((total, one) => total + one.charged, 0);
  const target = id === 0 ? 0 : 7.5;
  return {
    ...{ id, agent_id: agent.id, agent_name: agent.name, date: haloDate(day), colour: '#9e9e9e' },
    ...(id === 0 ? {} : { start_time: haloDate(day + 8 * HOUR), end_time: haloDate(day + 16.5 * HOUR) }),
    ...{ target_hours: target, actual_hours: actual, work_hours: id === 0 ? 0 : 8, break_hours: id === 0 ? 0 : 0.5 },
    ...{ allowed_break_hours: 0.5, chargeable_hours: charged, unlogged_hours: Math.max(target - actual, 0) },
    ...{ forecasting_hours: 0, workdayid: 1, timesheet_manager: 5, enableshifts: false },
  };
}
