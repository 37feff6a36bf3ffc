// Loaded only when a client of the older era asks for more than the handshake and the lists.
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { mcpServer, type ServedAnswers } from '../handlers/server.js';
import type { Take, Wire } from './opening.js';
import { checking } from './params.js';

/**
 * Serves a connection from its first message that the opening does not answer.
 * @param handshake the client's, if it is answered already
 * @returns the function that takes each message from now on
 */
export async function openOlder(
  served: ServedAnswers,
  wire: Wire,
  handshake: JSONRPCMessage | undefined,
): Promise<Take> {
  const port: Transport = {
    start: async () => undefined,
    send: (message) => wire.send(message),
    close: () => wire.close(),
  };
  await mcpServer(served).connect(port);
  const take: Take = (message) => port.onmessage?.(message);
  if (handshake !== undefined) take(handshake);
  return checking(take, wire);
}
