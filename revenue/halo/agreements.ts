/** Reads what questions on agreements ask for: unbilled work, what agreements earn, prepaid time. */
import { intOf, isHaloError, isRow, type ToolContext } from '../../core/index.js';
import {
  type AgentCost,
  type Book,
  type Contract,
  Costs,
  keepAgentCost,
  keepOpenItem,
  keepPrepay,
  keepWorkTicket,
  monthsAfter,
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
} from '../index.js';
import { rowsAtOnce } from './at-once.js';
import { fetchBook } from './book.js';
import { ContractReader } from './contracts.js';
import { CLOSED, INVOICE_QUERY, invoiceDays } from './queries.js';
import { Reader } from './reader.js';
import { readWork, type WorkRead } from './work.js';

type Context = Pick<ToolContext, 'halo' | 'progress'> & Partial<Pick<ToolContext, 'zone'>>;

/** Reads everything that `uninvoicedOf` needs. */
export async function fetchUninvoiced(
  { client_id: client, from, as_of }: { client_id?: number | undefined; from: string; as_of: string },
  { halo, progress, zone }: Context,
): Promise<WorkBooks> {
  const reader = new Reader(halo, progress);
  const span = { from, to: as_of };
  const matters = ({ charge, travel, hours }: Work) => [charge, travel, hours].some((one) => one?.eq(0) === false);
  const [clients, currencies, work, milestones, orders] = await Promise.all([
    reader.clients(client, 'service_client'),
    reader.currencies(),
    readWork(reader, halo, span, matters, { zone }),
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

/** Reads what needs a scope that may not be on; undefined if it is not. */
async function optional<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isHaloError(error) && CLOSED.includes(error.code)) return undefined;
    throw error;
  }
}

/** The documents that work names: those in the span from one list of headers, the rest one by one. */
async function documentsOf(reader: Reader, work: readonly Work[], { from, to }: Span): Promise<OpenItem[]> {
  const named = new Set(work.flatMap(({ invoice, travel_invoice }) => [invoice, travel_invoice]).filter(Boolean));
  if (named.size === 0) return [];
  const query = { ...INVOICE_QUERY, includelines: undefined, ...invoiceDays(from, to) };
  const listed = await reader.list('/Invoice', 'invoices', keepOpenItem, { query });
  const met = new Set(listed.flatMap(({ id, number }) => [String(id), number]));
  const others = [...named].flatMap((ref) =>
    ref !== undefined && !met.has(ref) && /^\d+$/.test(ref) ? [Number(ref)] : [],
  );
  return [...listed, ...(await reader.singles('/Invoice', others, keepOpenItem)).values()];
}

/** The name of this list is not documented. */
const ORDERS = ['salesorders', 'orders', 'sales_orders', 'orderheads'];

/** The most orders and projects that are read one by one. */
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

function idOf(row: unknown): { id: number } | undefined {
  const id = isRow(row) ? intOf(row.id) : undefined;
  return id !== undefined && id > 0 ? { id } : undefined;
}

async function recordsOf(
  reader: Reader,
  path: string,
  ids: readonly number[],
  read: (row: unknown) => Unbilled[],
): Promise<Unbilled[]> {
  const some = [...new Set(ids)].sort((a, b) => b - a).slice(0, MOST_RECORDS);
  if (some.length < ids.length)
    reader.reasons.push(`${path.slice(1)}: ${ids.length - some.length} older ones were not read`);
  const found = await reader.singles(path, some, (row) => ({ unbilled: read(row) }));
  return [...found.values()].flatMap(({ unbilled }) => unbilled);
}

/** Reads everything that `profitOf` needs. */
export async function fetchProfit(
  params: Params,
  context: Context & Pick<ToolContext, 'log' | 'signal'>,
): Promise<ProfitBooks> {
  const { halo, progress, zone, signal } = context;
  const costs = new Costs();
  const reader = new Reader(halo, progress);
  const span = { from: params.from, to: params.to };
  // Whose work is, and on which agreement, is asked only where neither it nor the time sheets say so.
  const matters = ({ hours, contract }: Work) => hours?.eq(0) === false && contract === 0;
  const [book, work, agents] = await Promise.all([
    fetchBook(params, context, { seen: { invoice: costs.see } }),
    readWork(reader, halo, span, matters, { zone, contracts: true }),
    agentsOf(reader, halo),
  ]);
  const contracts = new ContractReader(reader, signal);
  const strange = await strangersOf(book, work, { reader, contracts }, params.client_id);
  const reasons = [...(book.reason ?? []), ...reader.reasons];
  return {
    book: {
      ...book,
      contracts: [...book.contracts, ...strange.contracts],
      ...{ complete: reasons.length === 0, reason: reasons, pages: book.pages + reader.pages },
    },
    ...{ costs, agents, ...work },
    tickets: [...work.tickets, ...strange.tickets],
  };
}

/** The most tickets that are read one by one for whose work on an unknown contract is. */
const MOST_STRANGE = 60;

/**
 * Whose work is on contracts that the book lacks, where the time sheets don't say: for one client's answer the other
 * clients' contracts tell, else the tickets.
 */
async function strangersOf(
  book: Book,
  { work, events, tickets }: WorkRead,
  { reader, contracts: all }: { reader: Reader; contracts: ContractReader },
  client?: number,
) {
  const sheets = new Set(events.flatMap((event) => (event.client > 0 ? [`${event.ticket}/${event.action}`] : [])));
  const read = new Set(tickets.map(({ id }) => id));
  const strange = (contracts: readonly Contract[]): Work[] => {
    const known = new Set(contracts.map(({ id }) => id));
    return work.filter(
      ({ ticket, id, contract, hours }) =>
        contract > 0 && !known.has(contract) && !sheets.has(`${ticket}/${id}`) && !read.has(ticket) && !hours?.eq(0),
    );
  };
  const named = new Set(strange(book.contracts).map(({ contract }) => contract));
  const others = client === undefined || named.size === 0 ? [] : await all.list(undefined);
  const contracts = others.filter(({ id }) => named.has(id));
  const ids = [...new Set(strange([...book.contracts, ...contracts]).map(({ ticket }) => ticket))];
  const found = await reader.singles('/Tickets', ids.slice(0, MOST_STRANGE), keepWorkTicket);
  return { contracts, tickets: [...found.values()] };
}

/** What agents cost, where this login may see it. */
async function agentsOf(reader: Reader, halo: Context['halo']): Promise<AgentCost[]> {
  const query = { includedisabled: true, includeenabled: true };
  const rows = await rowsAtOnce(halo, reader.reasons, '/Agent', ['results', 'agents'], query);
  return (rows ?? []).flatMap((row) => keepAgentCost(row) ?? []);
}

/** Reads everything that `prepaidOf` needs: the ledger first, since it says from when work may have drawn on it. */
export async function fetchPrepaid(
  { client_id: client, as_of }: { client_id?: number | undefined; as_of: string },
  { halo, progress, zone }: Context,
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
  const drawn = ({ prepaid, prepaid_money }: Work) => [prepaid, prepaid_money].some((one) => one?.eq(0) === false);
  const { work, tickets, found } = await readWork(reader, halo, { from, to: as_of }, drawn, { zone });
  const { reasons, pages } = reader;
  return { clients, currencies, ledger, work, tickets, found, pages, complete: reasons.length === 0, reason: reasons };
}

const LONGEST_MONTHS = 60;
