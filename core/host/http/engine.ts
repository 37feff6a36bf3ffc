import http, { type RequestListener } from 'node:http';
import type { Server } from '@modelcontextprotocol/server';
import { startHTTPServer } from 'mcp-proxy';
import type { Log } from '../../logger.js';

/** The path at which MCP is served. */
export const PATH = '/mcp';

/** What the engine is started with. */
export interface EngineParts {
  /** Made for each request, or for each session. */
  createServer: () => Server;
  /** Called when such a server is no longer needed. */
  onClose: (server: Server) => void;
  stateless: boolean;
}

/** fastmcp's engine, which speaks both eras of the protocol, without a port of its own. */
export interface Engine {
  /** Answers a request at PATH that has passed every guard. */
  answer: RequestListener;
  /** Tells listening clients that the tools have changed. */
  toolsChanged(): void;
  close(): Promise<void>;
}

/**
 * The engine brings its own unguarded HTTP server. So it is given one that never listens, and the handler it would have
 * used is called behind our guards.
 */
export async function startEngine({ createServer, onClose, stateless }: EngineParts): Promise<Engine> {
  let answer: RequestListener | undefined;
  const create = http.createServer;
  http.createServer = ((listener: RequestListener) => {
    answer = listener;
    const deaf = create(listener);
    deaf.listen = () => {
      setImmediate(() => deaf.emit('listening'));
      return deaf;
    };
    deaf.close = (done) => {
      setImmediate(() => done?.());
      return deaf;
    };
    return deaf;
  }) as typeof http.createServer;
  let started: ReturnType<typeof startHTTPServer<Server>>;
  try {
    // It creates its server before it first awaits, so nobody else gets ours.
    started = startHTTPServer<Server>({
      createServer: async () => createServer(),
      onClose: async (server) => onClose(server),
      ...{ port: 0, stateless, streamEndpoint: PATH, sseEndpoint: null, cors: false, eventStore: false },
    });
  } finally {
    http.createServer = create;
  }
  const { close, notify } = await started;
  if (answer === undefined) throw new Error('The HTTP engine made no server.');
  return { answer, toolsChanged: () => notify.toolsChanged(), close };
}

/** How the engine's log lines begin. */
const MARK = '[mcp-proxy]';

/** Sends the engine's console lines to the log, without the session ids and parts of messages in them. */
export function quietEngine(log: Log): void {
  for (const name of ['log', 'warn', 'error'] as const) {
    // biome-ignore lint/suspicious/noConsole: it is the engine's lines that are taken out of it
    const print = console[name];
    console[name] = (first: unknown, ...rest: unknown[]) => {
      if (typeof first !== 'string' || !first.startsWith(MARK)) return print(first, ...rest);
      log.debug(
        {},
        `HTTP engine: ${first
          .slice(MARK.length)
          .replace(/\b(ID|session)\b.*/, '$1 …')
          .trim()
          .slice(0, 100)}`,
      );
    };
  }
}
