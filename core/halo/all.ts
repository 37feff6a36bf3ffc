import { type HaloError, isHaloError } from '../errors.js';
import type { Query } from './client.js';
import { type ListKey, openEnvelope, type Row, release } from './envelope.js';
import type { Caps, Get } from './pages.js';
import { sameRows } from './row-key.js';
import { isFull, LOWEST_CAP, leavesOpen, MAX_PAGE, refuseAstray, type Served, servePage } from './serve.js';
import { sideBySide } from './side-by-side.js';
import { inSmallerPages, isTooLarge } from './smaller.js';
import { Walked } from './walked.js';
import { checkWhere } from './where.js';

/** A whole list. */
export interface Walk {
  rows: Row[];
  total: number | null;
  /** False if rows are missing or contradict each other: then no sum over them is a total. */
  complete: boolean;
  /** Why it is not complete. */
  reason?: string;
}

export interface AllOptions {
  /** The name of the array in the answer, or several names. */
  key: ListKey;
  query?: Query | undefined;
  /** Ids that Halo is asked to filter by, and that each row must then hold. */
  where?: Record<string, number> | undefined;
  /**
   * False for a list that Halo sends at once: it is requested without paging, and by pages only if that answer may be
   * cut. With `count` in the query, an answer of that many rows may be cut.
   */
  paged?: boolean | undefined;
  /** The most pages to walk; if there are more, the list is not complete. */
  mostPages?: number | undefined;
  /** Only for the core: gets the number of further pages before they are requested; throws if there are too many. */
  mayTake?: ((requests: number) => void) | undefined;
  /**
   * Sees the rows of each page as it comes, and may return which of them to keep, so that memory stays flat. Each row
   * comes once, and again only if pages overlap and the later copy was modified since.
   */
  onPage?: ((rows: Row[], progress: { done: number; pages: number | null }) => Row[] | undefined) | undefined;
}

/** The most pages to walk if Halo does not say how many there are. */
const MOST_PAGES = 1000;

/** This many failed pages end the walk: it is incomplete by then, and asking Halo for more is pointless. */
const MOST_FAILED = 3;

/**
 * All rows of a list, each once. The walk follows the rows that come: the count says how far to look, never that all is
 * there. Pages after the first are fetched in parallel, a few at a time, up to the first that brings nothing new. If
 * rows are missing or contradict each other, `complete` is false, with the reason.
 * @throws HaloError if the first page fails, or if Halo ignored a filter
 */
