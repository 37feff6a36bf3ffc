import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Log } from '../../../core/define.js';
import { HaloClient } from '../../../core/halo/client.js';
import type { Patience } from '../../../core/halo/limiter.js';
import type { Scope } from '../../../core/halo/scopes.js';

export const ID = '1f0c7a52-0000-4000-8000-aaaaaaaaaaaa';
export const SECRET = 's3cr3t-5a0e-canary-91d2';

/** The answer to one request. */
export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  /** An object is sent as JSON. */
  body?: unknown;
  /** Writes the answer itself, for answers that go wrong half-way. */
  write?: (response: ServerResponse, request: IncomingMessage) => void;
}

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: string;
  /** True once the other side hung up before its answer was complete. */
  aborted: boolean;
}

type Handler = (asked: Asked, count: number) => Reply | Promise<Reply>;

/** A Halo on loopback: `/auth/token` gives tokens, and `api` answers the rest. All requests are recorded. */
export async function fakeHalo({ api, token }: { api?: Handler; token?: Handler } = {}) {
  const asked: Asked[] = [];
  const tokens = () => asked.filter(({ path }) => path === '/auth/token');
  const calls = () => asked.filter(({ path }) => path.startsWith('/api'));
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const one: Asked = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body,
      aborted: false,
    };
    response.on('close', () => {
      one.aborted = !response.writableFinished;
    });
    asked.push(one);
    const isToken = url.pathname === '/auth/token';
    const handler: Handler = isToken ? (token ?? grant) : (api ?? (() => ({ body: {} })));
    const reply = await handler(one, (isToken ? tokens() : calls()).length);
    if (reply.write !== undefined) {
      reply.write(response, request);
      return;
    }
    const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? '');
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
    response.end(reply.body === undefined ? '' : text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, asked, tokens, calls };
}

/** A token for exactly the requested scopes. */
export function grant({ body }: Asked, count: number): Reply {
  const scope = new URLSearchParams(body).get('scope');
  return { body: { access_token: `token-${count}-canary`, token_type: 'Bearer', expires_in: 3600, scope } };
}

export const refuseClient = (): Reply => ({
  status: 401,
  body: { error: 'invalid_client', error_description: `The client ${ID} with ${SECRET} is unknown.` },
});

/** Grants only these scopes. If any other is requested, the whole token is refused, as in Halo. */
export const grantOnly =
  (...granted: string[]) =>
  (asked: Asked, count: number): Reply =>
    scopesOf(asked).every((scope) => granted.includes(scope))
      ? grant(asked, count)
      : { status: 400, body: { error: 'invalid_scope', error_description: 'The specified scope is not valid.' } };

export const scopesOf = ({ body }: Pick<Asked, 'body'>): string[] =>
  (new URLSearchParams(body).get('scope') ?? '').split(' ');

/** The lines of a log, and the log. */
export function logTo(lines: string[] = []): Log {
  const line = (level: string) => (facts: object, message: string) => {
    lines.push(`${level} ${message} ${JSON.stringify(facts)}`);
  };
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}

export interface ClientSettings {
  scopes?: readonly Scope[];
  requestsPer5Minutes?: number;
  timeoutMs?: number;
  lines?: string[];
  remember?: (secret: string) => void;
  tokenUrl?: string;
  clientId?: string;
}

export function clientOf(url: string, settings: ClientSettings = {}): HaloClient {
  const { scopes = ['read:tickets'], requestsPer5Minutes = 280, timeoutMs = 5000 } = settings;
  return new HaloClient({
    connect: async () => ({
      apiUrl: `${url}/api`,
      tokenUrl: settings.tokenUrl ?? `${url}/auth/token`,
      clientId: settings.clientId ?? ID,
      clientSecret: SECRET,
    }),
    scopes,
    requestsPer5Minutes,
    timeoutMs,
    log: logTo(settings.lines),
    remember: settings.remember ?? (() => undefined),
  });
}

/** A caller who waits this long. */
export function patient(milliseconds = 10_000, signal: AbortSignal = new AbortController().signal): Patience {
  return { signal, deadline: performance.now() + milliseconds };
}

/** The error that a promise rejects with, as one line if it is ours. */
export async function failure(promise: Promise<unknown>): Promise<{ code: string; line: string; error: unknown }> {
  try {
    await promise;
  } catch (error) {
    const { code = '', line = String(error) } = error as { code?: string; line?: string };
    return { code, line, error };
  }
  throw new Error('it did not fail');
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
