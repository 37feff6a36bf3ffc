import { isUtf8 } from 'node:buffer';
import { INVALID_PARAMS, PARSE_ERROR } from '@modelcontextprotocol/server';
import { readMessage } from '../stdio/params.js';
import type { Refusal } from './answer.js';

/** What the gate has to know about a message. */
export interface Message {
  method: string | undefined;
  /** For requests only. */
  id?: string | number | undefined;
  /** The parsed message, for the engine, in the same form as on stdio. */
  body: Buffer;
}

/** An answer that needs no session: to a request with wrong params. */
export interface Answered {
  answer: { status: number; body: object };
}

/** The key in `_meta` that marks a request of the newer era. */
const NEWER = 'io.modelcontextprotocol/protocolVersion';

/** Reads a body as one message, or says how it is refused. */
export type ReadRequest = (body: Buffer) => Message | Refusal | Answered;

/** Applies the same rules, and the same words, as for a line of stdio. */
export const readRequest: ReadRequest = (body) => {
  if (!isUtf8(body)) return { status: 400, code: PARSE_ERROR, message: 'The body is not UTF-8.' };
  const message = readMessage(body.toString('utf8'), 'body');
  if ('message' in message) {
    const { message: whole } = message;
    const isRequest = 'method' in whole && 'id' in whole;
    return {
      method: 'method' in whole ? whole.method : undefined,
      id: isRequest ? whole.id : undefined,
      body: Buffer.from(JSON.stringify(whole)),
    };
  }
  const { id, error, result } = message;
  if (error !== undefined && error.code !== INVALID_PARAMS) return { status: 400, id, ...error };
  const { newer, method } = asked(body);
  // The newer era does not know these methods, whatever their params: the engine says so.
  if (newer && GONE.includes(method)) return { method, body };
  const answer = result === undefined ? { error } : { result };
  return { answer: { status: error !== undefined && newer ? 400 : 200, body: { jsonrpc: '2.0', id, ...answer } } };
};

/** Requests that only the older revisions have. */
const GONE: readonly (string | undefined)[] = ['initialize', 'ping'];

/** The method of a message whose params are wrong, and whether it is of the newer era. */
function asked(body: Buffer): { method: string | undefined; newer: boolean } {
  const { method, params } = JSON.parse(body.toString('utf8')) as { method?: string; params?: { _meta?: object } };
  return { method, newer: Object.hasOwn(params?._meta ?? {}, NEWER) };
}
