import { isRow } from './envelope.js';
import type { Caps, Page } from './pages.js';
import { compare, isFull, leavesOpen, lookAfter, type Serve, type Served, UNPAGED, wrongPage } from './serve.js';

/** An answer of more rows than were asked for, or without an envelope, is no page of the size that was asked for. */
export const isLong = ({ bare, entries, asked }: Served): boolean => bare || entries.length > asked;

interface Wanted {
  serve: Serve;
  caps: Caps;
  path: string;
  page: number;
  asked: number;
}

/** Where it is kept how many rows an endpoint sends when it is asked for so many. */
export const sizePlace = (path: string, asked: number): string => `${path}?page_size=${asked}`;

/**
 * The page that was asked for, out of answers that Halo cuts as it likes: all rows at once, or pages longer than asked.
 * No row is passed over, and none is taken for the whole list before the page after the first one told so.
 * @param got the answer to the page that was asked for, and `first` that to the first page
 */
export async function cutPage(wanted: Wanted, got: Served, first: Served): Promise<Page> {
  const { caps, path, page, asked } = wanted;
  const open = leavesOpen(first, asked);
  const looked = page > 1 && got.entries.length > 0;
  const next = looked ? compare(first, got) : open ? await lookAfter(first, wanted.serve) : 'none';
  const counts = !first.bare && first.count !== null && first.count !== first.entries.length;
  const paged = counts || next === 'as many or fewer' || next === 'more';
  const size = paged ? first.entries.length : Infinity;
  const proved = first.bare || !open || next === 'none';
  // Unproved, it is looked at again the next time.
  if (paged || (first.bare && next === 'same rows')) caps.set(sizePlace(path, asked), size);
  const flaw = !paged && next === 'same rows' && !proved ? UNPAGED : undefined;
  const part = await pageOf(
    wanted,
    size,
    new Map([[1, first], ...(page > 1 && size <= asked ? [[page, got] as const] : [])]),
  );
  return {
    ...part,
    ...(next === 'unknown' && { total: null, more: true }),
    ...(flaw !== undefined && { total: null, flaw: part.flaw ?? flaw }),
  };
}

/** The page that was asked for, where Halo's own pages hold so many rows; Infinity where it sends all at once. */
export async function pageOf(
  { serve, path, page, asked }: Wanted,
  size: number,
  known: ReadonlyMap<number, Served> = new Map(),
): Promise<Page> {
  const length = Math.min(size, asked);
  const start = (page - 1) * length;
  const entries: unknown[] = [];
  let number = Number.isFinite(size) ? Math.floor(start / size) + 1 : 1;
  let skip = Number.isFinite(size) ? start % size : start;
  let flaw: string | undefined;
  for (;;) {
    const part = known.get(number) ?? (await serve(number));
    if (number > 1 && part.entries.length > 0 && (part.told || null) !== number) {
      const first = known.get(1) ?? (await serve(1));
      if (compare(first, part) === 'same rows') throw wrongPage(path, part);
    }
    entries.push(...part.entries.slice(skip, skip + length - entries.length));
    flaw ??= part.flaw;
    const ends = part.entries.length < size;
    const met = (Number.isFinite(size) ? (number - 1) * size : 0) + part.entries.length;
    const counted = part.count !== null && part.count > part.entries.length ? part.count : null;
    if (entries.length === length || ends || part.entries.length === 0) {
      const total = counted ?? (ends && part.entries.length > 0 ? met : null);
      const missed =
        ends && counted !== null && met < counted ? `Halo counts ${counted} rows and sent ${met}` : undefined;
      const fault = flaw ?? missed;
      const reached = start + entries.length;
      return {
        rows: entries.filter(isRow),
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
