import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { CallResult } from '../core/call/call.js';
import type { PublicTool } from '../core/output/schema.js';
import type { KitSandbox } from './sandbox.js';

/** The built command. Sources and `dist` are both directly under the package's root. */
export const COMMAND = fileURLToPath(new URL('../dist/halo-mcp.js', import.meta.url));

type Json = Record<string, unknown>;

/** The answer to one call, in MCP's shape. */
export type Answer = CallResult;

/** A real MCP session with a server of its own, over stdio. */
export interface Session {
  /** The structured answer of a call that must succeed. */
  ask<T = Json>(tool: string, args?: Json): Promise<T>;
  /** The text of a call that must fail: `CODE: sentence. What to do.` */
  fail(tool: string, args?: Json): Promise<string>;
  /** The whole answer of a call. */
  call(tool: string, args?: Json): Promise<Answer>;
  /** The tools that are on, as an assistant sees them. */
  list(): Promise<PublicTool[]>;
  /** What the server wrote to its log so far. */
  stderr(): string;
  close(): Promise<void>;
}

/** An entry of `plugins` in the config: a bundled pack, or a file by its URL or its path from the working directory. */
export type PluginUse =
  | string
  | URL
  | ({ use: string | URL; tools?: string[]; options?: Json } & {
      allowWrites?: string[];
      confirm?: 'person' | 'preview';
      allowCustomerVisible?: boolean;
    });

export interface SessionOptions {
  /** A running sandbox; without it the server starts its own. */
  sandbox?: KitSandbox | undefined;
  /** Further settings of the config: `exclude`, `output`, `audit`, `log`. */
  config?: Json;
  /** Further variables of the server's environment. */
  env?: Record<string, string>;
}

/**
 * Starts the server with these plugins over the sandbox, and connects to it as an assistant does.
 *
 * @example
 * const mine = await session('./dist/index.js');
 * const { items } = await mine.ask('list_overdue_tickets', { team: '1st Line' });
 * await mine.close();
 */
export async function session(
  plugins: PluginUse | readonly PluginUse[],
  { sandbox, config = {}, env = {} }: SessionOptions = {},
): Promise<Session> {
  const folder = mkdtempSync(join(tmpdir(), 'halo-mcp-session-'));
  const file = join(folder, 'halo-mcp.config.json');
  writeFileSync(file, JSON.stringify({ ...config, plugins: [plugins].flat().map(entryOf) }));
  const args = ['--config', file, ...(sandbox === undefined ? ['--sandbox'] : [])];
  const clear = () => rmSync(folder, { recursive: true, force: true });
  try {
    const { client: _, ...open } = await connect({ args, cwd: folder, env: { ...sandbox?.env, ...env } });
    return { ...open, close: () => open.close().finally(clear) };
  } catch (error) {
    clear();
    throw error;
  }
}

function entryOf(plugin: PluginUse): Json | string {
  if (typeof plugin === 'string') return plugin.startsWith('.') ? resolve(plugin) : plugin;
  if (plugin instanceof URL) return fileURLToPath(plugin);
  return { ...plugin, use: entryOf(plugin.use) };
}

/** The command's arguments, its working directory, and where its log goes. */
export interface Start {
  args: string[];
  cwd: string;
  env?: Record<string, string> | undefined;
  stderr?: 'pipe' | 'inherit';
}

/**
 * Starts the built command and connects to it over stdio.
 * @throws Error with the server's last words if it did not start
 * @internal
 */
export async function connect({ args, cwd, env, stderr = 'pipe' }: Start): Promise<Session & { client: Client }> {
  const [{ Client }, { StdioClientTransport }] = await Promise.all([
    import('@modelcontextprotocol/sdk/client/index.js'),
    import('@modelcontextprotocol/sdk/client/stdio.js'),
  ]);
  const client = new Client({ name: 'halo-mcp-kit', version: '1' });
  const server = { command: process.execPath, args: [COMMAND, ...args], cwd, stderr, ...(env && { env }) };
  const transport = new StdioClientTransport(server);
  let said = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  await client.connect(transport).catch((error: Error) => {
    throw new Error(`The server did not start: ${said.trim() || error.message}`, { cause: error });
  });
  return sessionOf(client, () => said);
}

/**
 * A session over a connected client. `stderr` gives what its server wrote to its log.
 * @internal
 */
export function sessionOf(client: Client, stderr: () => string): Session & { client: Client } {
  const call = async (name: string, given: Json = {}) =>
    (await client.callTool({ name, arguments: given })) as unknown as Answer;
  return {
    client,
    call,
    async ask<T>(tool: string, given?: Json) {
      const answer = await call(tool, given);
      if (answer.isError) throw new Error(textOf(answer));
      return answer.structuredContent as T;
    },
    async fail(tool, given) {
      const answer = await call(tool, given);
      if (answer.isError) return textOf(answer);
      throw new Error(`${tool} was expected to fail and answered: ${textOf(answer)}`);
    },
    list: async () => (await client.listTools()).tools as unknown as PublicTool[],
    stderr,
    close: () => client.close(),
  };
}

/** The text of an answer. */
export function textOf({ content }: { content: Answer['content'] }): string {
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
}
