import { CLIENT_CAPABILITIES_META_KEY, Server } from '@modelcontextprotocol/server';
import type { Session } from '../../session.js';
import type { Gate } from './answering.js';
import type { answersOf, Identity, Method } from './answers.js';
import type { ClientCan } from './asking.js';

/** The parts of each MCP server. */
export interface ServerParts {
  answersOf: typeof answersOf;
  identity: Identity;
  gate: Gate;
}

/** The session behind a server, and what the server says about itself. */
export interface ServedSession {
  ready: Promise<Session>;
  instructions: string;
  /** True if the server outlives one request and can thus announce tools that come later. */
  lasting: boolean;
  /** The context of the current request, besides its message. */
  around?: () => { gone: AbortSignal; traceparent: string | undefined };
}

/**
 * A session as an MCP server of both eras, not yet connected. It gives up a request that is cancelled or whose client
 * has gone.
 */
export function eitherServer({ answersOf: answers, identity, gate }: ServerParts, served: ServedSession): Server {
  const { ready, instructions, lasting, around } = served;
  const { capabilities, methods, onLate } = answers(ready, gate);
  const server = new Server(identity, { capabilities, instructions });
  for (const method of Object.keys(methods) as Method[])
    server.setRequestHandler(method, ({ params = {} }, { mcpReq }) => {
      const { envelope } = mcpReq;
      const own: Record<string, unknown> | undefined = envelope;
      const declared = own === undefined ? server.getClientCapabilities() : own[CLIENT_CAPABILITIES_META_KEY];
      const state = mcpReq.requestState();
      const { gone, traceparent } = around?.() ?? {};
      return methods[method](params, {
        ...{ signal: gone === undefined ? mcpReq.signal : AbortSignal.any([mcpReq.signal, gone]), traceparent },
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
