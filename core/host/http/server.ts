import { Server } from '@modelcontextprotocol/server';
import type { Asking, Gate } from '../handlers/answering.js';
import type { answersOf, Identity, Method } from '../handlers/answers.js';
import { exchange } from './exchange.js';

/** What each MCP server is made with. */
export interface ServerParts {
  answersOf: typeof answersOf;
  identity: Identity;
  gate: Gate;
}

/**
 * The session of whoever asks, as an MCP server of both eras, not yet connected. A request is given up when it is
 * cancelled, and when its client has gone.
 * @param lasting true where it lives longer than one request, so that it may tell of tools that come later
 */
export function eitherServer({ answersOf: answers, identity, gate }: ServerParts, lasting: boolean): Server {
  const current = exchange();
  const session = current.principal.session();
  const { capabilities, methods, onLate } = answers(Promise.resolve(session), gate);
  const server = new Server(identity, { capabilities, instructions: session.instructions });
  current.server = server;
  for (const method of Object.keys(methods) as Method[])
    server.setRequestHandler(method, ({ params = {} }, { mcpReq }) => {
      const { progressToken } = mcpReq._meta ?? {};
      const onProgress: Asking['onProgress'] = (progress) => {
        const notification = { method: 'notifications/progress', params: { progressToken, ...progress } };
        mcpReq.notify(notification as never).catch(() => undefined);
      };
      const signal = AbortSignal.any([mcpReq.signal, exchange().gone]);
      return methods[method](params, { signal, ...(progressToken !== undefined && { onProgress }) }) as never;
    });
  if (lasting)
    onLate(() => {
      server.sendToolListChanged().catch(() => undefined);
    });
  return server;
}
