/** The hours worked in a window, with the agreement that each was on. */
import type Big from 'big.js';
import { CONTRACT_OF_WORK, type Work, type WorkEvent, type WorkTicket } from '../rows/work.js';
import { ZERO } from '../values/money.js';
import { eachOnce } from './work-facts.js';

/** Work as read from each source that describes it. */
export interface WorkSources {
  readonly work: readonly Work[];
  readonly events: readonly WorkEvent[];
  readonly tickets: readonly WorkTicket[];
}

export interface Hours {
  readonly ticket: number;
  readonly client: number | undefined;
  readonly contract: number;
  readonly agent: number;
  readonly hours: Big;
  readonly fields: readonly string[];
}

/** All work of the window, each action once, with its contract: its own, else the time sheet's, else its ticket's. */
export function workOn({ work, events, tickets }: WorkSources, from: string, to: string): Hours[] {
  const ticketOf = new Map(tickets.map((ticket) => [ticket.id, ticket]));
  const sheet = new Map(events.map((event) => [`${event.ticket}/${event.action}`, event]));
  return eachOnce(work).flatMap((one): Hours[] => {
    const inWindow = one.date === undefined || (one.date >= from && one.date <= to);
    const hours = one.hours ?? ZERO;
    if (!inWindow || (hours.eq(0) && !one.unread.includes('timetaken'))) return [];
    const event = sheet.get(`${one.ticket}/${one.id}`);
    const ticket = ticketOf.get(one.ticket);
    const named = one.contract || event?.contract;
    const contract = named || ticket?.contract || 0;
    const client = ticket?.client || event?.client || undefined;
    const fields = [
      ...one.unread.filter((field) => [...CONTRACT_OF_WORK, 'timetaken', 'datetime', 'ticket_id'].includes(field)),
      ...(one.date === undefined ? ['datetime'] : []),
      ...(ticket?.unread ?? []).filter((field) => field === 'client_id' || (field === 'contract_id' && !named)),
      ...(contract === 0 && ticket === undefined && event === undefined ? ['contract'] : []),
    ];
    if (one.date === undefined) return [{ ticket: one.ticket, client, contract, agent: 0, hours: ZERO, fields }];
    return [{ ticket: one.ticket, client, contract, agent: one.agent || event?.agent || 0, hours, fields }];
  });
}
