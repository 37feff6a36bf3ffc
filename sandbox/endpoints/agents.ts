import type { Query } from '../query.js';
import { AGENTS, type Agent, MSP_DOMAIN, TEAMS, type Team, UNASSIGNED } from '../tenant/agents.js';
import { DAY, haloDate } from '../tenant/clock.js';
import type { Tenant } from '../tenant/index.js';
import { guid } from '../tenant/random.js';
import type { Json, Row } from '../types.js';
import { bareEndpoint, type Endpoint } from './define.js';
import { like } from './people.js';

/** Ignores paging; pageinate=true only changes the envelope, unless the envelope is forced. */
export const agents = (forced: 'results' | 'array' | undefined): Endpoint => ({
  path: 'agent',
  list(tenant, query): Json {
    const rows = find(query).map((agent) => agentRow(agent, tenant));
    const envelope = forced ?? (query.flag('pageinate') ? 'results' : 'array');
    return envelope === 'array' ? rows : { record_count: rows.length, results: rows };
  },
  detail(tenant, id) {
    const agent = AGENTS.find((one) => one.id === id);
    return agent && agentRow(agent, tenant);
  },
});

/** Includes "Unassigned" and API-only agents unless switched off, and disabled ones only on request. */
function find(query: Query): readonly Agent[] {
  const team = query.text('team');
  const teamId = query.int('team_id');
  return AGENTS.filter(
    (agent) =>
      (agent.disabled !== true || query.flag('includedisabled')) &&
      !(query.off('includeenabled') && agent.disabled !== true) &&
      !(query.off('includeapiagents') && agent.api === true) &&
      !(query.off('includeunassigned') && agent.id === UNASSIGNED) &&
      (team === undefined || agent.teams.some((name) => name.toLowerCase() === team)) &&
      (teamId === undefined || TEAMS.some((one) => one.id === teamId && agent.teams.includes(one.name))) &&
      like(query.text('search'), agent.name, emailOf(agent)),
  );
}

function agentRow(agent: Agent, tenant: Tenant): Row {
  const [firstname = '', surname = firstname] = agent.name.split(' ');
  return {
    ...{ id: agent.id, name: agent.name, email: emailOf(agent) },
    ...{ initials: `${firstname[0] ?? ''}${surname === firstname ? '' : (surname[0] ?? '')}`, firstname, surname },
    ...{ isdisabled: agent.disabled === true, is_agent: true, isapiagent: agent.api === true },
    ...{ team: agent.teams[0] ?? '', teams: membership(agent), departments: [], jobtitle: agent.job, chargerate: 0 },
    ...costOf(agent),
    ...{ linemanager: 0, licence_type: 0, colour: '#9e9e9e', use: 'agent' },
    namewithinactive: agent.disabled === true ? `${agent.name} (Inactive)` : agent.name,
    ...(agent.seen === undefined ? {} : { lastlogindate: haloDate(tenant.clock.now - agent.seen * DAY - 5_400_000) }),
  };
}

/** Cost per hour by agent. For one agent it was never entered; for another it is a year's. */
const COSTS: Readonly<Record<number, number>> = {
  3: 24.5,
  5: 31,
  6: 24.5,
  7: 33.25,
  8: 24.5,
  10: 36,
  11: 34,
  12: 41_000,
  13: 27,
  14: 0,
};

/** The field is missing if the role may not see costs. */
const costOf = ({ id }: Agent): Row => (COSTS[id] === undefined ? {} : { costprice: COSTS[id] });

const membership = (agent: Agent): Row[] =>
  TEAMS.filter((team) => agent.teams.includes(team.name)).map((team) => ({
    ...{ id: agent.id * 10 + team.id, agent_id: agent.id, agent_name: agent.name, team_id: team.id },
    ...{ team_name: team.name, department_id: team.department[0] },
  }));

const emailOf = (agent: Agent): string => {
  if (agent.id === UNASSIGNED) return '';
  return `${agent.api === true ? 'api' : (agent.name.split(' ')[0] ?? '').toLowerCase()}@${MSP_DOMAIN}`;
};

export const teams: Endpoint = bareEndpoint({
  path: 'team',
  find: () => TEAMS,
  show: (team: Team) => ({
    ...{ id: team.id, guid: guid(0x7e, team.id), name: team.name, sequence: team.id, forrequests: true },
    ...{ foropps: false, forprojects: team.projects, ticket_count: 0, department_id: team.department[0] },
    ...{ department_name: team.department[1], inactive: false, override_column_id: 0, teamphotopath: '', use: 'team' },
  }),
});
