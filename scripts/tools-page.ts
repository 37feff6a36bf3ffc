import type { AnyTool, Plugin } from '../core/define.js';
import { DAY_PATTERN } from '../core/output/kinds.js';
import { publicTool } from '../core/output/schema.js';
import { examplesOf, type Stage, tryTool } from '../kit/trial.js';
import { startSandbox } from '../sandbox/index.js';
import { type BundledPack, markdown, scopesOf, toolTable } from './pack-tables.js';

/** The date of the examples. The sandbox's dates depend on it, and so do those that a tool derives from today. */
const NOW = '2026-10-15T12:00:00Z';

type Json = Record<string, unknown>;

/** docs/tools.md: for each tool its arguments, its answer, and one call on the sandbox. */
export async function toolsPage(packs: BundledPack[]): Promise<string> {
  const giveBack = standStill(Date.parse(NOW));
  const halo = await startSandbox({ scopes: ['all'], now: NOW, requestsPer5Minutes: 1_000_000 });
  try {
    const sections: string[] = ['## All of them', toolTable(packs).join('\n'), ...BESIDE];
    for (const { plugin, on } of packs) {
      sections.push(`## ${plugin.title}`, `Pack \`${plugin.name}\`${on ? '' : `, ${offUntilNamed(plugin)}`}.`);
      for (const tool of plugin.tools) sections.push(...(await section({ plugin, halo }, tool)));
    }
    return `${[...HEAD, ...sections].join('\n\n')}\n`;
  } finally {
    giveBack();
    await halo.close();
  }
}

/** What the examples of a pack that is off by default take. */
function offUntilNamed({ name, tools }: Plugin): string {
  const writing = tools.filter(({ effect }) => effect !== 'read').map((tool) => tool.name);
  const visible = tools.some(({ write }) => write?.customerVisible === true) && { allowCustomerVisible: true };
  const needed = new Set(tools.flatMap(({ scopes }) => scopes));
  const further = new Set(tools.flatMap(({ optionalScopes = [] }) => optionalScopes.filter((one) => !needed.has(one))));
  const config = {
    plugins: [writing.length > 0 ? { use: name, allowWrites: writing, ...visible } : name],
    ...(further.size > 0 && { scopes: [...further] }),
  };
  return `off unless the config names it. Its examples run with \`--config ${name}.json\` after \`--sandbox\`; that file holds \`${JSON.stringify(config)}\``;
}

/** Stops the clock. @returns a function that starts it again */
function standStill(now: number): () => void {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given: [] | [number]) {
      super(...((given.length === 0 ? [now] : given) as [number]));
    }
    static override now = () => now;
  } as DateConstructor;
  return () => {
    globalThis.Date = Real;
  };
}

const HEAD = [
  '# The tools',
  'Every list takes `page`, `page_size` (100 at most) and `columns`, and says its `total` and the `next_page`. Columns after the bar come only if `columns` asks for them. Empty values are left out.',
  'An optional argument may also be null or blank. Values may be given as text, a single value in place of a list, and words of a list in upper or lower case. An id of 0 is left out, and the first line of the answer says so.',
  'A client is named by `client_id` or by `client_name`: the exact name, or a part that matches only one client. Statuses, types, priorities, teams and agents are given by id or name in one argument. Days are `YYYY-MM-DD`, `from` and `to` included. On the command line an entry of `rates` may be given as `rates.EUR=0.85`.',
  'The examples are answers of the sandbox, whose data is invented; text that people wrote is between the tags.',
  '<!-- biome-ignore format: generated -->',
];

const BESIDE = [
  "Scopes in brackets are used if another tool brings them or `scopes` in the config names them, and never requested for this tool alone. Tokens are what a tool costs in the assistant's context (o200k, without its output schema); `halo-mcp tools --tokens` shows them, and `halo-mcp tools --why NAME` says why a tool is on or off.",
  '## Beside the tools',
  'For clients that show them:',
  [
    '- **Prompts**, ready to pick from a menu, their blanks completed with the names of your Halo: `ticket_triage` (pack tickets); `client_revenue_review`, `contract_renewals`, `weekly_billing_check` (pack finance). A prompt is offered if all the tools it mentions are on.',
    '- **Resources**: `halo://policy` says what is on, what is off and why; `halo://tickets/{id}`, `clients`, `contracts`, `invoices`, `recurring-invoices`, `projects` and `assets` read one record each.',
  ].join('\n'),
];

