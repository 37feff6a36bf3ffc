import { z } from 'zod';
import { type AnyTool, defineTool, type ToolContext } from '../define.js';
import { HaloError } from '../errors.js';
import type { Query } from '../halo/client.js';
import { hasNext, MAX_PAGE, type Page, type Row, rowsOf } from '../halo/pages.js';
import type { Scope } from '../halo/scopes.js';
import { listText } from '../output/answer.js';
import type { Columns } from './column.js';
import type { Applied, Filter } from './filter.js';
import { project } from './project.js';

/** A list of one Halo resource, described. */
export interface ListDescription {
  name: string;
  title: string;
  description: string;
  scopes: readonly Scope[];
  optionalScopes?: readonly Scope[];
  from: {
    path: string;
    /** Name of the array in Halo's answer. */
    key: string;
    query?: Query;
    /** `false` where Halo gives the whole list at once whatever page is asked; `count` where it knows `count=` alone. */
    paged?: boolean | 'count';
  };
  /** By name; the order is that of the arguments. */
  filters: Record<string, Filter>;
  columns: Columns;
  /** Columns that come only when asked for by `columns`. */
  more?: Columns;
  /** Rows that never belong to the list, whatever is asked. With a label the header counts them by it. */
  passOver?: { test: (row: Row) => boolean; label?: string };
  /** True for a row that `complete` has to fetch something for, one request a row. */
  lacks?: (row: Row) => boolean;
  /** Brings what a page of rows lacks before they are tested and shown. */
  complete?: (rows: Row[], context: ToolContext, shown: Columns) => Promise<Row[]>;
  /** What an empty list should say beside that nothing matches. */
  hint?: string;
}

type Listed = {
  rows: Row[];
  page_size: number;
  total: number | null;
  next_page: number | null;
  passed_over?: number;
  hint?: string;
};

/** So many pages at most are looked through for rows that only we can choose; more is said, not cut silently. */
const MOST_PAGES = 40;

/** Makes the whole tool from the description: arguments, paging, checks of Halo's filters, joined names, output. */
export function listTool(list: ListDescription): AnyTool {
  const more = list.more ?? {};
  const names = Object.keys(more);
  const filters = Object.values(list.filters);
  const optional = new Set([...(list.optionalScopes ?? []), ...filters.flatMap((f) => f.optionalScopes ?? [])]);
  for (const scope of list.scopes) optional.delete(scope);
  return defineTool({
    name: list.name,
    title: list.title,
    description: list.description,
    effect: 'read',
    scopes: list.scopes,
    ...(optional.size > 0 && { optionalScopes: [...optional] }),
    input: z.strictObject({
      ...Object.assign({}, ...filters.map((f) => f.args)),
      page: z.int().min(1).default(1),
      page_size: z.int().min(1).max(MAX_PAGE).default(25),
      ...(names.length > 0 && { columns: z.array(z.enum(names)).optional() }),
    }),
    output: outputOf({ ...list.columns, ...more }, list.passOver?.label !== undefined),
    async run(args, context) {
      const { page, page_size: size, columns = [] } = args as { page: number; page_size: number; columns?: string[] };
      const applied = (await Promise.all(filters.map((f) => f.resolve(args, context)))).filter((a) => a !== undefined);
      const shown = { ...list.columns, ...Object.fromEntries(columns.map((name) => [name, more[name]])) } as Columns;
      const { rows, ...listed } = await read(list, shown, applied, page, size, context);
      const hint = listed.hint ?? (rows.length === 0 ? emptyHint(list, args, page) : undefined);
      return { items: await project(rows, shown, context), page, ...listed, ...(hint !== undefined && { hint }) };
    },
    ...(list.passOver?.label !== undefined && {
      text: (result: Record<string, unknown>) => {
        const { head, ...text } = listText(list.name, [...Object.keys(list.columns), ...names], result);
        const passed = Number(result.passed_over ?? 0);
        return { ...text, head: passed > 0 ? `${head}; ${passed} ${list.passOver?.label} passed over` : head };
      },
    }),
  }) as AnyTool;
}

