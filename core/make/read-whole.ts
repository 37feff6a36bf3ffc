import type { ToolContext } from '../define.js';
import type { Query } from '../halo/client.js';
import { rowsOf } from '../halo/pages.js';
import { asPage, Choice } from './choose.js';
import type { Applied } from './filter.js';
import type { ListDescription } from './list.js';
import type { Listed } from './read.js';

/** Where Halo knows `count=` alone, ever more rows are asked for until the page is full. */
const COUNT = { first: 500, most: 8000 };

/** Lists that Halo gives at once: the page is cut here, and all filters hold here, too. */
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
    const all = rowsOf(await context.halo.get(path, { ...query, count }), key);
    const choice = new Choice(applied);
    await choice.look(context.halo, path, { key, query, base: list.from.query, page: asPage(all), counted: false });
    // As many as before, though more were asked for: Halo may have a cap of its own.
    const capped = all.length === before;
    const whole = count === undefined || (all.length < count && !capped);
    const matching = all.filter((row) => !list.passOver?.test(row) && choice.choose(row));
    const more = matching.length > last;
    before = all.length;
    if (!whole && !more && !capped && (count ?? 0) < COUNT.most) continue;
    const total = whole && choice.unsaid === 0 ? matching.length : null;
    const hints = [
      total === null && choice.hint,
      !whole && !more && `Looked through ${all.length} rows only; there may be more. Ask for fewer days.`,
    ].filter((hint) => typeof hint === 'string');
    return {
      rows: matching.slice(first, last),
      page_size: size,
      total,
      next_page: more ? page + 1 : null,
      ...(hints.length > 0 && { hint: hints.join(' ') }),
    };
  }
}
