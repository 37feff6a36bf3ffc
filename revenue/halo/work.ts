/** Reads work: actions by their days, what time sheets know beside them, and whose the tickets are. */
import { isHaloError, isRow, sideBySide, type ToolContext } from '../../core/index.js';
import {
  type AgentCost,
  Costs,
  daysAfter,
  daysBetween,
  endOfMonth,
  keepAgentCost,
  keepOpenItem,
  keepPrepay,
  keepWork,
  keepWorkEvent,
  keepWorkTicket,
  monthsAfter,
  monthsIn,
  type OpenItem,
  type Params,
  type PrepaidBooks,
  type ProfitBooks,
  type Span,
  type Unbilled,
  unbilledOfOrder,
  unbilledOfProject,
  type Work,
  type WorkBooks,
  type WorkEvent,
  type WorkTicket,
} from '../index.js';
import { fetchBook } from './book.js';
import { INVOICE_QUERY, invoiceDays } from './queries.js';
import { Reader } from './reader.js';

type Context = Pick<ToolContext, 'halo' | 'progress'>;

export interface WorkRead {
  readonly work: readonly Work[];
  readonly events: readonly WorkEvent[];
  readonly tickets: readonly WorkTicket[];
  /** How it was found, in words. */
  readonly found: string;
}

/**
 * All work of a span of days. Actions are asked for by days, a month at a time, as Halo's list of them knows no pages
 * and without days never answers. Some Halos list none that way: what the time sheets name beside it is read ticket by
 * ticket. Tickets are read only for the work that `matters`.
 */