async function section(stage: Stage, tool: AnyTool): Promise<string[]> {
  const { inputSchema, outputSchema } = publicTool(tool);
  const args = argumentRows(inputSchema);
  const [example] = await examplesOf(stage, tool);
  return [
    `### ${tool.name}`,
    tool.description,
    `Scopes: ${scopesOf(tool)}.${readsOf(tool)}`,
    ...(args.length > 0
      ? [markdown(['argument', 'takes', 'default', 'meaning, if the name does not say it'], args).join('\n')]
      : ['It takes no arguments.']),
    fields(outputSchema, onRequest(inputSchema)),
    ...(example === undefined ? [] : [await answered(stage, tool, example)]),
  ];
}

/** ` Halo: GET /Tickets/{id}, /Actions.`, for a tool made from a description. */
function readsOf({ source }: AnyTool): string {
  if (source === undefined) return '';
  const first = source.kind === 'record' ? `${source.path}/{id}` : source.path;
  return ` Halo: GET ${[first, ...source.also].map((path) => `\`${path}\``).join(', ')}.`;
}

async function answered(stage: Stage, tool: AnyTool, example: Json): Promise<string> {
  const { text, code } = await tryTool(stage, tool, example);
  if (code !== undefined) throw new Error(`The example of ${tool.name} fails: ${text}`);
  const words = Object.entries(example).map(([key, value]) => `${key}=${shell(value)}`);
  const call = ['halo-mcp call', tool.name, ...words, '--sandbox'].join(' ');
  return [
    '```text',
    `$ ${call}`,
    text.replace(/halo-data-[\w-]+/g, 'halo-data-…').replace(/\bw1_[\w-]+/g, 'w1_…'),
    '```',
  ].join('\n');
}

function shell(value: unknown): string {
  const text = Array.isArray(value) ? value.join(',') : String(value);
  return /^[\w.,:-]+$/.test(text) ? text : `"${text}"`;
}

interface Schema {
  type?: string;
  pattern?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  enum?: string[];
  additionalProperties?: Schema | boolean;
  minimum?: number;
  maximum?: number;
  default?: unknown;
  description?: string;
}

function argumentRows(schema: Schema): string[][] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties)
    .filter(([name]) => !PAGING.includes(name))
    .map(([name, kind]) => [
      `\`${name}\``,
      takes(kind),
      kind.default === undefined ? (required.includes(name) ? 'needed' : '') : `\`${String(kind.default)}\``,
      kind.description ?? '',
    ]);
}

/** Arguments of every list, explained once above. */
const PAGING = ['page', 'page_size', 'columns'];

/** The values of an argument, in words. */
function takes(schema: Schema): string {
  const { type = 'anything', enum: words, anyOf, items, pattern, minimum, maximum, properties = {} } = schema;
  if (words !== undefined) return words.map((word) => `\`${word}\``).join(' ');
  if (anyOf !== undefined) {
    const each = [...new Set(anyOf.map(takes))].join(', or ');
    return each === 'a whole number, or text' ? 'an id or a name' : each;
  }
  if (type === 'array') return `a list of ${takes(items ?? {})}`;
  if (type === 'object') return `{ ${Object.keys(properties).join(', ')} }`;
  if (type === 'string') return pattern === undefined ? 'text' : pattern === DAY_PATTERN ? 'a day' : 'a month';
  if (type === 'integer') return maximum === undefined ? 'a whole number' : `${minimum ?? 'up'} to ${maximum}`;
  return { boolean: 'true or false', number: 'a number' }[String(type)] ?? 'anything';
}

const onRequest = ({ properties = {} }: Schema): string[] => properties.columns?.items?.enum ?? [];

/** Fields of paging and those that the server adds, explained once above. */
const COMMON = ['page', 'page_size', 'total', 'next_page', 'omitted', 'hint'];

/** The contents of an answer: the columns of a list, or the fields of a record with those of its lists. */
function fields({ properties = {} }: Schema, requested: string[]): string {
  const { items, ...others } = properties;
  const row = items?.items?.properties;
  if (row !== undefined) {
    const always = Object.keys(row).filter((name) => !requested.includes(name));
    return `Columns: ${ticks(always)}${requested.length > 0 ? ` ¦ ${ticks(requested)}` : ''}.`;
  }
  const own = Object.entries(others).filter(([name]) => !COMMON.includes(name));
  return `Answer: ${own.map(([name, schema]) => `\`${name}\`${inner(schema)}`).join(' ')}.`;
}

function inner({ items, additionalProperties }: Schema): string {
  const nested = items?.properties ?? (typeof additionalProperties === 'object' ? additionalProperties.properties : {});
  return Object.keys(nested ?? {}).length === 0 ? '' : ` (${ticks(Object.keys(nested ?? {}))})`;
}

const ticks = (names: string[]) => names.map((name) => `\`${name}\``).join(' ');
