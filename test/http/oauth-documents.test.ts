/** What a client says of itself at an address, which a stranger chose: nothing of the server's own network is asked. */
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { type AddressInfo, createServer as createPlain, type Server } from 'node:net';
import { createSecureContext } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { send } from '../../core/halo/http.js';
import { type Asked, outsideBy, Unreachable } from '../../core/host/http/oauth/outside.js';
import { documentsBy, isInside, resolveBy } from '../../core/host/http/oauth/proxy/documents.js';
import { certificate } from '../faults/certificate.js';
import { startForwardProxy } from '../faults/forward-proxy.js';

const ID = 'https://client.example.test/client.json';
/** Of a network that exists in documents alone. */
const [ONE, OTHER] = ['203.0.113.7', '2001:db8::7'];
/** One that nothing comes from, and one of the other kind that answers. */
const [FAR, OTHER_SIX] = ['203.0.113.8', '2001:db8::8'];

const servers: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Reads by these addresses of the name, and tells what was asked; each time the name is looked up the next ones hold. */
function reader(...answers: readonly (readonly string[])[]) {
  const [asked, looked]: [(Asked & { url: string })[], string[]] = [[], []];
  const object = async (url: string, more: Asked = {}) => {
    asked.push({ url, ...more });
    if (more.at === OTHER || more.at === FAR) throw new Unreachable();
    return { client_id: url };
  };
  const resolve = async (name: string) => answers[looked.push(name) - 1] ?? Promise.reject(new Error('not found'));
  const outside = { ...outsideBy(send), object };
  return { read: documentsBy({ outside, local: false, resolve }), asked, looked };
}

describe('the address that was looked at is the one that is connected to', () => {
  test('though the name stands for this machine when it is looked up again', async () => {
    const { read, asked, looked } = reader([ONE], ['127.0.0.1']);
    expect(await read(ID)).toEqual({ client_id: ID });
    expect(asked).toMatchObject([{ url: ID, at: ONE }]);
    expect(looked).toEqual(['client.example.test']);
  });

  test('through a proxy as well, and who answers there has to be who was named', async () => {
    const { key, cert } = certificate({ host: 'client.example.test' });
    const named: string[] = [];
    const secured = createSecure({
      SNICallback(name, done) {
        named.push(name);
        done(null, createSecureContext({ key, cert }));
      },
    });
    const port = await listening(secured);
    const proxy = await startForwardProxy(() => port);
    servers.push(proxy);
    const url = `http://127.0.0.1:${proxy.port}`;
    const outside = outsideBy(send, () => ({ url, variable: 'HTTPS_PROXY' }));
    const read = documentsBy({ outside, local: false, resolve: async () => [ONE] });
    // Nobody trusts that certificate.
    expect(await read(ID)).toBeUndefined();
    expect({ asked: proxy.asked, named }).toEqual({ asked: [`CONNECT ${ONE}:443`], named: ['client.example.test'] });
  });

  test('without a proxy, whatever the name is', async () => {
    const hosts: unknown[] = [];
    const port = await listening(createServer(({ headers }, res) => res.end(JSON.stringify(hosts.push(headers.host)))));
    const host = `nobody-knows-it.example.test:${port}`;
    const out = { method: 'GET', url: `http://${host}/a`, at: '127.0.0.1' } as const;
    const { body } = await send(out, { maxBytes: 100, timeoutMs: 5000, signal: new AbortController().signal });
    expect({ body, hosts }).toEqual({ body: '1', hosts: [host] });
  });

  test('and another one of the same name is tried where nothing comes from it', async () => {
    const { read, asked } = reader([OTHER, ONE]);
    expect(await read(ID)).toEqual({ client_id: ID });
    expect(asked.map(({ at }) => at)).toEqual([ONE]);
    const onlySix = reader([FAR, FAR, OTHER_SIX]);
    expect(await onlySix.read(ID)).toEqual({ client_id: ID });
    expect(onlySix.asked.map(({ at }) => at)).toEqual([FAR, OTHER_SIX]);
    const late = reader([OTHER, OTHER_SIX, '2001:db8::9']);
    expect(await late.read(ID)).toEqual({ client_id: ID });
    expect(late.asked.map(({ at }) => at)).toEqual([OTHER, OTHER_SIX]);
  });
});

