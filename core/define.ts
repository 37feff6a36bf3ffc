import type { z } from 'zod';
import type { ToolContext } from './context.js';
import type { Query } from './halo/client.js';
import type { ListKey } from './halo/envelope.js';
import type { LookupName } from './halo/lookups.js';
import type { Scope } from './halo/scopes.js';
import type { Writing } from './writing.js';

export type { ToolContext } from './context.js';
export type { Log } from './logger.js';

/** What a tool does to Halo. Annotations, read-only mode and the methods that it may use are derived from it. */
export type Effect = 'read' | 'write' | 'destroy';

/** The text of an answer, where the general table or record does not serve. Put what end users wrote in `data`. */
export interface AnswerText {
  /** Lines of our own making, before the data. */
  head: string;
  /** Fenced as a whole where the output schema marks any of its text as untrusted. */
  data?: string;
  /** A file for a person to keep, a table for a spreadsheet say; given beside the text as an embedded resource. */
  file?: AnswerFile;
}

/** A small file inside an answer. */
export interface AnswerFile {
  /** `halo://revenue/2026-01-01_2026-12-31.csv` */
  uri: string;
  mimeType: string;
  text: string;
}

/** Columns by name, as far as they are data. */
type SourceColumns = Readonly<Record<string, { schema: z.ZodType }>>;

/** What a tool that was made from a description reads of Halo, and shows of it. Docs, doctor and tests are derived from it. */
export interface Source {
  /** Many rows of the list at `path`, or one record below it. */
  kind: 'list' | 'record';
  /** `/Tickets` */
  path: string;
  /** Of a list: the name of the array in Halo's answer, or its names. */
  key?: ListKey;
  query?: Query;
  paged?: boolean | 'count';
  filters: Readonly<Record<string, { args: z.ZodRawShape }>>;
  columns: SourceColumns;
  /** Columns that come only when asked for. */
  more: SourceColumns;
  /** Lists inside a record. */
  parts: Readonly<Record<string, { columns: SourceColumns }>>;
  /** Further paths that are read beside the rows, lookups not counted. */
  also: readonly string[];
}

/** One tool: data first, then one function. The input is taken strictly, whatever kind of zod object it is. */
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
  /** Halo scopes without which the tool can't work; the token asks for the union over all tools that are on. */
  scopes: readonly Scope[];
  /** Used where another tool brings them; never a reason to ask. */
  optionalScopes?: readonly Scope[];
  /** The records that it reads by `id`, as a resource is named after them: `tickets` for `halo://tickets/{id}`. */
  record?: string;
  input: I;
  output: O;
  run(args: z.output<I>, context: ToolContext<Options>): Promise<z.input<O>>;
  /** Kept by `defineWrite`: how it plans a change. A tool that changes Halo has no other way. */
  write?: Writing<I, O, Options>;
  /** Arguments of calls that answer on the sandbox: tried by the contract, and the first one shown in docs. */
  examples?: readonly z.input<I>[];
  /** What to call when the answer was too long and rows were left out: `Ask for one client: client_id or client_name.` */
  whenCut?: string;
  /** A text of the tool's own; without it the core writes the table or the record from the output schema. */
  text?(result: z.output<O>, args: z.output<I>): AnswerText;
  /** Kept by `listTool` and `getTool`: the description that the tool was made from. */
  source?: Source;
}

/** A tool whose schemas are not known at compile time. */
export type AnyTool = Tool;

/** One blank in the text of a prompt. */
export interface PromptArgument {
  description: string;
  /** The words that stand in its place when it is left out; without them it has to be given. */
  otherwise?: string;
  /** Where the names come from that are offered while a person types. */
  complete?: 'client' | LookupName;
}

/** A question that people ask again and again, offered in the menu of their client. All data, no code. */
export interface Prompt {
  /** `^[a-z][a-z0-9_]{2,63}$` */
  name: string;
  title: string;
  description: string;
  /** The tools that its text speaks of: it is offered where all of them are on. */
  tools: readonly string[];
  arguments?: Record<string, PromptArgument>;
  /** What is asked; `{client}` stands for the argument `client`. */
  text: string;
}

/** A pack of tools. */
export interface Plugin<Options extends z.ZodObject = z.ZodObject> {
  /** As it is named in the config: `^[a-z][a-z0-9-]{1,39}$` */
  name: string;
  apiVersion: 1;
  title: string;
  /** What the pack answers, in few words, for the person who chooses packs: `projects and budgets`. */
  description?: string;
  /** One or two sentences for the model: which of the pack's tools answers what. Part of the server's instructions. */
  instructions?: string;
  tools: readonly AnyTool[];
  /** What `options` of its entry in the config may hold, strictly; without it they are passed on unchecked. */
  options?: Options;
  /** The tools as they are with options that were given, where these change arguments or columns. */
  configure?(options: z.output<Options>): readonly AnyTool[];
  /** Questions for a person to pick from. */
  prompts?: readonly Prompt[];
  /** For a scope that no bundled list reads, the list of which the doctor may read one row. */
  reads?: HarmlessReads;
}

/** A list of which one row is asked for. */
export interface HarmlessRead {
  /** `/KBArticle` */
  path: string;
  /** Name of the array in Halo's answer, or its names. */
  key: ListKey;
}

/** `{ 'read:kb': { path: '/KBArticle', key: 'articles' } }` */
export type HarmlessReads = Readonly<Partial<Record<Scope, HarmlessRead>>>;

/** The version of this plugin API. */
export const API_VERSION = 1;

/** A tool that reads, as its author writes it. What changes Halo is made with `defineWrite`. */
export type ReadDefinition<I extends z.ZodObject, O extends z.ZodObject, Options = Record<string, unknown>> = Omit<
  Tool<I, O, Options>,
  'effect' | 'write'
> & { effect: 'read' };

/** Gives a tool its types; changes nothing. Name the pack's options at the context to have them typed, too. */
export const defineTool = <I extends z.ZodObject, O extends z.ZodObject, Options = Record<string, unknown>>(
  tool: ReadDefinition<I, O, Options>,
): Tool<I, O, Options> => tool;

/** A pack as its author writes it: with `configure`, its `tools` are those for options that nobody gave. */
type PluginDefinition<Options extends z.ZodObject> = Omit<Plugin<Options>, 'tools'> &
  (
    | { tools: readonly Tool<z.ZodObject, z.ZodObject, z.output<Options>>[] }
    | { tools?: undefined; options: Options; configure: NonNullable<Plugin<Options>['configure']> }
  );

/** Gives a pack its types, those of its options among them. */
export function definePlugin<Options extends z.ZodObject>(plugin: PluginDefinition<Options>): Plugin {
  if (plugin.tools !== undefined) return { ...plugin, tools: plugin.tools };
  const preset = plugin.options?.safeParse({}).data;
  return { ...plugin, tools: preset === undefined ? [] : plugin.configure(preset) };
}
