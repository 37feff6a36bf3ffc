/**
 * Where a page of a list begins. Halo caps pages silently, and may place a capped one by the size that was asked for or
 * by the size that it served.
 */
import type { Wanted } from './long-pages.js';
import type { Caps, Page } from './page.js';
import { sameRows } from './row-key.js';
import { LOWEST_CAP, lookAfter, lookAt, type Serve, type Served } from './serve.js';

/**
 * Asks in pages of the size that Halo is known to cap at: only then is it certain where a page begins, since Halo may
 * place a longer one by what was asked or by what is served.
 */
export function inPagesServed(wanted: Wanted): Wanted {
  const { caps, path, asked, serve } = wanted;
  const cap = lowCapOf(caps, path, asked);
  return cap === asked ? wanted : { ...wanted, asked: cap, serve: (number, size = cap) => serve(number, size) };
}

/** The size that pages are known to be capped at; a larger one that was learned may be no cap, but a full page. */
export function lowCapOf(caps: Caps, path: string, asked: number): number {
  const known = caps.get(path) ?? asked;
  return known <= LOWEST_CAP ? Math.min(asked, known) : asked;
}

/** The cap that a page shows which is shorter than asked: Halo tells it, or its first page is as short. */
export function capOf({ entries, size, asked }: Served, first: Served | undefined): number | undefined {
  if (asked <= LOWEST_CAP) return undefined;
  const told = size !== null && entries.length <= size ? size : undefined;
  const met = first?.entries.length;
  return [told, met].find((one) => one !== undefined && one > 0 && one <= LOWEST_CAP);
}

/** True for a short page that another cap than the one learned would explain as well as the end of the list. */
export const mayBeCut = ({ rows: { length }, total }: Page, asked: number): boolean =>
  asked > LOWEST_CAP && length > 0 && length < asked && (total === null || length === LOWEST_CAP);

/** Where a page begins: its first row, asked for alone, is the same if it is where the page should be. */
export async function placeOf(
  { entries, page, asked }: Served,
  serve: Serve,
): Promise<'its own' | 'another' | 'unknown'> {
  const alone = await lookAt((page - 1) * asked + 1, serve, 1);
  if (alone === undefined) return 'unknown';
  return sameRows(alone.entries, entries.slice(0, 1)) ? 'its own' : 'another';
}

/** True if nothing follows the rows of a page that may have been cut. */
export async function isLast(got: Served, serve: Serve): Promise<boolean> {
  const { length } = got.entries;
  if (length !== LOWEST_CAP) return true;
  return (await lookAfter({ ...got, page: (got.page - 1) * got.asked + length }, serve, 1)) === 'none';
}
