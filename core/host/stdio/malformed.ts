import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  InitializeRequestSchema,
  isJSONRPCRequest,
  type JSONRPCMessage,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  PingRequestSchema,
  ReadResourceRequestSchema,
  type RequestId,
} from '@modelcontextprotocol/sdk/types.js';
import { refuseReserved } from '../../call/arguments.js';
import { readBack } from '../../call/turn.js';
import { HaloError, isHaloError } from '../../errors.js';
import { isRow } from '../../halo/row.js';
import { mapStrings } from '../../output/clean.js';
import { scan } from './scan.js';

const MAX_DEPTH = 64;

/** The answer to a message that goes no further: a protocol error, or an error of the tool that it calls. */
export interface Refusal {
  id: RequestId | null;
  error?: { code: number; message: string };
  result?: { resultType?: 'complete'; isError: true; content: { type: 'text'; text: string }[] };
}

/** The requests that are served, with their schemas. */
const SERVED = new Map(
  [
    ...[InitializeRequestSchema, PingRequestSchema, CallToolRequestSchema, ListToolsRequestSchema],
    ...[ListPromptsRequestSchema, GetPromptRequestSchema, CompleteRequestSchema],
    ...[ListResourcesRequestSchema, ListResourceTemplatesRequestSchema, ReadResourceRequestSchema],
  ].map((schema) => [schema.shape.method.value as string, schema]),
);

const REVISION = 'io.modelcontextprotocol/protocolVersion';

/** True for the newer era, whose messages name their revision in `_meta`; a handshake has it elsewhere. */
export function isNewer(params: unknown): boolean {
  const meta = isRow(params) ? params._meta : undefined;
  return typeof meta === 'object' && meta !== null && Object.hasOwn(meta, REVISION);
}

/**
 * Reads a line, or a request's body, as one JSON-RPC message that the protocol's library understands, or refuses it:
 * the library would stay silent, or dump its schema.
 */
export function readMessage(text: string, what: 'line' | 'body' = 'line'): { message: JSONRPCMessage } | Refusal {
  try {
    return read(text, what);
  } catch {
    return refused(ErrorCode.InternalError, `The ${what} could not be read.`, scan(text).id);
  }
}

function read(text: string, what: string): { message: JSONRPCMessage } | Refusal {
  const { depth, id: seen } = scan(text);
  if (depth > MAX_DEPTH)
    return refused(ErrorCode.InvalidRequest, `The ${what} nests deeper than ${MAX_DEPTH} levels.`, seen);
  const parsed = parse(text);
  if (parsed === undefined) return refused(ErrorCode.ParseError, `The ${what} is not JSON.`);
  const { value } = parsed;
  if (Array.isArray(value))
    return refused(
      ErrorCode.InvalidRequest,
      `Batches are not supported; send one message a ${what === 'line' ? 'line' : 'request'}.`,
    );
  if (typeof value !== 'object' || value === null)
    return refused(ErrorCode.InvalidRequest, `The ${what} is not a JSON-RPC message.`);
  const { jsonrpc, id, method, params } = value as Record<string, unknown>;
  if (id !== undefined && !isId(id))
    return refused(ErrorCode.InvalidRequest, '"id" must be a string or a whole number.');
  if (jsonrpc !== '2.0') return refused(ErrorCode.InvalidRequest, '"jsonrpc" must be "2.0".', id);
  if (typeof method === 'string') return readCall(id, method, HALVES.test(text) ? wellFormed(params) : params);
  const isAnswer = method === undefined && id !== undefined && ('result' in value || 'error' in value);
  return isAnswer
    ? { message: value as JSONRPCMessage }
    : refused(ErrorCode.InvalidRequest, '"method" must be a string.', id);
}

/** The answer to a line that is too long to read, with its id if its start shows one. */
export const tooLong = (most: number, start: string): Refusal =>
  refused(ErrorCode.InvalidRequest, `The line is longer than ${most / 2 ** 20} MiB.`, scan(start).id);

/** A call that is refused before it reaches its tool, in the words of the error. */
export const refusedCall = (id: RequestId, error: HaloError, params: unknown): Refusal => ({
  id,
  result: {
    ...(isNewer(params) && { resultType: 'complete' }),
    ...{ isError: true, content: [{ type: 'text', text: error.line }] },
  },
});

/** A request or a notification, with no members beyond its four. */
function readCall(id: RequestId | undefined, method: string, given: unknown): { message: JSONRPCMessage } | Refusal {
  const bare = { jsonrpc: '2.0' as const, ...(id !== undefined && { id }), method };
  const params = method === 'tools/call' ? inForm(given) : given;
  const message = { ...bare, ...(params !== undefined && { params }) } as JSONRPCMessage;
  if (id === undefined) return { message };
  const schema = SERVED.get(method);
  // The params of an unknown method are not read; odd ones would keep the library from reporting that it is unknown.
  if (schema === undefined) return { message: isJSONRPCRequest(message) ? message : bare };
  if (method === 'tools/call') {
    const call = faultOfCall(id, params);
    if (call !== undefined) return call;
  }
  const fault = schema.safeParse(message).error?.issues[0];
  if (fault === undefined) return { message };
  const place = fault.path.slice(1).join('.');
  const what = place ? `"${place}", a param of ${method}, is missing or wrong.` : `${method} came without good params.`;
  return refused(ErrorCode.InvalidParams, what, id);
}

/** A call's params with its arguments by name, even if a client wrote null for none, or all of them as text. */
function inForm(params: unknown): unknown {
  if (!isRow(params)) return params;
  const { arguments: raw, ...rest } = params;
  if (raw === null) return rest;
  return typeof raw === 'string' ? { ...rest, arguments: readBack(raw) ?? raw } : params;
}

function faultOfCall(id: RequestId, params: unknown): Refusal | undefined {
  const { name, arguments: args } = (params ?? {}) as { name?: unknown; arguments?: unknown };
  if (typeof name !== 'string')
    return refused(
      ErrorCode.InvalidParams,
      'tools/call needs "name", the name of a tool, and "arguments", an object.',
      id,
    );
  if (args === undefined) return undefined;
  if (typeof args !== 'object' || args === null || Array.isArray(args))
    return refusedCall(id, new HaloError('BAD_ARGUMENTS', 'The arguments must be an object.'), params);
  try {
    // Also checked here: the library silently drops some of these.
    refuseReserved(args);
    return undefined;
  } catch (error) {
    if (isHaloError(error)) return refusedCall(id, error, params);
    throw error;
  }
}

const refused = (code: number, message: string, id?: unknown): Refusal => ({
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
