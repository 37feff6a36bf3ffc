import { type HaloError, isHaloError } from '../errors.js';
import type { Query } from './client.js';
import { type ListKey, openEnvelope, type Row } from './envelope.js';
import type { Caps, Get } from './pages.js';
import { sameRows } from './row-key.js';
import { isFull, leavesOpen, MAX_PAGE, refuseAstray, type Served, servePage } from './serve.js';
import { sideBySide } from './side-by-side.js';
import { Walked } from './walked.js';
import { checkWhere } from './where.js';

/** A whole list. */
export interface Walk {
  rows: Row[];
  total: number | null;
  /** False where rows are missing or contradict each other: then no sum over them is a total. */
  complete: boolean;
  /** Why it is not complete. */
  reason?: string;
}

export interface AllOptions {
  /** Name of the array in the answer, or its names. */
  key: ListKey;
  query?: Query | undefined;
  /** Ids that Halo is asked to filter by, and that each row must then hold. */
  where?: Record<string, number> | undefined;
  /**
   * False for a list that Halo gives at once: it is asked for without paging, and by pages only where that answer may be
   * cut. With `count` in the query, an answer of so many rows is one that may be cut.
   */
  paged?: boolean | undefined;
  /**
   * Sees the rows of each page as it comes, and may answer with what to keep of them, so that memory stays flat. Each
   * row comes once, and again only where pages overlap and the later one was modified since.
   */
  onPage?: ((rows: Row[], progress: { done: number; pages: number | null }) => Row[] | undefined) | undefined;
}

/** More pages than this are not walked where Halo does not say how many there are. */
const MOST_PAGES = 1000;

/** So many pages that fail end the walk: it is not complete any more, and Halo is not to be asked in vain. */
const MOST_FAILED = 3;

/**
 * All rows of a list, each once, walked by what came: the count says how far to look, never that all is there. Pages
 * after the first are fetched side by side, a few at a time, up to the first that brings nothing new. What is missing or
 * contradicts is told: `complete` is false, with the reason.
 * @throws HaloError where the first page fails, or where Halo ignored a filter
 */
export async function all(
  get: Get,
  caps: Caps,
  path: string,
  { key, query, where, paged = true, onPage }: AllOptions,
  signal: AbortSignal,
): Promise<Walk> {
  const walked = new Walked(path);
  const read: ReadPage = async (page, pageSize) =>
    refuseAstray(await servePage(get, caps, path, { key, query, where, page, pageSize }), path);
  const { first, asked } = paged
    ? await firstPage(read)
    : await atOnce(() => get(path, { ...query, ...where }), { key, where, path });
  const length = first.entries.length;
  const counted = first.count !== null && first.count >= length ? first.count : null;
  const open = leavesOpen(first, paged ? asked : undefined);
  /** Halo's count, as long as nothing speaks against it. */
  let total = open || first.flaw !== undefined ? null : (counted ?? length);
  const expected = counted !== null && !open ? Math.max(1, Math.ceil(counted / Math.max(1, length))) : null;
  const pages = expected ?? (open ? null : 1);
  let [done, mostCounted, ended] = [0, counted ?? 0, false];
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
  const fetch = (page: number) => inParts(read, page, asked, length).then((served) => take(page, served));
  take(1, first);

  const failed: Missing[] = [];
  function* numbers(): Generator<number> {
    for (let page = 2; page <= (expected ?? 1) && !ended && failed.length < MOST_FAILED; page += 1) yield page;
  }
  await sideBySide(numbers(), async (page) => {
    const outcome = await fetch(page).catch(failureOf(page));
    if ('missing' in outcome) failed.push(outcome);
  });
  signal.throwIfAborted();

  // Halo may have served less than it counted (rows came or went, a cap), or count only what it sends.
  const limit = paged ? undefined : Number(query?.count ?? Number.NaN);
  const cut = limit !== undefined && length >= limit;
  for (let page = (expected ?? 1) + 1; !ended && !cut && failed.length === 0; page += 1) {
    if (!open && total !== null && walked.met >= Math.max(total, mostCounted)) break;
    if (!open && total === null && !isFull(length, asked)) break;
    if (page > Math.max(MOST_PAGES, expected ?? 0)) failed.push({ missing: page });
    else {
      const more = await fetch(page).catch(failureOf(page));
      signal.throwIfAborted();
      if ('missing' in more) failed.push(more);
      else if (more.added === 0) {
        const empty = more.page.entries.length === 0;
        const unpaged = first.bare && page === 2 && sameRows(more.page.entries, first.entries);
        if (page === 2 && (empty || unpaged) && first.flaw === undefined) total = counted ?? length;
        // Where no count is believed nobody knows whether rows follow that Halo does not page to.
        if (total === null && !empty) repeated = page;
      }
    }
  }
  if (total !== null && walked.met > total) total = Math.max(walked.met, mostCounted);
  const [missing] = failed.sort((a, b) => a.missing - b.missing);
  const reasons = [
    repeated === undefined
      ? reasonOf(missing, expected, total ?? counted, walked.met)
      : paged
        ? `page ${repeated} repeats earlier rows`
        : `Halo sent ${length} rows, as many as it is known to stop at`,
    cut ? `Halo was asked for ${limit} rows and sent as many` : undefined,
    ...walked.flaws(),
  ].filter((reason) => reason !== undefined);
  return {
    rows: walked.rows(),
    total,
    complete: reasons.length === 0,
    ...(reasons.length > 0 && { reason: reasons.join('; ') }),
  };
}

