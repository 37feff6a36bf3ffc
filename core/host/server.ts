import { setTimeout as delay } from 'node:timers/promises';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { didYouMean } from '../../config/index.js';
import type { Core } from '../core.js';
import { answering, type Gate, Told } from './answering.js';
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
 * The core as an MCP server, not yet connected: the tools that are on, and their calls. Listing and calling wait for
 * the packs, the handshake does not.
 */
export function mcpServer(ready: Promise<Core>, instructions: string, identity: Identity, gate: Gate): Server {
  const server = new Server(identity, { capabilities: { tools: { listChanged: true }, ...OFFERS }, instructions });
  const answer = answering(server, gate);

  let listed: number | undefined;
  answer(ListToolsRequestSchema, async () => {
    const core = await ready;
    await Promise.race([core.settled, delay(LIST_MS, undefined, { ref: false })]);
    const tools = core.tools();
    listed = tools.length;
    return { tools: tools as never };
  });
  // Told once, when no more tools can come, and only to a client that has seen fewer.
  const tellOfLate = async () => {
    const core = await ready;
    await core.settled;
    if (listed !== undefined && listed !== core.tools().length) await server.sendToolListChanged();
  };
  tellOfLate().catch(() => undefined);

  answer(CallToolRequestSchema, async ({ params }, extra) => {
    const token = params._meta?.progressToken;
    let last = 0;
    const onProgress = (done: number, total: number | undefined, message: string | undefined) => {
      if (token === undefined || done <= last) return;
      last = done;
      const progress = {
        progressToken: token,
        progress: done,
        ...(total !== undefined && { total }),
        ...(message !== undefined && { message }),
      };
      extra.sendNotification({ method: 'notifications/progress', params: progress }).catch(() => undefined);
    };
    const core = await ready;
    const result = await core.call(params.name, params.arguments, {
      signal: extra.signal,
      onProgress: token === undefined ? undefined : onProgress,
    });
    if (result === undefined) {
      const near = didYouMean(
        params.name,
        core.catalog.on.map(({ tool }) => tool.name),
      );
      throw new Told(
        ErrorCode.InvalidParams,
        `No tool named "${params.name.slice(0, 64)}" is on.${near} \`halo-mcp tools --why NAME\` says why a tool is off.`,
      );
    }
    return result as CallToolResult;
  });

  serveOffers(answer, ready);
  return server;
}
