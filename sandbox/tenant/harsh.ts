import { CLOSED, PROJECT, RESOLVED, TASK } from './lookups.js';
import { isClosed, type Ticket } from './tickets.js';

/** Remainders, modulo ten, of the ids of closed tickets that differ in the harsh tenant. */
const RESOLVED_BY = 1;
const REOPENED_BY = 4;
const QUICK_BY = 7;

/** In Progress. */
const OPEN = 2;

/**
 * A closed ticket as a harsh tenant may have it: closed by a status of its own, opened again, or logged when the work
 * was done ("quick time"), so that it was closed when it occurred.
 */
export function harsher(ticket: Ticket): Ticket {
  if (!isClosed(ticket) || ticket.type === PROJECT || ticket.type === TASK) return ticket;
  const rest = ticket.id % 10;
  if (rest === RESOLVED_BY) return withStatus(ticket, RESOLVED);
  if (rest === REOPENED_BY) return reopened(ticket);
  if (rest === QUICK_BY) return { ...ticket, closed: ticket.occurred, responded: ticket.occurred };
  return ticket;
}

/** The last action closes the ticket with the same status. */
const withStatus = (ticket: Ticket, status: number): Ticket => ({
  ...ticket,
  status,
  actions: () =>
    ticket.actions().map((action) => (action.statusAfter === CLOSED ? { ...action, statusAfter: status } : action)),
});

/** The user answers after closing, which reopens the ticket and removes the closing date. */
function reopened({ closed: _, ...ticket }: Ticket): Ticket {
  const actions = () => {
    const own = ticket.actions();
    const last = own.at(-1);
    if (last === undefined) return own;
    return [
      ...own,
      {
        ...{ ...last, id: last.id + 1, at: last.at + 60_000, agent: 0, who: ticket.user.name, hidden: false },
        ...{ outcome: [3, 'User Reply'] as const, note: 'It is back again.', hours: 0, charged: 0, covered: 0 },
        ...{ prepaid: 0, email: 'I' as const, statusBefore: CLOSED, statusAfter: OPEN },
      },
    ];
  };
  return { ...ticket, status: OPEN, reopened: true, last: ticket.last + 60_000, actions };
}
