/** The book of a question: all of its lists, read side by side. */
import type { ToolContext } from '../../core/index.js';
import { type Book, type Client, invoiceWindow, type Params } from '../index.js';
import { Reader, type Seen } from './reader.js';

type Context = Pick<ToolContext, 'halo' | 'progress' | 'log'>;

/**
 * Fetches everything that a breakdown needs, with as few requests as there are pages: recurring invoices, invoices of
 * the window, contracts, clients, currencies, and the invoices that credit notes outside the window undo. Rows are
 * reduced as their pages arrive. What could not be read whole is told in `complete` and `reason`. Questions that no
 * invoice answers leave `invoices` out.
 */
export async function fetchBook(
  params: Params,
  { halo, progress, log }: Context,
  { invoices: billed = true, seen = {} }: { invoices?: boolean; seen?: Seen } = {},
): Promise<Book> {
  const reader = new Reader(halo, progress, seen);
  const { client_id: client, attribute_to: attribution } = params;
  const clients = await reader.clients(client, attribution);
  const whose = client === undefined ? undefined : [client, ...through(clients, client)];
  const window = invoiceWindow(params, params.month_basis);

  const [recurring, invoices, contracts, currencies] = await Promise.all([
    reader.templates(attribution === 'billed_client' ? undefined : whose),
    billed ? reader.invoices(whose, window) : [],
    reader.contracts(client === undefined || attribution === 'billed_client' ? undefined : [client]),
    reader.currencies(),
  ]);
  const [linked, judged] = await Promise.all([
    reader.linked(invoices),
    reader.details(contracts, recurring, params.as_of),
  ]);
  log.debug({ pages: reader.pages, invoices: invoices.length }, 'book fetched');
  return {
    recurring_invoices: recurring,
    invoices,
    contracts: judged,
    clients,
    currencies,
    linked_invoices: linked,
    complete: reader.reasons.length === 0,
    ...(reader.reasons.length > 0 && { reason: reader.reasons }),
    pages: reader.pages,
  };
}

/** The clients that one client is invoiced through, of which only its own lines count. */
function through(clients: readonly Client[], id: number): number[] {
  const own = clients.find((client) => client.id === id);
  const ids = [own?.bill_to ?? 0, own?.bill_to_recurring ?? 0].filter((other) => other > 0 && other !== id);
  return [...new Set(ids)];
}
