import { cutPage, isLong, sizePlace, type Wanted } from './long-pages.js';
import type { Caps, Get, ListOptions, Page } from './page.js';
import { sameRows } from './row-key.js';
import {
  isAstray,
  isFull,
  LOWEST_CAP,
  leavesOpen,
  lookAfter,
  MAX_PAGE,
  type Serve,
  type Served,
  servePage,
  UNPAGED,
  wrongPage,
} from './serve.js';

export { isRow, type ListKey, type Row, rowsOf } from './envelope.js';
export type { Caps, Get, ListOptions, Page } from './page.js';
export { MAX_PAGE } from './serve.js';

/** True if rows come after this page; if the total is not known, a page that may be full says so. */
export function hasNext({ rows, page, pageSize, total, more }: Page): boolean {
  if (more !== undefined) return more;
  if (rows.length === 0) return false;
  return total === null ? isFull(rows.length, pageSize) : (page - 1) * pageSize + rows.length < total;
}

/**
 * One page, beyond doubt: with the size that Halo serves, and with a total only if the page or a neighbour proves it. A
 * page that can speak for itself costs one request.
 */
export async function fetchPage(get: Get, caps: Caps, path: string, options: ListOptions): Promise<Page> {
  const { page = 1, pageSize = 25 } = options;
  const asked = Math.min(pageSize, MAX_PAGE);
  const serve: Serve = (number, size = asked) =>
    servePage(get, caps, path, { ...options, page: number, pageSize: size });
  const wanted = { serve, caps, path, page, asked };
  const place = sizePlace(path, asked);

  if ((caps.get(place) ?? asked) !== asked) {
    const first = await serve(1);
    if (isLong(first)) return cutPage(wanted, first);
    // What was learned is no longer true.
    caps.delete(place);
  }
  const cap = caps.get(path) ?? asked;
  const got = await serve(page);
  if (page === 1) return isLong(got) ? cutPage(wanted, got) : judge(got, await firstFacts(got, wanted));

  const first = needsFirst(got, caps, path) ? await serve(1) : undefined;
  if (first !== undefined && (isLong(first) || isLong(got))) return cutPage(wanted, first, got);
  if (isAstray(got) || (first !== undefined && got.entries.length > 0 && sameRows(first.entries, got.entries))) {
    // Halo sends its only page whatever page is requested: the requested one is past the end.
    if (got.count === got.entries.length && got.count < asked)
      return { rows: [], page, pageSize: asked, total: got.count };
    throw wrongPage(path, got);
  }
  if (first !== undefined && got.told === null && first.entries.length === asked) caps.set(place, asked);
  const grown = got.entries.length > cap && { flaw: `Halo sent pages of ${cap} rows before, and now one of more` };
  const size = first === undefined ? sizeOf(got, caps, path) : sizeOf(first, caps, path);
  const judged = judge(got, { size, ...grown });
  if (judged.total !== null) return endsFull(judged) ? proveEnd(judged, got, serve) : judged;
  return size === caps.get(path) && judged.flaw === undefined ? proveWhole(judged, got, serve) : judged;
}

/** True for a full page that ends the list by Halo's count. */
const endsFull = ({ rows, page, pageSize, total }: Page): boolean =>
  rows.length === pageSize && page * pageSize === total;

/** The page with its total if the next one is empty; otherwise rows follow that Halo does not count. */
async function proveEnd(found: Page, got: Served, serve: Serve): Promise<Page> {
  const next = await lookAfter(got, serve, found.pageSize);
  return next === 'none' ? found : { ...found, total: null, more: next !== 'same rows' };
}

/**
 * Checks a page that, after longer ones, may have been cut at Halo's lowest cap: asks for what follows its rows in
 * pages of that cap, so that no row is skipped.
 */
async function proveWhole(found: Page, got: Served, serve: Serve): Promise<Page> {
  const { length } = got.entries;
  const end = (got.page - 1) * found.pageSize + length;
  if (length === 0 || length >= found.pageSize || length % LOWEST_CAP > 0 || end % LOWEST_CAP > 0) return found;
  const next = await lookAfter({ ...got, page: end / LOWEST_CAP }, serve, LOWEST_CAP);
  if (next === 'none') return { ...found, more: false };
  return { ...found, flaw: `Halo sent pages of ${found.pageSize} rows before, and now one of ${length}` };
}

