import { type HaloError, isHaloError } from '../errors.js';
import type { Query } from './client.js';
import { type Caps, fetchPage, type Get, LOWEST_CAP, MAX_PAGE, type Page, type Row } from './pages.js';
import { sideBySide } from './side-by-side.js';
import { inSmallerPages, isTooLarge } from './smaller.js';

/** A whole list. */
export interface Walk {
  rows: Row[];
  total: number | null;
  /** False where rows are missing: then no sum over them is a total. */
  complete: boolean;
  /** Why it is not complete. */
  reason?: string;
}

export interface AllOptions {
  key: string;
  query?: Query | undefined;
  /** Ids that Halo is asked to filter by, and that each row must then hold. */
  where?: Record<string, number> | undefined;
  /**
   * Sees the rows of each page as it comes, and may answer with what to keep of them, so that memory stays flat. Each
   * row comes once, and again only where pages overlap and the later one was modified since.
   */
  onPage?: ((rows: Row[], progress: { done: number; pages: number | null }) => Row[] | undefined) | undefined;
}

/** More pages than this are not walked where Halo does not say how many there are. */
const MOST_PAGES = 1000;

/**
 * All rows of a list, each once, walked by the true total and by what came, never by the page size that was asked for.
 * Pages after the first are fetched side by side, a few at a time. What is missing is told: `complete` is false, with the reason.
 * @throws HaloError where the first page fails, or where Halo ignored a filter
 */
export async function all(
  get: Get,
  caps: Caps,
  path: string,
  { key, query, where, onPage }: AllOptions,
  signal: AbortSignal,
): Promise<Walk> {
  const keyOf = keyFor(path);
  /** When each row that came was modified. */
  const seen = new Map<unknown, string>();
  const pages = new Map<number, Row[]>();
  let [done, met] = [0, 0];
  let expected: number | null = null;
  const keep = (page: Page) => {
    done += 1;
    const fresh = page.rows.filter((row) => {
      const before = seen.get(keyOf(row));
      return before === undefined || modified(row) > before;
    });
    const added = fresh.filter((row) => !seen.has(keyOf(row))).length;
    for (const row of fresh) if (keyOf(row) !== undefined) seen.set(keyOf(row), modified(row));
    met += added;
    const kept = onPage === undefined ? page.rows : (onPage(fresh, { done, pages: expected }) ?? fresh);
    pages.set(page.page, kept);
    return { served: page.rows.length, fresh: added };
  };
  const read = (page: number, pageSize: number) =>
    fetchPage(get, caps, path, { key, query, where, page, pageSize }, page === 1);
  /** Records that are too large to be read; the walk goes on without them and is not complete. */
  const tooLarge: string[] = [];
  const leftOut = (sentence: string) => tooLarge.push(sentence);

  let asked: number = MAX_PAGE;
  const first = await read(1, asked).catch((error: unknown) => {
    if (!isTooLarge(error)) throw error;
    // No endpoint serves fewer than that, so that its pages are of the size that is asked for.
    asked = LOWEST_CAP;
    return inSmallerPages({ read, path, leftOut }, 1, asked);
  });
  const { total, pageSize: served } = first;
  const readServed = (page: number, size: number) => read(page, size === served ? asked : size);
  const fetch = (page: number) => inSmallerPages({ read: readServed, path, leftOut }, page, served);
  expected = total === null ? null : Math.max(1, Math.ceil(total / Math.max(1, first.pageSize)));
  keep(first);
  const rest = Array.from({ length: (expected ?? 1) - 1 }, (_, index) => index + 2);
  let missing: Missing | undefined;
  await sideBySide(rest, async (page) => {
    const outcome = await fetch(page).then(keep).catch(failureOf(page));
    if ('page' in outcome && page < (missing?.page ?? Infinity)) missing = outcome;
  });
  signal.throwIfAborted();

  let repeated: number | undefined;
  // Halo may have served less than it counted (rows came or went, a cap): go on until nothing new comes.
  for (let page = (expected ?? 1) + 1; missing === undefined && first.rows.length > 0; page += 1) {
    if (total !== null && met >= total) break;
    if (page > Math.max(MOST_PAGES, expected ?? 0)) missing = { page };
    else {
      const more = await fetch(page).then(keep).catch(failureOf(page));
      signal.throwIfAborted();
      if ('page' in more) missing = more;
      else if (more.fresh === 0) {
        // Without a count nobody knows whether rows follow that Halo does not page to.
        if (total === null && more.served > 0) repeated = page;
        break;
      }
    }
  }
  const reason =
    tooLarge[0]?.replace(/\.$/, '') ??
    (repeated === undefined ? reasonOf(missing, expected, total, met) : `page ${repeated} repeats earlier rows`);
  const rows = [...pages.entries()].sort(([a], [b]) => a - b).flatMap(([, kept]) => kept);
  return {
    rows: pages.size > 1 ? newest(rows, keyOf) : rows,
    total,
    complete: reason === undefined,
    ...(reason !== undefined && { reason }),
  };
}

/** A page that is missing, and the error that it failed with; without one it was not asked for any more. */
interface Missing {
  page: number;
  error?: HaloError;
}

/** A page may fail for good, and the walk is told as not complete; a bug or an ignored filter is no missing page. */
const failureOf =
  (page: number) =>
  (error: unknown): Missing => {
    if (!isHaloError(error) || error.code === 'HALO_FILTER_IGNORED') throw error;
    return { page, error };
  };

function reasonOf(
  missing: Missing | undefined,
  expected: number | null,
  total: number | null,
  met: number,
): string | undefined {
  if (missing?.error !== undefined)
    return `page ${missing.page}${expected === null ? '' : ` of ${expected}`} failed (${missing.error.code})`;
  if (missing !== undefined) return `there are more than ${missing.page - 1} pages`;
  return total !== null && met < total ? `Halo counts ${total} rows and served ${met}` : undefined;
}

/**
 * What tells one row from another: its id. Actions count theirs anew in every ticket, and id 0 is none (time sheets
 * that were never filled in have it); rows without one are all taken for different.
 */
function keyFor(path: string): (row: Row) => unknown {
  const perTicket = /^\/?actions$/i.test(path);
  return ({ id, ticket_id: ticket }) => {
    if (id === undefined || id === null || id === 0) return undefined;
    return perTicket ? `${String(ticket)}/${String(id)}` : id;
  };
}

/** To be compared as text: an instant with a fraction of a second is later than one without. */
const modified = ({ last_modified: stamp }: Row): string => String(stamp ?? '').replace(/Z$/i, '');

/** Pages may overlap while rows are added: of rows with one id, the one modified last is kept. */
function newest(rows: Row[], keyOf: (row: Row) => unknown): Row[] {
  const byKey = new Map<unknown, Row>();
  for (const row of rows) {
    const key = keyOf(row) ?? row;
    const known = byKey.get(key);
    if (known === undefined || modified(row) >= modified(known)) byKey.set(key, row);
  }
  return byKey.size === rows.length ? rows : [...byKey.values()];
}
