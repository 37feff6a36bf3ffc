import { HaloError, isHaloError } from '../errors.js';
import type { Query } from './client.js';

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
}

/** A whole list. */
export interface Walk {
  rows: Row[];
  total: number | null;
  /** False where rows are missing: then no sum over them is a total. */
  complete: boolean;
  /** Why it is not complete. */
  reason?: string;
}

export interface ListOptions {
  /** Name of the array in the answer. */
  key: string;
  query?: Query | undefined;
  /** Ids that Halo is asked to filter by, and that each row must then hold. */
  where?: Record<string, number> | undefined;
  page?: number | undefined;
  pageSize?: number | undefined;
}

export interface AllOptions {
  key: string;
  query?: Query | undefined;
  /** Ids that Halo is asked to filter by, and that each row must then hold. */
  where?: Record<string, number> | undefined;
  /** Sees each page as it comes and may answer with what to keep of its rows, so that memory stays flat. */
  onPage?: ((rows: Row[], progress: { done: number; pages: number | null }) => Row[] | undefined) | undefined;
}

type Get = (path: string, query: Query) => Promise<unknown>;

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
  }
  throw new HaloError('HALO_UNEXPECTED', `Halo's answer holds no list of ${key}.`);
}

export const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Page sizes that an endpoint turned out to cap at, learned from full pages that were shorter than asked. */
export type Caps = Map<string, number>;

/** One page, with the size that Halo really serves and the true total. */
export async function list(
  get: Get,
  caps: Caps,
  path: string,
  { key, query, where = {}, page = 1, pageSize = 25 }: ListOptions,
): Promise<Page> {
  const asked = Math.min(pageSize, MAX_PAGE);
  const body = await get(path, { ...query, ...where, pageinate: true, page_no: page, page_size: asked });
  const rows = rowsOf(body, key);
  checkWhere(rows, where);
  const count = isRow(body) ? toCount(body.record_count) : null;
  // A bare array, or more rows than asked for, is no page: it is all that there is, so the page is cut from it here.
  if (!isRow(body) || (count === null && body.page_no === undefined) || rows.length > asked)
    return { rows: rows.slice((page - 1) * asked, page * asked), page, pageSize: asked, total: rows.length };
  const total = rows.length === 0 && page > 1 ? null : count;
  const echoed = toCount(body.page_size);
  let size = echoed !== null && echoed > 0 && echoed < asked ? echoed : Math.min(asked, caps.get(path) ?? asked);
  if (total !== null && rows.length > 0 && rows.length < size && (page - 1) * size + rows.length !== total) {
    size = page === 1 ? rows.length : (await list(get, caps, path, { key, query, where, page: 1, pageSize })).pageSize;
    caps.set(path, size);
  }
  return { rows, page, pageSize: size, total };
}

/** @throws HaloError HALO_FILTER_IGNORED where a row does not hold the ids that it was asked by */
function checkWhere(rows: Row[], where: Record<string, number>): void {
  for (const [field, id] of Object.entries(where))
    if (rows.some((row) => row[field] !== undefined && row[field] !== null && Number(row[field]) !== id))
      throw new HaloError(
        'HALO_FILTER_IGNORED',
        `Halo ignored the filter "${field}" and sent other rows, so there is no true answer.`,
      );
}

/** True where rows come after this page; where the total is not known, a full page says so. */
export function hasNext({ rows, page, pageSize, total }: Page): boolean {
  return total === null
    ? rows.length >= pageSize && rows.length > 0
    : (page - 1) * pageSize + rows.length < total && rows.length > 0;
}

/**
 * All rows of a list, each once, walked by the true total and by what came, never by the page size that was asked for.
 * Pages after the first are fetched side by side. What is missing is told: `complete` is false, with the reason.
 */
export async function all(
  get: Get,
  caps: Caps,
  path: string,
  { key, query, where, onPage }: AllOptions,
  signal: AbortSignal,
): Promise<Walk> {
  const seen = new Set<unknown>();
  const pages = new Map<number, Row[]>();
  let done = 0;
  let expected: number | null = null;
  const keep = (page: Page) => {
    done += 1;
    const fresh = page.rows.filter((row) => row.id === undefined || !seen.has(row.id));
    for (const row of fresh) if (row.id !== undefined) seen.add(row.id);
    pages.set(page.page, onPage?.(page.rows, { done, pages: expected }) ?? page.rows);
    return fresh.length;
  };
  const fetch = (page: number) => list(get, caps, path, { key, query, where, page, pageSize: MAX_PAGE });

  const first = await fetch(1);
  const total = first.total;
  expected = total === null ? null : Math.max(1, Math.ceil(total / Math.max(1, first.pageSize)));
  keep(first);
  const rest = Array.from({ length: (expected ?? 1) - 1 }, (_, index) => index + 2);
  const outcomes = await Promise.allSettled(rest.map(async (page) => keep(await fetch(page))));
  signal.throwIfAborted();
  const failed = outcomes.findIndex((outcome) => outcome.status === 'rejected');

  let reason: string | undefined;
  if (failed !== -1) {
    const { reason: error } = outcomes[failed] as PromiseRejectedResult;
    reason = `page ${failed + 2} of ${expected} failed (${isHaloError(error) ? error.code : 'INTERNAL'})`;
  } else if (first.rows.length > 0) {
    // Halo may have served less than it counted (rows came or went, a cap): go on until nothing new comes.
    for (let page = (expected ?? 1) + 1; total === null ? page < 1000 : seen.size < total; page += 1) {
      const more = await fetch(page);
      if (more.rows.length === 0 || keep(more) === 0) break;
    }
    if (total !== null && seen.size < total) reason = `Halo counts ${total} rows and served ${seen.size}`;
  }
  const rows = newest([...pages.entries()].sort(([a], [b]) => a - b).flatMap(([, kept]) => kept));
  return { rows, total, complete: reason === undefined, ...(reason !== undefined && { reason }) };
}

/** Pages may overlap while rows are added: of rows with one id, the one modified last is kept. */
function newest(rows: Row[]): Row[] {
  const byId = new Map<unknown, Row>();
  for (const [index, row] of rows.entries()) {
    const id = row.id ?? `row ${index}`;
    const known = byId.get(id);
    if (known === undefined || String(row.last_modified ?? '') >= String(known.last_modified ?? '')) byId.set(id, row);
  }
  return byId.size === rows.length ? rows : [...byId.values()];
}

function toCount(value: unknown): number | null {
  const count = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : null;
}
