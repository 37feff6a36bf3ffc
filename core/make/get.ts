import { z } from 'zod';
import { type AnyTool, defineTool, type ToolContext } from '../define.js';
import { type ErrorCode, type HaloError, isHaloError } from '../errors.js';
import type { Query } from '../halo/client.js';
import type { Row } from '../halo/pages.js';
import { readRecord } from '../halo/record.js';
import type { Scope } from '../halo/scopes.js';
import { checkMade, checkOptions } from './check.js';
import type { Columns } from './column.js';
import { Id } from './id.js';
import { type Found, project } from './project.js';

/** A list inside a record, under its own name. */
export interface Part<R extends Row = Row> {
  columns: Columns;
  /** The path that its rows are read from, if they don't come with the record; for the docs. */
  path?: string;
  /** The part's rows; undefined leaves the part out. */
  rows(
    record: R,
    args: Record<string, unknown>,
    context: ToolContext,
  ): Promise<Row[] | Found | undefined> | Row[] | Found | undefined;
}

/** One record of one Halo resource, described. */
export interface GetDescription<C extends Row = Row, R extends Row = C> {
  name: string;
  title: string;
  description: string;
  scopes: readonly Scope[];
  optionalScopes?: readonly Scope[];
  /** Arguments of calls that work on the sandbox: the contract tries them, and the docs show the first. */
  examples?: readonly Record<string, unknown>[];
  /** Offers the records as resources, too: `tickets` for `halo://tickets/{id}`. */
  record?: string;
  from: {
    path: string;
    query?: Query;
    /** Turns what the caller gave into Halo's id; without it `id` is used unchanged. */
    id?: (args: Record<string, unknown>, context: ToolContext) => Promise<number> | number;
  };
  /** Arguments; by default only `id`. */
  input?: z.ZodRawShape;
  fields: Columns<R>;
  parts?: Record<string, Part<R>>;
  /** Adds to the record, before it is read, what other places know about it. */
  complete?: (record: Row, context: ToolContext) => Promise<C>;
  /** Parses the record, once, after it was completed: fields and parts get the result. */
  read?(record: C): R;
  /** Further paths that `complete` reads, for the docs. */
  also?: readonly string[];
}

const OPTIONS: Record<keyof GetDescription, boolean> = {
  ...{ name: true, title: true, description: true, scopes: true, optionalScopes: false, record: false, from: true },
  ...{ input: false, fields: true, parts: false, complete: false, read: false, also: false, examples: false },
};

/** Makes the whole tool from the description: the record, its lists, joined names, output. `id` comes first. */
export function getTool<C extends Row = Row, R extends Row = C>(described: GetDescription<C, R>): AnyTool {
  const get: GetDescription = described;
  const what = `getTool "${get.name}"`;
  checkOptions(what, get, OPTIONS);
  checkOptions(`${what}: from`, get.from, { path: true, query: false, id: false });
  checkMade(what, get.fields, 'column', ['schema', 'read']);
  for (const [name, part] of Object.entries(get.parts ?? {})) {
    checkOptions(`${what}: the part "${name}"`, part, { columns: true, rows: true, path: false });
    checkMade(what, part.columns, 'column', ['schema', 'read']);
  }
  const parts = Object.entries(get.parts ?? {});
  const { id, ...fields } = get.fields;
  return defineTool({
    name: get.name,
    title: get.title,
    description: get.description,
    effect: 'read',
    scopes: get.scopes,
    ...(get.optionalScopes && { optionalScopes: get.optionalScopes }),
    ...(get.examples && { examples: get.examples }),
    ...(get.record !== undefined && { record: get.record }),
    source: {
      ...{ kind: 'record', path: get.from.path, ...(get.from.query && { query: get.from.query }) },
      ...{ filters: {}, columns: get.fields, more: {}, parts: get.parts ?? {} },
      also: [...(get.also ?? []), ...parts.flatMap(([, { path }]) => path ?? [])],
    },
    input: z.strictObject(get.input ?? { id: Id }),
    output: z.object({
      ...(id && { id: id.schema }),
      ...optional(fields),
      ...Object.fromEntries(parts.map(([name, part]) => [name, z.array(z.object(optional(part.columns))).optional()])),
      omitted: z.int().optional(),
      hint: z.string().optional(),
    }),
    async run(args, context) {
      const wanted = (await get.from.id?.(args, context)) ?? Number(args.id);
      const found = await readRecord(context.halo, get.from.path, wanted, get.from.query);
      const completed = (await get.complete?.(found, context)) ?? found;
      const record = get.read?.(completed) ?? completed;
      const [own, ...lists] = await Promise.all([
        project([record], get.fields, context),
        ...parts.map(([name, part]) => readPart(name, part, record, args, context)),
      ]);
      const hint = [own, ...lists].flatMap((part) => part.hint || []).join(' ');
      return {
        ...own.rows[0],
        ...Object.assign({}, ...lists.map(({ shown: rows }) => rows)),
        ...(hint !== '' && { hint }),
      };
    },
  });
}

/** The end of the call, a fault of the tool, or rows that are not the record's: after these there is no record. */
const ENDS: ReadonlySet<ErrorCode> = new Set([
  ...(['CALL_CANCELLED', 'CALL_TIMEOUT', 'BAD_ARGUMENTS', 'HALO_FILTER_IGNORED'] as const),
  ...(['PLUGIN_PATH_UNDECLARED', 'PLUGIN_WRITE_REFUSED', 'PLUGIN_BAD_RESULT'] as const),
]);

/** True for a fault that costs a record only what was read besides it, not the answer. */
export const costsPart = (error: unknown): error is HaloError => isHaloError(error) && !ENDS.has(error.code);

const optional = (columns: Columns) =>
  Object.fromEntries(Object.entries(columns).map(([name, { schema }]) => [name, schema.optional()]));

async function readPart(
  name: string,
  part: Part,
  record: Row,
  args: Record<string, unknown>,
  context: ToolContext,
): Promise<{ shown: Row; hint?: string | undefined }> {
  try {
    const found = await part.rows(record, args, context);
    if (found === undefined) return { shown: {} };
    const { rows, hint } = Array.isArray(found) ? { rows: found, hint: undefined } : found;
    const { rows: shown, hint: unread } = await project(rows, part.columns, context);
    return { shown: { [name]: shown }, hint: [hint, unread && `In its ${name}: ${unread}`].filter(Boolean).join(' ') };
  } catch (error) {
    // The record is shown without a list that can't be read; the reason takes the list's place.
    if (!costsPart(error)) throw error;
    return { shown: {}, hint: `Without its ${name.replaceAll('_', ' ')}: ${error.message} ${error.remedy}` };
  }
}