/** The answer of a list that Halo gives at once, as if it were the first page of so many rows. */
async function atOnce(
  read: () => Promise<unknown>,
  { key, where = {}, path }: Pick<AllOptions, 'key' | 'where'> & { path: string },
): Promise<{ first: Served; asked: number }> {
  const envelope = openEnvelope(await read(), key, path);
  checkWhere(envelope.rows, where);
  const asked = Math.min(MAX_PAGE, Math.max(1, envelope.entries.length));
  return { first: { ...envelope, page: 1, asked }, asked };
}

type ReadPage = (page: number, size: number) => Promise<Served>;

/** Page sizes for rows that are too large for a hundred of them to be read in one answer; each divides the one before. */
const SIZES = [MAX_PAGE, 50, 25, 5] as const;

/** The first page, as long as Halo's answer to it can be read, and the size that was asked for. */
async function firstPage(read: ReadPage, asked: number = MAX_PAGE): Promise<{ first: Served; asked: number }> {
  const first = await read(1, asked).catch(shorterIfTooLarge(asked));
  return typeof first === 'number' ? firstPage(read, first) : { first, asked };
}

/** A later page; one whose answer is too large is put together from shorter ones. */
async function inParts(read: ReadPage, page: number, asked: number, served: number): Promise<Served> {
  const whole = await read(page, asked).catch(shorterIfTooLarge(served));
  if (typeof whole !== 'number') return whole;
  const parts: Served[] = [];
  for (let part = ((page - 1) * served) / whole + 1; part <= (page * served) / whole; part += 1)
    parts.push(await inParts(read, part, whole, whole));
  const [first] = parts as [Served, ...Served[]];
  const flaw = parts.find((part) => part.flaw !== undefined)?.flaw;
  return {
    ...first,
    ...{ page, asked, entries: parts.flatMap(({ entries }) => entries), rows: parts.flatMap(({ rows }) => rows) },
    ...(flaw !== undefined && { flaw }),
  };
}

/** The next shorter page size in place of an answer that is too large, as long as there is one. */
const shorterIfTooLarge = (size: number) => (error: unknown) => {
  const shorter = SIZES.find((other) => other < size && size % other === 0);
  if (!isHaloError(error) || error.code !== 'HALO_TOO_LARGE' || shorter === undefined) throw error;
  return shorter;
};

/** A page that is missing, and the error that it failed with; without one it was not asked for any more. */
interface Missing {
  missing: number;
  error?: HaloError;
}

/** A page may fail for good, and the walk is told as not complete; a bug or an ignored filter is no missing page. */
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
