import { HaloError, isHaloError } from '../errors.js';
import { type Envelope, openEnvelope } from './envelope.js';
import type { Caps, Get, ListOptions } from './page.js';
import { sameRows } from './row-key.js';
import { checkWhere } from './where.js';

/** Halo serves at most 100 rows a page, some endpoints 50, whatever is requested. */
export const MAX_PAGE = 100;

/** Halo's lowest known cap: a page this long may be a full one, whatever was requested. */
export const LOWEST_CAP = 50;

/** The answer to one request for one page. */
export interface Served extends Envelope {
  page: number;
  asked: number;
}

/** Asks for another page of the same list, of the same size unless `size` says otherwise. */
export type Serve = (page: number, size?: number) => Promise<Served>;

/**
 * One request for one page, checked against its own envelope.
 * @throws HaloError HALO_UNEXPECTED, HALO_FILTER_IGNORED
 */
export async function servePage(get: Get, caps: Caps, path: string, options: ListOptions): Promise<Served> {
  const { key, query, where = {}, page = 1, pageSize = 25 } = options;
  const asked = Math.min(pageSize, MAX_PAGE);
  const body = await get(path, { ...query, ...where, pageinate: true, page_no: page, page_size: asked });
  const envelope = openEnvelope(body, key, path);
  checkWhere(envelope.rows, where);
  if (envelope.entries.length === asked && asked > LOWEST_CAP) caps.set(path, asked);
  return { ...envelope, page, asked };
}

/** True if a page says that it is not the requested one. */
export const isAstray = ({ told, page, entries }: Served): boolean =>
  told !== null && told > 0 && told !== page && entries.length > 0;

/** @throws HaloError HALO_UNEXPECTED if the answer says that it is another page */
export function refuseAstray(served: Served, path: string): Served {
  if (isAstray(served)) throw wrongPage(path, served);
  return served;
}

export const wrongPage = (path: string, { page, told }: Served): HaloError =>
  new HaloError(
    'HALO_UNEXPECTED',
    `Halo sent page ${told || 1} of ${path.replace(/^\//, '')} in place of page ${page}.`,
  );

/** True if a page of this many rows may be a full one. */
export const isFull = (length: number, asked: number): boolean => length > 0 && length >= Math.min(asked, LOWEST_CAP);

/** The page lengths at which Halo is known to stop silently. */
const CAPS: ReadonlySet<number> = new Set([LOWEST_CAP, MAX_PAGE]);

/**
 * True if a first page leaves open whether rows follow, so that only the next one can tell. A count that equals the
 * length of the page proves nothing if the page is as long as requested, or as one of Halo's caps (or another round
 * number): if Halo ignores paging, it counts the rows that it sends.
 * @param asked the page size; undefined for a list that is requested at once, where only a cap makes a difference
 */
export function leavesOpen({ entries, bare, count }: Envelope, asked: number | undefined): boolean {
  const { length } = entries;
  if (length === 0 || (count !== null && count > length)) return false;
  if (asked === undefined) return CAPS.has(length);
  if (!bare && count !== length) return isFull(length, asked);
  return length === asked || length % LOWEST_CAP === 0;
}

/** What the page after another one shows. */
export type Next = 'none' | 'same rows' | 'as many or fewer' | 'more' | 'unknown';

/** @param next the page after the first, or any later one */
export function compare(first: Served, next: Served): Next {
  if (next.entries.length === 0) return 'none';
  if (isAstray(next) || sameRows(next.entries, first.entries)) return 'same rows';
  return next.entries.length > first.entries.length ? 'more' : 'as many or fewer';
}

/**
 * Looks at the page after this one. If that page can't be read, this one is not at fault.
 * @param size of that page, if this one may be full although it has fewer rows than were asked for
 */
export async function lookAfter(page: Served, serve: Serve, size = page.asked): Promise<Next> {
  const next = await lookAt(page.page + 1, serve, size);
  return next === undefined ? 'unknown' : compare(page, next);
}

/** Another page, to hold a page against it; undefined if it can't be read. */
export async function lookAt(page: number, serve: Serve, size: number): Promise<Served | undefined> {
  try {
    return await serve(page, size);
  } catch (error) {
    if (!isHaloError(error) || FATAL.has(error.code)) throw error;
    return undefined;
  }
}

const FATAL: ReadonlySet<string> = new Set(['CALL_CANCELLED', 'CALL_TIMEOUT', 'HALO_FILTER_IGNORED']);

/** The flaw of a list whose pages are all the same. */
export const UNPAGED = 'Halo sends the same rows for every page, so there may be more of them';
