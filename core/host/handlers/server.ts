// host/handlers/: The protocol's requests, answered by a session; every host uses them.
import { setTimeout as delay } from 'node:timers/promises';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { Caller, Session } from '../../session.js';
import { answering, type Gate, Told } from './answering.js';
import { asking, canAsk } from './asking.js';
import { OFFERS, serveOffers } from './offers.js';

/** Who the server says it is. */
export interface Identity {
  name: string;
  title: string;
  version: string;
}

/** So long the list waits for slow plugins. */
const LIST_MS = 1000;

/**
 * A session as an MCP server, not yet connected: the tools that are on, and their calls. Listing and calling wait for
 * the packs, the handshake does not.
 */
export function mcpServer(ready: Promise<Session>, instructions: string, identity: Identity, gate: Gate): Server {
  const server = new Server(identity, { capabilities: { tools: { listChanged: true }, ...OFFERS }, instructions });
  const answer = answering(server, gate);

  let listed: number | undefined;
  answer(ListToolsRequestSchema, async () => {
    const session = await ready;
    await Promise.race([session.settled, delay(LIST_MS, undefined, { ref: false })]);
    const tools = session.tools();
    listed = tools.length;
    return { tools: tools as never };
  });
  // Only a client that has seen fewer is told.
  const tellOfLate = async () => {
    const session = await ready;
    session.onToolsChanged(() => {
      if (listed === undefined || listed === session.tools().length) return;
      server.sendToolListChanged().catch(() => undefined);
    });
  };
  tellOfLate().catch(() => undefined);

  answer(CallToolRequestSchema, async ({ params }, extra) => {
    const token = params._meta?.progressToken;
    const onProgress: Caller['onProgress'] = (done, total, message) => {
      const progress = {
        progressToken: token as string | number,
        progress: done,
        ...(total !== undefined && { total }),
        ...(message !== undefined && { message }),
      };
      extra.sendNotification({ method: 'notifications/progress', params: progress }).catch(() => undefined);
    };
    const session = await ready;
    const caller: Caller = {
      signal: extra.signal,
      onProgress: token === undefined ? undefined : onProgress,
      ...(canAsk(server.getClientCapabilities()) && { confirm: asking(extra.sendRequest) }),
    };
    const { code, ...result } = await session.call(params.name, params.arguments, caller);
    if (code === 'UNKNOWN_TOOL')
      throw new Told(
        ErrorCode.InvalidParams,
        result.content.map((part) => ('text' in part ? part.text : '')).join('\n'),
      );
    return result as CallToolResult;
  });

  serveOffers(answer, ready);
  return server;
}
