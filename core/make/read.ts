import type { ToolContext } from '../define.js';
import { HaloError } from '../errors.js';
import type { Query } from '../halo/client.js';
import { hasNext, MAX_PAGE, type Page, type Row } from '../halo/pages.js';
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

/** So many pages at most are looked through for rows that only we can choose; more is said, not cut silently. */
const MOST_PAGES = 40;
/** The rows of one page of ours: as Halo pages them where it filters, looked for here where it does not. */
export async function readPage(
  list: ListDescription,
  shown: Columns,
  applied: Applied[],
  page: number,
  size: number,
  context: ToolContext,
): Promise<Listed> {
  const query: Query = Object.assign(
    {},
    list.from.query,
    ...Object.values(shown).map((column) => column.query),
    ...applied.map((a) => a.query),
  );
  if (list.from.paged === false || list.from.paged === 'count')
    return readWhole(list, query, applied, page, size, context);
  const ours = list.passOver !== undefined || applied.some((a) => a.mode === 'here');
  if (ours) return walk(list, shown, query, applied, page, size, context);
  const unsure = applied.filter((a) => a.mode === 'unsure');
  const tooLarge: string[] = [];
  const got = await context.halo.list(list.from.path, {
    key: list.from.key,
    query,
    page,
    pageSize: size,
    leftOut: (sentence) => tooLarge.push(sentence),
    ...(unsure.length > 0 && { doubt: doubtOf(unsure, list.from.query) }),
  });
  verify(list, got.rows, applied, context);
  if (got.obeyed === false) return walk(list, shown, query, applied, page, size, context);
  const rows = (await list.complete?.(got.rows, context, shown)) ?? got.rows;
  const served = { ...got, rows: [...got.rows, ...tooLarge.map(() => ({}))] };
  return {
    rows,
    page_size: got.pageSize,
    total: got.total,
    next_page: hasNext(served) ? page + 1 : null,
    ...left(tooLarge),
  };
}

/** What the reader is told of records that are too large to be read; the others are there. */
const left = (tooLarge: readonly string[]) =>
  tooLarge.length === 0 ? {} : { hint: `${tooLarge.join(' ')} The list is without it.` };

const doubtOf = (unsure: Applied[], query: Query | undefined) => ({
  test: (row: Row) => passes(row, unsure),
  nothing: unsure.flatMap((a) => a.nothing ?? []).map((nothing) => ({ ...query, ...nothing })),
});

/**
 * Looks through Halo's pages for the rows of one page of ours: for what Halo can't filter. Stops when the page is full
 * and one more row shows that another page follows; the total is told only where the walk was whole.
 */
async function walk(
  list: ListDescription,
  shown: Columns,
  query: Query,
  applied: Applied[],
  page: number,
  size: number,
  context: ToolContext,
): Promise<Listed> {
  const [first, last] = [(page - 1) * size, page * size];
  const rows: Row[] = [];
  const seen = new Set<unknown>();
  const tooLarge: string[] = [];
  let [matched, passedOver, served] = [0, 0, 0];
  let counted: number | null = null;
  for (let number = 1; ; number += 1) {
    const got: Page = await context.halo.list(list.from.path, {
      key: list.from.key,
      query,
      page: number,
      pageSize: MAX_PAGE,
      leftOut: (sentence) => tooLarge.push(sentence),
    });
    verify(list, got.rows, applied, context);
    const fresh = got.rows.filter((row) => row.id === undefined || !seen.has(row.id));
    for (const row of fresh) seen.add(row.id);
    served += fresh.length;
    counted = got.total ?? counted;
    const kept = fresh.filter((row) => !list.passOver?.test(row));
    passedOver += fresh.length - kept.length;
    // Where rows have to be completed one by one, only as many are as the page needs.
    const step = kept.some((row) => list.lacks?.(row)) ? size + 1 : Math.max(1, kept.length);
    let tested = 0;
    for (; tested < kept.length && matched <= last; tested += step) {
      const some = kept.slice(tested, tested + step);
      for (const row of (await list.complete?.(some, context, shown)) ?? some) {
        if (!passes(row, applied)) continue;
        if (matched >= first && matched < last) rows.push(row);
        matched += 1;
      }
    }
    context.progress(
      number,
      got.total === null ? undefined : Math.ceil(got.total / Math.max(1, got.pageSize)),
      `page ${number}`,
    );
    const facts = { rows, page_size: size, ...(list.passOver?.label !== undefined && { _passed_over: passedOver }) };
    const ended = (!hasNext(got) || fresh.length === 0) && tested >= kept.length;
    if (matched > last && !ended) return { ...facts, total: null, next_page: page + 1 };
    if (ended) {
      const whole = tooLarge.length === 0 && (counted === null || served >= counted);
      const hint =
        tooLarge.length > 0
          ? left(tooLarge)
          : whole
            ? {}
            : { hint: `Halo counts ${counted} rows and served ${served} of them: the list is not complete.` };
      return { ...facts, total: whole ? matched : null, next_page: matched > last ? page + 1 : null, ...hint };
    }
    if (number === MOST_PAGES)
      return {
        ...facts,
        total: null,
        next_page: null,
        hint: `Looked through ${served}${counted === null ? '' : ` of ${counted}`} rows only, as Halo can't filter them. Narrow by client or days.`,
      };
  }
}

/** @throws HaloError HALO_FILTER_IGNORED where Halo did not filter by what it was asked */
export function verify(list: ListDescription, rows: Row[], applied: Applied[], context: ToolContext): void {
  for (const one of applied) if (isBlind(rows, one)) tellBlind(list, one, context);
  const ignored = applied.find(
    (a) => a.mode === 'verify' && a.test !== undefined && rows.some((row) => !a.test?.(row)),
  );
  if (ignored !== undefined)
    throw new HaloError(
      'HALO_FILTER_IGNORED',
      `Halo ignored the filter "${ignored.label}" and sent other rows, so there is no true answer.`,
    );
}

/** True where no row has what the filter looks at: a misspelt field, or one that this Halo does not send. */
const isBlind = (rows: Row[], { fields = [] }: Applied) =>
  fields.length > 0 && rows.length > 0 && !rows.some((row) => fields.some((field) => field in row));

const told = new Set<string>();

/** @throws HaloError where the filter would leave nothing, so that the answer would be a wrong one */
function tellBlind({ name }: ListDescription, { label, fields = [], nothing }: Applied, { log }: ToolContext): void {
  const field = fields.map((one) => `"${one}"`).join(', ');
  if (nothing !== undefined)
    throw new HaloError('HALO_UNEXPECTED', `Halo's rows have no ${field}, so they can't be filtered by ${label}.`);
  const what = `${name}: no row has the field ${field}, so the filter "${label}" can't be checked`;
  if (!told.has(what)) log.warn({}, what);
  told.add(what);
}

export const passes = (row: Row, applied: Applied[]) => applied.every((a) => a.test === undefined || a.test(row));
