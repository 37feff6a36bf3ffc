import { isHaloError } from '../errors.js';
import { type AllOptions, all, type Walk } from './all.js';
import type { Learned } from './learned.js';
import { fetchPage, type Get, type ListOptions, MAX_PAGE, type Page, type Row } from './pages.js';
import { type Doubt, type Judgement, judge, NO_ID } from './proof.js';
import { inSmallerPages } from './smaller.js';
import { filterIgnored, holdsId } from './where.js';

/** The most rows to read through to choose those that hold an id. */
const MOST_ROWS = 40 * MAX_PAGE;

type Where = Record<string, number>;

const doubtsOf = (where: Where): Doubt[] =>
  Object.entries(where).map(([field, id]) => ({
    test: (row) => holdsId(row, field, id),
    proof: { nothing: [{ [field]: NO_ID }] },
    lenient: false,
  }));

/** Whether a row fits the ids: false if one differs, undefined if one that was not proved is missing. */
const fits = (row: Row, doubts: readonly Doubt[], verdicts: readonly Judgement[]): boolean | undefined => {
  const says = doubts.map(({ test }, at) => test(row) ?? (verdicts[at] === 'obeyed' ? true : undefined));
  return says.includes(false) ? false : says.includes(undefined) ? undefined : true;
};

const lacking = (many: number, where: Where) =>
  `${many} ${many === 1 ? 'row does' : 'rows do'} not say ${Object.keys(where).join(' and ')}`;

/**
 * One page of a list, by the ids in `where`. If Halo ignores them, the rows are chosen here from the whole list; a row
 * that lacks an id counts only if Halo is known to filter by it.
 * @throws HaloError HALO_FILTER_IGNORED if rows hold other ids, or if it can't be told which rows are meant
 */
export async function listWhere(
  get: Get,
  learned: Learned,
  path: string,
  options: ListOptions,
  signal: AbortSignal = new AbortController().signal,
): Promise<Page> {
  const { key, where = {} } = options;
  const doubts = doubtsOf(where);
  if (doubts.length === 0) return readPage(get, learned, path, options);
  const query = { ...options.query, ...where };
  const got = await readPage(get, learned, path, { ...options, query, where: undefined });
  const verdicts = await judge(get, learned, path, { key, query, page: got, doubts, counted: true });
  refuse(doubts, verdicts, got.rows, where);
  if (verdicts.every((verdict) => verdict === 'obeyed')) return got;

  const small = got.total !== null && got.total <= MOST_ROWS;
  if (!small && verdicts.includes('ignored')) throw filterIgnored(Object.keys(where).join(', '));
  let unsaid = 0;
  const choose = (rows: readonly Row[]) =>
    rows.filter((row) => {
      const fit = fits(row, doubts, verdicts);
      if (fit === undefined) unsaid += 1;
      return fit === true;
    });
  const unproved = `Halo could not be shown to filter by ${Object.keys(where).join(' and ')}`;
  const inHand = () => ({ ...got, rows: choose(got.rows), total: null, flaw: unproved });
  if (!small) return inHand();

  const walk = await all(get, learned.caps, path, { key, query, onPage: choose }, signal).catch((error: unknown) => {
    if (verdicts.includes('ignored') || !isHaloError(error) || signal.aborted) throw error;
  });
  if (walk === undefined) return inHand();
  if (unsaid > 0 && verdicts.includes('ignored')) throw filterIgnored(Object.keys(where).join(', '));
  const flaws = [...(unsaid > 0 ? [lacking(unsaid, where)] : []), ...(walk.reason === undefined ? [] : [walk.reason])];
  const before = (got.page - 1) * got.pageSize;
  return {
    rows: walk.rows.slice(before, before + got.pageSize),
    page: got.page,
    pageSize: got.pageSize,
    total: flaws.length === 0 ? walk.rows.length : null,
    ...(flaws.length > 0 && { flaw: flaws.join('; ') }),
  };
}

/** One page; if Halo's answer is too large to read, it is assembled from smaller ones. */
function readPage(get: Get, learned: Learned, path: string, options: ListOptions): Promise<Page> {
  const { page = 1, pageSize = 25, leftOut } = options;
  const read = (number: number, size: number) =>
    fetchPage(get, learned.caps, path, { ...options, page: number, pageSize: size });
  return inSmallerPages({ read, path, leftOut }, page, Math.min(pageSize, MAX_PAGE));
}

/** @throws HaloError HALO_FILTER_IGNORED for an id that rows contradict, or that Halo ignores while rows lack it */
function refuse(doubts: readonly Doubt[], verdicts: readonly Judgement[], rows: readonly Row[], where: Where): void {
  const bad = Object.keys(where).find(
    (_, at) =>
      verdicts[at] === 'contradicted' ||
      (verdicts[at] === 'ignored' && rows.some((row) => doubts[at]?.test(row) === undefined)),
  );
  if (bad !== undefined) throw filterIgnored(bad);
}

/**
 * A whole list, by the ids in `where`. Each row says by itself whether it belongs to it, so Halo is asked for a proof
 * only if rows lack an id: they count if Halo filters by it; otherwise the list is not complete.
 * @throws HaloError HALO_FILTER_IGNORED if rows hold other ids, or lack one that Halo ignores
 */
export async function allWhere(
  get: Get,
  learned: Learned,
  path: string,
  options: AllOptions,
  signal: AbortSignal,
): Promise<Walk> {
  const { key, query, where = {}, onPage } = options;
  const doubts = doubtsOf(where);
  if (doubts.length === 0) return all(get, learned.caps, path, options, signal);
  const says = (row: Row) => fits(row, doubts, []) === true;
  /** Rows that don't say are held back from a caller who looks at each page. */
  const held: Row[] = [];
  let last = { done: 0, pages: null as number | null };
  const hold: NonNullable<AllOptions['onPage']> = (rows, progress) => {
    last = progress;
    const sure = rows.filter(says);
    if (sure.length < rows.length) held.push(...rows.filter((row) => !says(row)));
    return onPage?.(sure, progress) ?? sure;
  };
  const walk = await all(get, learned.caps, path, { ...options, ...(onPage && { onPage: hold }) }, signal);
  const unsaid = onPage === undefined ? walk.rows.filter((row) => !says(row)) : held;
  if (unsaid.length === 0) return walk;

  const page = { rows: unsaid, page: 1, pageSize: unsaid.length, total: null };
  const verdicts = await judge(get, learned, path, {
    key,
    query: { ...query, ...where },
    page,
    doubts,
    counted: false,
  });
  refuse(doubts, verdicts, unsaid, where);
  if (verdicts.every((verdict) => verdict === 'obeyed'))
    return onPage === undefined ? walk : { ...walk, rows: [...walk.rows, ...(onPage(unsaid, last) ?? unsaid)] };
  const reason = `${lacking(unsaid.length, where)}, and Halo could not be shown to filter by it`;
  return {
    ...walk,
    rows: onPage === undefined ? walk.rows.filter(says) : walk.rows,
    complete: false,
    reason: walk.reason === undefined ? reason : `${walk.reason}; ${reason}`,
  };
}
