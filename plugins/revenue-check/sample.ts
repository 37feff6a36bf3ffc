import { type Halo, isHaloError, type Query, type Row, rowsOf } from '../../core/index.js';
import {
  emptyWhereForbidden,
  INVOICE_QUERY,
  invoiceDays,
  lacksLines,
  readIfThere,
  TEMPLATE_QUERY,
  today,
} from '../../revenue/halo/index.js';

const { integer, link } = readers;

import {
  completeMonths,
  daysAfter,
  type Invoice,
  keepInvoice,
  keepLines,
  keepRecurringInvoice,
  type Line,
  type RecurringInvoice,
  readers,
} from '../../revenue/index.js';

/** One page of a list as Halo sent it, and the total number of rows. */
export interface Listed {
  rows: readonly Row[];
  total: number | null;
}

/** A few rows of the tenant, as Halo sends them. */
export interface Sample {
  /** The window in which invoices were requested. */
  window: { from: string; to: string };
  /** /Invoice in the window, credit notes included. */
  invoices: Listed;
  /** The same with `includeinvoices=false`: only credit notes, if Halo obeys that. */
  credits: Listed;
  /** The number of rows in the window if no kinds are requested. */
  plain: number | null;
  templates: Listed;
  /** Null if this login may not read them. */
  contracts: Listed | null;
  clients: Listed | null;
  /** Contracts without the renewed ones, if Halo obeys that. */
  unrenewed: Listed | null;
  prepay: Listed | null;
  /** The last few days. */
  actions: Listed | null;
  currencies: readonly Row[];
  /** Rows that were read one by one: those without lines, those that a credit names, contracts by period. */
  singles: { invoices: ReadonlyMap<number, Row>; templates: ReadonlyMap<number, Row>; contracts: readonly Row[] };
}

/** With ten lists and at most five tokens, that makes under thirty requests. */
const MOST_SINGLES = { credits: 2, invoices: 2, templates: 2, linked: 4, contracts: 4 };

/**
 * Reads one page of each list that the money rules use, and the few single rows needed besides.
 * @param day today
 * @throws HaloError if invoices or recurring invoices can't be read
 */
export async function takeSample(halo: Halo, day = today()): Promise<Sample> {
  const window = { from: completeMonths(day, 12).from, to: day };
  const days = invoiceDays(window.from, window.to);
  const page = (path: string, key: string, query: Query, pageSize = 100) => halo.list(path, { key, query, pageSize });
  const ask = (query: Query, pageSize?: number) => page('/Invoice', 'invoices', { ...query, ...days }, pageSize);
  const [invoices, credits, plain, templates, contracts, clients, currencies, unrenewed, prepay, actions] =
    await Promise.all([
      ask(INVOICE_QUERY),
      ask({ ...INVOICE_QUERY, includeinvoices: false }),
      ask({}, 1),
      page('/RecurringInvoice', 'invoices', TEMPLATE_QUERY),
      page('/ClientContract', 'contracts', { includeinactive: true }).catch(nullWhereForbidden),
      page('/Client', 'clients', { includeactive: true, includeinactive: true }).catch(nullWhereForbidden),
      halo.get('/Currency').then((body) => rowsOf(body, 'currencies'), emptyWhereForbidden),
      page('/ClientContract', 'contracts', { includeinactive: true, excluderenewed: true }, 1).catch(
        nullWhereForbidden,
      ),
      page('/ClientPrepay', 'prepay', {}).catch(nullWhereForbidden),
      actionsOf(halo, day),
    ]);
  const lists = {
    window,
    invoices,
    credits,
    plain: plain.total,
    templates,
    contracts,
    clients,
    currencies,
    unrenewed,
    prepay,
    actions,
  };
  return { ...lists, singles: await readSingles(lists, halo) };
}

/** How many days of work are read to see how an action says that it is on no invoice. */
const DAYS_OF_WORK = 7;

/** The actions of the last days, which Halo lists without pages; null if this login may not read them. */
export const actionsOf = (halo: Halo, day: string): Promise<Listed | null> =>
  halo
    .get('/Actions', { startdate: daysAfter(day, -DAYS_OF_WORK), enddate: `${day}T23:59:59` })
    .then((body): Listed => ({ rows: rowsOf(body, 'actions'), total: null }))
    .catch(nullWhereForbidden);

type Lists = Omit<Sample, 'singles'>;

