import {
  column,
  definePlugin,
  filter,
  flagOf,
  isRow,
  listTool,
  numberOf,
  type Row,
  textOf,
  z,
} from '../../core/index.js';

const UNASSIGNED = 1;

const teamsOf = (agent: Row): { id: number | undefined; name: string }[] => {
  const listed = (Array.isArray(agent.teams) ? agent.teams : []).filter(isRow).flatMap((team) => {
    const name = textOf(team.team_name) ?? textOf(team.name);
    return name === undefined ? [] : [{ id: numberOf(team.team_id), name }];
  });
  const own = textOf(agent.team);
  return own === undefined || listed.some(({ name }) => name === own)
    ? listed
    : [{ id: undefined, name: own }, ...listed];
};

/** Agents, the MSP's own staff. The list comes whole. "Unassigned" and API logins are not people. */
const listAgents = listTool({
  name: 'list_agents',
  title: 'Technicians and teams',
  description:
    'Which agents (engineers, techs, staff) we have to assign work to: all that are in our team or line, with email. For clients use get_client.',
  scopes: [],
  examples: [{ team: '2nd Line' }, {}],
  from: { path: '/Agent', key: 'results', paged: false },
  filters: {
    search: filter.searchIn(['name', 'email', 'jobtitle', 'team']),
    // Halo's own `team` parameters are not reliable for agents, and the list comes whole: the teams are compared here.
    team: filter.named('team', { lookup: 'team', names: teamsOf }),
    disabled: filter.inactive('include_disabled', { param: 'includedisabled', field: 'isdisabled', whole: true }),
  },
  passOver: { test: (agent) => numberOf(agent.id) === UNASSIGNED || flagOf(agent.isapiagent) },
  columns: {
    id: column.id(),
    name: column.text('name', 60),
    email: column.text('email', 80),
    teams: column.value(
      z.string(),
      (agent) =>
        teamsOf(agent)
          .map(({ name }) => name)
          .join(', ') || undefined,
    ),
    disabled: column.flag('isdisabled'),
  },
  more: { job_title: column.text('jobtitle', 60), last_login: column.instant('lastlogindate') },
  hint: 'Disabled agents are listed only with include_disabled.',
});

export default definePlugin({
  name: 'people',
  apiVersion: 1,
  title: 'People',
  description: 'your own agents',
  instructions: "People: list_agents is the MSP's own staff.",
  tools: [listAgents],
});
