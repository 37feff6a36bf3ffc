// make/: Tools made from descriptions of what Halo has.
import { z } from 'zod';
import { type AnyTool, defineTool, type ToolContext } from '../define.js';
import type { Query } from '../halo/client.js';
import { type ListKey, MAX_PAGE, type Row } from '../halo/pages.js';
import type { Scope } from '../halo/scopes.js';
import { listText } from '../output/answer.js';
import { checkMade, checkOptions } from './check.js';
import type { Columns } from './column.js';
import { allOrFaults } from './faults.js';
import type { Applied, Filter } from './filter.js';
import { Whole } from './id.js';
import { unsorted } from './order.js';
import { project } from './project.js';
import { readPage } from './read.js';

/** A list of one Halo resource, described. */
export interface ListDescription<C extends Row = Row, R extends Row = C> {
  name: string;
  title: string;
  description: string;
  scopes: readonly Scope[];
  optionalScopes?: readonly Scope[];
  /** Arguments of calls that work on the sandbox: the contract tries them, and the docs show the first. */
  examples?: readonly Record<string, unknown>[];
  from: {
    path: string;
    /** The name of the array in Halo's answer, or several names. */
    key: ListKey;
    query?: Query;
    /** `false` if Halo sends the whole list whatever page is requested; `count` if it only knows `count=`. */
    paged?: boolean | 'count';
  };
  /** By name; their order is that of the arguments. */
  filters: Record<string, Filter<z.ZodRawShape, R>>;
  columns: Columns<R>;
  /** Columns that come only if `columns` requests them. */
  more?: Columns<R>;
  /** Rows that never belong to the list, whatever is requested. With a label the header counts them under it. */
  passOver?: { test: (row: Row) => boolean; label?: string };
  /**
   * What the head says about the rows as a whole, such as a sum.
   * @param whole true if these are all rows that match
   */
  head?(rows: readonly R[], args: Record<string, unknown>, whole: boolean): string | undefined;
  /** What is in doubt about the rows, if anything: then the total is not shown. */
  doubts?(rows: readonly R[], args: Record<string, unknown>): string | undefined;
  /** Further columns that rows show unasked, since they say something that the reader must not miss. */
  brings?(rows: readonly R[]): readonly string[];
  /** Reads what all pages of one call share: once, and only if `complete` asks for it. */
  prepare?: (context: ToolContext) => Promise<unknown>;
  /** True for a row that `complete` has to fetch something for, with one request per row. */
  lacks?: (row: Row) => boolean;
  /** Adds what a page of rows lacks before they are tested and shown. */
  complete?: (rows: Row[], context: ToolContext, shown: Columns<R>, prepared: () => Promise<unknown>) => Promise<C[]>;
  /** Parses a row, once, after it was completed: columns, and filters that choose here, get the result. */
  read?(row: C): R;
  /** Further paths that `complete` reads, for the docs. */
  also?: readonly string[];
  /** What the reader of a list that is not empty should know of the arguments and the rows, if anything. */
  note?(args: Record<string, unknown>, rows: readonly R[]): string | undefined;
  /**
   * What the reader of the first page should know that the rows do not say, read with one or two extra requests.
   * @param query the parameters that the filters gave, including a client's id
   */
  beside?(rows: readonly R[], query: Query, context: ToolContext): Promise<string | undefined>;
  /** What an empty list should say besides that nothing matches. */
  hint?: string;
}

const OPTIONS: Record<keyof ListDescription, boolean> = {
  ...{ name: true, title: true, description: true, scopes: true, optionalScopes: false, from: true, filters: true },
  ...{ columns: true, more: false, passOver: false, lacks: false, complete: false, read: false, also: false },
  ...{
    note: false,
    hint: false,
    beside: false,
    examples: false,
    brings: false,
    prepare: false,
    head: false,
    doubts: false,
  },
};

/** Drops the row types of a description, which are no longer needed: what it reads is what it shows. */
const plainList = <C extends Row, R extends Row>(list: ListDescription<C, R>): ListDescription => list;

/** What every list takes besides its filters. */
const Paging = z.object({ page: z.int(), page_size: z.int(), columns: z.array(z.string()).optional() });

