import { CLIENT_CAPABILITIES_META_KEY, Server } from '@modelcontextprotocol/server';
import type { Gate } from '../handlers/answering.js';
import type { answersOf, Identity, Method } from '../handlers/answers.js';
import type { ClientCan } from '../handlers/asking.js';
import { exchange } from './exchange.js';

/** What each MCP server is made with. */
export interface ServerParts {
  answersOf: typeof answersOf;
  identity: Identity;
  gate: Gate;
}

/**
 * The caller's session as an MCP server of both eras, not yet connected. A request is given up when it is cancelled or
 * its client has gone.
 * @param lasting true if it outlives one request, so that it can announce tools that come later
 */
export function eitherServer({ answersOf: answers, identity, gate }: ServerParts, lasting: boolean): Server {
  const current = exchange();
  const session = current.principal.session();
  const { capabilities, methods, onLate } = answers(Promise.resolve(session), gate);
  const server = new Server(identity, { capabilities, instructions: session.instructions });
  current.server = server;
  for (const method of Object.keys(methods) as Method[])
    server.setRequestHandler(method, ({ params = {} }, { mcpReq }) => {
      const { envelope } = mcpReq;
      const own: Record<string, unknown> | undefined = envelope;
      const declared = own === undefined ? server.getClientCapabilities() : own[CLIENT_CAPABILITIES_META_KEY];
      const state = mcpReq.requestState();
      return methods[method](params, {
        signal: AbortSignal.any([mcpReq.signal, exchange().gone]),
        traceparent: exchange().traceparent,
        client: declared as ClientCan | undefined,
        notify: (notification) => {
          mcpReq.notify(notification as never).catch(() => undefined);
        },
        ...(envelope === undefined
          ? { request: (request, options) => mcpReq.send(request as never, options) }
          : { round: { responses: mcpReq.inputResponses, state: typeof state === 'string' ? state : undefined } }),
      }) as never;
    });
  if (lasting)
    onLate(() => {
      server.sendToolListChanged().catch(() => undefined);
    });
  return server;
}