describe('nothing is asked', () => {
  test.each([
    ['of which one address is inside', [[ONE, '10.0.0.1']]],
    ['that stands for this machine', [['127.0.0.1']]],
    ['that nobody knows', []],
  ])('where the name is one %s', async (_, answers) => {
    const { read, asked } = reader(...answers);
    expect(await read(ID)).toBeUndefined();
    expect(asked).toEqual([]);
  });

  test.each([
    'http://client.example.test/client.json',
    'https://client.example.test/',
    'https://client.example.test/client.json?x=1',
    'https://client.example.test/client.json#x',
    'https://me:secret@client.example.test/client.json',
    'https://127.0.0.1/client.json',
    'https://[::ffff:10.0.0.1]/client.json',
    'https://2130706433/client.json',
    'ftp://client.example.test/client.json',
  ])("a client's document at %s is not fetched", async (address) => {
    const { read, asked } = reader([ONE]);
    expect(await read(address)).toBeUndefined();
    expect(asked).toEqual([]);
  });

  test.each([
    ['127.0.0.1', true],
    ['127.8.8.8', true],
    ['10.1.2.3', true],
    ['169.254.169.254', true],
    ['100.64.0.1', true],
    ['192.168.1.1', true],
    ['0.0.0.0', true],
    ['255.255.255.255', true],
    ['::', true],
    ['::1', true],
    ['::ffff:10.0.0.1', true],
    ['::ffff:7f00:1', true],
    ['64:ff9b::a00:1', true],
    ['2002:a00:1::', true],
    ['fd00::1', true],
    ['fe80::1', true],
    ['fe80::1%eth0', true],
    ['::ffff:0:a00:1', true],
    ['64:ff9b:1::a00:1', true],
    ['100::1', true],
    ['2001:0:a00:1::', true],
    ['5f00::1', true],
    ['93.184.216.34', false],
    ['2606:4700::1111', false],
  ])('%s is inside of a network: %j', (address, expected) => expect(isInside(address)).toBe(expected));
});

describe('a name is looked up', () => {
  const A = 1;
  /** A server of names that tells one address of each kind; of names that begin with `silent` it tells nothing. */
  async function nameServer() {
    const socket = createSocket('udp4');
    servers.push(socket);
    socket.on('message', (query, { port, address }) => {
      const end = query.indexOf(0, 12) + 1;
      if (query.subarray(13).toString().startsWith('silent')) return;
      const kind = query.readUInt16BE(end);
      const bytes = kind === A ? [203, 0, 113, 7] : [0x20, 0x01, 0x0d, 0xb8, ...Array(11).fill(0), 7];
      const head = Buffer.concat([query.subarray(0, 2), Buffer.from([0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0])]);
      const answer = Buffer.from([0xc0, 0x0c, 0, kind, 0, 1, 0, 0, 0, 60, 0, bytes.length, ...bytes]);
      socket.send(Buffer.concat([head, query.subarray(12, end + 4), answer]), port, address);
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return resolveBy([`127.0.0.1:${socket.address().port}`]);
  }

  test('with all of its addresses', async () => {
    const resolve = await nameServer();
    expect(await resolve('client.example.test')).toEqual([ONE, OTHER]);
  });

  test('while many others that nobody answers for are waited for, and those are given up', async () => {
    const resolve = await nameServer();
    const order: string[] = [];
    const waiting = Array.from({ length: 50 }, async (_, index) => {
      expect(await resolve(`silent-${index}.example.test`)).toEqual([]);
      order.push('silent');
    });
    await resolve('client.example.test');
    // Halo's own name is looked up by the system.
    await lookup('localhost');
    order.push('known');
    await Promise.all(waiting);
    expect(order[0]).toBe('known');
  });
});

describe('no document is', () => {
  const local = documentsBy({ outside: outsideBy(send), local: true });
  const served = async (listener: RequestListener) =>
    `http://127.0.0.1:${await listening(createServer(listener))}/client.json`;

  test('what another address would give', async () => {
    let asked = 0;
    const address = await served((_, res) => {
      asked += 1;
      res.writeHead(302, { location: '/other.json' }).end('{}');
    });
    expect(await local(address)).toBeUndefined();
    expect(asked).toBe(1);
  });

  test.each([
    ['too long', JSON.stringify({ name: 'x'.repeat(16_384) })],
    ['no JSON', '<html>'],
    ['no object', '[]'],
  ])("a body that is %s is no client's document", async (_, text) => {
    expect(await local(await served((__, res) => res.end(text)))).toBeUndefined();
  });

  test("an answer that never ends is no client's document", async () => {
    const sockets: { destroy(): unknown }[] = [];
    const port = await listening(createPlain((socket) => void sockets.push(socket)));
    expect(await local(`http://127.0.0.1:${port}/client.json`)).toBeUndefined();
    for (const socket of sockets) socket.destroy();
  });
});
