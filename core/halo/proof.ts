import type { Query } from './client.js';
import { type Caps, fetchPage, type Get, hasNext, type ListOptions, type Page, type Row } from './pages.js';

/** A filter in the query that Halo may ignore without a word. */
export interface Doubt {
  /** True for a row that the filter should let pass. */
  test(row: Row): boolean;
  /** Queries that find nothing where Halo obeys the filter; asked once, and only where more rows follow the page. */
  nothing: readonly Query[];
}

/** One page, with the size that Halo really serves and the true total. */
export async function list(get: Get, caps: Caps, path: string, options: ListOptions): Promise<Page> {
  const page = await fetchPage(get, caps, path, options);
  if (options.doubt === undefined) return page;
  return { ...page, obeyed: await obeys(get, caps, path, options.key, options.doubt, page) };
}

/**
 * Whether Halo filters by what is in doubt. A row that should not be there says no, and from then on the answer for
 * this endpoint stays no: its pages would not be those of the filtered list. Where more rows follow than were seen,
 * queries that must find nothing give the proof.
 */
async function obeys(
  get: Get,
  caps: Caps,
  path: string,
  key: ListOptions['key'],
  doubt: Doubt,
  page: Page,
): Promise<boolean> {
  const verdict = `${path}?disobeyed ${doubt.nothing.map((query) => Object.keys(query)).join()}`;
  if (!page.rows.every(doubt.test)) caps.set(verdict, 1);
  if (caps.has(verdict)) return false;
  if (!hasNext(page) && page.page === 1) return true;
  for (const query of doubt.nothing) {
    const place = `${path}?${JSON.stringify(query)}`;
    const found = caps.get(place) ?? (await fetchPage(get, caps, path, { key, query, pageSize: 1 })).rows.length;
    caps.set(place, found);
    if (found > 0) return false;
  }
  return true;
}
