/** The team server inside the test's process, over sandboxes, and raw requests to it. */
import { type Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { identity } from '../../cli/identity.js';
import { bundled } from '../../cli/packs.js';
import { type Differing, settingsFrom } from '../../config/presets.js';
import { send as sendOne } from '../../core/halo/http.js';
import { answersOf } from '../../core/host/handlers/answers.js';
import { quietEngine } from '../../core/host/http/engine.js';
import type { HttpOptions } from '../../core/host/http/options.js';
import { startTeam, type Team } from '../../core/host/http/team.js';
import { changeTokens, type TokenEntry } from '../../core/host/http/tokens/file.js';
import { digestOf, newToken } from '../../core/host/http/tokens/token.js';
import { createLog } from '../../core/log.js';
import type { Log } from '../../core/logger.js';
import { Redactor } from '../../core/output/redact.js';
import { createServer } from '../../core/server.js';
import type { Store } from '../../core/store/store.js';
import type { Tracer } from '../../core/trace/trace.js';
import { AREA_SCOPES } from '../../sandbox/http/scopes.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/index.js';
import { emptyFolder, type Json } from '../session.js';

quietEngine({ debug() {}, info() {}, warn() {}, error() {} });

export interface TeamOptions extends Partial<HttpOptions> {
  /** By the names of the customers; by default one named `default`. */
  halos?: Record<string, SandboxOptions>;
  /** Sandboxes of another team server, in place of some of its own. */
  shared?: Record<string, Sandbox>;
  settings?: Omit<Differing, 'customers'>;
  graceMs?: number;
  tracer?: Tracer;
  /** What it shares with other servers. */
  store?: (log: Log) => Store;
  requestsPer5Minutes?: number;
  windowMs?: number;
}

export interface Running extends Team {
  halos: Record<string, Sandbox>;
  /** The first of them. */
  halo: Sandbox;
  tokensFile: string;
  /** Makes a token as the command does. */
  token(name: string, rights?: Partial<TokenEntry>): Promise<string>;
  revoke(name: string): Promise<void>;
  /** The log so far. */
  log(): string;
  /** The lines of the audit so far. */
  audit(): Json[];
  close(): Promise<void>;
}

/** Starts a team server over sandboxes, on a free port. */
export async function startTest({
  halos: wanted = { default: {} },
  settings,
  graceMs,
  tracer,
  shared,
  store: storeOf,
  requestsPer5Minutes = 1_000_000,
  windowMs,
  ...options
}: TeamOptions = {}): Promise<Running> {
  const scopes = AREA_SCOPES.filter((scope) => scope.startsWith('read:'));
  const started = Object.entries(shared === undefined ? wanted : {}).map(
    async ([name, own]) => [name, await startSandbox({ scopes, requestsPer5Minutes: 1_000_000, ...own })] as const,
  );
  const halos: Record<string, Sandbox> = shared ?? Object.fromEntries(await Promise.all(started));
  const tokensFile = join(emptyFolder(), 'halo-mcp.tokens.json');
  const token = async (name: string, rights: Partial<TokenEntry> = {}) => {
    const made = newToken();
    const entry = {
      name,
      sha256: digestOf(made).toString('hex'),
      created: new Date().toISOString(),
      expires: null,
      ...rights,
    };
    await changeTokens(tokensFile, (before) => ({ tokens: [...before, entry], gives: undefined }));
    return made;
  };
  await token('first');
  const lines: string[] = [];
  const redactor = new Redactor();
  const write = (line: string) => lines.push(line) > 0;
  const log = createLog('debug', redactor, { write } as unknown as NodeJS.WritableStream);
  const customers = Object.fromEntries(Object.keys(halos).map((name) => [name, { requestsPer5Minutes }]));
  const store = storeOf?.(log);
  const connectionOf = async (name: string) => {
    const { url, clientId, clientSecret } = halos[name] as Sandbox;
    return { apiUrl: `${url}/api`, tokenUrl: `${url}/auth/token`, clientId, clientSecret };
  };
  const team = await startTeam(
    {
      ...{ answersOf, send: sendOne, identity, gate: { log, redactor } },
      store,
      load: (onCall) =>
        createServer(settingsFrom({ ...settings, customers }), {
          ...{ log, redactor, bundled, self: {}, connect: connectionOf, onCall, tracer, store, windowMs },
          ...(graceMs !== undefined && { graceMs }),
        }),
    },
    {
      ...{
        place: { host: '127.0.0.1', port: 0 },
        behindProxy: false,
        auth: true,
        sessions: false,
        tokens: tokensFile,
        oauth: undefined,
      },
      ...{ hosts: [], origins: [], trustedProxies: [], callsPerMinute: 100_000, metrics: undefined },
      ...options,
    },
  );
  const parsed = () => lines.map((line) => JSON.parse(line) as Json);
  return {
    ...team,
    ...{ halos, halo: Object.values(halos)[0] as Sandbox, tokensFile, token },
    revoke: (name) =>
      changeTokens(tokensFile, (before) => ({ tokens: before.filter((one) => one.name !== name), gives: undefined })),
    log: () => lines.join(''),
    audit: () => parsed().filter(({ msg }) => msg === 'audit'),
    async close() {
      await team.stop(1000);
      store?.close();
      if (shared === undefined) await Promise.all(Object.values(halos).map((halo) => halo.close()));
    },
  };
}

export interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** Its message, whether it came alone or as an event; undefined if there is none. */
  json: Json | undefined;
}

export interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
  signal?: AbortSignal;
  /** The agent whose connections it uses; without one it has its own. */
  agent?: Agent;
}

/** One request, with exactly these headers. */
export function send(
  url: string,
  { method = 'POST', path, headers = {}, body, signal, agent }: Sent,
): Promise<Answered> {
  const { hostname, port, pathname } = new URL(url);
  return new Promise((resolve, reject) => {
    const req = httpRequest(
      { hostname, port, path: path ?? pathname, method, headers, signal, agent: agent ?? false },
      (res) => {
        const parts: Buffer[] = [];
        res.on('data', (part: Buffer) => parts.push(part));
        res.on('error', reject);
        res.on('end', () => {
          const text = Buffer.concat(parts).toString();
          resolve({ status: res.statusCode ?? 0, headers: res.headers, text, json: messagesIn(text).at(-1) });
        });
      },
    );
    req.on('error', reject);
    req.end(body);
  });
}

/** All messages of an answer, in order. */
export function messagesIn(text: string): Json[] {
  const parts = text.startsWith('{') ? [text] : [...text.matchAll(/^data: (.+)$/gm)].map((match) => match[1] ?? '');
  return parts.filter((part) => part.trim() !== '').map((part) => JSON.parse(part) as Json);
}

const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

/** The headers of a signed-in request. */
export const signed = (token: string, more: Record<string, string> = {}) => ({
  ...JSON_HEADERS,
  authorization: `Bearer ${token}`,
  ...more,
});

/** A JSON-RPC request of the older revisions. */
export const rpc = (method: string, params?: unknown, id: string | number = 1) =>
  JSON.stringify({ jsonrpc: '2.0', id, method, ...(params !== undefined && { params }) });

export const callOf = (name: string, args: object = {}) => rpc('tools/call', { name, arguments: args });

export const INITIALIZE = rpc('initialize', {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'test', version: '1' },
});

/** A request of revision 2026-07-28: its headers and its body. */
export function newer(method: string, params: Json = {}, token?: string): Pick<Sent, 'headers' | 'body'> {
  const name = params.name ?? params.uri;
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  };
  const headers = {
    ...JSON_HEADERS,
    ...{ 'mcp-protocol-version': '2026-07-28', 'mcp-method': method },
    ...(typeof name === 'string' && { 'mcp-name': name }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  return { headers, body: rpc(method, { ...params, _meta: { ...(params._meta as Json), ...meta } }) };
}

/** Writes raw bytes to the server, and returns all that comes back until it closes. */
export function raw(url: string, bytes: string | Buffer, { half = false }: { half?: boolean } = {}): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: half });
    const parts: Buffer[] = [];
    socket.on('data', (part) => parts.push(part));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? resolve(Buffer.concat(parts).toString()) : reject(error),
    );
    socket.on('close', () => resolve(Buffer.concat(parts).toString()));
    socket.write(bytes);
  });
}
