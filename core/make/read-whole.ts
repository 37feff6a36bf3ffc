import type { ToolContext } from '../define.js';
import type { Walk } from '../halo/all.js';
import type { Query } from '../halo/client.js';
import { asPage, Choice } from './choose.js';
import type { Applied } from './filter.js';
import type { ListDescription } from './list.js';
import type { Listed } from './read.js';

/** If Halo only knows `count=`, more and more rows are requested until the page is full. */
const COUNT = { first: 500, most: 8000 };
/** If Halo sends less than it counts, this many pages are requested to find the rest. */
const MOST_PAGES = 40;

/** For lists that Halo sends at once: the page is cut here, and all filters apply here, too. */
export async function readWhole(
  list: ListDescription,
  query: Query,
  applied: Applied[],
  page: number,
  size: number,
  context: ToolContext,
): Promise<Listed> {
  const { path, key, paged } = list.from;
  const [first, last] = [(page - 1) * size, page * size];
  let before: number | undefined;
  for (let count = paged === 'count' ? COUNT.first : undefined; ; count = count && count * 4) {
    const walk = await context.halo.all(path, { key, query: { ...query, count }, paged: false, mostPages: MOST_PAGES });
    const all = walk.rows;
    const choice = new Choice(applied);
    await choice.look(context.halo, path, { key, query, base: list.from.query, page: asPage(all), counted: false });
    // As many as before, though more were requested: Halo may have a cap of its own.
    const capped = all.length === before;
    const limited = count !== undefined && all.length >= count;
    const kept = all.filter((row) => !list.passOver?.test(row)).map((row) => list.read?.(row) ?? row);
    const matching = kept.filter((row) => choice.choose(row));
    const more = matching.length > last;
    before = all.length;
    if (limited && !more && !capped && (count ?? 0) < COUNT.most) continue;
    const searched = limited || capped ? `Looked through ${all.length} rows only; there may be more.` : undefined;
    const total = walk.complete && !capped && choice.unsaid === 0 ? matching.length : null;
    const hints = [
      total === null ? choice.hint : undefined,
      !more || !limited ? hintOf(walk, searched) : undefined,
    ].filter((hint) => hint !== undefined);
    return {
      rows: matching.slice(first, last),
      page_size: size,
      total,
      next_page: more ? page + 1 : null,
      ...(hints.length > 0 && { hint: hints.join(' ') }),
    };
  }
}

/** What the reader of the last page is told if rows may follow that Halo did not send. */
function hintOf({ complete, reason }: Walk, searched: string | undefined): string | undefined {
  if (searched !== undefined) return `${searched} Ask for fewer days.`;
  return complete ? undefined : `The list may not be complete: ${reason}.`;
}