export async function all(
  get: Get,
  caps: Caps,
  path: string,
  { key, query, where, paged = true, mostPages, mayTake, onPage }: AllOptions,
  signal: AbortSignal,
): Promise<Walk> {
  const walked = new Walked(path);
  const read: ReadPage = async (page, pageSize) =>
    refuseAstray(await servePage(get, caps, path, { key, query, where, page, pageSize }), path);
  /** Records that are too large to read; the walk goes on without them and is not complete. */
  const tooLarge: string[] = [];
  const whole = wholePages({ path, leftOut: (sentence) => tooLarge.push(sentence) });
  let asked: number = MAX_PAGE;
  const first = paged
    ? await read(1, asked).catch((error: unknown) => {
        if (!isTooLarge(error)) throw error;
        // No endpoint serves fewer, so its pages have the requested size.
        asked = LOWEST_CAP;
        return whole(read, 1, asked);
      })
    : await atOnce(() => get(path, { ...query, ...where }), { key, where, path });
  if (!paged) asked = Math.min(MAX_PAGE, Math.max(1, first.entries.length));
  const length = first.entries.length;
  const counted = first.count !== null && first.count >= length ? first.count : null;
  const open = leavesOpen(first, paged ? asked : undefined);
  /** Halo's count, as long as nothing contradicts it. */
  let total = open || first.flaw !== undefined ? null : (counted ?? length);
  const expected = counted !== null && !open ? Math.max(1, Math.ceil(counted / Math.max(1, length))) : null;
  const pages = expected ?? (open ? null : 1);
  let [done, mostCounted, ended] = [0, counted ?? 0, false];
  // If Halo sent as many rows as `count` allows, the rest takes a higher `count`, not further pages.
  const limit = paged ? undefined : Number(query?.count ?? Number.NaN);
  const cut = limit !== undefined && length >= limit;
  const last = Math.max(1, Math.min(expected ?? 1, mostPages ?? Infinity));
  let repeated: number | undefined;

  const take = (number: number, page: Served) => {
    done += 1;
    const { fresh, added } = walked.take(number, page);
    walked.keep(number, onPage?.(fresh, { done, pages }) ?? fresh);
    if (number > 1 && page.count !== null && page.count !== page.entries.length)
      mostCounted = Math.max(mostCounted, page.count);
    if (page.entries.length === 0 || (number > 1 && added === 0)) ended = true;
    return { page, added };
  };
  // Ask for the size that was served: no row is skipped, whichever of the two sizes Halo counts its pages by.
  const readServed: ReadPage = (page, size) => read(page, Math.min(size, asked));
  const fetch = (page: number) => whole(readServed, page, Math.max(1, length)).then((served) => take(page, served));
  take(1, first);
  if (last > 1 && !cut && mayTake !== undefined)
    try {
      mayTake(last - 1);
    } catch (error) {
      // A count without rows behind it is no reason to refuse: the walk ends where the rows do.
      const far = await readServed(last, Math.max(1, length)).catch(() => undefined);
      if (far === undefined || (far.entries.length > 0 && !sameRows(far.entries, first.entries))) throw error;
    }

  const failed: Missing[] = [];
  function* numbers(): Generator<number> {
    for (let page = 2; page <= last && !ended && !cut && failed.length < MOST_FAILED; page += 1) yield page;
  }
  await sideBySide(numbers(), async (page) => {
    const outcome = await fetch(page).catch(failureOf(page));
    if ('missing' in outcome) failed.push(outcome);
    else release(outcome.page);
  });
  signal.throwIfAborted();

  // Halo may have served less than it counted (rows came or went, a cap), or count only what it sends.
  for (let page = last + 1; !ended && !cut && failed.length === 0; page += 1) {
    const counts = total !== null && walked.met >= Math.max(total, mostCounted);
    const { tail } = walked;
    // Another page may follow a full one, whatever the count says.
    if (!open && counts && (tail.page === 1 || tail.length < length)) break;
    if (!open && total === null && !isFull(length, asked)) break;
    if (page > (mostPages ?? Math.max(MOST_PAGES, expected ?? 0))) failed.push({ missing: page });
    else {
      // A page that may have been cut may not be the last: the rows after it are asked for in pages of the cut's size.
      const capped = open && tail.length < length && tail.length % LOWEST_CAP === 0 && walked.met % LOWEST_CAP === 0;
      const next = capped
        ? read(walked.met / LOWEST_CAP + 1, LOWEST_CAP).then((served) => take(page, served))
        : fetch(page);
      const more = await next.catch(failureOf(page));
      signal.throwIfAborted();
      if ('missing' in more) failed.push(more);
      else if (more.added === 0) {
        const empty = more.page.entries.length === 0;
        const unpaged = first.bare && page === 2 && sameRows(more.page.entries, first.entries);
        if (page === 2 && (empty || unpaged) && first.flaw === undefined) total = counted ?? length;
        // Without a count that is believed, rows may follow that Halo does not page to.
        if (total === null && !empty) repeated = page;
      } else release(more.page);
    }
  }
  if (total !== null && walked.met > total) total = Math.max(walked.met, mostCounted);
  const [missing] = failed.sort((a, b) => a.missing - b.missing);
  const reasons = [
    tooLarge[0]?.replace(/\.$/, ''),
    tooLarge.length > 0
      ? undefined
      : repeated === undefined
        ? reasonOf(missing, expected, total ?? counted, walked.met)
        : paged
          ? `page ${repeated} repeats earlier rows`
          : `Halo sent ${length} rows, as many as it is known to stop at`,
    cut ? `Halo was asked for ${limit} rows and sent as many` : undefined,
    total === null ? walked.uneven() : undefined,
    ...walked.flaws(),
  ].filter((reason) => reason !== undefined);
  return {
    rows: walked.rows(),
    total,
    complete: reasons.length === 0,
    ...(reasons.length > 0 && { reason: reasons.join('; ') }),
  };
}

/** The answer of a list that Halo sends at once, as a first page of that many rows. */
async function atOnce(
  read: () => Promise<unknown>,
  { key, where = {}, path }: Pick<AllOptions, 'key' | 'where'> & { path: string },
): Promise<Served> {
  const envelope = openEnvelope(await read(), key, path);
  checkWhere(envelope.rows, where);
  return { ...envelope, page: 1, asked: envelope.entries.length };
}

type ReadPage = (page: number, size: number) => Promise<Served>;

/** Reads pages; one whose answer is too large is assembled from smaller ones. */
const wholePages =
  ({ path, leftOut }: { path: string; leftOut: (sentence: string) => void }) =>
  async (read: ReadPage, page: number, size: number): Promise<Served> => {
    const piece = async (number: number, some: number) => {
      const served = await read(number, some);
      return { ...served, total: served.count };
    };
    const got = await inSmallerPages({ read: piece, path, leftOut }, page, size);
    if ('entries' in got) return got;
    const { rows, total: count, flaw } = got;
    const known = { rows, entries: rows, count, bare: false, told: null, size: null, page, asked: size };
    return { ...known, ...(flaw !== undefined && { flaw }) };
  };

/** A missing page and the error that it failed with; without an error, it was not requested any more. */
interface Missing {
  missing: number;
  error?: HaloError;
}

/** A page may fail for good, which leaves the walk incomplete; a bug or an ignored filter is not a missing page. */
const failureOf =
  (page: number) =>
  (error: unknown): Missing => {
    if (!isHaloError(error) || error.code === 'HALO_FILTER_IGNORED') throw error;
    return { missing: page, error };
  };

function reasonOf(
  page: Missing | undefined,
  expected: number | null,
  total: number | null,
  met: number,
): string | undefined {
  if (page?.error !== undefined)
    return `page ${page.missing}${expected === null ? '' : ` of ${expected}`} failed (${page.error.code})`;
  if (page !== undefined) return `there are more than ${page.missing - 1} pages`;
  return total !== null && met < total ? `Halo counts ${total} rows and served ${met}` : undefined;
}
