import { type Halo, isHaloError, isRow, type Query, type Row, refOf } from '../../core/index.js';
import type { Currency } from './revenue/index.js';

/** Today, as a day in UTC, which is what Halo's dates are in. */
export const today = (): string => new Date().toISOString().slice(0, 10);

/** Halo's currencies as the money rules want them; none where this login may not read them. */
export async function currenciesOf(rows: readonly Row[], halo: Halo): Promise<readonly Currency[]> {
  try {
    const ids = new Set(rows.flatMap((row) => refOf(row.currency_code) ?? []));
    const known = await halo.lookup('currency', [...ids]);
    return known.map(({ id, name, home = false }) => ({ id, code: name, home, modified: '' }));
  } catch (error) {
    return emptyWhereForbidden(error);
  }
}

/** Nothing, for what a login may not read and the answer can do without. */
export function emptyWhereForbidden(error: unknown): [] {
  if (isHaloError(error) && ['HALO_FORBIDDEN', 'HALO_SCOPE_MISSING', 'HALO_NOT_FOUND'].includes(error.code)) return [];
  throw error;
}

/** True for a row whose lines Halo left out of the list. */
export const lacksLines = (row: Row): boolean => !Array.isArray(row.lines);

/** The rows with their lines: a single read for each that came without. */
export async function withLines(rows: readonly Row[], path: string, halo: Halo): Promise<Row[]> {
  return Promise.all(
    rows.map(async (row) => {
      if (!lacksLines(row)) return row;
      const detail = await halo.get(`${path}/${Number(row.id)}`, { includedetails: true });
      return isRow(detail) ? { ...row, ...detail } : row;
    }),
  );
}

/** A record by its path; none where Halo has none. */
export async function readIfThere(halo: Halo, path: string): Promise<Row[]> {
  try {
    const row = await halo.get(path, { includedetails: true });
    return isRow(row) ? [row] : [];
  } catch (error) {
    if (isHaloError(error) && error.code === 'HALO_NOT_FOUND') return [];
    throw error;
  }
}

/** What /Invoice has to be asked for so that credit notes come and purchase invoices don't. */
export const INVOICE_QUERY: Query = {
  includelines: true,
  includeinvoices: true,
  includecredits: true,
  includepoinvoices: false,
};

/** What /RecurringInvoice has to be asked for: templates of both kinds, with their lines. */
export const TEMPLATE_QUERY: Query = { includelines: true, rinvoice_type: 'both' };

/**
 * A window of invoice dates in all the spellings that clients were seen to send: the web page's own, and those of newer
 * builds. Halo ignores what it does not know, so each row is checked in any case.
 */
export function invoiceDays(from: string | undefined, to: string | undefined): Query {
  const last = to && `${to}T23:59:59`;
  return {
    invoicedatestart: from,
    invoicedateend: last,
    datesearch: 'invoice_date',
    startdate: from,
    enddate: last,
    start_date: from,
    end_date: last,
  };
}

/** What a line sells, in as few words as it has. */
export const itemOf = (line: Row | undefined): unknown =>
  line?.item_shortdescription || line?.item_longdescription || line?.item_code;
