import { type Columns, column, definePlugin, filter, getTool, isClosed, listTool, part, z } from '../../core/index.js';

const columns: Columns = {
  id: column.id(),
  name: column.foreign('summary', 100),
  client: column.foreign('client_name', 60),
  status: { ...column.lookup('status', 'status_id', 'status_name'), query: { includestatus: true } },
  manager: { ...column.lookup('agent', 'agent_id', 'agent_name'), query: { includeagent: true } },
  target: column.day('targetdate'),
  completion: column.number('projectcompletionpercentage'),
  hours_budget: column.number('projecttimebudget'),
  hours_actual: column.number('projecttimeactual'),
};

const more: Columns = {
  client_id: column.ref('client_id'),
  start: column.day('startdate'),
  money_budget: column.money('projectmoneybudget'),
  money_actual: column.money('projectmoneyactual'),
  team: column.lookup('team', 'team_id', 'team'),
};

/** Projects, which have the shape of tickets. */
const listProjects = listTool({
  name: 'list_projects',
  title: 'Projects',
  description:
    'Which projects (migrations, rollouts) we have for our clients: all that are running or complete, with manager, deadline and budgeted hours. For one use get_project.',
  scopes: ['read:projects'],
  examples: [
    { open_only: true, page_size: 3 },
    { client_name: 'Northwind', columns: ['money_budget', 'money_actual'] },
  ],
  from: { path: '/Projects', key: 'tickets' },
  filters: {
    client: filter.client(),
    search: filter.search(),
    agent: filter.lookup('agent', 'agent', { param: 'agent_id', field: 'agent_id', looser: true }),
    open: filter.open(),
  },
  columns,
  more,
  hint: 'Closed projects are listed unless open_only is true.',
});

/** One project with its child tickets. */
const getProject = getTool({
  name: 'get_project',
  title: 'Project details',
  description:
    'Details of one project: who it is for and who manages it, when it is to finish (target date), percent complete, budget of hours and money used or left, and tickets (tasks).',
  scopes: ['read:projects'],
  optionalScopes: ['read:tickets'],
  examples: [{ id: 9801 }],
  record: 'projects',
  from: { path: '/Projects', query: { includedetails: true } },
  input: { id: filter.Id.describe('Project number') },
  fields: {
    ...columns,
    ...more,
    deadline: column.day('deadlinedate'),
    type: column.lookup('tickettype', 'tickettype_id', 'tickettype_name'),
    closed: column.day('dateclosed'),
    hours_used_percent: column.number('projecttimepercentage'),
    details: column.html(['details', 'details_html'], 1200),
  },
  parts: {
    tickets: part.list({
      path: '/Tickets',
      key: 'tickets',
      by: 'parent_id',
      query: { includestatus: true, includeagent: true, includetimetaken: true },
      columns: {
        id: column.id(),
        summary: column.foreign('summary', 100),
        status: column.lookup('status', 'status_id', 'status_name'),
        agent: column.lookup('agent', 'agent_id', 'agent_name'),
        closed: column.value(z.literal(true), (row) => isClosed(row) || undefined),
        hours: column.number('timetaken'),
      },
      what: 'tickets',
    }),
  },
});

export default definePlugin({
  name: 'projects',
  apiVersion: 1,
  title: 'Projects',
  description: 'projects and budgets',
  instructions: 'Projects: list_projects, then get_project for budget and child tickets.',
  tools: [listProjects, getProject],
});
