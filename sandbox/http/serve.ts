import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { SandboxAnswer, SandboxReply } from '../request.js';

const MAX_BODY = 1_000_000;

type Handle = (request: IncomingMessage, body: string, response: ServerResponse) => Promise<SandboxAnswer>;

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
    const reply = await handle(request, await bodyOf(request), response);
    if (reply === 'drop') request.socket.destroy();
    else if ('raw' in reply) request.socket.end(reply.raw);
    else await send(response, reply);
  } catch {
    if (!response.headersSent) response.writeHead(500);
    response.end();
  }
}

async function send(response: ServerResponse, reply: SandboxReply): Promise<void> {
  if (reply.delayMs !== undefined) await pause(reply.delayMs, response);
  if (response.destroyed) return;
  const { status, headers, body = '', ends } = reply;
  if (body instanceof Readable) {
    response.writeHead(status, headers);
    // A client that leaves half-way is not our error.
    await pipeline(body, response).catch(() => undefined);
    return;
  }
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': String(bytes.length) });
  if (ends === undefined) response.end(bytes);
  else await spoil(response, bytes, ends);
}

async function spoil(response: ServerResponse, bytes: Buffer, ends: NonNullable<SandboxReply['ends']>): Promise<void> {
  const start = bytes.subarray(0, ends.after);
  response.flushHeaders();
  await new Promise<void>((resolve) => response.write(start, () => resolve()));
  if (ends.by === 'reset') response.destroy();
  else if (ends.by === 'stall') await pause(Number.POSITIVE_INFINITY, response);
  else {
    for (const byte of bytes.subarray(ends.after)) {
      await pause(ends.everyMs ?? 0, response);
      if (response.destroyed) return;
      response.write(Buffer.of(byte));
    }
    response.end();
  }
}

/** Ends early when the client goes away, so that closing never waits. */
function pause(ms: number, response: ServerResponse): Promise<void> {
  if (response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = ms === Number.POSITIVE_INFINITY ? undefined : setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      response.off('close', done);
      resolve();
    }
    response.once('close', done);
  });
}

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
