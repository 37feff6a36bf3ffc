/** Reads the lists of a book page by page. */
import {
  type Halo,
  HaloError,
  intOf,
  isHaloError,
  isRow,
  type ListKey,
  type Query,
  type Row,
  readRecord,
  sideBySide,
  type ToolContext,
  type Walk,
} from '../../core/index.js';
import {
  type Client,
  type Currency,
  type Invoice,
  keepClient,
  keepInvoice,
  keepingInvoices,
  keepRecurringInvoice,
  type Params,
  type RecurringInvoice,
  standing,
} from '../index.js';
import { currenciesOf } from './currencies.js';
import { isUndated, ownedBy } from './judged.js';
import { INVOICE_QUERY, invoiceDays, lacksLines, readIfThere, TEMPLATE_QUERY } from './queries.js';
import { type Seen, seeing } from './seen.js';

/** The most recurring invoices of other clients read one by one for one client's answer, if they came without lines. */
const MOST_STRANGE = 60;

/** How a list is walked: in one request if it has no pages, and up to which page. */
type How = { paged?: boolean; mostPages?: number };

/** Reads Halo's lists and keeps what the rules need; records what could not be read. */
export class Reader {
  readonly reasons: string[] = [];
  pages = 0;
  readonly #keep = keepingInvoices();
  /** Pages and single records: read so far, and expected. */
  #done = 0;
  #expected = 0;

  constructor(
    private readonly halo: Halo,
    private readonly progress: ToolContext['progress'],
    private readonly seen: Seen = {},
  ) {}

  /** All clients, active or not; or only the one asked for. */
  async clients(id: number | undefined, attribution: Params['attribute_to']): Promise<Client[]> {
    if (id === undefined || attribution === 'billed_client') {
      const all = await this.walk(
        '/Client',
        'clients',
        { includeactive: true, includeinactive: true },
        undefined,
        keepClient,
      );
      if (id === undefined || all.some((client) => client.id === id)) return all;
    }
    const found = keepClient(await readRecord(this.halo, '/Client', id, { includedetails: true }));
    if (found === undefined)
      throw new HaloError('HALO_NOT_FOUND', `Halo has no client ${id}, or this login can't see it.`);
    return [found];
  }

  /** The recurring invoices of a client, or all of them. */
  templates(client: number | undefined): Promise<RecurringInvoice[]> {
    return this.whole(
      '/RecurringInvoice',
      TEMPLATE_QUERY,
      client,
      seeing(this.seen.template, keepRecurringInvoice),
      () => true,
    );
  }

  /**
   * All clients' recurring invoices, for one client's answer: another client's may bill its contracts (O3). Rows that
   * came without lines are read one by one if they matter; the others only if they are few.
   * @returns the rows, and how many of them have lines that were not read
   */
  async templatesAround(matters: (template: RecurringInvoice) => boolean) {
    const [thin, strange] = [new Set<number>(), new Set<number>()];
    const rows = await this.walk('/RecurringInvoice', 'invoices', TEMPLATE_QUERY, undefined, (row) => {
      const kept = seeing(this.seen.template, keepRecurringInvoice)(row);
      if (kept !== undefined && isRow(row) && lacksLines(row)) (matters(kept) ? thin : strange).add(kept.id);
      return kept;
    });
    const unread = strange.size > MOST_STRANGE ? strange.size : 0;
    const ids = unread > 0 ? [...thin] : [...thin, ...strange];
    return {
      templates: await this.details('/RecurringInvoice', rows, ids, seeing(this.seen.template, keepRecurringInvoice)),
      unread,
    };
  }

