import { agentName } from './agents.js';
import { HOUR } from './clock.js';
import { CLOSED } from './lookups.js';
import { CLOSING_NOTES, USER_REPLIES, WORK_NOTES } from './notes.js';
import { at, createRandom, type Random } from './random.js';
import type { Action, Ticket } from './ticket.js';

export type { Action } from './ticket.js';

type Opened = Omit<Ticket, 'actions' | 'last'>;

const NOBODY = { agent: 0, hours: 0, charged: 0, covered: 0, prepaid: 0, hidden: false, system: false };

/** The history of a ticket, oldest first: opening, work, closing. `count` actions in all. */
export function makeActions(ticket: Opened, count: number, until: number): readonly Action[] {
  const random = createRandom(`actions ${ticket.id}`);
  const step = (until - ticket.occurred) / Math.max(count - 1, 1);
  return Array.from({ length: count }, (_, i) => {
    const base = {
      ...{ id: i + 1, ticket: ticket.id, at: Math.round(ticket.occurred + i * step), contract: ticket.contract },
      ...{ statusBefore: i < 2 ? 1 : 2, statusAfter: i === 0 ? 1 : 2, subject: ticket.summary },
    };
    if (i === 0) return opening(ticket, base);
    const ends = i === count - 1;
    return work(ticket, { ...base, statusAfter: ends ? ticket.status : 2 }, ends, random);
  });
}

type Base = Pick<Action, 'id' | 'ticket' | 'at' | 'contract' | 'statusBefore' | 'statusAfter' | 'subject'>;

function opening(ticket: Opened, base: Base): Action {
  const alert = ticket.type === 11;
  return {
    ...NOBODY,
    ...base,
    outcome: alert ? [1, 'System Update'] : [2, 'First User Email'],
    who: alert ? 'System' : ticket.user.name,
    system: alert,
    note: ticket.details,
    email: alert ? '' : 'I',
  };
}

function work(ticket: Opened, base: Base, ends: boolean, random: Random): Action {
  if (ends && ticket.status === CLOSED) {
    return byAgent(ticket, { ...base, outcome: [9, 'Close Ticket'], note: random.pick(CLOSING_NOTES) }, random);
  }
  if (random.chance(0.15)) {
    const note = random.pick(USER_REPLIES);
    return { ...NOBODY, ...base, outcome: [3, 'User Reply'], who: ticket.user.name, note, email: 'I' };
  }
  const [id, name, note] = at(WORK_NOTES, random.int(0, WORK_NOTES.length - 1));
  return byAgent(ticket, { ...base, outcome: [id, name], note }, random);
}

/** Time of clients under contract is covered, one in eight is prepaid, the rest is charged. */
function byAgent(ticket: Opened, base: Base & Pick<Action, 'outcome' | 'note'>, random: Random): Action {
  const agent = ticket.agent === 1 ? 3 : ticket.agent;
  const hours = random.chance(0.8) ? random.int(1, 8) / 4 : 0;
  const kind = random.chance(0.125) ? 'prepaid' : ticket.contract > 0 && random.chance(0.75) ? 'covered' : 'charged';
  const hidden = base.outcome[1] === 'Private Note';
  return {
    ...NOBODY,
    ...base,
    agent,
    who: agentName(agent),
    hours,
    [kind]: hours,
    hidden,
    email: base.outcome[1] === 'Respond to User' ? 'O' : '',
  };
}

/** Money per hour charged, pence. */
export const RATE = 95_00;

/** The time of an open ticket's last action. */
export const restOf = (occurred: number, now: number, random: Random): number =>
  Math.min(now - random.int(1, 50) * 60_000, occurred + random.int(1, 40) * HOUR);
