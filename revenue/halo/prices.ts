/** Reads what price rises are judged by: recurring invoices, their manual changes, and the price list. */
import { intOf, isHaloError, isRow, type ToolContext } from '../../core/index.js';
import {
  keepListPrice,
  keepPriceChange,
  type Params,
  type PriceChange,
  Prices,
  runOf,
  type UpliftBooks,
} from '../index.js';
import { fetchBook } from './book.js';
import { CLOSED } from './queries.js';
import { Reader } from './reader.js';

type Context = Pick<ToolContext, 'halo' | 'progress' | 'log' | 'signal'>;

/** Each has its own list of changes; beyond this many, only the largest are read. */
const MOST_CHANGES = 60;

/**
 * Reads everything that `upliftOf` needs. An unreadable price list or change is reported, but makes nothing incomplete.
 */
export async function fetchUplift(params: Params, context: Context): Promise<UpliftBooks> {
  const prices = new Prices();
  const reader = new Reader(context.halo, context.progress);
  const [book, list] = await Promise.all([
    fetchBook(params, context, { invoices: false, seen: { template: prices.see } }),
    closedIs(undefined, () =>
      reader.list('/Item', 'items', keepListPrice, { query: { includeactive: true, includeinactive: true } }),
    ),
  ]);
  const runs = book.recurring_invoices
    .filter(({ client }) => params.client_id === undefined || client === params.client_id)
    .map((template) => ({ id: template.id, run: runOf(template, params.as_of) }))
    .filter(({ run }) => run.state === 'active' && run.mrr.gt(0))
    .sort((a, b) => b.run.mrr.cmp(a.run.mrr) || b.id - a.id);
  const ids = [...new Set(runs.map(({ id }) => id))].slice(0, MOST_CHANGES);
  const changes = await closedIs(new Map<number, PriceChange[]>(), () => changesOf(reader, ids));
  const reasons = [...(book.reason ?? []), ...reader.reasons];
  return {
    book: { ...book, complete: reasons.length === 0, reason: reasons, pages: book.pages + reader.pages },
    ...{ prices, list, changes },
  };
}

/** The changes of recurring invoices, one list each. If the first can't be read, none can. */
async function changesOf(reader: Reader, ids: readonly number[]): Promise<Map<number, PriceChange[]>> {
  const read = async (id: number): Promise<[number, PriceChange[]]> => {
    const own = (row: unknown) => (isRow(row) && intOf(row.invoice_id) === id ? keepPriceChange(row) : undefined);
    return [
      id,
      await reader.list('/InvoiceChange', ['invoicechanges', 'changes', 'invoice_changes'], own, {
        query: { invoice_id: id },
      }),
    ];
  };
  const [first, ...others] = ids;
  if (first === undefined) return new Map();
  const known = await read(first);
  return new Map([known, ...(await Promise.all(others.map(read)))]);
}

async function closedIs<T>(instead: T, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (isHaloError(error) && CLOSED.includes(error.code)) return instead;
    throw error;
  }
}
