import { cutPage, isLong, sizePlace, type Wanted } from './long-pages.js';
import type { Caps, Get, ListOptions, Page } from './page.js';
import { capOf, inPagesServed, isLast, lowCapOf, mayBeCut, placeOf } from './placing.js';
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
  const most = Math.min(pageSize, MAX_PAGE);
  const serve: Serve = (number, size = most) =>
    servePage(get, caps, path, { ...options, page: number, pageSize: size });
  const wanted = { serve, caps, path, page, asked: most };
  if (page > 1) return laterPage(inPagesServed(wanted));
  const long = await longPage(wanted);
  if (long !== undefined) return long;
  const got = await serve(1);
  return isLong(got) ? cutPage(wanted, got) : judge(got, await firstFacts(got, wanted));
}

/** The page where Halo is known to send longer ones than it is asked for. */
async function longPage(wanted: Wanted): Promise<Page | undefined> {
  const { serve, caps, path, asked } = wanted;
  const place = sizePlace(path, asked);
  if ((caps.get(place) ?? asked) === asked) return undefined;
  const first = await serve(1);
  if (isLong(first)) return cutPage(wanted, first);
  // What was learned is no longer true.
  caps.delete(place);
  return undefined;
}

/** A page after the first. @param capped whether it is asked for once more, in the size that Halo turned out to serve */
async function laterPage(wanted: Wanted, capped = false): Promise<Page> {
  const { serve, caps, path, page, asked } = wanted;
  const long = await longPage(wanted);
  if (long !== undefined) return long;
  const got = await serve(page);
  const first = needsFirst(got, caps, path) ? await serve(1) : undefined;
  if (first !== undefined && (isLong(first) || isLong(got))) return cutPage(wanted, first, got);
  if (isAstray(got) || (first !== undefined && got.entries.length > 0 && sameRows(first.entries, got.entries))) {
    // Halo sends its only page whatever page is requested: the requested one is past the end.
    if (got.count === got.entries.length && !leavesOpen(got, asked))
      return { rows: [], page, pageSize: asked, total: got.count };
    throw wrongPage(path, got);
  }
  const inSize = (served: number): Promise<Page> => {
    caps.set(path, served);
    return laterPage(inPagesServed(wanted), true);
  };
  const served = capOf(got, first);
  if (served !== undefined && !capped) return inSize(served);
  if (first !== undefined && got.told === null && first.entries.length === asked)
    caps.set(sizePlace(path, asked), asked);
  const size = first === undefined ? sizeOf(got, caps, path) : sizeOf(first, caps, path);
  const judged = judge(got, { size });
  if (judged.total !== null && endsFull(judged)) return proveEnd(judged, got, serve);
  if (judged.flaw !== undefined || first !== undefined || !mayBeCut(judged, asked)) return judged;
  const place = await placeOf(got, serve);
  if (place === 'another' && !capped) return inSize(LOWEST_CAP);
  const whole = place === 'its own' && (judged.total !== null || (await isLast(got, serve)));
  if (whole) return judged.total === null ? { ...judged, more: false } : judged;
  const flaw = `Halo sent pages of ${size} rows before, and now one of ${got.entries.length}`;
  return { ...judged, total: null, more: true, flaw };
}

/** True for a full page that ends the list by Halo's count. */
const endsFull = ({ rows, page, pageSize, total }: Page): boolean =>
  rows.length === pageSize && page * pageSize === total;

/** The page with its total if the next one is empty; otherwise rows follow that Halo does not count. */
async function proveEnd(found: Page, got: Served, serve: Serve): Promise<Page> {
  const next = await lookAfter(got, serve, found.pageSize);
  return next === 'none' ? found : { ...found, total: null, more: next !== 'same rows' };
}

/** True if a later page can't be placed without the first: to know the size of Halo's pages, or which this is. */
function needsFirst(got: Served, caps: Caps, path: string): boolean {
  const { entries, count, told, page, asked } = got;
  if (isLong(got)) return true;
  const before = (page - 1) * asked;
  // An empty page may lie between two sizes, unless the size of Halo's pages is known.
  if (entries.length === 0) return (asked > LOWEST_CAP && !caps.has(path)) || (count !== null && before < count);
  if (isAstray(got)) return false;
  if (told === null && caps.get(sizePlace(path, asked)) !== asked) return true;
  const size = sizeOf(got, caps, path);
  const unsure = size > LOWEST_CAP && (caps.get(path) ?? 0) < asked;
  const ends = count === null || count === entries.length || (page - 1) * size + entries.length === count;
  return entries.length < size && (unsure || !ends);
}

/** The size of Halo's pages, from one of them or from what was learned. */
function sizeOf({ entries, count, size, page, asked }: Served, caps: Caps, path: string): number {
  if (size !== null && size > 0 && size < asked && entries.length <= size) return size;
  if (entries.length === asked) return asked;
  if (page === 1 && count !== null && count > entries.length && entries.length > 0) return entries.length;
  const known = lowCapOf(caps, path, asked);
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
  if (got.flaw !== undefined || length === 0) return { size: asked };
  const capped = length === LOWEST_CAP && length < asked;
  if (count === null && !capped) return { size: asked };
  if (count === null || count === length) {
    if (!leavesOpen(got, asked)) return { size: asked };
    const next = await lookAfter(got, serve, length);
    if (next === 'none') return count === null ? { size: asked, more: false } : { size: asked };
    if (next === 'same rows') return { size: asked, more: false, flaw: UNPAGED };
    return { ...(capped && next !== 'unknown' ? learn(length) : { size: asked }), more: true };
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
