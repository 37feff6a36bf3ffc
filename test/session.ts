import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { type Answer, COMMAND, type Session as KitSession, sessionOf, textOf as textOfAnswer } from '../kit/session.js';
import { expectNoLeak, secretsOf } from './faults/canary.js';
import { over } from './over.js';

/** The built command. */
export const SERVER = COMMAND;

export type Json = Record<string, unknown>;

/** A session with the server, as an assistant has one. */
export type Session = Omit<KitSession, 'call'> & {
  client: Client;
  /** The whole result of a call. */
  call(name: string, args?: Json): Promise<CallToolResult>;
  stdout(): string;
  /** Ends the session, and fails if a secret or a token shows in any byte that the server wrote. */
  close(): Promise<void>;
};

export interface SessionOptions {
  args?: string[];
  env?: Record<string, string>;
  cwd?: string;
  /** What must not leave, besides the environment's secret and all of the sandbox's. */
  secrets?: string[];
}

/**
 * Opens a real session with the built server over stdio: on the sandbox unless arguments say otherwise. Tests that are
 * not about the process run faster with `openInside`.
 */
export async function openSession({
  args = ['--sandbox'],
  env = {},
  cwd = emptyFolder(),
  secrets = [],
}: SessionOptions = {}): Promise<Session> {
  const child = spawn(process.execPath, [SERVER, ...args], { cwd, env: { PATH: process.env.PATH, TZ: 'UTC', ...env } });
  // Writing to a server that did not start.
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close');
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const client = new Client({ name: 'halo-mcp-test', version: '1' });
  await client.connect(over(child.stdout, child.stdin, ended));
  const session = sessionOf(client, () => stderr) as unknown as Session;
  return {
    ...session,
    stdout: () => stdout,
    async close() {
      await session.close();
      expectNoLeak({ stdout, stderr }, [...secretsOf(env), ...secrets]);
    },
  };
}

/** The text of an answer. */
export const textOf = (result: CallToolResult): string => textOfAnswer(result as Answer);

/** A new empty folder, so that no config is found in it; gone when the tests are over. */
export function emptyFolder(): string {
  return mkdtempSync(join(process.env.TEST_FOLDER ?? tmpdir(), 'halo-mcp-test-'));
}

/** A new folder with files in it; objects are written as JSON. */
export function folderWith(files: Record<string, string | object>): string {
  const folder = emptyFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

/** The environment variable for a config with this content. */
export const namedConfig = (config: object): { HALO_MCP_CONFIG: string } => ({
  HALO_MCP_CONFIG: join(folderWith({ 'named.json': config }), 'named.json'),
});

/** The environment of a real deployment: this Halo's address and credentials. */
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