async function readSingles({ invoices, credits, templates, contracts }: Lists, halo: Halo): Promise<Sample['singles']> {
  const read = async (path: string, ids: Iterable<number>) => {
    const rows = await Promise.all([...ids].map((id) => readIfThere(halo, path, id).catch(emptyWhereItFails)));
    return rows.flat();
  };
  const thin = (rows: readonly Row[], most: number) => idsOf(rows.filter(lacksLines)).slice(0, most);
  const [documents, runs, agreements] = await Promise.all([
    read(
      '/Invoice',
      new Set([...thin(credits.rows, MOST_SINGLES.credits), ...thin(invoices.rows, MOST_SINGLES.invoices)]),
    ),
    read('/RecurringInvoice', thin(templates.rows, MOST_SINGLES.templates)),
    read('/ClientContract', onePerPeriod(contracts?.rows ?? []).slice(0, MOST_SINGLES.contracts)),
  ]);
  const known = byId([...invoices.rows, ...credits.rows, ...documents]);
  const missing = [...new Set([...known.values()].flatMap(linksOf))].filter((id) => !known.has(id));
  const linked = await read('/Invoice', missing.slice(0, MOST_SINGLES.linked));
  return { invoices: byId([...documents, ...linked]), templates: byId(runs), contracts: agreements };
}

const idsOf = (rows: readonly Row[]): number[] => rows.flatMap((row) => integer(row.id) ?? []);
const byId = (rows: readonly Row[]) => new Map(rows.flatMap((row) => idsOf([row]).map((id) => [id, row] as const)));

/** The documents that a row names: what it credits, and the credit notes that its lines apply. */
function linksOf(row: Row): number[] {
  const lines = Array.isArray(row.lines) ? (row.lines as Row[]) : [];
  return [link(row.creditlinkedtoinvoiceid), ...lines.map((line) => link(line?.credit_id))].filter((id) => id > 0);
}

/** One contract per billing period, monthly last, since it is already known. */
function onePerPeriod(rows: readonly Row[]): number[] {
  const periods = new Map(rows.toReversed().map((row) => [integer(row.billingperiod), integer(row.id)]));
  const monthly = ([period]: [unknown, unknown]) => Number(period === 2);
  return [...periods].sort((a, b) => monthly(a) - monthly(b)).flatMap(([, id]) => id ?? []);
}

function nullWhereForbidden(error: unknown): null {
  emptyWhereForbidden(error);
  return null;
}

/** A single row that can't be read leaves its question open; only the end of the call itself ends everything. */
function emptyWhereItFails(error: unknown): [] {
  if (isHaloError(error) && error.code !== 'CALL_CANCELLED' && error.code !== 'CALL_TIMEOUT') return [];
  throw error;
}

/** A line as Halo sent it, and as the rules read it. */
export interface Lined {
  raw: Row;
  line: Line;
}

/** A document as Halo sent it, with its lines if they could be read, and as the rules read it. */
export interface Document {
  row: Row;
  invoice: Invoice;
  /** The lines that exist: neither headings nor inactive ones. */
  lines: readonly Lined[];
}

/** The same for a recurring invoice. */
export interface Template {
  row: Row;
  template: RecurringInvoice;
  lines: readonly Lined[];
}

/** The invoices and credit notes of a sample, each once; without templates, voided ones and supplier bills. */
export function documentsOf({ invoices, credits, singles }: Sample): Document[] {
  return [...byId([...invoices.rows, ...credits.rows])].flatMap(([id, listed]) =>
    documentOf(lacksLines(listed) ? { ...listed, ...singles.invoices.get(id) } : listed),
  );
}

/** A row as a document; none if it is a template, voided or a supplier bill. */
export function documentOf(row: Row): [] | [Document] {
  const invoice = keepInvoice(row);
  if (invoice === undefined || invoice.id < 0 || invoice.voided || invoice.is_bill) return [];
  return [{ row, invoice, lines: livingLines(row) }];
}

/** The recurring invoices of a sample, each with its lines if they could be read. */
export function templatesOf({ templates, singles }: Sample): Template[] {
  return templates.rows.flatMap((listed) => {
    const row = lacksLines(listed) ? { ...listed, ...singles.templates.get(integer(listed.id) ?? 0) } : listed;
    const template = keepRecurringInvoice(row);
    return template === undefined ? [] : [{ row, template, lines: livingLines(row) }];
  });
}

function livingLines({ lines }: Row): Lined[] {
  const all = Array.isArray(lines) ? (lines as Row[]) : [];
  return all
    .flatMap((raw) => keepLines([raw]).map((line) => ({ raw, line })))
    .filter(({ line }) => !line.heading && !line.inactive);
}
