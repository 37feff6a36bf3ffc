import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  GetPromptRequestSchema,
  InitializeRequestSchema,
  isJSONRPCRequest,
  type JSONRPCMessage,
  type JSONRPCRequest,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  PingRequestSchema,
  ReadResourceRequestSchema,
  type RequestId,
} from '@modelcontextprotocol/sdk/types.js';
import { refuseReserved } from '../../call/given.js';
import { readBack } from '../../call/turn.js';
import { HaloError, isHaloError } from '../../errors.js';
import { isRow } from '../../halo/row.js';
import { INVALID_PARAMS } from '../handlers/codes.js';
import { type Frame, type Read, type Refusal, readFrame, refused, refusedCall, unreadable } from './frame.js';
import type { Take, Wire } from './opening.js';

/** The requests that are served, with their schemas. */
const SERVED = new Map(
  [
    ...[InitializeRequestSchema, PingRequestSchema, CallToolRequestSchema, ListToolsRequestSchema],
    ...[ListPromptsRequestSchema, GetPromptRequestSchema, CompleteRequestSchema],
    ...[ListResourcesRequestSchema, ListResourceTemplatesRequestSchema, ReadResourceRequestSchema],
  ].map((schema) => [schema.shape.method.value as string, schema]),
);

/**
 * Reads a line, or a request's body, as one JSON-RPC message that the protocol's library understands, or refuses it:
 * the library would stay silent, or dump its schema.
 */
export function readMessage(text: string, what: Frame = 'line'): Read {
  const read = readFrame(text, what);
  return 'message' in read ? readParams(read.message, what) : read;
}

/** A message in the form that the protocol's library understands, unless it is a request with wrong params. */
export function readParams(message: JSONRPCMessage, what: Frame = 'line'): Read {
  if (!('method' in message && 'id' in message)) return { message };
  try {
    return ofRequest(message);
  } catch {
    return unreadable(what, message.id);
  }
}

/** Lets messages through whose params are good, and refuses the others. */
export const checking =
  (take: Take, wire: Wire): Take =>
  (message) => {
    const read = readParams(message);
    if ('message' in read) take(read.message);
    else wire.send({ jsonrpc: '2.0', ...read } as JSONRPCMessage).catch(() => undefined);
  };

function ofRequest({ params: given, ...bare }: JSONRPCRequest): Read {
  const { id, method } = bare;
  const params = method === 'tools/call' ? inForm(given) : given;
  const message = { ...bare, ...(params !== undefined && { params }) } as JSONRPCRequest;
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
  return refused(INVALID_PARAMS, what, id);
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
    return refused(INVALID_PARAMS, 'tools/call needs "name", the name of a tool, and "arguments", an object.', id);
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
