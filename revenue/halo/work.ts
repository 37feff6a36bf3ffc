/** Reads work: actions by their days, what time sheets know beside them, and whose the tickets are. */
import { isHaloError, readDayIn, sideBySide, type ToolContext, UTC, type Zone } from '../../core/index.js';
import {
  daysAfter,
  daysBetween,
  endOfMonth,
  isEventUnread,
  keepWork,
  keepWorkEvent,
  keepWorkTicket,
  monthsIn,
  type Span,
  type Work,
  type WorkEvent,
  type WorkTicket,
} from '../index.js';
import { rowsAtOnce } from './at-once.js';
import type { Reader } from './reader.js';

/** Days of work are days of the zone: work late in the evening is that day's, whatever day it is in UTC. */
const dayIn = (zone: Zone) => (value: unknown) => {
  const told = readDayIn(value, 'instant', zone);
  return typeof told === 'string' ? told : undefined;
};

/** The first and last moment of a span, in the form that Halo's lists of work take. */
const momentsOf = ({ from, to }: Span, zone: Zone) => ({
  first: zone.edgesOf(from).first.replace(/T00:00:00$/, ''),
  last: zone.edgesOf(to).last,
});

export interface WorkRead {
  readonly work: readonly Work[];
  readonly events: readonly WorkEvent[];
  readonly tickets: readonly WorkTicket[];
  /** How it was found, in words. */
  readonly found: string;
}

/**
 * All work in a span of days. Actions are requested a month at a time, since Halo's list of them has no pages and never
 * answers without days. Some Halos list none that way: then actions that only the time sheets name are read ticket by
 * ticket. Tickets are read only for the work that `matters`.
 */
export async function readWork(
  reader: Reader,
  halo: ToolContext['halo'],
  span: Span,
  matters: (work: Work) => boolean,
  { zone = UTC, contracts = false }: { zone?: ToolContext['zone'] | undefined; contracts?: boolean } = {},
): Promise<WorkRead> {
  const before = reader.reasons.length;
  const [listed, events] = await Promise.all([byDays(reader, span, zone), eventsOf(reader, halo, span, zone)]);
  const met = new Set(listed.map(({ ticket, id }) => `${ticket}/${id}`));
  const missing = (events ?? []).filter(({ ticket, action }) => !met.has(`${ticket}/${action}`));
  // If the list itself is broken, nothing is complete, so what it lacks is not asked for ticket by ticket.
  const broken = reader.reasons.slice(before).some((reason) => reason.startsWith('Actions: '));
  const tickets = broken ? [] : [...new Set(missing.map(({ ticket }) => ticket))];
  const more = await byTicket(reader, tickets.slice(0, MOST_TICKETS), zone);
  if (tickets.length > MOST_TICKETS)
    reader.reasons.push(`Actions: ${tickets.length - MOST_TICKETS} tickets of the time sheets were not read`);
  const work = [...listed, ...more];
  if (work.length === 0 && events === undefined)
    reader.reasons.push('Actions: none are listed by days here, and the time sheets can’t be read (read:timesheets)');
  const needed = new Set(work.filter(matters).map(({ ticket }) => ticket));
  return {
    work,
    events: events ?? [],
    tickets: await ticketsOf(reader, [...needed], events ?? [], contracts),
    found: foundBy(listed.length, more.length, events !== undefined),
  };
}

/** The most tickets that are read one by one because only the time sheets name them. */
const MOST_TICKETS = 1000;

const foundBy = (listed: number, more: number, sheets: boolean): string =>
  [
    `${listed} actions by days`,
    ...(more > 0 ? [`${more} by ticket, as only the time sheets name them`] : []),
    sheets ? 'held against the time sheets' : 'the time sheets were not read (read:timesheets)',
  ].join(', ');

async function byDays(reader: Reader, span: Span, zone: Zone): Promise<Work[]> {
  const months = monthsIn(span).map((month) => {
    const [first, last] = [`${month}-01`, endOfMonth(`${month}-01`)];
    return { from: first < span.from ? span.from : first, to: last > span.to ? span.to : last };
  });
  const work: Work[] = [];
  await sideBySide(months, async (month) => {
    work.push(...(await actionsIn(reader, month, zone)));
  });
  // Halo may send more than was requested.
  return work.filter(({ date }) => date === undefined || (date >= span.from && date <= span.to));
}

