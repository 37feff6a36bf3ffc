import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { endpoints } from './endpoints/index.js';
import { withOwn } from './endpoints/own.js';
import { createFaultSet } from './faults/set.js';
import { answerApi } from './http/api.js';
import { control, isControl } from './http/control.js';
import { createLimit } from './http/limit.js';
import { empty } from './http/replies.js';
import { AREA_SCOPES } from './http/scopes.js';
import { serve } from './http/serve.js';
import { createTokens, MARK } from './http/tokens.js';
import { createTenant } from './tenant/index.js';
import { once } from './tenant/random.js';
import { TENANTS } from './tenant/variants.js';
import type { Sandbox, SandboxAnswer, SandboxOptions, SandboxReply, SandboxRequest } from './types.js';

export type { Fault, FaultName } from './faults.js';
export type { Route, Routes, Rows } from './routes.js';
export type { Change, Mail } from './tenant/changes.js';
export type { Answers, Intercepted, Sandbox, SandboxOptions, SandboxReply, SandboxRequest, Scale } from './types.js';

const CLIENT_ID = '5f1c8e2a-9b34-4d07-8a61-2f0d7c3b9e15';

/**
 * Starts an embedded Halo on 127.0.0.1 with a small tenant of invented data.
 * It answers as Halo does, faults included. {@link SandboxOptions} documents the options.
 * @example
 * const sandbox = await startSandbox({ now: '2026-10-15T12:00:00Z' });
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const now = options.now === undefined ? Date.now() : Date.parse(options.now);
  if (Number.isNaN(now)) throw new RangeError(`now is not an ISO instant: ${options.now}`);
  if (!Object.hasOwn(TENANTS, options.tenant ?? 'usual')) throw new RangeError(`there is no tenant ${options.tenant}`);
  const clientId = options.clientId ?? CLIENT_ID;
  const clientSecret = options.clientSecret ?? `${MARK}${randomUUID()}-${randomUUID()}`;
  const tokens = createTokens({
    ...{ clientId, clientSecret, scopes: options.scopes ?? AREA_SCOPES },
    lifetimeSeconds: options.tokenLifetimeSeconds ?? 3600,
  });
  const limit = createLimit(options.requestsPer5Minutes ?? 700);
  let url = '';
  const api = {
    url: () => url,
    tenant: once(() => createTenant(now, options.scale, options.tenant)),
    endpoints: withOwn(endpoints(options), options),
    admit: limit.admit,
    answers: options.answers ?? 'object',
  };
  const requests: SandboxRequest[] = [];
  const faults = createFaultSet({ url: api.url, revokeTokens: tokens.revokeAll });
  faults.add(...(options.faults ?? []));

  async function handle(message: IncomingMessage, body: string, response: ServerResponse): Promise<SandboxAnswer> {
    const request = read(message, body);
    if (isControl(request)) return control(request, faults);
    const scopes = tokens.scopesOf(message.headers, request.at);
    if (scopes !== undefined) request.scope = scopes.join(' ');
    requests.push(request);
    response.once('close', () => {
      if (!response.writableFinished) request.brokenAt = Date.now();
    });
    const own = (changed = request) => answerHalo(changed);
    const answer = (await options.intercept?.(request, own)) ?? (await faults.answer(request, answerHalo));
    if (typeof answer === 'object' && 'status' in answer) request.status = answer.status;
    return answer;
  }

  async function answerHalo(request: SandboxRequest): Promise<SandboxReply> {
    const { method, headers, body = '', at } = request;
    const path = request.path.toLowerCase();
    if (path === '/auth/token') return method === 'POST' ? tokens.issue(headers, body, at) : empty(405);
    if (path !== '/api' && !path.startsWith('/api/')) return empty(404);
    return answerApi(api, request, tokens.scopesOf(headers, at));
  }

  const { server, port } = await serve(options.port ?? 0, handle);
  url = `http://127.0.0.1:${port}`;
  return {
    ...{ url, clientId, clientSecret, requests, revokeTokens: tokens.revokeAll },
    ...{ fault: faults.add, clearFaults: faults.clear },
    get mails() {
      return api.tenant().changes.mails;
    },
    get changes() {
      return api.tenant().changes.log;
    },
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
