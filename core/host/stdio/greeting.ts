import type { JSONRPCRequest } from '@modelcontextprotocol/sdk/types.js';
import { isRow } from '../../halo/row.js';
import type { Asking } from '../handlers/answering.js';
import type { Answers, Identity } from '../handlers/answers.js';

/** The revisions that begin with a handshake. */
export const REVISIONS: readonly unknown[] = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'];

/** What a client asks for before its first call. */
const LISTS = ['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'] as const;

/** The lists need nothing of their client. */
const UNASKED: Asking = { signal: new AbortController().signal, notify: () => undefined, client: undefined };

/** The answer to a request; undefined for one that the protocol's library has to answer. */
export type Greet = (request: JSONRPCRequest) => Promise<object> | undefined;

/**
 * Answers the handshake and the lists without the protocol's library, which takes longer to load than all the rest of a
 * start: many servers are started and never called. It answers only what is plain, in the library's own words.
 */
export function greeter({ capabilities, methods }: Answers, serverInfo: Identity, instructions: string): Greet {
  return ({ method, params }) => {
    if (method === 'initialize' && isPlainHandshake(params))
      return Promise.resolve({ protocolVersion: params.protocolVersion, capabilities, serverInfo, instructions });
    if (!isPlain(params)) return undefined;
    if (method === 'ping') return Promise.resolve({});
    const list = LISTS.find((one) => one === method);
    return list && methods[list]({}, UNASKED);
  };
}

/** Params that ask for nothing special. */
function isPlain(params: unknown): boolean {
  if (params === undefined) return true;
  if (!isRow(params)) return false;
  const { _meta: meta, ...others } = params;
  return Object.keys(others).length === 0 && (meta === undefined || isPlainMeta(meta));
}

const isPlainMeta = (meta: unknown): boolean =>
  isRow(meta) &&
  Object.entries(meta).every(
    ([key, value]) => key === 'progressToken' && (typeof value === 'string' || Number.isSafeInteger(value)),
  );

/** A handshake as nearly every client begins with: of a known revision, and with members of the usual kinds. */
function isPlainHandshake(params: unknown): params is { protocolVersion: string } {
  if (!isRow(params)) return false;
  const { protocolVersion, clientInfo, capabilities, _meta: meta, ...others } = params;
  return (
    REVISIONS.includes(protocolVersion) &&
    isPlainClient(clientInfo) &&
    isRow(capabilities) &&
    Object.entries(capabilities).every(([name, value]) => isRow(value) && isPlainCapability(name, value)) &&
    (meta === undefined || isPlainMeta(meta)) &&
    Object.keys(others).length === 0
  );
}

const isPlainClient = (client: unknown): boolean =>
  isRow(client) &&
  ['name', 'version'].every((key) => Object.hasOwn(client, key)) &&
  Object.entries(client).every(([key, value]) => key !== 'icons' && typeof value === 'string');

/** True for a capability that the library surely takes; one of another name is left to it. */
function isPlainCapability(name: string, capability: Record<string, unknown>): boolean {
  const members = Object.entries(capability);
  switch (name) {
    case 'roots':
      return members.every(([key, value]) => key === 'listChanged' && typeof value === 'boolean');
    case 'elicitation':
      return members.every(([, value]) => isRow(value) && Object.keys(value).length === 0);
    case 'sampling':
    case 'experimental':
    case 'extensions':
      return members.every(([, value]) => isRow(value));
    default:
      return false;
  }
}
