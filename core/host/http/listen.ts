import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import { type Place, shownHost } from './address.js';
import { refuse } from './answer.js';
import { SERVER_ERROR } from './codes.js';

/** How long a client may take, and how long its headers may be. */
const OPTIONS: ServerOptions = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  // Longer than the 60 s for which nginx and the balancers of the clouds keep an idle connection: whoever sends requests
  // should be the one to close it, or a request meets a closing connection and is lost. Clients are told the whole
  // seconds alone, so that the rest is theirs to be late.
  keepAliveTimeout: 65_900,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16_384,
  insecureHTTPParser: false,
  // The gate refuses such a request, as JSON.
  requireHostHeader: false,
};
const MOST = { connections: 1_000, requestsOfOne: 1_000 };

/** Answers a request; `expects` if the client waits for permission to send its body. */
export type Handler = (...args: [...Parameters<RequestListener>, expects: boolean]) => unknown;

/** A server with its limits, not yet listening. It answers unreadable requests like any other error. */
export function createHttpServer(handle: Handler, isBusy: (socket: Socket) => boolean): Server {
  const server = createServer(OPTIONS);
  server.maxConnections = MOST.connections;
  server.maxRequestsPerSocket = MOST.requestsOfOne;
  server.on('request', (req, res) => handle(req, res, false));
  server.on('checkContinue', (req, res) => handle(req, res, true));
  server.on('checkExpectation', (_, res) => refuse(res, { status: 417, message: 'That expectation is not met here.' }));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // Nothing else may be written into an answer in progress.
    if (!socket.writable || isBusy(socket)) socket.destroy();
    else socket.end(rawRefusal(error.code));
  });
  return server;
}

/** Answers to what could not be parsed as a request, by the parser's code. */
const UNREADABLE: Record<string, readonly [status: string, message: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long to come.'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers of the request are too long.'],
};

function rawRefusal(code = ''): string {
  const [status, message] = UNREADABLE[code] ?? ['400 Bad Request', 'This is not a readable HTTP request.'];
  const body = `${JSON.stringify({ jsonrpc: '2.0', error: { code: SERVER_ERROR, message }, id: null })}\n`;
  const head = [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json; charset=utf-8',
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** Starts listening and returns the server's URL. @throws the system's error */
export function listen(server: Server, { host, port }: Place): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      resolve(`http://${shownHost(host)}:${bound}`);
    });
  });
}
