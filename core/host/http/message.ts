import { isUtf8 } from 'node:buffer';
import { INVALID_PARAMS, PARSE_ERROR } from '@modelcontextprotocol/server';
import type { readMessage } from '../stdio/malformed.js';
import type { Refusal } from './answer.js';

/** What the gate must know of a message. */
export interface Message {
  method: string | undefined;
  /** Of a request alone. */
  id?: string | number | undefined;
  /** The message as it was read, for the engine: what means the same on stdio comes in one form. */
  body: Buffer;
}

/** An answer that needs no session: to a request whose params are wrong. */
export interface Answered {
  answer: { status: number; body: object };
}

/** The key by which a request of the newer era is known, in its `_meta`. */
const NEWER = 'io.modelcontextprotocol/protocolVersion';

/** Reads a body as one message, or says how it is refused. */
export type ReadRequest = (body: Buffer) => Message | Refusal | Answered;

/** By the same rules, and in the same words, as a line of stdio is read. */
export const requestReader =
  (read: typeof readMessage): ReadRequest =>
  (body) => {
    if (!isUtf8(body)) return { status: 400, code: PARSE_ERROR, message: 'The body is no UTF-8.' };
    const message = read(body.toString('utf8'), 'body');
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
    // What the newer era has no more is unknown to it, whatever its params are: the engine says so.
    if (newer && GONE.includes(method)) return { method, body };
    const answer =
      result === undefined ? { error } : { result: newer ? { resultType: 'complete', ...result } : result };
    return { answer: { status: error !== undefined && newer ? 400 : 200, body: { jsonrpc: '2.0', id, ...answer } } };
  };

/** Requests of the older revisions alone. */
const GONE: readonly (string | undefined)[] = ['initialize', 'ping'];

/** What is asked for, and whether by the newer era, of a message whose params are wrong. */
function asked(body: Buffer): { method: string | undefined; newer: boolean } {
  const { method, params } = JSON.parse(body.toString('utf8')) as { method?: string; params?: { _meta?: object } };
  return { method, newer: Object.hasOwn(params?._meta ?? {}, NEWER) };
}
