// host/: MCP at the edge: stdio and HTTP serve the same session through the handlers here.
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  ElicitResultSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { Session } from '../../session.js';
import type { Gate } from './answering.js';
import { answersOf, type Identity, type Method } from './answers.js';

export type { Identity } from './answers.js';

/** The older library's schema for each request. */
const SCHEMAS = {
  'tools/list': ListToolsRequestSchema,
  'tools/call': CallToolRequestSchema,
  'prompts/list': ListPromptsRequestSchema,
  'prompts/get': GetPromptRequestSchema,
  'completion/complete': CompleteRequestSchema,
  'resources/list': ListResourcesRequestSchema,
  'resources/templates/list': ListResourceTemplatesRequestSchema,
  'resources/read': ReadResourceRequestSchema,
} satisfies Record<Method, unknown>;

/** A session as an MCP server of the protocol's revisions up to 2025-11-25, not yet connected. */
export function mcpServer(ready: Promise<Session>, instructions: string, identity: Identity, gate: Gate): Server {
  const { capabilities, methods, onLate } = answersOf(ready, gate);
  const server = new Server(identity, { capabilities, instructions });
  for (const method of Object.keys(methods) as Method[])
    server.setRequestHandler(
      SCHEMAS[method],
      ({ params = {} }, { signal, sendNotification, sendRequest }) =>
        methods[method](params, {
          ...{ signal, client: server.getClientCapabilities() },
          notify: (notification) => {
            sendNotification(notification as never).catch(() => undefined);
          },
          request: (request, options) => sendRequest(request, ElicitResultSchema, options),
        }) as never,
    );
  onLate(() => {
    server.sendToolListChanged().catch(() => undefined);
  });
  return server;
}
