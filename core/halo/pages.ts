import { HaloError } from '../errors.js';
import type { Query } from './client.js';

/** One row as Halo sends it. */
export type Row = Record<string, unknown>;

/** One page of a list. */
export interface Page {
  rows: Row[];
  page: number;
  /** The size that Halo really serves: it caps what is asked without a word. */
  pageSize: number;
  /** Rows over all pages; null where Halo can't say. */
  total: number | null;
  /** Only with `doubt`: false where Halo does not filter by it, as these rows or earlier ones show. */
  obeyed?: boolean;
}

export interface ListOptions {
  /** Name of the array in the answer. */
  key: string;
  query?: Query | undefined;
  /** Ids that Halo is asked to filter by, and that each row must then hold. */
  where?: Record<string, number> | undefined;
  page?: number | undefined;
  pageSize?: number | undefined;
  doubt?: Doubt | undefined;
}

/** A filter in the query that Halo may ignore without a word. */
export interface Doubt {
  /** True for a row that the filter should let pass. */
  test(row: Row): boolean;
  /** Queries that find nothing where Halo obeys the filter; asked once, and only where more rows follow the page. */
  nothing: readonly Query[];
}

/** Reads one path of Halo. */
export type Get = (path: string, query: Query) => Promise<unknown>;

/** Halo serves at most 100 rows a page, some endpoints 50, whatever is asked. */
export const MAX_PAGE = 100;

/**
 * The rows of an answer, whatever its envelope: the named key, else the only array in it, else the bare array.
 * @throws HaloError HALO_UNEXPECTED where there is no list at all
 */
export function rowsOf(body: unknown, key: string): Row[] {
  if (Array.isArray(body)) return body.filter(isRow);
  if (isRow(body)) {
    const named = body[key];
    if (Array.isArray(named)) return named.filter(isRow);
    const arrays = Object.values(body).filter(Array.isArray);
    if (arrays.length === 1 && arrays[0] !== undefined) return arrays[0].filter(isRow);
    if (arrays.length === 0 && toCount(body.record_count) === 0) return [];
  }
  throw new HaloError('HALO_UNEXPECTED', `Halo's answer holds no list of ${key}.`);
}

export const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What was learned of an endpoint: by its path the page size that it caps at, by its path with a doubted query how many
 * rows that query found (0 shows that Halo obeys it).
 */
export type Caps = Map<string, number>;

/** Halo's lowest known cap: a page as long as this may be a full one, whatever was asked. */
const LOWEST_CAP = 50;

/** One page, with the size that Halo really serves and the true total. */
export async function list(get: Get, caps: Caps, path: string, options: ListOptions): Promise<Page> {
  const page = await fetchPage(get, caps, path, options);
  if (options.doubt === undefined) return page;
  return { ...page, obeyed: await obeys(get, caps, path, options.key, options.doubt, page) };
}

/**
 * One page, without a doubt.
 * @param whole where Halo does not page the list at all, give all of its rows, not those of the page
 */
export async function fetchPage(
  get: Get,
  caps: Caps,
  path: string,
  options: ListOptions,
  whole = false,
): Promise<Page> {
  const { key, query, where = {}, page = 1, pageSize = 25 } = options;
  const asked = Math.min(pageSize, MAX_PAGE);
  const before = (page - 1) * asked;
  const body = await get(path, { ...query, ...where, pageinate: true, page_no: page, page_size: asked });
  const rows = rowsOf(body, key);
  checkWhere(rows, where);
  // A bare array, or more rows than asked for, is no page: it is all that there is, so the page is cut from it here.
  if (!isRow(body) || rows.length > asked)
    return whole
      ? { rows, page, pageSize: rows.length, total: rows.length }
      : { rows: rows.slice(before, before + asked), page, pageSize: asked, total: rows.length };
  const count = toCount(body.record_count);
  if (rows.length > 0 && (count === null || before < count)) checkPage(body, path, page);
  if (count === null) {
    const short = page === 1 && rows.length < Math.min(asked, LOWEST_CAP);
    return { rows, page, pageSize: asked, total: short ? rows.length : null };
  }
  const total = rows.length === 0 && page > 1 ? null : count;
  const echoed = toCount(body.page_size);
  let size = echoed !== null && echoed > 0 && echoed < asked ? echoed : Math.min(asked, caps.get(path) ?? asked);
  if (rows.length > size) {
    // What was learned is not true any more.
    caps.delete(path);
    size = asked;
  }
  if (rows.length === asked && asked > LOWEST_CAP) caps.set(path, asked);
  // A short page that does not end the list shows a cap; a later one alone could be short by chance.
  const unsure = page > 1 && size > LOWEST_CAP && !caps.has(path);
  const ends = total === null || (page - 1) * size + rows.length === total;
  if (rows.length > 0 && rows.length < size && (unsure || !ends)) {
    size = page === 1 ? rows.length : (await fetchPage(get, caps, path, { ...options, page: 1 })).pageSize;
    if (page === 1 || size < asked) caps.set(path, size);
  }
  // Beyond the end by its own count: Halo ignored the page number and sent rows that belong to another page.
  if (total !== null && page > 1 && (page - 1) * size >= total) return { rows: [], page, pageSize: size, total };
  return { rows, page, pageSize: size, total };
}

/**
 * Whether Halo filters by what is in doubt. A row that should not be there says no, and from then on the answer for
 * this endpoint stays no: its pages would not be those of the filtered list. Where more rows follow than were seen,
 * queries that must find nothing give the proof.
 */
async function obeys(get: Get, caps: Caps, path: string, key: string, doubt: Doubt, page: Page): Promise<boolean> {
  const verdict = `${path}?disobeyed ${doubt.nothing.map((query) => Object.keys(query)).join()}`;
  if (!page.rows.every(doubt.test)) caps.set(verdict, 1);
  if (caps.has(verdict)) return false;
  if (!hasNext(page) && page.page === 1) return true;
  for (const query of doubt.nothing) {
    const place = `${path}?${JSON.stringify(query)}`;
    const found = caps.get(place) ?? (await fetchPage(get, caps, path, { key, query, pageSize: 1 })).rows.length;
    caps.set(place, found);
    if (found > 0) return false;
  }
  return true;
}

/** @throws HaloError HALO_FILTER_IGNORED where a row does not hold the ids that it was asked by */
function checkWhere(rows: Row[], where: Record<string, number>): void {
  for (const [field, id] of Object.entries(where))
    if (rows.some((row) => row[field] !== undefined && row[field] !== null && Number(row[field]) !== id))
      throw new HaloError(
        'HALO_FILTER_IGNORED',
        `Halo ignored the filter "${field}" and sent other rows, so there is no true answer.`,
      );
}

/** @throws HaloError HALO_UNEXPECTED where the answer says itself that it is another page */
function checkPage(body: Row, path: string, page: number): void {
  const sent = toCount(body.page_no);
  if (sent !== null && sent > 0 && sent !== page)
    throw new HaloError(
      'HALO_UNEXPECTED',
      `Halo sent page ${sent} of ${path.replace(/^\//, '')} in place of page ${page}.`,
    );
}

/** True where rows come after this page; where the total is not known, a page that may be a full one says so. */
export function hasNext({ rows, page, pageSize, total }: Page): boolean {
  if (rows.length === 0) return false;
  return total === null ? rows.length >= Math.min(pageSize, LOWEST_CAP) : (page - 1) * pageSize + rows.length < total;
}

function toCount(value: unknown): number | null {
  const count = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : null;
}