/** Makes the whole tool from the description: arguments, paging, checks of Halo's filters, joined names, output. */
export function listTool<C extends Row = Row, R extends Row = C>(described: ListDescription<C, R>): AnyTool {
  const list = plainList(described);
  const what = `listTool "${list.name}"`;
  checkOptions(what, list, OPTIONS);
  checkOptions(`${what}: from`, list.from, { path: true, key: true, query: false, paged: false });
  checkMade(what, list.filters, 'filter', ['args', 'resolve']);
  checkMade(what, { ...list.columns, ...list.more }, 'column', ['schema', 'read']);
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
    ...(list.examples && { examples: list.examples }),
    source: {
      ...{ kind: 'list', ...list.from, filters: list.filters, columns: list.columns, more, parts: {} },
      also: list.also ?? [],
    },
    input: z.strictObject({
      ...Object.assign({}, ...filters.map((f) => f.args)),
      page: Whole.default(1),
      page_size: z.int().min(1).max(MAX_PAGE).default(25),
      ...(names.length > 0 && { columns: further(names, list.columns).optional() }),
    }),
    output: outputOf({ ...list.columns, ...more }, list),
    async run(args, context) {
      const { page, page_size: size, columns = [] } = Paging.parse(args);
      const applied = (await allOrFaults(filters.map(async (f) => f.resolve(args, context)))).filter(
        (a) => a !== undefined,
      );
      const shown = { ...list.columns, ...Object.fromEntries(columns.map((name) => [name, more[name]])) } as Columns;
      const { rows, ...listed } = await readPage(list, shown, applied, page, size, context);
      // Besides another filter, it may be that one which leaves all rows out.
      if (listed.total === 0 && applied.length === 1) applied[0]?.unknown?.();
      for (const name of list.brings?.(rows) ?? []) shown[name] ??= more[name] as Columns[string];
      const projected = await project(rows, shown, context, { keyed: true });
      const said = listed.hint ?? (rows.length === 0 ? emptyHint(list, args, applied, page) : list.note?.(args, rows));
      const doubt = list.doubts?.(rows, args);
      const asked: Query = Object.assign({}, ...applied.map(({ query }) => query));
      const beside = page === 1 ? await list.beside?.(rows, asked, context) : undefined;
      const hint = [projected.hint, said, beside, doubt, ...applied.map(({ order }) => unsorted(rows, order))]
        .filter(Boolean)
        .join(' ');
      // Halo's count includes rows that were left out: it does not count what can be shown.
      const total = projected.dropped > 0 || doubt !== undefined ? null : listed.total;
      const whole = page === 1 && listed.next_page === null && total !== null;
      const summed = rows.length > 0 ? list.head?.(rows, args, whole) : undefined;
      return {
        ...{ items: projected.rows, page, ...listed, total, ...(hint !== '' && { hint }) },
        ...(summed !== undefined && { _head: summed }),
      };
    },
    ...((list.passOver?.label !== undefined || list.head !== undefined) && {
      text: (result: Record<string, unknown>) => {
        const { head, ...text } = listText(list.name, [...Object.keys(list.columns), ...names], result);
        const passed = Number(result._passed_over ?? 0);
        const own = passed > 0 ? `${head}; ${passed} passed over (${list.passOver?.label})` : head;
        return { ...text, head: typeof result._head === 'string' ? `${own}\n${result._head}` : own };
      },
    }),
  });
}

/** The names of further columns; those of columns that are shown anyway are taken, too. */
const further = (names: readonly string[], shown: Columns) =>
  z.preprocess(
    (given) => (Array.isArray(given) ? given.filter((name) => !Object.hasOwn(shown, String(name))) : given),
    z.array(z.enum(names)),
  );

function outputOf(columns: Columns, { passOver, head }: Pick<ListDescription, 'passOver' | 'head'>): z.ZodObject {
  const { id, ...others } = columns;
  const shape = Object.fromEntries(Object.entries(others).map(([name, { schema }]) => [name, schema.optional()]));
  return z.object({
    items: z.array(z.object({ ...(id && { id: id.schema }), ...shape })),
    page: z.int(),
    page_size: z.int(),
    total: z.int().nullable(),
    next_page: z.int().nullable(),
    omitted: z.int().optional(),
    ...(passOver?.label !== undefined && { _passed_over: z.int().optional() }),
    ...(head !== undefined && { _head: z.string().optional() }),
    hint: z.string().optional(),
  });
}

function emptyHint(
  { name, hint, filters }: ListDescription,
  args: Record<string, unknown>,
  applied: readonly Applied[],
  page: number,
): string {
  const noun = name.replace(/^list_/, '').replaceAll('_', ' ');
  if (page > 1) return `Page ${page} is past the end; ask for page 1.`;
  const given = Object.values(filters).flatMap((f) => {
    const presets = z.object(f.args).safeParse({}).data ?? {};
    return Object.keys(f.args).filter((arg) => args[arg] !== undefined && args[arg] !== presets[arg]);
  });
  const unseen = applied.flatMap(({ id }) => id ?? []);
  const way =
    given.length > 1 ? 'widen or leave out one of them' : `${unseen.length > 0 ? '' : 'widen it or '}leave it out`;
  const widen =
    given.length > 0
      ? `No ${noun} match ${given.join(', ')}: ${way}${unseen.length > 0 ? `, or check that there is ${unseen.map(named).join(' and ')}` : ''}.`
      : `Halo shows this login no ${noun}.`;
  return [widen, hint].filter(Boolean).join(' ');
}

/** What an id was given of: `a client 12`. */
const named = ({ of, value }: NonNullable<Applied['id']>): string =>
  `${/^[aeio]/.test(of) ? 'an' : 'a'} ${of} ${value}`;