export async function readWork(
  reader: Reader,
  halo: Context['halo'],
  span: Span,
  matters: (work: Work) => boolean,
  { contracts = false }: { contracts?: boolean } = {},
): Promise<WorkRead> {
  const [listed, events] = await Promise.all([byDays(reader, span), eventsOf(halo, span)]);
  const met = new Set(listed.map(({ ticket, id }) => `${ticket}/${id}`));
  const missing = (events ?? []).filter(({ ticket, action }) => !met.has(`${ticket}/${action}`));
  const tickets = [...new Set(missing.map(({ ticket }) => ticket))];
  const more = await byTicket(reader, tickets.slice(0, MOST_TICKETS));
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

/** So many tickets are read one by one because only the time sheets name them. */
const MOST_TICKETS = 300;

const foundBy = (listed: number, more: number, sheets: boolean): string =>
  [
    `${listed} actions by days`,
    ...(more > 0 ? [`${more} by ticket, as only the time sheets name them`] : []),
    sheets ? 'held against the time sheets' : 'the time sheets were not read (read:timesheets)',
  ].join(', ');

async function byDays(reader: Reader, span: Span): Promise<Work[]> {
  const months = monthsIn(span).map((month) => {
    const [first, last] = [`${month}-01`, endOfMonth(`${month}-01`)];
    return { from: first < span.from ? span.from : first, to: last > span.to ? span.to : last };
  });
  const work: Work[] = [];
  await sideBySide(months, async (month) => {
    work.push(...(await actionsIn(reader, month)));
  });
  // Halo may send more than was asked for.
  return work.filter(({ date }) => date === undefined || (date >= span.from && date <= span.to));
}

/** The actions of some days; of fewer at a time where they are too many for one answer. */
async function actionsIn(reader: Reader, { from, to }: Span): Promise<Work[]> {
  try {
    const query = { startdate: from, enddate: `${to}T23:59:59` };
    return await reader.list('/Actions', 'actions', keepWork, { query, paged: false });
  } catch (error) {
    if (!isHaloError(error) || error.code !== 'HALO_TOO_LARGE' || from >= to) throw error;
    const middle = daysAfter(from, Math.floor(daysBetween(from, to) / 2));
    const [first, second] = [
      { from, to: middle },
      { from: daysAfter(middle, 1), to },
    ];
    return [...(await actionsIn(reader, first)), ...(await actionsIn(reader, second))];
  }
}

async function byTicket(reader: Reader, tickets: readonly number[]): Promise<Work[]> {
  const work: Work[] = [];
  await sideBySide(tickets, async (ticket) => {
    const own = await reader.list('/Actions', 'actions', keepWork, { query: { ticket_id: ticket }, paged: false });
    work.push(...own.filter((one) => one.ticket === ticket));
  });
  return work;
}

/** The events of all agents in one answer; undefined where this login may not read them. */
async function eventsOf(halo: Context['halo'], { from, to }: Span): Promise<WorkEvent[] | undefined> {
  try {
    const body = await halo.get('/TimesheetEvent', {
      ...{ start_date: from, end_date: `${to}T23:59:59`, startdate: from, enddate: `${to}T23:59:59` },
    });
    const rows: unknown = isRow(body) ? (body.timesheetevents ?? body.events) : body;
    const kept = Array.isArray(rows) ? rows.flatMap((row: unknown) => keepWorkEvent(row) ?? []) : [];
    return kept.filter(({ date }) => date === undefined || (date >= from && date <= to));
  } catch (error) {
    if (isHaloError(error) && CLOSED.includes(error.code)) return undefined;
    throw error;
  }
}

/** Faults by which a login has no part of Halo to see. */
const CLOSED: readonly string[] = ['HALO_FORBIDDEN', 'HALO_NOT_FOUND', 'HALO_SCOPE_MISSING'];

/** Above so many tickets one list is less to ask for than each of them. */
const MOST_SINGLES = 60;
const MOST_PAGES_OF_TICKETS = 40;

/**
 * Whose the tickets are: as the time sheets say, else as their own records do.
 * @param contracts whether their contracts are asked for, which some time sheets name of none
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
    return [{ id, modified: '', client, client_name: undefined, contract, bill_to: 0, not_billable: false }];
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
  ...(await reader.records('/Tickets', ids, keepWorkTicket)).values(),
];

/** Everything that `uninvoicedOf` asks for. */
export async function fetchUninvoiced(
  { client_id: client, from, as_of }: { client_id?: number | undefined; from: string; as_of: string },
  { halo, progress }: Context,
): Promise<WorkBooks> {
  const reader = new Reader(halo, progress);
  const span = { from, to: as_of };
  const matters = ({ charge, travel, hours }: Work) => [charge, travel, hours].some((one) => one?.gt(0) === true);
  const [clients, currencies, work, milestones, orders] = await Promise.all([
    reader.clients(client, 'service_client'),
    reader.currencies(),
    readWork(reader, halo, span, matters),
    optional(() => milestonesOf(reader, client)),
    optional(() => ordersOf(reader, client)),
  ]);
  const documents = await documentsOf(reader, work.work, span);
  const { reasons, pages } = reader;
  return {
    ...{ clients, currencies, documents, milestones, order_lines: orders, pages },
    ...{ work: work.work, tickets: work.tickets, found: work.found },
    ...{ complete: reasons.length === 0, reason: reasons },
  };
}

/** What needs a scope that may not be on; undefined where it is not. */
async function optional<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isHaloError(error) && CLOSED.includes(error.code)) return undefined;
    throw error;
  }
}

/** The documents that work names: of the span by one list of headers, the rest one by one. */
async function documentsOf(reader: Reader, work: readonly Work[], { from, to }: Span): Promise<OpenItem[]> {
  const named = new Set(work.flatMap(({ invoice, travel_invoice }) => [invoice, travel_invoice]).filter(Boolean));
  if (named.size === 0) return [];
  const query = { ...INVOICE_QUERY, includelines: undefined, ...invoiceDays(from, to) };
  const listed = await reader.list('/Invoice', 'invoices', keepOpenItem, { query });
  const met = new Set(listed.flatMap(({ id, number }) => [String(id), number]));
  const others = [...named].flatMap((ref) =>
    ref !== undefined && !met.has(ref) && /^\d+$/.test(ref) ? [Number(ref)] : [],
  );
  return [...listed, ...(await reader.records('/Invoice', others, keepOpenItem)).values()];
}

/** The name of the list is not published. */
const ORDERS = ['salesorders', 'orders', 'sales_orders', 'orderheads'];

/** So many orders and projects are read one by one. */
const MOST_RECORDS = 100;

