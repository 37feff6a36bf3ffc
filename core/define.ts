import type { z } from 'zod';
import type { ToolContext } from './context.js';
import type { Query } from './halo/client.js';
import type { ListKey } from './halo/envelope.js';
import type { LookupName } from './halo/lookups.js';
import type { Scope } from './halo/scopes.js';
import type { Writing } from './writing.js';

export type { ToolContext } from './context.js';
export type { Log } from './logger.js';

/** What a tool does to Halo. Annotations, read-only mode and its allowed methods are derived from it. */
export type Effect = 'read' | 'write' | 'destroy';

/** The text of an answer, if the general table or record does not fit. Put what end users wrote in `data`. */
export interface AnswerText {
  /** Lines that we wrote ourselves, before the data. */
  head: string;
  /** Fenced as a whole if the output schema marks any of its text as untrusted. */
  data?: string;
  /** A file for a person to keep, such as a table for a spreadsheet; added to the text as an embedded resource. */
  file?: AnswerFile;
}

/** A small file inside an answer. */
export interface AnswerFile {
  /** `halo://revenue/2026-01-01_2026-12-31.csv` */
  uri: string;
  mimeType: string;
  text: string;
}

/** The plain-data part of columns, by name. */
type SourceColumns = Readonly<Record<string, { schema: z.ZodType }>>;

/** What a tool made from a description reads from Halo and shows of it. Docs, doctor and tests are derived from it. */
export interface Source {
  /** Many rows of the list at `path`, or one record below it. */
  kind: 'list' | 'record';
  /** `/Tickets` */
  path: string;
  /** For a list: the name of the array in Halo's answer, or several names. */
  key?: ListKey;
  query?: Query;
  paged?: boolean | 'count';
  filters: Readonly<Record<string, { args: z.ZodRawShape }>>;
  columns: SourceColumns;
  /** Columns that come only when asked for. */
  more: SourceColumns;
  /** Lists inside a record. */
  parts: Readonly<Record<string, { columns: SourceColumns }>>;
  /** Further paths that are read besides the rows', not counting lookups. */
  also: readonly string[];
}

/** One tool: data first, then one function. Input is always strict, whatever kind of zod object it is. */
export interface Tool<
  I extends z.ZodObject = z.ZodObject,
  O extends z.ZodObject = z.ZodObject,
  Options = Record<string, unknown>,
> {
  /** `^[a-z][a-z0-9_]{2,63}$` */
  name: string;
  title: string;
  description: string;
  effect: Effect;
  /** Halo scopes that the tool can't work without; the token asks for the union over all tools that are on. */
  scopes: readonly Scope[];
  /** Used if another tool brings them or the config names them; never requested for this tool alone. */
  optionalScopes?: readonly Scope[];
  /** The records that it reads by `id`, as resources name them: `tickets` for `halo://tickets/{id}`. */
  record?: string;
  input: I;
  output: O;
  run(args: z.output<I>, context: ToolContext<Options>): Promise<z.input<O>>;
  /** Set by `defineWrite`: how the tool plans a change. There is no other way to change Halo. */
  write?: Writing<I, O, Options>;
  /** Arguments of calls that work on the sandbox: the contract tries them, and the docs show the first. */
  examples?: readonly z.input<I>[];
  /** What to do if the answer was too long and rows were left out: `Ask for one client: client_id or client_name.` */
  whenCut?: string;
  /**
   * Lists that begin with the oldest, each with the key of a row's time: `{ months: 'month' }`. If the answer is too long,
   * the oldest times are left out whole, and the times are counted, not the rows.
   */
  oldestFirst?: Readonly<Record<string, string>>;
  /** The tool's own text; without it the core writes the table or the record from the output schema. */
  text?(result: z.output<O>, args: z.output<I>): AnswerText;
  /** Set by `listTool` and `getTool`: the description that the tool was made from. */
  source?: Source;
}

/** A tool whose schemas are not known at compile time. */
export type AnyTool = Tool;

/** One blank in the text of a prompt. */
export interface PromptArgument {
  description: string;
  /** The words used if it is left out; without them it is required. */
  otherwise?: string;
  /** Where the names offered while a person types come from. */
  complete?: 'client' | LookupName;
}

/** A question that people ask again and again, offered in their client's menu. All data, no code. */
export interface Prompt {
  /** `^[a-z][a-z0-9_]{2,63}$` */
  name: string;
  title: string;
  description: string;
  /** The tools that its text mentions: it is offered if all of them are on. */
  tools: readonly string[];
  arguments?: Record<string, PromptArgument>;
  /** The question; `{client}` stands for the argument `client`. */
  text: string;
}

/** A pack of tools. */
export interface Plugin<Options extends z.ZodObject = z.ZodObject> {
  /** Its name in the config: `^[a-z][a-z0-9-]{1,39}$` */
  name: string;
  apiVersion: 1;
  title: string;
  /** What the pack is about, in a few words, for the person who chooses packs: `projects and budgets`. */
  description?: string;
  /** One or two sentences for the model: which tool answers which question. Part of the server's instructions. */
  instructions?: string;
  tools: readonly AnyTool[];
  /** The strict schema of `options` in its config entry; without it they are passed on unchecked. */
  options?: Options;
  /** The tools for the given options, if these change arguments or columns. */
  configure?(options: z.output<Options>): readonly AnyTool[];
  /** Questions for a person to pick from. */
  prompts?: readonly Prompt[];
  /** For a scope that no bundled list reads: the list from which the doctor may read one row. */
  reads?: HarmlessReads;
}

/** A list from which one row is read. */
export interface HarmlessRead {
  /** `/KBArticle` */
  path: string;
  /** The name of the array in Halo's answer, or several names. */
  key: ListKey;
}

/** `{ 'read:kb': { path: '/KBArticle', key: 'articles' } }` */
export type HarmlessReads = Readonly<Partial<Record<Scope, HarmlessRead>>>;

/** The version of this plugin API. */
export const API_VERSION = 1;

/** A read tool as its author writes it. Use `defineWrite` for a tool that changes Halo. */
export type ReadDefinition<I extends z.ZodObject, O extends z.ZodObject, Options = Record<string, unknown>> = Omit<
  Tool<I, O, Options>,
  'effect' | 'write'
> & { effect: 'read' };

/** Gives a tool its types; changes nothing. Name the pack's options at the context to have them typed, too. */
export const defineTool = <I extends z.ZodObject, O extends z.ZodObject, Options = Record<string, unknown>>(
  tool: ReadDefinition<I, O, Options>,
): Tool<I, O, Options> => tool;

/** A pack as its author writes it. With `configure`, its `tools` are those for default options. */
type PluginDefinition<Options extends z.ZodObject> = Omit<Plugin<Options>, 'tools'> &
  (
    | { tools: readonly Tool<z.ZodObject, z.ZodObject, z.output<Options>>[] }
    | { tools?: undefined; options: Options; configure: NonNullable<Plugin<Options>['configure']> }
  );

/** Gives a pack its types, including those of its options. */
export function definePlugin<Options extends z.ZodObject>(plugin: PluginDefinition<Options>): Plugin {
  if (plugin.tools !== undefined) return { ...plugin, tools: plugin.tools };
  const preset = plugin.options?.safeParse({}).data;
  return { ...plugin, tools: preset === undefined ? [] : plugin.configure(preset) };
}
