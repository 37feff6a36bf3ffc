import type { IncomingMessage, ServerResponse } from 'node:http';
import { INTERNAL_ERROR, INVALID_REQUEST } from '@modelcontextprotocol/server';
import { factsOf } from '../../log.js';
import type { Log } from '../../logger.js';
import type { Rates } from '../../store/rates.js';
import { type Refusal, refuse, withHeaders } from './answer.js';
import { MOST_BYTES, readBody, replayed } from './body.js';
import { NO_SESSION } from './codes.js';
import { type Engine, PATH } from './engine.js';
import { type Exchange, within } from './exchange.js';
import type { Life } from './life.js';
import { secondsOf } from './limits.js';
import type { Handler } from './listen.js';
import type { Message, ReadRequest } from './message.js';
import { corsOf, headerOf } from './names.js';
import type { Principal } from './principal.js';
import type { Sessions } from './sessions.js';

/** Serves a path of the server's own, other than PATH. @returns false for any other path */
export type Route = (req: IncomingMessage, res: ServerResponse, path: string) => boolean | Promise<boolean>;

/** What a request passes through, and what answers it in the end. */
export interface GateParts {
  guardNames: (req: IncomingMessage) => Refusal | undefined;
  origins: readonly string[];
  /** Answered even while the server stops; the stop does not wait for it. */
  health: Route;
  /** The routes of signing in, which need no sign-in themselves. */
  routes: Route;
  life: Life;
  signIn: (req: IncomingMessage) => Promise<Principal | Refusal>;
  callers: Rates;
  /** Undefined if there are none. */
  sessions: Sessions | undefined;
  readRequest: ReadRequest;
  engine: Engine;
  log: Log;
  /** Receives the status of each answer. */
  onAnswer: (status: number) => void;
}

/** Streams that one principal may hold open. */
const MOST_STREAMS = 50;
/** How long a client may go on sending an unread body before its connection is cut. */
const UNREAD_MS = 1_000;

/**
 * Every request passes these in this order: its target, host and origin; routes that need no sign-in; whether the
 * server still takes requests; the method; the caller; the rate limit; the body; and the engine. The first that refuses
 * answers. No body is read before its sender is known.
 */
export function createGate(parts: GateParts): Handler {
  const streams = new Map<Principal, number>();
  return (req, res, expects) => {
    const current: { exchange?: Exchange } = {};
    withHeaders(res, () => {
      parts.onAnswer(res.statusCode);
      if (parts.life.draining) res.setHeader('connection', 'close');
      begun(res, current.exchange, parts.sessions);
    });
    // A client may break off in the middle of its request or our answer.
    req.on('error', () => undefined);
    res.on('error', () => undefined);
    pass(req, res, expects, { ...parts, streams, current }).catch((error: unknown) => {
      parts.log.error({ cause: factsOf(error) }, 'an HTTP request failed');
      refuse(res, { status: 500, code: INTERNAL_ERROR, message: 'The server failed. Its log has the cause.' });
    });
  };
}

/** What belongs to one request. */
interface Passing extends GateParts {
  streams: Map<Principal, number>;
  current: { exchange?: Exchange };
}

async function pass(req: IncomingMessage, res: ServerResponse, expects: boolean, parts: Passing): Promise<void> {
  const { life, log, sessions, current } = parts;
  const stop = (refusal: Refusal) => refuse(res, refusal);
  const path = pathOf(req.url);
  if (path === undefined) return stop({ status: 400, message: 'The target of the request is not a path.' });
  const stranger = parts.guardNames(req);
  if (stranger !== undefined) return stop(stranger);
  const cors = corsOf(req, parts.origins);
  for (const [name, value] of Object.entries(cors)) res.setHeader(name, value);
  if (req.method === 'OPTIONS' && Object.keys(cors).length > 0) {
    res.writeHead(204).end();
    return;
  }
  if (await parts.health(req, res, path)) return;
  life.enter(res);
  // Served even while the server stops, since a sign-in may be under way.
  if (await parts.routes(req, res, path)) return;
  if (path !== PATH) return stop({ status: 404, message: `There is nothing here. MCP is served at ${PATH}.` });
  if (life.draining)
    return stop({
      status: 503,
      message: 'The server is stopping. Try again in a moment.',
      headers: { 'retry-after': 1 },
    });
  const methods = sessions === undefined ? ['POST'] : ['POST', 'GET', 'DELETE'];
  if (!methods.includes(req.method ?? ''))
    return stop({
      status: 405,
      message: `Only ${methods.join(', ')} is served here.`,
      headers: { allow: methods.join(', ') },
    });

  const principal = await parts.signIn(req);
  if ('status' in principal) return stop(principal);
  const wait = await parts.callers.take(principal.name);
  if (wait > 0)
    return stop({
      status: 429,
      message: `Too many requests; come back in ${secondsOf(wait)} s.`,
      headers: { 'retry-after': secondsOf(wait) },
    });

  let message: Message | undefined;
  let body: Buffer = Buffer.alloc(0);
  if (req.method === 'POST') {
    const kind = faultOfKind(req);
    if (kind !== undefined) return stop(kind);
    if (expects) res.writeContinue();
    const read = await readBody(req);
    if (read === 'gone') return void res.destroy();
    if (read === 'too large') return tooLarge(req, res);
    const request = parts.readRequest(read);
    if ('status' in request) return stop(request);
    if ('answer' in request) return answered(res, request.answer);
    message = request;
    body = request.body;
  }
  const refusal = refusalOfSession(req, message, principal, sessions);
  if (refusal !== undefined) return stop(refusal);
  const twice = refusalOfId(req, res, message, sessions);
  if (twice !== undefined) return stop(twice);
  if (req.method === 'GET' || message?.method === 'subscriptions/listen') {
    const open = parts.streams.get(principal) ?? 0;
    if (open >= MOST_STREAMS)
      return stop({
        status: 429,
        message: `${MOST_STREAMS} streams are open. Close one first.`,
        headers: { 'retry-after': 10 },
      });
    listens(res, principal, parts);
  }

  const gone = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) gone.abort();
  });
  current.exchange = { principal, gone: gone.signal, traceparent: headerOf(req, 'traceparent') };
  await within(current.exchange, () => parts.engine.answer(replayed(req, body), res));
  log.debug({ status: res.statusCode, principal: principal.name }, 'HTTP request');
}

