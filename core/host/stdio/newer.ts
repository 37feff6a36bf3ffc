// Loaded only for a client of the 2026-07-28 era; a client that begins with a handshake is served without it.
import {
  PROTOCOL_VERSION_META_KEY,
  type Transport,
  UnsupportedProtocolVersionError,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Log } from '../../define.js';
import { eitherServer, type ServedSession, type ServerParts } from '../handlers/either.js';
import type { Take, Wire } from './opening.js';
import { checking } from './params.js';

/** The most subscriptions a client may have at once. */
const MOST_LISTENING = 50;
/** The revisions of the newer era that are spoken. */
const SPOKEN = ['2026-07-28'];
const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';

/**
 * Serves a connection that begins in the newer era. A client that only probes for it and then begins with a handshake
 * is served in the older one.
 * @param idOf turns our name of a request into the client's id of it
 * @returns the function that takes each message from now on
 */
export function openNewer(
  parts: ServerParts,
  served: Omit<ServedSession, 'lasting'>,
  { wire, idOf, log }: { wire: Wire; idOf: (name: string) => string | number; log: Log },
): Take {
  const port: Transport = {
    start: async () => undefined,
    send: (message) => wire.send(known(message, idOf) as never),
    close: () => wire.close(),
  };
  serveStdio(() => eitherServer(parts, { ...served, lasting: true }), {
    ...{ transport: port, maxSubscriptions: MOST_LISTENING },
    onerror: ({ name }) => log.debug({ cause: name }, 'a message was not taken'),
  });
  return checking((message) => {
    const refusal = unspoken(message as Asked);
    if (refusal === undefined) port.onmessage?.(message as never);
    else wire.send(refusal as never).catch(() => undefined);
  }, wire);
}

interface Asked {
  id?: string;
  params?: { _meta?: Record<string, unknown> };
}

/** The refusal of a request in a revision that is not spoken: of these the library refuses only the first. */
function unspoken({ id, params }: Asked): object | undefined {
  const requested = params?._meta?.[PROTOCOL_VERSION_META_KEY];
  if (id === undefined || typeof requested !== 'string' || SPOKEN.includes(requested)) return undefined;
  const { code, message, data } = new UnsupportedProtocolVersionError({ supported: SPOKEN, requested });
  return { jsonrpc: '2.0', id, error: { code, message, data } };
}

/** In a notification to a listener, gives the subscription the id of the client's request. */
function known(message: object, idOf: (name: string) => string | number): object {
  const own = Object.entries(message).map(([key, value]) => {
    const meta = (value as { _meta?: Record<string, unknown> } | null)?._meta;
    const name = meta?.[SUBSCRIPTION];
    return [key, typeof name === 'string' ? { ...value, _meta: { ...meta, [SUBSCRIPTION]: idOf(name) } } : value];
  });
  return Object.fromEntries(own);
}
