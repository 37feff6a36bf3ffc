/** Reads what is owed: documents by their headers, and the payments on them. */
import { isHaloError, type ToolContext } from '../../core/index.js';
import { keepOpenItem, keepPayment, type OpenItem, type OwedBooks } from '../index.js';
import { INVOICE_QUERY, invoiceDays } from './queries.js';
import { Reader } from './reader.js';

type Context = Pick<ToolContext, 'halo' | 'progress'>;

/** Without lines: the header says what is open, and a page with lines is a hundred times as large. */
const HEADERS = { ...INVOICE_QUERY, includelines: undefined };

/**
 * Every document up to a day by its header, for all clients or one, and all payments. Old documents may still be open,
 * so there is no first day.
 */
export async function fetchOwed(
  { client_id: client, until }: { client_id?: number | undefined; until: string },
  { halo, progress }: Context,
): Promise<OwedBooks> {
  const reader = new Reader(halo, progress);
  const counts = ({ date }: OpenItem) => date === undefined || date <= until;
  const keep = (row: unknown) => {
    const item = keepOpenItem(row);
    return item !== undefined && counts(item) ? item : undefined;
  };
  const query = { ...HEADERS, ...invoiceDays(undefined, until) };
  const [clients, currencies, items, payments] = await Promise.all([
    reader.clients(client, 'service_client'),
    reader.currencies(),
    reader.list('/Invoice', 'invoices', keep, { query, client }),
    paymentsOf(reader, client),
  ]);
  const { reasons, pages } = reader;
  return { clients, currencies, items, ...payments, pages, complete: reasons.length === 0, reason: reasons };
}

/** Errors that leave the payments unknown; the documents still say what is open on each. */
const WITHOUT_PAYMENTS: readonly string[] = ['HALO_FORBIDDEN', 'HALO_SCOPE_MISSING', 'HALO_FAILED'];

/** All payments; a Halo that has no list of them is not one that refuses it. */
async function paymentsOf(
  reader: Reader,
  client: number | undefined,
): Promise<Pick<OwedBooks, 'payments' | 'payments_unread'>> {
  try {
    return { payments: await reader.list('/InvoicePayment', 'payments', keepPayment, { client }) };
  } catch (error) {
    if (!isHaloError(error)) throw error;
    if (error.code === 'HALO_NOT_FOUND') return { payments: undefined };
    if (!WITHOUT_PAYMENTS.includes(error.code)) throw error;
    reader.reasons.push(`InvoicePayment: not read (${error.code}), so what was paid and money on account are unknown`);
    return { payments: undefined, payments_unread: error.code };
  }
}