/** The path of a target in its plain form; not of a whole URL, which could be meant for a proxy. */
function pathOf(target = ''): string | undefined {
  if (!target.startsWith('/') || target.startsWith('//') || !/^[\x21-\x7e]+$/.test(target)) return undefined;
  return target.split(/[?#]/, 1)[0];
}

/** A page could send a body of any other type without asking first. */
function faultOfKind(req: IncomingMessage): Refusal | undefined {
  const kind = String(req.headers['content-type'] ?? '')
    .split(';', 1)[0]
    ?.trim()
    .toLowerCase();
  if (kind !== 'application/json') return { status: 415, message: 'The body must be sent as application/json.' };
  const packed = String(req.headers['content-encoding'] ?? 'identity').toLowerCase();
  return packed === 'identity' ? undefined : { status: 415, message: 'The body must not be compressed.' };
}

/** Ends the connection after the answer, and discards what still arrives until then. */
function tooLarge(req: IncomingMessage, res: ServerResponse): void {
  const most = `${MOST_BYTES / 2 ** 20} MiB`;
  res.once('finish', () => {
    req.resume();
    setTimeout(() => req.socket.destroy(), UNREAD_MS).unref();
  });
  refuse(res, {
    status: 413,
    code: INVALID_REQUEST,
    message: `The body is longer than ${most}.`,
    headers: { connection: 'close' },
  });
}

function answered(res: ServerResponse, { status, body }: { status: number; body: object }): void {
  const text = Buffer.from(JSON.stringify(body));
  res.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': text.length }).end(text);
}

/** A session belongs to its principal; to others it does not exist. */
function refusalOfSession(
  req: IncomingMessage,
  message: Message | undefined,
  principal: Principal,
  sessions: Sessions | undefined,
): Refusal | undefined {
  if (sessions === undefined) return undefined;
  const id = req.headers['mcp-session-id'];
  if (id !== undefined) {
    if (typeof id === 'string' && sessions.isOf(id, principal)) return undefined;
    return { status: 404, code: NO_SESSION, message: 'Session not found. Begin a new one with "initialize".' };
  }
  if (req.method !== 'POST') return { status: 400, message: 'The header Mcp-Session-Id is missing.' };
  if (message?.method !== 'initialize' || !sessions.isFull(principal)) return undefined;
  return { status: 429, message: 'Too many sessions are open. End one first.', headers: { 'retry-after': 60 } };
}

/** Within a session, an id stands for one request until that is answered. */
function refusalOfId(
  req: IncomingMessage,
  res: ServerResponse,
  message: Message | undefined,
  sessions: Sessions | undefined,
): Refusal | undefined {
  const session = req.headers['mcp-session-id'];
  if (sessions === undefined || message?.id === undefined || typeof session !== 'string') return undefined;
  const close = sessions.open(session, message.id);
  if (close === undefined)
    return {
      status: 400,
      code: INVALID_REQUEST,
      message: `The id ${String(message.id).slice(0, 60)} belongs to a request that is not answered yet.`,
    };
  res.once('close', close);
  return undefined;
}

/** Registers an answer that lasts until its client leaves, its principal loses access, or the server stops. */
function listens(res: ServerResponse, principal: Principal, { life, streams }: Passing): void {
  life.stream(res);
  streams.set(principal, (streams.get(principal) ?? 0) + 1);
  const end = () => res.end();
  principal.ended.addEventListener('abort', end, { once: true });
  res.once('close', () => {
    principal.ended.removeEventListener('abort', end);
    const left = (streams.get(principal) ?? 1) - 1;
    if (left > 0) streams.set(principal, left);
    else streams.delete(principal);
  });
}

/** Gives a new session to the principal that asked for it. */
function begun(res: ServerResponse, exchange: Exchange | undefined, sessions: Sessions | undefined): void {
  const id = res.getHeader('mcp-session-id');
  if (sessions === undefined || exchange?.server === undefined || typeof id !== 'string') return;
  sessions.bind(id, exchange.principal);
  sessions.serves(exchange.server, id);
}
