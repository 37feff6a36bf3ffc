/** The queries that make Halo's rows say enough about money, and how to read what is left in a row. */
import {
  type Column,
  column,
  type Halo,
  intOf,
  isHaloError,
  isRow,
  type Query,
  type Row,
  readRecord,
  refOf,
  textOf,
  UTC,
  type Zone,
  z,
} from '../../core/index.js';
import { type Currency, decimal, isSent, LINES } from '../index.js';

/** Today in the config's time zone; in UTC if a context has none. */
export const today = ({ zone = UTC }: { zone?: Zone | undefined } = {}): string => zone.today();

/** Halo's currencies as the money rules need them; none if this login may not read them. */
export async function currenciesOf(rows: readonly Row[], halo: Halo): Promise<readonly Currency[]> {
  try {
    const ids = new Set(rows.flatMap((row) => refOf(row.currency_code) ?? []));
    const known = await halo.lookup('currency', [...ids]);
    return known.map(({ id, name, home = false }) => ({ id, code: name, home, modified: '' }));
  } catch (error) {
    return emptyWhereForbidden(error);
  }
}

/** Errors that mean this part of Halo is not open to the login. */
export const CLOSED: readonly string[] = ['HALO_FORBIDDEN', 'HALO_SCOPE_MISSING', 'HALO_NOT_FOUND'];

/** An empty list, for data that the login may not read and the answer can do without. */
export function emptyWhereForbidden(error: unknown): [] {
  if (isHaloError(error) && CLOSED.includes(error.code)) return [];
  throw error;
}

/** True for a row whose lines Halo left out of the list. */
export const lacksLines = (row: Row): boolean => !Array.isArray(row.lines);

/** Errors of one record, not of Halo as a whole: they cost that record, not the answer. */
const ONE_RECORD: readonly string[] = [
  'HALO_NOT_FOUND',
  'HALO_UNEXPECTED',
  'HALO_FILTER_IGNORED',
  'HALO_FAILED',
  'HALO_CUT_OFF',
  'HALO_TOO_LARGE',
];

/**
 * The rows with their lines; those that came without are read one by one. If that fails for a record, its lines are
 * `unread`, which the money rules treat as unreadable, not as a document without lines.
 */
export async function withLines(rows: readonly Row[], path: string, halo: Halo): Promise<Row[]> {
  return Promise.all(
    rows.map(async (row) => {
      const id = intOf(row.id);
      if (!lacksLines(row) || id === undefined) return row;
      try {
        return { ...row, ...(await readRecord(halo, path, id, { includedetails: true })) };
      } catch (error) {
        if (isHaloError(error) && ONE_RECORD.includes(error.code)) return { ...row, lines: 'unread' };
        throw error;
      }
    }),
  );
}

/** A record by its id; an empty list if Halo has none. */
export async function readIfThere(halo: Halo, path: string, id: number): Promise<Row[]> {
  try {
    return [await readRecord(halo, path, id, { includedetails: true })];
  } catch (error) {
    if (isHaloError(error) && error.code === 'HALO_NOT_FOUND') return [];
    throw error;
  }
}

/** The lines of a record by id. Lines without an id, or with the same id, can't be told apart. */
export function linesOf({ lines }: Row): Map<number, Row> {
  const rows = Array.isArray(lines) ? lines.filter(isRow) : [];
  const byId = new Map<number, Row>();
  const twice = new Set<number>([0]);
  for (const line of rows) {
    const id = intOf(line.id) ?? 0;
    if (byId.has(id)) twice.add(id);
    byId.set(id, line);
  }
  for (const id of twice) byId.delete(id);
  return byId;
}

/** A warning about a document's lines if some were left out. */
export const brokenLines = ({ unread }: { unread: readonly string[] }): string | undefined =>
  unread.includes(LINES) ? 'Halo sent lines that are not records, or that came twice: they may be wrong.' : undefined;

/** A unit price as Halo wrote it, if it is a number. */
export const unitPrice: Column = column.value(
  z.string(),
  (line) => (decimal(line.unit_price) === undefined ? undefined : textOf(line.unit_price)),
  (line) => isSent(line.unit_price),
);

/** The /Invoice query that includes credit notes and excludes purchase invoices. */
export const INVOICE_QUERY: Query = {
  includelines: true,
  includeinvoices: true,
  includecredits: true,
  includepoinvoices: false,
};

/** The /RecurringInvoice query: templates of both kinds, with their lines. */
export const TEMPLATE_QUERY: Query = { includelines: true, rinvoice_type: 'both' };

/**
 * A window of invoice dates in every spelling that known clients send: the web app's own, and those of newer builds.
 * Halo ignores what it does not know, so each row is checked anyway.
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

/** What a line sells, in its shortest form. */
export const itemOf = (line: Row | undefined): unknown =>
  line?.item_shortdescription || line?.item_longdescription || line?.item_code;
