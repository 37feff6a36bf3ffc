import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A Halo that gives tokens at once and holds every other request until it is released. */
export interface HeldHalo {
  /** What the server needs to find it. */
  env: Record<string, string>;
  /** Resolves when this many requests are held. */
  holding(count: number): Promise<void>;
  /** Resolves when the other side closes the connection of a held request. */
  hungUp(): Promise<void>;
  /** Answers what is held, and from now on everything at once, with an empty list. */
  release(): void;
  close(): void;
}

export async function startHeldHalo(): Promise<HeldHalo> {
  const held = new Set<ServerResponse>();
  const changes = new EventTarget();
  let isHolding = true;
  const json = (response: ServerResponse, body: unknown) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const server = createServer((request, response) => {
    if (request.url === '/auth/token')
      return json(response, { access_token: 'held', token_type: 'Bearer', expires_in: 3600, scope: 'all' });
    if (!isHolding) return json(response, []);
    held.add(response);
    changes.dispatchEvent(new Event('held'));
    response.once('close', () => {
      if (held.delete(response)) changes.dispatchEvent(new Event('hung up'));
    });
    return undefined;
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      HALO_INSTANCE_URL: `http://127.0.0.1:${port}`,
      HALO_CLIENT_ID: 'id',
      HALO_CLIENT_SECRET: 'secret of the held Halo',
    },
    async holding(count) {
      while (held.size < count) await once(changes, 'held');
    },
    async hungUp() {
      await once(changes, 'hung up');
    },
    release() {
      isHolding = false;
      for (const response of held) json(response, []);
      held.clear();
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
