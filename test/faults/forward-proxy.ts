/** A forward proxy on loopback, by which a test sees what is asked for, and leads it where it likes. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

export interface ForwardProxy {
  port: number;
  /** `CONNECT host:port`, and the login where there was one. */
  readonly asked: string[];
  /** What it answers instead: a status and its words. */
  refusal: string | undefined;
  close(): void;
}

/** @param portOf where on this machine a connection to a place ends */
export async function startForwardProxy(portOf: (place: string) => number): Promise<ForwardProxy> {
  const server = createServer((request, response) => {
    proxy.asked.push(`${request.method} ${request.url}`);
    response.writeHead(502).end();
  }).on('connect', ({ url = '', headers }, socket) => {
    proxy.asked.push(`CONNECT ${url} ${headers['proxy-authorization'] ?? ''}`.trim());
    if (proxy.refusal !== undefined) return socket.end(`HTTP/1.1 ${proxy.refusal}\r\n\r\n`);
    const onward = connect(portOf(url), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const one of [onward, socket]) one.on('error', () => [onward, socket].map((other) => other.destroy()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy: ForwardProxy = { port, asked: [], refusal: undefined, close: () => void server.close() };
  return proxy;
}
