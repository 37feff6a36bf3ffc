import { HaloError } from '../errors.js';
import type { Query } from './client.js';
import { checkWhere } from './where.js';

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
  /** In our words, what contradicts in the page or could not be proved of it: rows may be missing. */
  flaw?: string;
}

export interface ListOptions {
  /** Name of the array in the answer. */
  key: string;
  query?: Query | undefined;
  /** Ids that Halo is asked to filter by, and that each row must then hold. */
  where?: Record<string, number> | undefined;
  page?: number | undefined;
  pageSize?: number | undefined;
  /** Told of each record that is too large to be read and left out; without it such a record is an error. */
  leftOut?: ((sentence: string) => void) | undefined;
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

/** The page size that an endpoint caps at, by its path. */
export type Caps = Map<string, number>;

/** Halo's lowest known cap: a page as long as this may be a full one, whatever was asked. */
export const LOWEST_CAP = 50;

/**
 * One page, without a proof of what it was filtered by.
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
