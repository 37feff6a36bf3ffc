import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { endpoints } from './endpoints/index.js';
import { answerApi } from './http/api.js';
import { createLimit } from './http/limit.js';
import { empty } from './http/replies.js';
import { AREA_SCOPES } from './http/scopes.js';
import { serve } from './http/serve.js';
import { createTokens } from './http/tokens.js';
import { createTenant } from './tenant/index.js';
import { once } from './tenant/random.js';
import type { Sandbox, SandboxOptions, SandboxReply, SandboxRequest } from './types.js';

export type { Intercepted, Sandbox, SandboxOptions, SandboxReply, SandboxRequest, Scale } from './types.js';

const CLIENT_ID = '5f1c8e2a-9b34-4d07-8a61-2f0d7c3b9e15';

/**
 * Starts an embedded Halo on 127.0.0.1 with a small tenant of invented data.
 * It answers as Halo does, faults included; see docs of each option in {@link SandboxOptions}.
 * @example
 * const sandbox = await startSandbox({ now: '2026-10-15T12:00:00Z' });
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const now = options.now === undefined ? Date.now() : Date.parse(options.now);
  if (Number.isNaN(now)) throw new RangeError(`now is no ISO instant: ${options.now}`);
  const clientId = options.clientId ?? CLIENT_ID;
  const clientSecret = options.clientSecret ?? `${randomUUID()}-${randomUUID()}`;
  const tokens = createTokens({
    ...{ clientId, clientSecret, scopes: options.scopes ?? AREA_SCOPES },
    lifetimeSeconds: options.tokenLifetimeSeconds ?? 3600,
  });
  const limit = createLimit(options.requestsPer5Minutes ?? 700);
  let url = '';
  const api = {
    url: () => url,
    tenant: once(() => createTenant(now, options.scale, options.tenant)),
    endpoints: endpoints(options),
    admit: limit.admit,
  };
  const requests: SandboxRequest[] = [];

  async function handle(message: IncomingMessage, body: string): Promise<SandboxReply | 'drop'> {
    const request = read(message, body);
    const scopes = tokens.scopesOf(message.headers, request.at);
    if (scopes !== undefined) request.scope = scopes.join(' ');
    requests.push(request);
    const intercepted = await options.intercept?.(request);
    if (intercepted !== undefined) return intercepted;
    const path = request.path.toLowerCase();
    if (path === '/auth/token') {
      return request.method === 'POST' ? tokens.issue(message.headers, body, request.at) : empty(405);
    }
    return path === '/api' || path.startsWith('/api/') ? answerApi(api, request, scopes) : empty(404);
  }

  const { server, port } = await serve(options.port ?? 0, handle);
  url = `http://127.0.0.1:${port}`;
  return {
    ...{ url, clientId, clientSecret, requests, revokeTokens: tokens.revokeAll },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function read(message: IncomingMessage, body: string): SandboxRequest {
  const [path = '', ...query] = (message.url ?? '').split('?');
  return {
    ...{ method: message.method ?? '', path, query: new URLSearchParams(query.join('?')), headers: message.headers },
    ...(body === '' ? {} : { body }),
    at: Date.now(),
  };
}