/** The actions of some days; of fewer at a time where they are too many for one answer. */
async function actionsIn(reader: Reader, { from, to }: Span, zone: Zone): Promise<Work[]> {
  try {
    const { first, last } = momentsOf({ from, to }, zone);
    const query = { startdate: first, enddate: last };
    return await reader.list('/Actions', 'actions', (row) => keepWork(row, dayIn(zone)), { query, paged: false });
  } catch (error) {
    if (!isHaloError(error) || error.code !== 'HALO_TOO_LARGE' || from >= to) throw error;
    const middle = daysAfter(from, Math.floor(daysBetween(from, to) / 2));
    const [first, second] = [
      { from, to: middle },
      { from: daysAfter(middle, 1), to },
    ];
    return [...(await actionsIn(reader, first, zone)), ...(await actionsIn(reader, second, zone))];
  }
}

async function byTicket(reader: Reader, tickets: readonly number[], zone: Zone): Promise<Work[]> {
  const work: Work[] = [];
  const keep = (row: unknown) => keepWork(row, dayIn(zone));
  await sideBySide(tickets, async (ticket) => {
    const own = await reader.list('/Actions', 'actions', keep, { query: { ticket_id: ticket }, paged: false });
    work.push(...own.filter((one) => one.ticket === ticket));
  });
  return work;
}

/** The events of all agents in one answer; undefined where this login may not read them. */
async function eventsOf(
  reader: Reader,
  halo: ToolContext['halo'],
  { from, to }: Span,
  zone: Zone,
): Promise<WorkEvent[] | undefined> {
  const { first, last } = momentsOf({ from, to }, zone);
  const query = { start_date: first, end_date: last, startdate: first, enddate: last };
  const rows = await rowsAtOnce(halo, reader.reasons, '/TimesheetEvent', ['timesheetevents', 'events'], query);
  const unread = rows?.filter(isEventUnread).length ?? 0;
  if (unread > 0) reader.reasons.push(`TimesheetEvent: ${unread} rows that can't be read`);
  const kept = rows?.flatMap((row) => keepWorkEvent(row, dayIn(zone)) ?? []);
  return kept?.filter(({ date }) => date === undefined || (date >= from && date <= to));
}

/** Above this many tickets, one list takes fewer requests than single reads. */
const MOST_SINGLES = 60;
const MOST_PAGES_OF_TICKETS = 40;

/**
 * Whose the tickets are: according to the time sheets, else to their own records.
 * @param contracts whether to read their contracts, which some time sheets don't name
 */
async function ticketsOf(
  reader: Reader,
  ids: readonly number[],
  events: readonly WorkEvent[],
  contracts: boolean,
): Promise<WorkTicket[]> {
  const tell = !contracts || events.some(({ contract }) => contract > 0);
  const said = new Map(tell ? events.filter(({ client }) => client > 0).map((event) => [event.ticket, event]) : []);
  const known = ids.flatMap((id): WorkTicket[] => {
    const event = said.get(id);
    if (event === undefined) return [];
    const { client, contract } = event;
    const beside = { client_name: undefined, bill_to: 0, not_billable: false, unread: [] };
    return [{ id, modified: '', client, contract, ...beside }];
  });
  const open = ids.filter((id) => id > 0 && !said.has(id));
  if (contracts || open.length <= MOST_SINGLES) return [...known, ...(await singles(reader, open))];
  const wanted = new Set(open);
  const all = await reader.list('/Tickets', 'tickets', keepWorkTicket, { mostPages: MOST_PAGES_OF_TICKETS });
  const listed = all.filter(({ id }) => wanted.has(id));
  const met = new Set(listed.map(({ id }) => id));
  return [
    ...known,
    ...listed,
    ...(await singles(
      reader,
      open.filter((id) => !met.has(id)),
    )),
  ];
}

const singles = async (reader: Reader, ids: readonly number[]): Promise<WorkTicket[]> => [
  ...(await reader.singles('/Tickets', ids, keepWorkTicket)).values(),
];