/** True if a later page can't be placed without the first: to know the size of Halo's pages, or which this is. */
function needsFirst(got: Served, caps: Caps, path: string): boolean {
  const { entries, count, told, page, asked } = got;
  if (isLong(got)) return true;
  const before = (page - 1) * asked;
  if (entries.length === 0) return count !== null && before < count;
  if (isAstray(got)) return false;
  if (told === null && caps.get(sizePlace(path, asked)) !== asked) return true;
  const size = sizeOf(got, caps, path);
  const unsure = size > LOWEST_CAP && !caps.has(path);
  const ends = count === null || count === entries.length || (page - 1) * size + entries.length === count;
  return entries.length < size && (unsure || !ends);
}

/** The size of Halo's pages, from one of them or from what was learned. */
function sizeOf({ entries, count, size, page, asked }: Served, caps: Caps, path: string): number {
  if (size !== null && size > 0 && size < asked && entries.length <= size) return size;
  if (entries.length === asked) return asked;
  if (page === 1 && count !== null && count > entries.length && entries.length > 0) return entries.length;
  const known = Math.min(asked, caps.get(path) ?? asked);
  return entries.length > known ? asked : known;
}

interface Facts {
  size: number;
  flaw?: string;
  /** Whether rows follow, if the page's count is not the list's. */
  more?: boolean;
}

/** What only the page after the first can tell: whether a full page is all, and whether a short page is a full one. */
async function firstFacts(got: Served, { serve, caps, path, asked }: Wanted): Promise<Facts> {
  const { entries, count } = got;
  const { length } = entries;
  if (got.flaw !== undefined || count === null || length === 0) return { size: asked };
  if (count === length) {
    if (!leavesOpen(got, asked)) return { size: asked };
    const next = await lookAfter(got, serve, length);
    if (next === 'none') return { size: asked };
    return next === 'same rows' ? { size: asked, more: false, flaw: UNPAGED } : { size: asked, more: true };
  }
  const size = sizeOf(got, caps, path);
  if (length === asked || length === LOWEST_CAP || size === got.size || size === caps.get(path)) return learn(size);
  const next = await lookAfter(got, serve);
  if (next === 'as many or fewer') return learn(size);
  if (next === 'same rows') return { size: asked, more: false, flaw: UNPAGED };
  return { size: asked, more: next !== 'none', flaw: `Halo counts ${count} rows and sent ${length} of them on page 1` };

  function learn(known: number): Facts {
    if (known < asked || asked > LOWEST_CAP) caps.set(path, known);
    return { size: known };
  }
}

/** A page of known size, checked against its own count. */
function judge({ rows, entries, count, page, asked, flaw: own }: Served, { size, flaw: found, more }: Facts): Page {
  const { length } = entries;
  const before = (page - 1) * size;
  const unproved = (flaw?: string, follows?: boolean): Page => ({
    ...{ rows, page, pageSize: size, total: null, more: follows ?? isFull(length, asked) },
    ...(flaw !== undefined && { flaw }),
  });
  const sent = length === 0 ? 'none' : length;
  const miscounted = `Halo counts ${count} rows and sent ${sent}${page > 1 ? ` on page ${page}` : ''}`;
  if (own !== undefined) return unproved(own);
  if (found !== undefined || more !== undefined) return unproved(found, more);
  if (length === 0) {
    if (count !== null && before < count) return unproved(miscounted, false);
    return page > 1 ? unproved(undefined, false) : { rows, page, pageSize: size, total: 0 };
  }
  if (count === null)
    return page > 1 || isFull(length, asked) ? unproved() : { rows, page, pageSize: size, total: length };
  // On a later page this is its own length, not the list's.
  if (page > 1 && count === length) return unproved();
  if (before + length > count) return unproved(miscounted);
  if (length < size && before + length < count)
    return unproved(`Halo sent ${length} rows of ${size} on page ${page}, which is not the last one`, true);
  return { rows, page, pageSize: size, total: count };
}
