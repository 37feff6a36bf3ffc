import type { ToolContext } from '../define.js';
import { isHaloError } from '../errors.js';
import type { Query } from '../halo/client.js';
import { hasNext, MAX_PAGE, type Page, type Row } from '../halo/pages.js';
import { keyFor } from '../halo/row-key.js';
import { asPage, Choice } from './choose.js';
import type { Columns } from './column.js';
import type { Applied } from './filter.js';
import type { ListDescription } from './list.js';
import { readWhole } from './read-whole.js';

/** One page of a list, its rows as Halo sent them. */
export type Listed = {
  rows: Row[];
  page_size: number;
  total: number | null;
  next_page: number | null;
  _passed_over?: number;
  hint?: string;
};

/** The most pages to look through for rows that only we can choose; if there are more, the answer says so. */
const MOST_PAGES = 40;
/** The most rows to complete with a request each; if there are more, the answer says so. */
const MOST_COMPLETED = 250;
/** A list of up to this many rows is read whole if that gives a total that Halo's count does not. */
const MOST_COUNTED = 1000;

/** The rows of one of our pages: as Halo pages them if it filters; otherwise they are searched for here. */
export async function readPage(
  described: ListDescription,
  shown: Columns,
  applied: Applied[],
  page: number,
  size: number,
  context: ToolContext,
): Promise<Listed> {
  const list = prepared(described, context);
  const { path, key, paged, query: base } = list.from;
  const query: Query = Object.assign(
    {},
    base,
    ...Object.values(shown).map((column) => column.query),
    ...applied.map((a) => a.query),
  );
  if (paged === false || paged === 'count') return readWhole(list, query, applied, page, size, context);
  const choice = new Choice(applied);
  const ours = list.passOver !== undefined || applied.some(({ mode }) => mode === 'here' || mode === 'looser');
  if (!ours) await choice.recall(context.halo, path, { key });
  // Whether Halo ignores the filter or not, rows that all fit are its first page.
  const mayBeFirst = page === 1 && !choice.ignored;
  if (ours || !(choice.asServed || mayBeFirst)) return walk(list, shown, query, choice, page, size, context);
  const tooLarge: string[] = [];
  const leftOut = (sentence: string) => tooLarge.push(sentence);
  const got = await context.halo.list(path, { key, query, page, pageSize: size, readOnly: readsOnly(list), leftOut });
  await choice.look(context.halo, path, { key, query, base, page: got, counted: true });
  const proved = choice.obeyed;
  if (!choice.asServed && !(mayBeFirst && isSure(choice, got))) {
    const walked = walk(list, shown, query, choice, page, size, context);
    return choice.ignored ? walked : walked.catch(orInHand(list, shown, query, applied, got, context));
  }
  const rows = await ready(list, got.rows, context, shown);
  const served = { ...got, rows: [...got.rows, ...tooLarge.map(() => ({}))] };
  const unproved = proved || choice.hint === undefined ? [] : [choice.hint];
  const hints = [...(got.flaw === undefined ? [] : [flawed(got.flaw)]), ...without(tooLarge), ...unproved];
  return {
    ...{
      rows,
      page_size: got.pageSize,
      total: proved ? got.total : null,
      next_page: hasNext(served) ? page + 1 : null,
    },
    ...(hints.length > 0 && { hint: hints.join(' ') }),
  };
}

/** Filters and columns only read the rows; `complete` and `read` may change them in place. */
const readsOnly = ({ complete, read }: ListDescription): boolean => complete === undefined && read === undefined;

/** True for a full page of rows that all fit, of a list too long to be counted here. */
const isSure = (choice: Choice, got: Page): boolean =>
  !choice.ignored &&
  got.flaw === undefined &&
  got.total !== null &&
  got.total > MOST_COUNTED &&
  hasNext(got) &&
  choice.certain(got.rows);

/** The list with what its pages share within one call: read once, and only if it is needed. */
function prepared(list: ListDescription, context: ToolContext): ListDescription {
  const { complete, prepare } = list;
  if (complete === undefined || prepare === undefined) return list;
  let shared: Promise<unknown> | undefined;
  const once = () => {
    shared ??= prepare(context);
    return shared;
  };
  return { ...list, complete: (rows, own, shown) => complete(rows, own, shown, once) };
}

const nothingShared = async () => undefined;

/** Rows as filters and columns expect them: completed, and parsed once. */
async function ready(list: ListDescription, rows: Row[], context: ToolContext, shown: Columns): Promise<Row[]> {
  const completed = (await list.complete?.(rows, context, shown, nothingShared)) ?? rows;
  return completed.map((row) => list.read?.(row) ?? row);
}

/** A contradiction in a page, for its reader. */
const flawed = (flaw: string) => `${flaw}: rows may be missing.`;

/** What the reader is told about records that are too large to read; the others are there. */
const without = (tooLarge: readonly string[]) =>
  tooLarge.length === 0 ? [] : [`${tooLarge.join(' ')} The list is without it.`];

