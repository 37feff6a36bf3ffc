import { z } from 'zod';
import { type AnyTool, API_VERSION, type Plugin, type Prompt } from '../define.js';
import { CONFIRM } from '../define-write.js';
import { SCOPES, scopeOfPath } from '../halo/scopes.js';
import { didYouMean } from '../nearest.js';
import { publicTool, wholeInput } from '../output/schema.js';

/** For plugins. */
export const PLUGIN_NAME = /^[a-z][a-z0-9-]{1,39}$/;
/** For tools and prompts. */
const TOOL_NAME = /^[a-z][a-z0-9_]{2,63}$/;
/** Limits of what every assistant reads before its first question: anything longer is no description. */
const LONGEST = { title: 100, description: 2000, instructions: 2000, schema: 65_536 };
const DEEPEST_SCHEMA = 32;
/** Scopes that include all others, or that no tool needs: a token never asks for them. */
const TOO_WIDE: readonly string[] = ['all', 'all:standard', 'all:teams', 'admin', 'offline_access'];

/** All that a plugin and a tool consist of. */
const PARTS: { plugin: readonly (keyof Plugin)[]; tool: readonly (keyof AnyTool)[] } = {
  plugin: [
    ...(['name', 'apiVersion', 'title', 'description', 'instructions'] as const),
    ...(['tools', 'options', 'configure', 'prompts', 'reads'] as const),
  ],
  tool: [
    ...(['name', 'title', 'description', 'effect', 'scopes', 'optionalScopes', 'record', 'input', 'output'] as const),
    ...(['run', 'write', 'examples', 'whenCut', 'oldestFirst', 'text', 'source'] as const),
  ],
};

/** Warnings of keys that no plugin has, and that do nothing: they are often misspelt. */
export function strangeKeys(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { name, tools } = value as Partial<Plugin>;
  const strange = (whose: string, of: unknown, known: readonly string[]) =>
    Object.keys(typeof of === 'object' && of !== null ? of : {})
      .filter((key) => !known.includes(key))
      .map(
        (key) =>
          `${whose} has an unknown key ${shown(key)}, which does nothing.${didYouMean(key.slice(0, 100), known)}`,
      );
  const plugin = `The plugin ${shown(name)}`;
  const own = Array.isArray(tools) ? (tools as readonly AnyTool[]) : [];
  return [
    ...strange(plugin, value, PARTS.plugin),
    ...own.flatMap((tool) => strange(`${plugin}: its tool ${shown(Object(tool).name)}`, tool, PARTS.tool)),
  ];
}

/** What is wrong with a plugin as a whole, in words for its author; undefined if nothing is. */
export function pluginFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null)
    return 'its default export is not a plugin; export default definePlugin({ … })';
  const { name, apiVersion, title, instructions, tools, options } = value as Partial<Plugin>;
  if (apiVersion !== API_VERSION) return otherApi(apiVersion);
  if (typeof name !== 'string' || !PLUGIN_NAME.test(name))
    return 'its name must be lower-case words with hyphens, such as "on-call"';
  if (typeof title !== 'string' || title === '') return 'it has no title';
  if (instructions !== undefined && (typeof instructions !== 'string' || instructions.length > LONGEST.instructions))
    return `its instructions must be a text of at most ${LONGEST.instructions} characters`;
  if (!Array.isArray(tools) || tools.length === 0) return 'it has no tools';
  if (options !== undefined && !(options instanceof z.ZodObject)) return 'its options must be a z.object({ … })';
  const bypass = tools.find(writesUnseen);
  if (bypass !== undefined)
    return `its tool ${shown(bypass.name)} has the effect "${bypass.effect}" and is not made with defineWrite, so nobody could see and confirm what it sends; make it with defineWrite`;
  const { prompts, reads } = value as Partial<Plugin>;
  return prompts?.map(promptFault).find((fault) => fault !== undefined) ?? readsFault(reads);
}

/** The doctor reads what a pack names here unasked, so it must be a list under that scope. */
function readsFault(reads: Plugin['reads'] = {}): string | undefined {
  if (typeof reads !== 'object' || reads === null) return 'its reads must be an object of scopes';
  for (const [scope, read] of Object.entries(reads)) {
    if (!(SCOPES as readonly string[]).includes(scope))
      return `its reads: Halo has no scope "${scope}".${didYouMean(scope, SCOPES)}`;
    const { path, key } = Object(read) as { path?: unknown; key?: unknown };
    const keys = [key].flat();
    if (typeof path !== 'string' || !/^\/[A-Za-z]{2,40}$/.test(path) || scopeOfPath(path) !== scope)
      return `its reads: "${scope}" needs the path of a list that this scope reads, such as /KBArticle for read:kb`;
    if (keys.length === 0 || keys.some((one) => typeof one !== 'string' || one === ''))
      return `its reads: "${scope}" needs the key of the list in Halo's answer`;
  }
  return undefined;
}

/** True for a tool that says it changes Halo but has no plan that could be shown first. */
const writesUnseen = (tool: AnyTool): boolean =>
  typeof tool === 'object' && tool !== null && (tool.effect === 'write' || tool.effect === 'destroy') && !plans(tool);

const plans = ({ write }: AnyTool): boolean =>
  typeof write === 'object' && write !== null && typeof write.plan === 'function' && typeof write.done === 'function';

