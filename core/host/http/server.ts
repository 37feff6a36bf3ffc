import type { Server } from '@modelcontextprotocol/server';
import { eitherServer, type ServerParts } from '../handlers/either.js';
import { exchange } from './exchange.js';

export type { ServerParts } from '../handlers/either.js';

/**
 * The caller's session as an MCP server of both eras, not yet connected.
 * @param lasting true if the server outlives one request
 */
export function serverOfCaller(parts: ServerParts, lasting: boolean): Server {
  const current = exchange();
  const session = current.principal.session();
  const { instructions } = session;
  const server = eitherServer(parts, { ready: Promise.resolve(session), instructions, lasting, around: exchange });
  current.server = server;
  return server;
}
