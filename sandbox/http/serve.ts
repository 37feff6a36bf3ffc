import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SandboxReply } from '../types.js';

const MAX_BODY = 1_000_000;

type Handle = (request: IncomingMessage, body: string) => Promise<SandboxReply | 'drop'>;

/** Listens on loopback only. A handler that throws answers 500 with an empty body. */
export async function serve(port: number, handle: Handle): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => void answer(request, response, handle));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

async function answer(request: IncomingMessage, response: ServerResponse, handle: Handle): Promise<void> {
  try {
    const reply = await handle(request, await bodyOf(request));
    if (reply === 'drop') request.socket.destroy();
    else await send(response, reply);
  } catch {
    if (!response.headersSent) response.writeHead(500);
    response.end();
  }
}

async function send(response: ServerResponse, reply: SandboxReply): Promise<void> {
  if (reply.delayMs !== undefined) await pause(reply.delayMs, response);
  if (response.destroyed) return;
  const body = reply.body ?? '';
  response.writeHead(reply.status, { ...reply.headers, 'content-length': String(Buffer.byteLength(body)) });
  response.end(body);
}

/** Ends early when the client goes away, so that closing never waits. */
const pause = (ms: number, response: ServerResponse) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY) throw new RangeError('body too large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
