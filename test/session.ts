import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { expectNoLeak, secretsOf } from './faults/canary.js';

/** The built command. */
export const SERVER = resolve(import.meta.dirname, '../dist/halo-mcp.js');

export type Json = Record<string, unknown>;

/** A real session with the built server over stdio. */
export interface Session {
  client: Client;
  /** The whole result of a call. */
  call(name: string, args?: Json): Promise<CallToolResult>;
  /** The structured content of a call that must succeed. */
  ask<T = Json>(name: string, args?: Json): Promise<T>;
  /** The text of a call that must fail. */
  fail(name: string, args?: Json): Promise<string>;
  stdout(): string;
  stderr(): string;
  /** Ends the session, and fails where a secret or a token shows in any byte that the server wrote. */
  close(): Promise<void>;
}

export interface SessionOptions {
  args?: string[];
  env?: Record<string, string>;
  cwd?: string;
  /** What must not leave, beside the secret of the environment and all of the sandbox. */
  secrets?: string[];
}

/** Opens a session: on the sandbox unless arguments say otherwise. */
export async function openSession({
  args = ['--sandbox'],
  env = {},
  cwd = emptyFolder(),
  secrets = [],
}: SessionOptions = {}): Promise<Session> {
  const client = new Client({ name: 'test', version: '1' });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [SERVER, ...args],
    env,
    cwd,
    stderr: 'pipe',
  });
  const written = { stdout: '', stderr: '' };
  transport.stderr?.on('data', (chunk: Buffer) => {
    written.stderr += chunk;
  });
  const start = transport.start.bind(transport);
  transport.start = async () => {
    await start();
    const { _process: child } = transport as unknown as { _process: ChildProcess };
    child.stdout?.on('data', (chunk: Buffer) => {
      written.stdout += chunk;
    });
  };
  await client.connect(transport);
  const call = async (name: string, args: Json = {}) =>
    (await client.callTool({ name, arguments: args })) as CallToolResult;
  return {
    client,
    call,
    async ask<T>(name: string, args?: Json) {
      const result = await call(name, args);
      if (result.isError) throw new Error(textOf(result));
      return result.structuredContent as T;
    },
    async fail(name, args) {
      const result = await call(name, args);
      if (!result.isError) throw new Error(`${name} was expected to fail and answered: ${textOf(result)}`);
      return textOf(result);
    },
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    async close() {
      await client.close();
      expectNoLeak(written, [...secretsOf(env), ...secrets]);
    },
  };
}

/** The text of an answer. */
export function textOf(result: CallToolResult): string {
  return result.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
}

/** A new empty folder, so that no config is found in it; gone when the tests are over. */
export function emptyFolder(): string {
  return mkdtempSync(join(process.env.TEST_FOLDER ?? tmpdir(), 'halo-mcp-test-'));
}

/** A new folder with files in it; objects are written as JSON. */
export function folderWith(files: Record<string, string | object>): string {
  const folder = emptyFolder();
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return folder;
}

/** A config beside the sandbox: what the environment of a real deployment gives. */
export const haloEnv = ({
  url,
  clientId,
  clientSecret,
}: {
  url: string;
  clientId: string;
  clientSecret: string;
}): Record<string, string> => ({
  HALO_INSTANCE_URL: url,
  HALO_CLIENT_ID: clientId,
  HALO_CLIENT_SECRET: clientSecret,
});

/** The rows of every page of a list, followed by `next_page`. */
export async function walk(session: Session, name: string, args: Json): Promise<{ rows: Json[]; totals: unknown[] }> {
  const rows: Json[] = [];
  const totals: unknown[] = [];
  for (let page: number | null = 1; page !== null; ) {
    const answer: { items: Json[]; total: number | null; next_page: number | null } = await session.ask(name, {
      ...args,
      page,
    });
    rows.push(...answer.items);
    totals.push(answer.total);
    page = answer.next_page;
  }
  return { rows, totals };
}
