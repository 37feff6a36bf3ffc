import { believe, isRow } from './envelope.js';
import type { Caps, Page } from './page.js';
import { compare, isFull, leavesOpen, lookAfter, type Serve, type Served, UNPAGED, wrongPage } from './serve.js';

/** An answer with more rows than requested, or without an envelope, is not a page of the requested size. */
export const isLong = ({ bare, entries, asked }: Served): boolean => bare || entries.length > asked;

export interface Wanted {
  serve: Serve;
  caps: Caps;
  path: string;
  page: number;
  asked: number;
}

/** The key under which `caps` keeps how many rows an endpoint sends when asked for this many. */
export const sizePlace = (path: string, asked: number): string => `${path}?page_size=${asked}`;

/**
 * The requested page, assembled from answers that Halo cuts as it likes: all rows at once, or pages longer than asked.
 * Skips no row, and takes no answer for the whole list until the page after the first one shows it.
 * @param first the answer to the first page; `got` is the answer to the requested page, if there is one
 */
export async function cutPage(wanted: Wanted, first: Served, got: Served = first): Promise<Page> {
  const { caps, path, page, asked, serve } = wanted;
  const place = sizePlace(path, asked);
  const open = leavesOpen(first, asked);
  const look = () => {
    if (got.page > 1 && got.entries.length > 0) return compare(first, got);
    if (first.bare && caps.get(place) === Infinity) return 'same rows';
    return open ? lookAfter(first, serve, Math.min(first.entries.length, asked)) : 'none';
  };
  const next = await look();
  const counts = !first.bare && first.count !== null && first.count !== first.entries.length;
  const paged = counts || next === 'as many or fewer' || next === 'more';
  const size = paged ? first.entries.length : Infinity;
  caps.set(place, first.bare && next === 'same rows' ? Infinity : first.entries.length);
  const known = new Map([[1, first]]);
  if (got.page > 1 && size === asked) known.set(page, got);
  const part = await pageOf(wanted, size, known);
  if (next === 'unknown') return { ...part, total: null, more: true };
  const unproved = next === 'same rows' && open && !paged && !first.bare;
  return unproved ? { ...part, total: null, flaw: part.flaw ?? UNPAGED } : part;
}

/** The count of a page, if it is not just its own. */
const listCount = (page: Served | undefined): number | null =>
  page !== undefined && page.count !== null && page.count > page.entries.length ? page.count : null;

/**
 * The requested page, if Halo's own pages hold `size` rows; Infinity if it sends all at once. Pages that it cuts shorter
 * are asked for in their own size: only then is it certain where they begin.
 */
async function pageOf(
  { serve, path, page, asked }: Wanted,
  size: number,
  known: ReadonlyMap<number, Served>,
): Promise<Page> {
  const length = Math.min(size, asked);
  const start = (page - 1) * length;
  const entries: unknown[] = [];
  let number = Number.isFinite(size) ? Math.floor(start / size) + 1 : 1;
  let skip = Number.isFinite(size) ? start % size : start;
  let flaw: string | undefined;
  for (;;) {
    const part = known.get(number) ?? (await serve(number, length));
    if (number > 1 && part.entries.length > 0 && (part.told || null) !== number) {
      const first = known.get(1) ?? (await serve(1));
      if (compare(first, part) === 'same rows') throw wrongPage(path, part);
    }
    entries.push(...part.entries.slice(skip, skip + length - entries.length));
    flaw ??= part.flaw;
    const ends = part.entries.length < size;
    const met = (Number.isFinite(size) ? (number - 1) * size : 0) + part.entries.length;
    const counted = listCount(part) ?? listCount(known.get(1));
    if (entries.length === length || ends || part.entries.length === 0) {
      const total = counted ?? (ends && part.entries.length > 0 ? met : null);
      const missed =
        ends && counted !== null && met < counted ? `Halo counts ${counted} rows and sent ${met}` : undefined;
      // Answers may overlap: a row at the seam may come in both.
      const believed = believe(entries.filter(isRow), path);
      const fault = flaw ?? missed ?? believed.flaw;
      const reached = start + entries.length;
      return {
        rows: believed.rows,
        page,
        pageSize: length,
        total: fault === undefined ? total : null,
        more: reached < met || (!ends && (counted === null ? isFull(part.entries.length, asked) : reached < counted)),
        ...(fault !== undefined && { flaw: fault }),
      };
    }
    number += 1;
    skip = 0;
  }
}
