import { z } from 'zod';
import { didYouMean } from '../config/index.js';
import { type AnyTool, API_VERSION, type Plugin, type Prompt } from './define.js';
import { SCOPES } from './halo/scopes.js';
import { publicTool } from './output/schema.js';

/** Of plugins. */
export const PLUGIN_NAME = /^[a-z][a-z0-9-]{1,39}$/;
/** Of tools and prompts. */
const TOOL_NAME = /^[a-z][a-z0-9_]{2,63}$/;

/** What is wrong with a plugin as a whole, in words for its author; undefined where nothing is. */
export function pluginFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null)
    return 'its default export is no plugin; export default definePlugin({ … })';
  const { name, apiVersion, title, tools, options } = value as Partial<Plugin>;
  if (apiVersion !== API_VERSION) return otherApi(apiVersion);
  if (typeof name !== 'string' || !PLUGIN_NAME.test(name))
    return 'its name must be lower-case words with hyphens, such as "on-call"';
  if (typeof title !== 'string' || title === '') return 'it has no title';
  if (!Array.isArray(tools) || tools.length === 0) return 'it has no tools';
  if (options !== undefined && !(options instanceof z.ZodObject)) return 'its options must be a z.object({ … })';
  return (value as Partial<Plugin>).prompts?.map(promptFault).find((fault) => fault !== undefined);
}

/** The sentence for a plugin that is made for another version of the API. */
export const otherApi = (version: unknown): string =>
  `it is made for plugin API ${version === undefined ? '(none given)' : String(version)} and this server has ${API_VERSION}; set apiVersion: ${API_VERSION}`;

function promptFault({ name, title, description, tools, text, arguments: blanks = {} }: Prompt): string | undefined {
  if (typeof name !== 'string' || !TOOL_NAME.test(name))
    return `the name of its prompt "${String(name)}" must match ${TOOL_NAME.source}`;
  const lacks = Object.entries({ title, description, text }).find(([, words]) => typeof words !== 'string' || !words);
  if (lacks !== undefined) return `its prompt "${name}" has no ${lacks[0]}`;
  if (!Array.isArray(tools) || tools.length === 0) return `its prompt "${name}" names no tools that it speaks of`;
  const used = [...text.matchAll(/\{(\w+)\}/g)].map(([, blank = '']) => blank);
  const stranger = used.find((blank) => blanks[blank] === undefined);
  if (stranger !== undefined) return `its prompt "${name}" speaks of {${stranger}}, which is none of its arguments`;
  const idle = Object.keys(blanks).find((blank) => !used.includes(blank));
  return idle === undefined ? undefined : `the text of its prompt "${name}" never speaks of {${idle}}`;
}

/** What is wrong with one tool; undefined where nothing is. One bad tool does not take the others of its pack with it. */
export function toolFault(tool: AnyTool): string | undefined {
  if (typeof tool !== 'object' || tool === null) return 'the tool is no object';
  if (typeof tool.name !== 'string' || !TOOL_NAME.test(tool.name))
    return `the name "${String(tool.name)}" must match ${TOOL_NAME.source}`;
  if (typeof tool.title !== 'string' || tool.title === '') return 'it has no title';
  if (typeof tool.description !== 'string' || tool.description === '') return 'it has no description';
  if (!['read', 'write', 'destroy'].includes(tool.effect)) return 'its effect must be "read", "write" or "destroy"';
  if (typeof tool.run !== 'function') return 'it has no run function';
  const scopes: readonly string[] = [...(tool.scopes ?? []), ...(tool.optionalScopes ?? [])];
  if (!Array.isArray(tool.scopes)) return 'its scopes must be a list';
  const stranger = scopes.find((scope) => !(SCOPES as readonly string[]).includes(scope));
  if (stranger !== undefined) return `Halo has no scope "${stranger}".${didYouMean(stranger, SCOPES)}`;
  if (!(tool.input instanceof z.ZodObject) || !(tool.output instanceof z.ZodObject))
    return 'its input and output must be z.object({ … })';
  try {
    publicTool(tool);
    return undefined;
  } catch (error) {
    return `its schemas have no JSON form (${error instanceof Error ? error.message : 'unknown'})`;
  }
}