/** The message for a plugin that is made for another version of the API. */
export const otherApi = (version: unknown): string =>
  `it is made for plugin API ${version === undefined ? '(none given)' : shown(version)} and this server has ${API_VERSION}; set apiVersion: ${API_VERSION}`;

function promptFault({ name, title, description, tools, text, arguments: blanks = {} }: Prompt): string | undefined {
  if (typeof name !== 'string' || !TOOL_NAME.test(name))
    return `the name of its prompt "${String(name)}" must match ${TOOL_NAME.source}`;
  const lacks = Object.entries({ title, description, text }).find(([, words]) => typeof words !== 'string' || !words);
  if (lacks !== undefined) return `its prompt "${name}" has no ${lacks[0]}`;
  if (!Array.isArray(tools) || tools.length === 0) return `its prompt "${name}" names no tools that it mentions`;
  const used = [...text.matchAll(/\{(\w+)\}/g)].map(([, blank = '']) => blank);
  const stranger = used.find((blank) => blanks[blank] === undefined);
  if (stranger !== undefined) return `its prompt "${name}" mentions {${stranger}}, which is not one of its arguments`;
  const idle = Object.keys(blanks).find((blank) => !used.includes(blank));
  return idle === undefined ? undefined : `the text of its prompt "${name}" never mentions {${idle}}`;
}

/** What is wrong with one tool; undefined if nothing is. A bad tool does not affect the others of its pack. */
export function toolFault(tool: AnyTool): string | undefined {
  if (typeof tool !== 'object' || tool === null) return 'the tool is not an object';
  if (typeof tool.name !== 'string' || !TOOL_NAME.test(tool.name))
    return `the name ${shown(tool.name)} must match ${TOOL_NAME.source}`;
  for (const field of ['title', 'description'] as const) {
    if (typeof tool[field] !== 'string' || tool[field] === '') return `it has no ${field}`;
    if (tool[field].length > LONGEST[field]) return `its ${field} is longer than ${LONGEST[field]} characters`;
  }
  if (!['read', 'write', 'destroy'].includes(tool.effect)) return 'its effect must be "read", "write" or "destroy"';
  if (typeof tool.run !== 'function') return 'it has no run function';
  return writeFault(tool) ?? scopeFault(tool) ?? schemaFault(tool);
}

function writeFault(tool: AnyTool): string | undefined {
  if (writesUnseen(tool)) return 'it changes Halo and is not made with defineWrite';
  if (tool.write === undefined) return undefined;
  if (tool.effect === 'read' || !plans(tool)) return 'it has a plan; make it with defineWrite';
  const taken = tool.input instanceof z.ZodObject && CONFIRM in tool.input.shape;
  return taken ? `its argument "${CONFIRM}" is the server's own; rename it` : undefined;
}

function scopeFault({ scopes, optionalScopes = [] }: AnyTool): string | undefined {
  if (!Array.isArray(scopes)) return 'it has no scopes; list those that it needs, [] for none';
  if (!Array.isArray(optionalScopes)) return 'its optionalScopes must be a list';
  const all: readonly unknown[] = [...scopes, ...optionalScopes];
  const stranger = all.find((scope) => !(SCOPES as readonly unknown[]).includes(scope));
  if (stranger !== undefined) return `Halo has no scope ${shown(stranger)}.${didYouMean(String(stranger), SCOPES)}`;
  const wide = all.find((scope) => TOO_WIDE.includes(String(scope)));
  return wide === undefined ? undefined : `the scope "${wide}" is too wide; list those that it needs`;
}

function schemaFault(tool: AnyTool): string | undefined {
  if (!(tool.input instanceof z.ZodObject) || !(tool.output instanceof z.ZodObject))
    return 'its input and output must be z.object({ … })';
  try {
    const { inputSchema, outputSchema } = publicTool(tool);
    const text = JSON.stringify([wholeInput(tool), outputSchema]);
    if (text.length > LONGEST.schema) return `its schemas are longer than ${LONGEST.schema} characters`;
    if (Math.max(depthOf(inputSchema), depthOf(outputSchema)) > DEEPEST_SCHEMA)
      return `its schemas are nested deeper than ${DEEPEST_SCHEMA} levels`;
    if (text.includes('"$ref":'))
      return 'its schemas refer to others ($ref), which clients do not follow; write them out';
    return defaultFault(tool.input);
  } catch (error) {
    return `its schemas have no JSON form (${error instanceof Error ? error.message : 'unknown'})`;
  }
}

/** Levels of nested schemas; each takes two levels of JSON (`properties` and the name, `anyOf` and the index). */
function depthOf(json: unknown): number {
  let depth = -1;
  for (let level = [json]; level.length > 0; depth += 1)
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  return Math.ceil(depth / 2);
}

/** A default that its own schema would refuse: zod passes it to the tool unchecked. */
function defaultFault({ shape }: z.ZodObject): string | undefined {
  const liar = Object.entries(shape).find(
    ([, schema]) =>
      schema instanceof z.ZodDefault && !z.safeParse(schema.def.innerType, schema.def.defaultValue).success,
  );
  return liar && `the default of "${liar[0]}" is not a value that it takes`;
}

const shown = (value: unknown) => (JSON.stringify(value) ?? typeof value).slice(0, 80);