async function ordersOf(reader: Reader, client: number | undefined): Promise<Unbilled[]> {
  const ids = await reader.list('/SalesOrder', ORDERS, idOf, { client });
  return recordsOf(
    reader,
    '/SalesOrder',
    ids.map(({ id }) => id),
    unbilledOfOrder,
  );
}

async function milestonesOf(reader: Reader, client: number | undefined): Promise<Unbilled[]> {
  const ids = await reader.list('/Projects', 'tickets', idOf, { client });
  return recordsOf(
    reader,
    '/Projects',
    ids.map(({ id }) => id),
    unbilledOfProject,
  );
}

const idOf = (row: unknown): { id: number } | undefined =>
  isRow(row) && typeof row.id === 'number' && row.id > 0 ? { id: row.id } : undefined;

async function recordsOf(
  reader: Reader,
  path: string,
  ids: readonly number[],
  read: (row: unknown) => Unbilled[],
): Promise<Unbilled[]> {
  const some = [...new Set(ids)].sort((a, b) => b - a).slice(0, MOST_RECORDS);
  if (some.length < ids.length)
    reader.reasons.push(`${path.slice(1)}: ${ids.length - some.length} older ones were not read`);
  const found = await reader.records(path, some, (row) => ({ unbilled: read(row) }));
  return [...found.values()].flatMap(({ unbilled }) => unbilled);
}

/** Everything that `profitOf` asks for. */
export async function fetchProfit(params: Params, context: Context & Pick<ToolContext, 'log'>): Promise<ProfitBooks> {
  const { halo, progress } = context;
  const costs = new Costs();
  const reader = new Reader(halo, progress);
  const span = { from: params.from, to: params.to };
  // Whose work is, and on which agreement, is asked only where neither it nor the time sheets say so.
  const matters = ({ hours, contract }: Work) => hours?.gt(0) === true && contract === 0;
  const [book, work, agents] = await Promise.all([
    fetchBook(params, context, { seen: { invoice: costs.see } }),
    readWork(reader, halo, span, matters, { contracts: true }),
    agentsOf(halo),
  ]);
  const reasons = [...(book.reason ?? []), ...reader.reasons];
  return {
    book: { ...book, complete: reasons.length === 0, reason: reasons, pages: book.pages + reader.pages },
    ...{ costs, agents, ...work },
  };
}

/** What agents cost, where this login may see it. */
async function agentsOf(halo: Context['halo']): Promise<AgentCost[]> {
  const body = await optional(() => halo.get('/Agent', { includedisabled: true, includeenabled: true }));
  const rows: unknown = isRow(body) ? (body.results ?? body.agents) : body;
  return Array.isArray(rows) ? rows.flatMap((row: unknown) => keepAgentCost(row) ?? []) : [];
}

/** Everything that `prepaidOf` asks for: the ledger first, as it says since when work may have been drawn from it. */
export async function fetchPrepaid(
  { client_id: client, as_of }: { client_id?: number | undefined; as_of: string },
  { halo, progress }: Context,
): Promise<PrepaidBooks> {
  const reader = new Reader(halo, progress);
  const [clients, currencies, ledger] = await Promise.all([
    reader.clients(client, 'service_client'),
    reader.currencies(),
    reader.list('/ClientPrepay', 'prepay', keepPrepay, { client }),
  ]);
  const dates = ledger.flatMap(({ date }) => date ?? []).sort();
  const first = [dates[0] ?? monthsAfter(as_of, -1), as_of].sort()[0] ?? as_of;
  const from = first < monthsAfter(as_of, -LONGEST_MONTHS) ? monthsAfter(as_of, -LONGEST_MONTHS) : first;
  if (from > first)
    reader.reasons.push(`Actions: work before ${from} was not read, and prepaid time is known since ${first}`);
  const drawn = ({ prepaid, prepaid_money }: Work) => [prepaid, prepaid_money].some((one) => one?.gt(0) === true);
  const { work, tickets, found } = await readWork(reader, halo, { from, to: as_of }, drawn);
  const { reasons, pages } = reader;
  return { clients, currencies, ledger, work, tickets, found, pages, complete: reasons.length === 0, reason: reasons };
}

const LONGEST_MONTHS = 60;
