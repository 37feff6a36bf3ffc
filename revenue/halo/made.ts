/** Documents of a few clients, added to a book that was read without any. */
import type { ToolContext } from '../../core/index.js';
import type { Book, Invoice } from '../index.js';
import { Reader } from './reader.js';

type Context = Pick<ToolContext, 'halo' | 'progress'>;

/** For more clients than this, one list of all is cheaper. */
const MOST_CLIENTS = 20;

/**
 * The documents of these clients in a window, and the book with what could not be read of them.
 * @param clients whose documents; none reads nothing
 */
export async function fetchMade(
  book: Book,
  clients: readonly number[],
  window: { from: string; to: string },
  { halo, progress }: Context,
): Promise<{ book: Book; invoices: readonly Invoice[] }> {
  if (clients.length === 0) return { book, invoices: [] };
  const reader = new Reader(halo, progress);
  const invoices = await reader.invoices(clients.length > MOST_CLIENTS ? undefined : clients, window);
  const reasons = [...(book.reason ?? []), ...reader.reasons];
  const whole = { ...book, pages: book.pages + reader.pages };
  return reader.reasons.length === 0
    ? { book: whole, invoices }
    : { book: { ...whole, complete: false, reason: reasons }, invoices };
}