  /**
   * Documents of the window, and those without a date, since these have to be reported: what they billed may belong in
   * the window, so no sum is complete without them.
   */
  async invoices(
    clients: readonly number[] | undefined,
    { from, to }: { from: string; to: string },
  ): Promise<Invoice[]> {
    const query = { ...INVOICE_QUERY, ...invoiceDays(from, to) };
    const inside = ({ date }: Invoice) => date === undefined || (date >= from && date <= to);
    const read = await this.perClient(clients, (client) =>
      this.whole('/Invoice', query, client, seeing(this.seen.invoice, keepInvoice), inside, this.#keep),
    );
    const undated = read.filter(isUndated).length;
    if (undated > 0)
      this.reasons.push(
        `Invoice: ${undated === 1 ? 'a posted document has' : `${undated} posted documents have`} no date`,
      );
    return read;
  }

  /** Whether any client's document in the window is posted; undefined if that is unknown. */
  async posts({ from, to }: { from: string; to: string }): Promise<boolean | undefined> {
    const query = { ...INVOICE_QUERY, includelines: false, ...invoiceDays(from, to), postedonly: true };
    const page = await this.halo.list('/Invoice', { key: 'invoices', query, pageSize: 25 });
    this.pages += 1;
    const inside = ({ date }: Invoice) => date !== undefined && date >= from && date <= to;
    const kept = page.rows.flatMap((row) => seeing(this.seen.invoice, keepInvoice)(row) ?? []);
    if (kept.some((one) => one.posted && standing(one) === 'document' && inside(one))) return true;
    return page.total === page.rows.length ? false : undefined;
  }

  async currencies(): Promise<Currency[]> {
    const { currencies, reasons } = currenciesOf(await this.halo.get('/Currency'));
    this.reasons.push(...reasons);
    return currencies;
  }

  /** The invoices outside the window that its credit notes undo, and the credit notes that its lines apply. */
  async linked(invoices: readonly Invoice[]): Promise<Invoice[]> {
    const ids = new Set<number>();
    for (const { credited_invoice: credited, lines } of invoices) {
      if (credited > 0) ids.add(credited);
      for (const { applies_credit: applied } of lines) if (applied > 0) ids.add(applied);
    }
    for (const { id } of invoices) ids.delete(id);
    return [...(await this.singles('/Invoice', [...ids], seeing(this.seen.invoice, keepInvoice))).values()];
  }

  /** One list for each of these clients, or one for all. */
  async perClient<T>(
    clients: readonly number[] | undefined,
    read: (client: number | undefined) => Promise<T[]>,
  ): Promise<T[]> {
    if (clients === undefined) return read(undefined);
    return (await Promise.all(clients.map(read))).flat();
  }

  /** A list with its lines; rows that came without are read one by one. */
  async whole<T extends { id: number; client: number }>(
    path: string,
    query: Query,
    client: number | undefined,
    keep: (row: unknown) => T | undefined,
    counts: (kept: T) => boolean,
    light: (kept: T) => T = (kept) => kept,
  ): Promise<T[]> {
    const thin = new Set<number>();
    const rows = await this.walk(path, 'invoices', query, client, (row) => {
      const kept = keep(row);
      if (kept === undefined || !counts(kept)) return undefined;
      if (isRow(row) && lacksLines(row)) thin.add(kept.id);
      return light(kept);
    });
    return this.details(path, rows, [...thin], keep, light);
  }

  /** The rows, some replaced by single reads. A listed row that is gone makes the book incomplete (O4). */
  async details<T extends { id: number; client: number }>(
    path: string,
    rows: readonly T[],
    ids: readonly number[],
    keep: (row: unknown) => T | undefined,
    light: (kept: T) => T = (kept) => kept,
  ): Promise<T[]> {
    if (ids.length === 0) return [...rows];
    const read = await this.singles(path, ids, keep, true);
    return rows.map((row) => {
      const single = read.get(row.id);
      return single === undefined ? row : light({ ...single, client: single.client || row.client });
    });
  }

  /** A list that is not part of the book, in full or only its client's rows. */
  list<T>(
    path: string,
    key: ListKey,
    keep: (row: unknown) => T | undefined,
    { query = {}, client, ...how }: { query?: Query; client?: number | undefined } & How = {},
  ): Promise<T[]> {
    return this.walk(path, key, query, client, keep, how);
  }

  /** A whole list, each row kept as it comes. */
  async walk<T>(
    path: string,
    key: ListKey,
    query: Query,
    client: number | undefined,
    keep: (row: unknown) => T | undefined,
    { paged = true, mostPages }: How = {},
  ): Promise<T[]> {
    const kept: T[][] = [];
    let [announced, nameless] = [false, 0];
    // Each list takes at least one request, as is known before the walk; its first page says how many more.
    this.#expected += 1;
    const onPage = (rows: Row[], { pages }: { pages: number | null }): Row[] => {
      const plan = announced || pages === null ? '' : `, the first of ${pages === 1 ? '1 page' : `${pages} pages`}`;
      if (!announced) this.#expected += (pages ?? 1) - 1;
      announced = true;
      this.pages += 1;
      this.#tell(`${path.slice(1)}: ${rows.length} rows${plan}`);
      const page: T[] = [];
      for (const row of rows) {
        // Rows without an id can't be told apart: one may be a repeat of another.
        if (!intOf(row.id)) nameless += 1;
        else {
          const one = keep(ownedBy(client, row));
          if (one !== undefined) page.push(one);
        }
      }
      kept.push(page);
      return [];
    };
    const walk: Walk = await this.halo.all(path, {
      key,
      query,
      onPage,
      paged,
      mostPages,
      ...(client !== undefined && { where: { client_id: client } }),
    });
    if (!walk.complete) this.reasons.push(`${path.slice(1)}: ${walk.reason}`);
    else if (nameless > 0) this.reasons.push(`${path.slice(1)}: ${nameless} rows without an id that can be read`);
    return kept.flat();
  }

  /**
   * Records read one by one. If some can't be read, the book is incomplete; if Halo does not have one, only if its own
   * list just named it.
   */
  async singles<T>(path: string, ids: readonly number[], keep: (row: unknown) => T | undefined, listed = false) {
    const read = new Map<number, T>();
    const failed: { id: number; code: string }[] = [];
    this.#expected += ids.length;
    await sideBySide(ids, async (id) => {
      try {
        const rows = await readIfThere(this.halo, path, id);
        if (rows.length === 0 && listed) failed.push({ id, code: 'HALO_NOT_FOUND' });
        for (const row of rows) {
          const kept = keep(row);
          if (kept !== undefined) read.set(id, kept);
        }
        this.#tell(`${path.slice(1)} ${id}`);
      } catch (error) {
        if (!isHaloError(error) || error.code === 'CALL_CANCELLED' || error.code === 'CALL_TIMEOUT') throw error;
        failed.push({ id, code: error.code });
      }
    });
    const [first, ...others] = failed;
    const more = others.length === 0 ? '' : ` and ${others.length} more of ${ids.length}`;
    if (first !== undefined) this.reasons.push(`${path.slice(1)} ${first.id}${more} failed (${first.code})`);
    return read;
  }

  #tell(what: string): void {
    this.#done += 1;
    const all = Math.max(this.#done, this.#expected);
    this.progress(this.#done, all, `${what} (request ${this.#done} of ${all} known so far)`);
  }
}
