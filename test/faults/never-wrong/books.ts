import { judgeInvoice, keepCurrency, keepInvoice } from '../../../revenue/index.js';
import type { SandboxReply, SandboxRequest } from '../../../sandbox/types.js';
import type { RawBook } from '../../revenue/books.js';
import { json, nameOf, type Row } from './halo.js';

/** What a Halo of one random book holds, by the path of the list. */
type Lists = Record<string, { key?: string; rows: readonly Row[] }>;

/** A healthy Halo that holds one book and serves at most `cap` rows per page. */
export function haloOf(book: RawBook, cap: number): (request: SandboxRequest) => SandboxReply {
  const lists: Lists = {
    invoice: { key: 'invoices', rows: book.invoices },
    recurringinvoice: { key: 'invoices', rows: book.recurring_invoices },
    clientcontract: { key: 'contracts', rows: book.contracts },
    client: { key: 'clients', rows: book.clients },
    currency: { rows: book.currencies },
  };
  return (request) => {
    const list = lists[nameOf(request)];
    if (list === undefined) return json([]);
    const id = request.path.split('/')[3];
    if (id !== undefined) {
      const found = list.rows.find((row) => String(row.id) === id);
      return found === undefined ? { status: 404 } : json(found);
    }
    const rows = list.rows.filter((row) => isAsked(row, request.query));
    return json(list.key === undefined ? rows : paged(rows, list.key, cap, request.query));
  };
}

function paged(rows: readonly Row[], key: string, cap: number, query: URLSearchParams): unknown {
  const no = Number(query.get('page_no') ?? 1);
  const size = Math.min(cap, Number(query.get('page_size') ?? 50));
  const some = rows.slice((no - 1) * size, no * size);
  return { page_no: no, page_size: size, record_count: some.length === 0 ? 0 : rows.length, [key]: some };
}

/** The filters that the book's readers use. Search is loose, like Halo's. */
function isAsked(row: Row, query: URLSearchParams): boolean {
  const client = query.get('client_id');
  if (client !== null && String(row.client_id) !== client) return false;
  const contract = query.get('contract_id');
  if (contract !== null && String(row.contract_id) !== contract) return false;
  if (row.active === false && query.get('includeinactive') !== 'true') return false;
  const [from, to] = [query.get('startdate') ?? '', query.get('enddate') ?? ''];
  const day = String(row.invoice_date ?? '');
  return query.get('datesearch') !== 'invoice_date' || day === '' || (day >= from && (to === '' || day <= to));
}

/**
 * The book as Halo keeps it: the header of a document agrees with its lines. So what it still says under a fault of the
 * lines is true.
 */
export function agreeing(book: RawBook): RawBook {
  const currencies = book.currencies.flatMap((row) => keepCurrency(row) ?? []);
  return {
    ...book,
    invoices: book.invoices.map((row) => {
      const invoice = keepInvoice(row);
      if (invoice === undefined || invoice.lines.length === 0) return row;
      const net = Number(judgeInvoice(invoice, currencies).net);
      return { ...row, revenue: net, total: Math.sign(net) * Math.abs(Number(row.total ?? net)) };
    }),
  };
}

/** The book with its documents repeated under other ids, so that one page is not enough. */
export function larger(book: RawBook, times: number): RawBook {
  const moved = (row: Row, by: number): Row => ({
    ...row,
    id: Number(row.id) + by,
    ...(row.creditlinkedtoinvoiceid !== undefined && {
      creditlinkedtoinvoiceid: Number(row.creditlinkedtoinvoiceid) + by,
    }),
  });
  const copies = Array.from({ length: times }, (_, copy) => book.invoices.map((row) => moved(row, 10_000 * copy)));
  return { ...book, invoices: copies.flat() };
}
