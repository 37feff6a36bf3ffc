import { hasNext, type Page } from '../halo/pages.js';

/**
 * What to say of the rows that a first page leaves out, or if it may not be whole; undefined if it is the whole list.
 * @param what the rows in the plural, as in "sites"
 */
export function restOf(page: Page, what: string): string | undefined {
  const { rows, total, flaw } = page;
  if (flaw !== undefined) return `The ${what} may not be complete: ${flaw}.`;
  if (!hasNext(page)) return undefined;
  return `The first ${rows.length} of ${total ?? `at least ${rows.length}`} ${what}.`;
}
