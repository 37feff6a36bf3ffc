import { makeActions, restOf } from './actions.js';
import { UNASSIGNED } from './agents.js';
import { CLIENTS } from './clients.js';
import { type Clock, DAY, HOUR } from './clock.js';
import { coverOf } from './contracts.js';
import { CLOSED, PRIORITIES, REQUEST, RESOLVED } from './lookups.js';
import { usersOf } from './people.js';
import { at, createRandom, must, once, type Random } from './random.js';
import { HOSTILE, INVISIBLE, SUBJECTS } from './subjects.js';
import type { Action, Ticket } from './ticket.js';

export type { ProjectFacts, Ticket } from './ticket.js';

const FIRST_ID = 10_001;
const RECENT = 320;
const SPAN = 14 * DAY;
/** Places of the odd ones, counted from the oldest. */
const HOSTILE_AT = [300, 281, 244];
const INVISIBLE_AT = 290;
const LONG_AT = 310;
const LONG_ACTIONS = 25;
const TEAM_AGENTS: Record<number, readonly number[]> = { 1: [3, 6, 13], 2: [5, 7, 14], 3: [10, 11], 4: [12, 13] };
const ACTIVE = CLIENTS.filter((client) => client.inactive !== true);

/** True for either status that tenants close with. */
export const isClosed = ({ status }: Ticket): boolean => status === CLOSED || status === RESOLVED;

/** 320 requests over the last 14 days, evenly spread, oldest first. */
export function makeTickets(clock: Clock): readonly Ticket[] {
  const random = createRandom('tickets');
  return Array.from({ length: RECENT }, (_, i) => {
    const age = (SPAN * (RECENT - i - 0.5)) / RECENT;
    const occurred = Math.round(clock.now - age + random.int(-20, 20) * 60_000 + random.int(0, 999));
    return openTicket(clock, random, FIRST_ID + i, Math.min(occurred, clock.now - 60_000), i);
  });
}

function openTicket(clock: Clock, random: Random, id: number, occurred: number, place: number): Ticket {
  const [category, type, summary, details] = random.pick(SUBJECTS);
  const client = random.pick(ACTIVE);
  const device = `${client.ref}-${random.pick(['LT', 'PC', 'SRV', 'FW', 'SW', 'MFP'])}-${random.int(1, 40)}`;
  const odd = oddText(place);
  const made = fill({ id, occurred, client, category, type, device, summary, details }, odd, random, clock);
  const count = place === LONG_AT ? LONG_ACTIONS : made.closed === undefined ? random.int(1, 5) : random.int(2, 6);
  const until = made.closed ?? Math.max(restOf(occurred, clock.now, random), occurred + 30_000);
  return {
    ...made,
    actions: once(() => withNote(makeActions(made, count, until), odd?.note)),
    last: count === 1 ? occurred : until,
  };
}

type Seed = Pick<Ticket, 'id' | 'occurred' | 'client' | 'category' | 'type' | 'device' | 'summary' | 'details'>;

function fill(
  seed: Seed,
  odd: { summary: string; details: string } | undefined,
  random: Random,
  clock: Clock,
): Omit<Ticket, 'actions' | 'last'> {
  const user = random.pick(usersOf(seed.client.id));
  const sla = seed.client.sla ?? 1;
  const priority = seed.type === REQUEST ? 4 : random.pick([1, 2, 2, 3, 3, 3, 3, 4, 4]);
  const hours = hoursOf(sla, priority);
  const closed = closedAt(seed.occurred, hours.fix, clock.now, random);
  const status = closed === undefined ? openStatus(clock.now - seed.occurred, random) : CLOSED;
  const team = random.pick([1, 1, 1, 2, 2, 4]);
  const responded = Math.min(seed.occurred + hours.response * HOUR * (random.next() * 1.15), clock.now);
  return {
    ...seed,
    summary: (odd?.summary ?? seed.summary).replace('{device}', seed.device),
    details: odd?.details ?? seed.details,
    ...{ user, site: user.site, sla, priority, status, team, parent: 0, contract: coverOf(seed.client.id) },
    agent: status === 1 && random.chance(0.7) ? UNASSIGNED : random.pick(at(Object.values(TEAM_AGENTS), team - 1)),
    respondBy: seed.occurred + hours.response * HOUR,
    fixBy: seed.occurred + hours.fix * HOUR,
    ...(status === 1 ? {} : { responded: Math.round(responded) }),
    ...(closed === undefined ? {} : { closed }),
  };
}

/** Response and fix time of a priority, hours. */
export const hoursOf = (sla: number, priority: number): { response: number; fix: number } =>
  must(
    PRIORITIES.find((one) => one.sla === sla && one.priority === priority),
    `priority ${sla}/${priority}`,
  );

/** Old ones are mostly closed, one in seven of those too late. */
function closedAt(occurred: number, fixHours: number, now: number, random: Random): number | undefined {
  const days = (now - occurred) / DAY;
  const wanted = random.chance(days > 5 ? 0.86 : days > 1 ? 0.62 : 0.3);
  const share = random.chance(0.14) ? 1.1 + random.next() : 0.05 + random.next() * 0.85;
  const closed = Math.round(occurred + fixHours * HOUR * share);
  return wanted && closed < now - 60_000 ? closed : undefined;
}

const openStatus = (age: number, random: Random): number =>
  age < DAY && random.chance(0.5) ? 1 : random.pick([2, 2, 2, 4, 21, 22, 23, 24]);

const oddText = (place: number) => (place === INVISIBLE_AT ? INVISIBLE_TEXT : HOSTILE[HOSTILE_AT.indexOf(place)]);
const INVISIBLE_TEXT: (typeof HOSTILE)[number] = INVISIBLE;

/** Puts a text into the second action, if there is one. */
function withNote(actions: readonly Action[], note: string | undefined): readonly Action[] {
  if (note === undefined) return actions;
  return actions.map((action) => (action.id === Math.min(2, actions.length) ? { ...action, note } : action));
}
