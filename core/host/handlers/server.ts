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
import type { Answers, Identity, Method } from './answers.js';

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

/** What an MCP server answers, and what it says about itself. */
export interface ServedAnswers {
  answers: Pick<Answers, 'capabilities' | 'methods'>;
  instructions: string;
  identity: Identity;
}

/** A session's answers as an MCP server of the protocol's revisions up to 2025-11-25, not yet connected. */
export function mcpServer({ answers: { capabilities, methods }, instructions, identity }: ServedAnswers): Server {
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
  return server;
}