/** If only the proof failed, the page is shown, without a total, even if the walk fails as well. */
const orInHand =
  (list: ListDescription, shown: Columns, query: Query, applied: Applied[], got: Page, context: ToolContext) =>
  async (error: unknown): Promise<Listed> => {
    if (!isHaloError(error) || ['HALO_FILTER_IGNORED', 'CALL_CANCELLED', 'CALL_TIMEOUT'].includes(error.code))
      throw error;
    const { path, key, query: base } = list.from;
    const choice = new Choice(applied);
    await choice.look(context.halo, path, { key, query, base, page: got, counted: true });
    const chosen = got.rows.filter((row) => choice.choose(row));
    const rows = await ready(list, chosen, context, shown);
    return {
      ...{ rows, page_size: got.pageSize, total: null, next_page: hasNext(got) ? got.page + 1 : null },
      ...(choice.hint !== undefined && { hint: choice.hint }),
    };
  };

/**
 * Looks through Halo's pages for the rows of one of our pages: for what Halo can't filter, or can't be trusted to.
 * Stops when the page is full and one more row shows that another page follows; the total is shown only if the walk was
 * whole, and a short list is walked to its end for it.
 */
async function walk(
  list: ListDescription,
  shown: Columns,
  query: Query,
  choice: Choice,
  page: number,
  size: number,
  context: ToolContext,
): Promise<Listed> {
  const { path, key, query: base } = list.from;
  const [first, last] = [(page - 1) * size, page * size];
  const rows: Row[] = [];
  const keyOf = keyFor(path);
  const seen = new Set<unknown>();
  const tooLarge: string[] = [];
  const leftOut = (sentence: string) => tooLarge.push(sentence);
  const all: Row[] = [];
  let [matched, passedOver, served, completed] = [0, 0, 0, 0];
  let counted: number | null = null;
  let flaw: string | undefined;
  for (let number = 1; ; number += 1) {
    const some = { key, query, page: number, pageSize: MAX_PAGE, readOnly: readsOnly(list), leftOut };
    const got = await context.halo.list(path, some);
    await choice.look(context.halo, path, { key, query, base, page: got, counted: false });
    const fresh = got.rows.filter((row) => !seen.has(keyOf(row)));
    for (const row of fresh) seen.add(keyOf(row) ?? row);
    all.push(...fresh);
    served += fresh.length;
    // A count that falls during the walk is that of rows that left: those behind them moved to pages already read.
    counted = got.total === null ? counted : Math.max(counted ?? 0, got.total);
    flaw ??= got.flaw;
    const toEnd = choice.wantsTotal && list.complete === undefined && counted !== null && counted <= MOST_COUNTED;
    const kept = fresh.filter((row) => !list.passOver?.test(row));
    passedOver += fresh.length - kept.length;
    // If rows have to be completed one by one, only as many are as the page needs.
    const step = kept.some((row) => list.lacks?.(row)) ? size + 1 : Math.max(1, kept.length);
    let tested = 0;
    for (; tested < kept.length && (matched <= last || toEnd) && completed < MOST_COMPLETED; tested += step) {
      const some = kept.slice(tested, tested + step);
      completed += some.filter((row) => list.lacks?.(row)).length;
      for (const row of await ready(list, some, context, shown)) {
        if (!choice.choose(row)) continue;
        if (matched >= first && matched < last) rows.push(row);
        matched += 1;
      }
    }
    context.progress(
      number,
      got.total === null ? undefined : Math.ceil(got.total / Math.max(1, got.pageSize)),
      `page ${number}`,
    );
    const ended = (!hasNext(got) || fresh.length === 0) && tested >= kept.length;
    const stopped = matched > last && !toEnd;
    const short = ended && tooLarge.length === 0 && counted !== null && served < counted;
    if (!ended && !stopped && number < MOST_PAGES && completed < MOST_COMPLETED) continue;
    // The whole list shows more than any of its pages: what it tells of Halo is kept, so that nobody walks for nothing.
    if (ended && !short && flaw === undefined && tooLarge.length === 0)
      await choice.look(context.halo, path, { key, query, base, page: asPage(all), counted: true });
    const whole = ended && !short && flaw === undefined && tooLarge.length === 0 && choice.unsaid === 0;
    const hints = [
      short && `Halo counts ${counted} rows and served ${served} of them: the list is not complete.`,
      !short && flaw !== undefined && flawed(flaw),
      ...without(tooLarge),
      !ended &&
        !stopped &&
        `Looked through ${served}${counted === null ? '' : ` of ${counted}`} rows only, as Halo can't filter them. Narrow by client or days.`,
      !whole && choice.hint,
    ].filter((hint) => typeof hint === 'string');
    return {
      rows,
      page_size: size,
      ...(list.passOver?.label !== undefined && { _passed_over: passedOver }),
      total: whole ? matched : null,
      next_page: matched > last ? page + 1 : null,
      ...(hints.length > 0 && { hint: hints.join(' ') }),
    };
  }
}