function outputOf(columns: Columns, passesOver: boolean) {
  const { id, ...others } = columns;
  const shape = Object.fromEntries(Object.entries(others).map(([name, { schema }]) => [name, schema.optional()]));
  return z.object({
    items: z.array(z.object({ ...(id && { id: id.schema }), ...shape })),
    page: z.int(),
    page_size: z.int(),
    total: z.int().nullable(),
    next_page: z.int().nullable(),
    omitted: z.int().optional(),
    ...(passesOver && { passed_over: z.int().optional() }),
    hint: z.string().optional(),
  });
}

async function read(
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
  const got = await context.halo.list(list.from.path, { key: list.from.key, query, page, pageSize: size });
  verify(got.rows, applied);
  if (got.rows.some((row) => applied.some((a) => a.mode === 'unsure' && !a.test?.(row))))
    return walk(list, shown, query, applied, page, size, context);
  const rows = (await list.complete?.(got.rows, context, shown)) ?? got.rows;
  return { rows, page_size: got.pageSize, total: got.total, next_page: hasNext(got) ? page + 1 : null };
}

/** Lists that Halo gives at once: the page is cut here, and all filters hold here, too. */
async function readWhole(
  list: ListDescription,
  query: Query,
  applied: Applied[],
  page: number,
  size: number,
  context: ToolContext,
): Promise<Listed> {
  const { path, key, paged } = list.from;
  const count = paged === 'count' ? Math.max(500, page * size + 1) : undefined;
  const all = rowsOf(await context.halo.get(path, { ...query, count }), key);
  verify(all, applied);
  const whole = count === undefined || all.length < count;
  const matching = all.filter((row) => !list.passOver?.test(row) && passes(row, applied));
  const rows = matching.slice((page - 1) * size, page * size);
  return {
    rows,
    page_size: size,
    total: whole ? matching.length : null,
    next_page: matching.length > page * size || (!whole && rows.length > 0) ? page + 1 : null,
  };
}

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
  let [matched, passedOver, counted] = [0, 0, 0];
  for (let number = 1; ; number += 1) {
    const got: Page = await context.halo.list(list.from.path, {
      key: list.from.key,
      query,
      page: number,
      pageSize: MAX_PAGE,
    });
    verify(got.rows, applied);
    const fresh = got.rows.filter((row) => row.id === undefined || !seen.has(row.id));
    for (const row of fresh) seen.add(row.id);
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
    const facts = { rows, page_size: size, ...(list.passOver?.label !== undefined && { passed_over: passedOver }) };
    const ended = (!hasNext(got) || fresh.length === 0) && tested >= kept.length;
    if (matched > last && !ended) return { ...facts, total: null, next_page: page + 1 };
    if (ended) {
      const whole = got.total === null || seen.size >= got.total;
      const hint = whole
        ? {}
        : { hint: `Halo counts ${got.total} rows and served ${seen.size} of them: the list is not complete.` };
      return { ...facts, total: whole ? matched : null, next_page: matched > last ? page + 1 : null, ...hint };
    }
    if (number === MOST_PAGES)
      return {
        ...facts,
        total: null,
        next_page: null,
        hint: `Looked through ${seen.size} of ${counted} rows only, as Halo can't filter them. Narrow by client or days.`,
      };
  }
}

/** @throws HaloError HALO_FILTER_IGNORED where Halo did not filter by what it was asked */
function verify(rows: Row[], applied: Applied[]): void {
  const ignored = applied.find(
    (a) => a.mode === 'verify' && a.test !== undefined && rows.some((row) => !a.test?.(row)),
  );
  if (ignored !== undefined)
    throw new HaloError(
      'HALO_FILTER_IGNORED',
      `Halo ignored the filter "${ignored.label}" and sent other rows, so there is no true answer.`,
    );
}

const passes = (row: Row, applied: Applied[]) => applied.every((a) => a.test === undefined || a.test(row));

function emptyHint({ name, hint, filters }: ListDescription, args: Record<string, unknown>, page: number): string {
  const noun = name.replace(/^list_/, '').replaceAll('_', ' ');
  if (page > 1) return `Page ${page} is past the end; ask for page 1.`;
  const given = Object.values(filters)
    .flatMap((f) => Object.keys(f.args))
    .filter((arg) => args[arg] !== undefined && args[arg] !== false);
  const widen =
    given.length > 0
      ? `No ${noun} match ${given.join(', ')}: widen or leave out one of them.`
      : `Halo shows this login no ${noun}.`;
  return [widen, hint].filter(Boolean).join(' ');
}
