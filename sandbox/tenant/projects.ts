import { type Action, makeActions } from './actions.js';
import { CLIENTS } from './clients.js';
import { addMonths, type Clock, DAY, HOUR } from './clock.js';
import { coverOf } from './contracts.js';
import { CLOSED, PROJECT, REQUEST, TASK } from './lookups.js';
import { usersOf } from './people.js';
import { at, createRandom, must, once, type Random } from './random.js';
import { SUBJECTS } from './subjects.js';
import { hoursOf, type ProjectFacts, type Ticket } from './tickets.js';

/** Money of a project hour, pence. */
const PROJECT_RATE = 88_00;

interface Project {
  id: number;
  client: number;
  name: string;
  details: string;
  /** How many months ago it started, and how many it was planned to last. */
  ago: number;
  months: number;
  /** Hours planned and worked. */
  budget: number;
  spent: number;
  /** Percent. */
  done: number;
  tasks: readonly string[];
}

const PROJECTS: readonly Project[] = [
  project(
    9801,
    12,
    'Server room move',
    'Move the rack to the new building.',
    [3, 5, 60, 21.5, 30],
    'Cabling|Rack|Test',
  ),
  project(
    9811,
    21,
    'Windows 11 roll-out',
    '140 laptops, four waves.',
    [4, 6, 120, 71, 55],
    'Pilot|Wave 1|Wave 2|Wave 3|Wave 4|End',
  ),
  project(
    9821,
    31,
    'Dublin shop network',
    'New fibre, switches, Wi-Fi.',
    [2, 3, 40, 26.25, 70],
    'Survey|Install|Handover',
  ),
  project(9831, 38, 'Conditional access', 'Zero trust for all sign-ins.', [1, 4, 32.5, 4.5, 10], 'Design|Pilot group'),
  project(
    9841,
    26,
    'File server to SharePoint',
    '3.2 TB, 14 shares.',
    [6, 5, 75, 84.75, 100],
    'Map|Copy|Switch|Archive',
  ),
  project(9851, 45, 'Vineyard cameras', 'Eight cameras on the Wi-Fi.', [2, 4, 24, 12, 45], 'Poles|Cameras'),
];

function project(
  id: number,
  client: number,
  name: string,
  details: string,
  [ago, months, budget, spent, done]: readonly [number, number, number, number, number],
  tasks: string,
): Project {
  return { id, client, name, details, ago, months, budget, spent, done, tasks: tasks.split('|') };
}

/** Project headers and their tasks; the tasks carry the hours. */
export function makeProjects(clock: Clock): readonly Ticket[] {
  const random = createRandom('projects');
  return PROJECTS.flatMap((plan) => {
    const { id, client, details, done } = plan;
    const start = clock.month(-plan.ago, 10) + 9 * HOUR;
    const tasks = plan.tasks.map((name, i) => {
      const open = i * 100 >= done * plan.tasks.length;
      const texts = { id: id + i + 1, summary: `${plan.name}: ${name}`, details: `Task of project ${id}.` };
      const closed = open ? undefined : ends(clock, start, i);
      const hours = share(plan.spent, plan.tasks.length, i);
      return ticket(clock, random, { ...texts, client, start, closed, hours, type: TASK, parent: id });
    });
    const closed = done === 100 ? clock.month(-1, 12) + 16 * HOUR : undefined;
    const header = ticket(clock, random, {
      id,
      client,
      start,
      closed,
      details,
      summary: plan.name,
      hours: 0,
      type: PROJECT,
      parent: 0,
    });
    return [{ ...header, project: facts(plan, start) }, ...tasks];
  });
}

/** Splits hours evenly into quarter hours; the first task gets the rest. */
function share(hours: number, tasks: number, nth: number): number {
  const each = Math.floor((hours * 4) / tasks) / 4;
  return nth === 0 ? hours - each * (tasks - 1) : each;
}

const ends = (clock: Clock, start: number, nth: number) => Math.min(start + (nth + 1) * 9 * DAY, clock.now - DAY);

function facts(plan: Project, start: number): ProjectFacts {
  const { budget, spent, done } = plan;
  const target = addMonths(start, plan.months);
  const money = { budget: Math.round(budget * PROJECT_RATE), actual: Math.round(spent * PROJECT_RATE) };
  const hours = { budget, actual: spent };
  return { start, target, deadline: target + 14 * DAY, hours, money, done, children: plan.tasks.length };
}

interface Plan {
  id: number;
  client: number;
  summary: string;
  details: string;
  type: number;
  parent: number;
  start: number;
  closed?: number | undefined;
  agent?: number;
  /** Hours worked, if planned; all in the second action. */
  hours?: number;
}

function ticket(clock: Clock, random: Random, plan: Plan): Ticket {
  const client = must(
    CLIENTS.find((one) => one.id === plan.client),
    `client ${plan.client}`,
  );
  const user = at(usersOf(client.id), 1);
  const sla = client.sla ?? 1;
  const hours = hoursOf(sla, 4);
  const made = {
    ...{ id: plan.id, occurred: plan.start, summary: plan.summary, details: plan.details, type: plan.type },
    ...{ status: plan.closed === undefined ? 2 : CLOSED, sla, priority: 4, client, user, site: user.site },
    ...{ team: 3, agent: plan.agent ?? random.pick([5, 10, 11]), category: 19, contract: coverOf(client.id) },
    ...{ parent: plan.parent, device: '', responded: plan.start + HOUR },
    ...{ respondBy: plan.start + hours.response * HOUR, fixBy: plan.start + 60 * DAY },
    ...(plan.closed === undefined ? {} : { closed: plan.closed }),
  };
  const until = plan.closed ?? Math.max(clock.now - random.int(1, 70) * HOUR, plan.start);
  const count = random.int(3, 6);
  return { ...made, actions: once(() => withHours(makeActions(made, count, until), plan.hours)), last: until };
}

function withHours(actions: readonly Action[], hours: number | undefined): readonly Action[] {
  if (hours === undefined) return actions;
  const none = { hours: 0, charged: 0, covered: 0, prepaid: 0 };
  return actions.map((action) => ({ ...action, ...none, ...(action.id === 2 ? { hours, charged: hours } : {}) }));
}

const PAYING = [26, 49, 43, 47, 41, 36];

/** Closed tickets of the last 23 months, two a month: what older labour invoices were made from. */
export function makeHistory(clock: Clock): readonly Ticket[] {
  const random = createRandom('history');
  return Array.from({ length: 46 }, (_, i) => {
    const start = clock.month(Math.floor(i / 2) - 23, 3 + (i % 2) * 9) + 8 * HOUR + random.int(0, 500_000);
    const [, , summary, details] = at(SUBJECTS, i * 5);
    const texts = { summary: summary.replace('{device}', 'the old unit'), details };
    const plan = { id: 9001 + i, client: at(PAYING, i), type: REQUEST, parent: 0, closed: start + 30 * HOUR, agent: 6 };
    return ticket(clock, random, { ...plan, ...texts, start });
  });
}
