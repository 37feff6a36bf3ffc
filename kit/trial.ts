import { settingsFrom } from '../config/index.js';
import type { CallResult } from '../core/call/call.js';
import { type AnyTool, defineTool, type Log, type Plugin, z } from '../core/index.js';
import { Redactor } from '../core/output/redact.js';
import { strictInput } from '../core/output/schema.js';
import { createServer } from '../core/server.js';
import { ONLY_CUSTOMER } from '../core/settings.js';
import type { Sandbox, SandboxRequest } from '../sandbox/index.js';
import { textOf } from './session.js';

type Json = Record<string, unknown>;

/** Where a tool is tried. */
export interface Stage {
  plugin: Plugin;
  halo: Sandbox;
  /** The `options` of the pack's entry in the config. */
  options?: Json | undefined;
}

/** One call of a tool on the sandbox, through the same chain as every call. */
export interface Trial {
  args: Json;
  result: CallResult;
  text: string;
  /** The code, if it is an error. */
  code: string | undefined;
  /** For the reader of a failed test: the call, its answer, and what the log says about it. */
  story: string;
  /** The requests to Halo, without the log-in. */
  requests: readonly SandboxRequest[];
}

/**
 * Calls one tool of a plugin on a server of its own, in this process.
 * @param optional whether the tool's optional scopes are granted
 */
export async function tryTool(stage: Stage, tool: AnyTool, args: Json, optional = true): Promise<Trial> {
  const call = await openTool(stage, tool, optional);
  return call(args);
}

/** Starts a server for one tool, which remembers confirmations between calls. */
export async function openTool(
  { plugin, halo, options = {} }: Stage,
  tool: AnyTool,
  optional = true,
): Promise<(args: Json) => Promise<Trial>> {
  const log: string[] = [];
  const helper = optional && tool.optionalScopes?.length ? [helperFor(tool)] : [];
  const { configure: _, ...bare } = plugin;
  const all: Plugin[] = [{ ...bare, tools: [tool] }, ...helper];
  const { url, clientId, clientSecret } = halo;
  const settings = settingsFrom({
    plugins: all.map(({ name }) =>
      name === plugin.name
        ? { use: name, options, allowWrites: [tool.name], allowCustomerVisible: true }
        : { use: name, options: {} },
    ),
    ...{ named: true, directory: '.' },
  });
  const server = await createServer(settings, {
    connect: async () => ({ apiUrl: `${url}/api`, tokenUrl: `${url}/auth/token`, clientId, clientSecret }),
    bundled: Object.fromEntries(all.map((one) => [one.name, { default: true, load: async () => one }])),
    self: {},
    redactor: new Redactor(),
    log: collect(log),
  });
  const session = server.open({ customer: ONLY_CUSTOMER });
  return async (args) => {
    const before = halo.requests.length;
    const result = await session.call(tool.name, args);
    if (result.code === 'UNKNOWN_TOOL') throw new Error(`${tool.name} is not on: ${server.warnings.join(' ')}`);
    const text = textOf(result);
    return {
      ...{ args, result, text },
      code: result.code,
      story: [`${tool.name} ${JSON.stringify(args)}`, text, ...log].join('\n'),
      requests: halo.requests.slice(before).filter(({ path }) => path.startsWith('/api/')),
    };
  };
}

/** The token of a preview, or of a change already made. */
export const tokenOf = ({ result }: Trial): string => String(result.structuredContent?.confirm ?? '');

/** A pack that requests a tool's optional scopes, which the tool only uses if another one requests them. */
function helperFor({ optionalScopes = [] }: AnyTool): Plugin {
  const tool: AnyTool = defineTool({
    ...{ name: 'kit_helper', title: 'Helper', description: 'Brings scopes.', effect: 'read' as const },
    ...{ scopes: optionalScopes, input: z.object({}), output: z.object({}), run: async () => ({}) },
  });
  return { name: 'kit-helper', apiVersion: 1, title: 'Helper', tools: [tool] };
}

function collect(lines: string[]): Log {
  const keep = (facts: object, message: string) => void lines.push(`${message} ${JSON.stringify(facts)}`);
  return { debug: () => undefined, info: () => undefined, warn: keep, error: keep };
}

/**
 * Meaningful calls of a tool: its author's examples, else a call without arguments, else the sandbox's first records
 * for a tool that needs only an id. Empty if the author has to give one.
 */
export async function examplesOf(stage: Stage, tool: AnyTool): Promise<readonly Json[]> {
  if (tool.examples !== undefined) return tool.examples;
  const schema = strictInput(tool);
  if (schema.safeParse({}).success && (await tryTool(stage, tool, {})).code !== 'BAD_ARGUMENTS') return [{}];
  if (!schema.safeParse({ id: 1 }).success) return [];
  const { requests } = await tryTool(stage, tool, { id: 1 });
  const path = requests
    .map((request) => /^\/api\/(\w+)\/-?1$/.exec(request.path)?.[1])
    .find((one) => one !== undefined);
  const id = path === undefined ? undefined : await firstId(stage.halo, path);
  return id === undefined ? [] : [{ id }];
}

/** The id of the first record of one of the sandbox's lists. */
async function firstId(halo: Sandbox, path: string): Promise<number | undefined> {
  const body: unknown = await (await fetch(`${halo.url}/api/${path}`, { headers: await bearer(halo) })).json();
  const rows = Array.isArray(body) ? body : Object.values(body as object).find(Array.isArray);
  return (rows as { id?: number }[] | undefined)?.[0]?.id;
}

/** The header of a logged-in client. */
export async function bearer({ url, clientId, clientSecret }: Sandbox): Promise<Record<string, string>> {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope: 'all' };
  const answer = await fetch(`${url}/auth/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token } = (await answer.json()) as { access_token: string };
  return { authorization: `Bearer ${access_token}` };
}
