/** Makes a book from rows as Halo sends them. */
import {
  type Book,
  keepClient,
  keepContract,
  keepCurrency,
  keepInvoice,
  keepRecurringInvoice,
} from '../../revenue/index.js';

export type Raw = Partial<Record<RawName, readonly unknown[]>>;
type RawName = 'recurring_invoices' | 'invoices' | 'contracts' | 'clients' | 'currencies' | 'linked_invoices';

const known = new WeakMap<object, Map<unknown, unknown>>();

/** Reduces each row once: properties use the same rows again and again, and never change them. */
function keptOnce<Kept>(row: unknown, reduce: (row: unknown) => Kept | undefined): Kept | undefined {
  if (typeof row !== 'object' || row === null) return reduce(row);
  const own = known.get(row) ?? new Map();
  known.set(row, own);
  if (!own.has(reduce)) own.set(reduce, reduce(row));
  return own.get(reduce);
}

/** A complete book of these rows. */
export function bookOf(raw: Raw, changes: Partial<Book> = {}): Book {
  const keep = <Kept>(name: RawName, reduce: (row: unknown) => Kept | undefined): Kept[] =>
    (raw[name] ?? []).map((row) => keptOnce(row, reduce)).filter((row) => row !== undefined);
  return {
    recurring_invoices: keep('recurring_invoices', keepRecurringInvoice),
    invoices: keep('invoices', keepInvoice),
    contracts: keep('contracts', keepContract),
    clients: keep('clients', keepClient),
    currencies: keep('currencies', keepCurrency),
    linked_invoices: keep('linked_invoices', keepInvoice),
    complete: true,
    pages: 1,
    ...changes,
  };
}
