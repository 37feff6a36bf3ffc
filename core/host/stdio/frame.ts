import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js';
import type { HaloError } from '../../errors.js';
import { isRow } from '../../halo/row.js';
import { mapStrings } from '../../output/clean.js';
import { INTERNAL_ERROR, INVALID_REQUEST, PARSE_ERROR } from '../handlers/codes.js';
import { scan } from './scan.js';

const MAX_DEPTH = 64;

/** The answer to a message that goes no further: a protocol error, or an error of the tool that it calls. */
export interface Refusal {
  id: RequestId | null;
  error?: { code: number; message: string };
  result?: { resultType?: 'complete'; isError: true; content: { type: 'text'; text: string }[] };
}

/** A message that may go on, or why it may not. */
export type Read = { message: JSONRPCMessage } | Refusal;

/** What a message comes in. */
export type Frame = 'line' | 'body';

const REVISION = 'io.modelcontextprotocol/protocolVersion';

/** True for the newer era, whose messages name their revision in `_meta`; a handshake has it elsewhere. */
export function isNewer(params: unknown): boolean {
  const meta = isRow(params) ? params._meta : undefined;
  return typeof meta === 'object' && meta !== null && Object.hasOwn(meta, REVISION);
}

/** Reads a line, or a request's body, as one JSON-RPC message, or refuses it. Its params may still be wrong. */
export function readFrame(text: string, what: Frame = 'line'): Read {
  try {
    return read(text, what);
  } catch {
    return unreadable(what, scan(text).id);
  }
}

function read(text: string, what: Frame): Read {
  const { depth, id: seen } = scan(text);
  if (depth > MAX_DEPTH) return refused(INVALID_REQUEST, `The ${what} nests deeper than ${MAX_DEPTH} levels.`, seen);
  const parsed = parse(text);
  if (parsed === undefined) return refused(PARSE_ERROR, `The ${what} is not JSON.`);
  const { value } = parsed;
  if (Array.isArray(value))
    return refused(
      INVALID_REQUEST,
      `Batches are not supported; send one message a ${what === 'line' ? 'line' : 'request'}.`,
    );
  if (typeof value !== 'object' || value === null)
    return refused(INVALID_REQUEST, `The ${what} is not a JSON-RPC message.`);
  const { jsonrpc, id, method, params } = value as Record<string, unknown>;
  if (id !== undefined && !isId(id)) return refused(INVALID_REQUEST, '"id" must be a string or a whole number.');
  if (jsonrpc !== '2.0') return refused(INVALID_REQUEST, '"jsonrpc" must be "2.0".', id);
  if (typeof method === 'string') return named(id, method, HALVES.test(text) ? wellFormed(params) : params);
  const isAnswer = method === undefined && id !== undefined && ('result' in value || 'error' in value);
  return isAnswer ? { message: value as JSONRPCMessage } : refused(INVALID_REQUEST, '"method" must be a string.', id);
}

/** A request or a notification, with no members beyond its four. */
const named = (id: RequestId | undefined, method: string, params: unknown): Read => ({
  message: {
    ...{ jsonrpc: '2.0', ...(id !== undefined && { id }), method },
    ...(params !== undefined && { params }),
  } as JSONRPCMessage,
});

/** The answer to a line that is too long to read, with its id if its start shows one. */
export const tooLong = (most: number, start: string): Refusal =>
  refused(INVALID_REQUEST, `The line is longer than ${most / 2 ** 20} MiB.`, scan(start).id);

/** The answer to a message that could not be read, for whatever reason. */
export const unreadable = (what: Frame, id: unknown): Refusal =>
  refused(INTERNAL_ERROR, `The ${what} could not be read.`, id);

/** A call that is refused before it reaches its tool, in the words of the error. */
export const refusedCall = (id: RequestId, error: HaloError, params: unknown): Refusal => ({
  id,
  result: {
    ...(isNewer(params) && { resultType: 'complete' }),
    ...{ isError: true, content: [{ type: 'text', text: error.line }] },
  },
});

/** A protocol error, with the message's id if it has a good one. */
export const refused = (code: number, message: string, id?: unknown): Refusal => ({
  id: isId(id) ? id : null,
  error: { code, message },
});

const isId = (id: unknown): id is RequestId => (typeof id === 'string' ? id.isWellFormed() : Number.isSafeInteger(id));

/** Half of a surrogate pair can come in only as an escape. */
const HALVES = /\\u[dD][89a-fA-F]/;
const wellFormed = (params: unknown) => mapStrings(params, (text) => text.toWellFormed());

function parse(line: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(line) };
  } catch {
    return undefined;
  }
}
