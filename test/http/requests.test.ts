/** What every request must look like. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callOf, INITIALIZE, newer, type Running, raw, rpc, send, signed, startTest } from './team.js';

const CANARY = 'canary-4711-of-the-body';
const EVIL = { host: 'evil.example', origin: 'http://evil.example' };

let team: Running;
let token: string;
beforeAll(async () => {
  team = await startTest({ hosts: ['mcp.example.com', 'other.example:8443'], origins: ['https://app.example.com'] });
  token = await team.token('alice');
});
afterAll(async () => {
  expect(team.log()).not.toContain(CANARY);
  expect(team.log()).not.toContain(token);
  await team.close();
});

const PATHS = ['/mcp', '/healthz', '/readyz', '/nothing', '/.well-known/oauth-protected-resource', '/ping', '/'];
const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
  send(team.url, { headers: signed(token, headers), body });
const error = (code: number) => ({ jsonrpc: '2.0', error: { code, message: expect.any(String) } });

describe.each(PATHS)('%s', (path) => {
  test.each(['POST', 'GET', 'OPTIONS', 'DELETE'])('%s under another name is refused', async (method) => {
    const { status, json, headers } = await send(team.url, {
      method,
      path,
      headers: signed(token, { host: EVIL.host }),
    });
    expect({ status, json }).toMatchObject({ status: 403, json: error(-32000) });
    expect(headers['cache-control']).toBe('no-store');
  });

  test.each([EVIL.origin, 'null', 'https://app.example.com.evil.example', 'https://app.example.com:444', 'file://'])(
    'from a page of %s is refused',
    async (origin) => {
      for (const method of ['POST', 'GET', 'OPTIONS']) {
        const { status, json, headers } = await send(team.url, { method, path, headers: signed(token, { origin }) });
        expect({ status, json }).toMatchObject({ status: 403, json: error(-32000) });
        expect(headers).not.toHaveProperty('access-control-allow-origin');
      }
    },
  );
});

test.each([
  ['localhost', 200],
  ['127.0.0.1:9', 200],
  ['[::1]:8787', 200],
  ['mcp.example.com', 200],
  ['MCP.EXAMPLE.COM:443', 200],
  ['other.example:8443', 200],
  ['other.example', 403],
  ['other.example:1', 403],
  ['mcp.example.com.evil.example', 403],
  ['evil.example@localhost', 403],
  ['localhost.evil.example', 403],
])('the name "%s" is answered with %i', async (host, status) => {
  expect((await send(team.url, { method: 'GET', path: '/healthz', headers: { host } })).status).toBe(status);
});

describe('pages of other origins', () => {
  test('a listed one may ask what it may do, and call', async () => {
    const origin = 'https://app.example.com';
    const asked = await send(team.url, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });
    expect(asked.status).toBe(204);
    expect(asked.headers).toMatchObject({ 'access-control-allow-origin': origin, vary: 'Origin' });
    expect(asked.headers['access-control-allow-headers']).toMatch(/authorization/i);
    const called = await post(callOf('list_agents'), { origin });
    expect(called.status).toBe(200);
    expect(called.headers['access-control-allow-origin']).toBe(origin);
  });

  test('nobody else is told anything, and no answer is for every page or brings credentials along', async () => {
    const { status, headers } = await send(team.url, { method: 'OPTIONS' });
    expect(status).toBe(405);
    for (const name of Object.keys(headers)) expect(name).not.toMatch(/^access-control/);
    const listed = await send(team.url, { method: 'OPTIONS', headers: { origin: 'https://app.example.com' } });
    expect(listed.headers).not.toHaveProperty('access-control-allow-credentials');
  });
});

describe('methods and streams', () => {
  test.each(['GET', 'DELETE', 'PUT', 'PATCH', 'HEAD', 'TRACE'])('%s is refused without sessions', async (method) => {
    const { status, headers } = await send(team.url, { method, headers: signed(token, { 'last-event-id': '7' }) });
    expect(status).toBe(405);
    expect(headers.allow).toBe('POST');
  });

  test('an id of a session that the client chose is neither used nor repeated', async () => {
    const { status, text, headers } = await post(INITIALIZE, { 'mcp-session-id': 'chosen-by-the-client' });
    expect(status).toBe(200);
    expect(headers).not.toHaveProperty('mcp-session-id');
    expect(text).not.toContain('chosen-by-the-client');
  });
});

describe('bodies', () => {
  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json-patch+json',
    '',
  ])('one of the kind "%s" is refused', async (kind) => {
    const { status, json } = await post(callOf('list_agents'), { 'content-type': kind });
    expect({ status, json }).toMatchObject({ status: 415, json: error(-32000) });
  });

  test('a packed one is refused', async () => {
    expect((await post(Buffer.from([0x1f, 0x8b, 8, 0]), { 'content-encoding': 'gzip' })).status).toBe(415);
  });

  test.each([
    ['no JSON', `{"${CANARY}":`, -32700],
    ['nothing', '', -32700],
    ['no UTF-8', Buffer.concat([Buffer.from('"'), Buffer.from([0xff, 0xfe]), Buffer.from('"')]), -32700],
    ['a batch', `[${rpc('ping')},${rpc('ping')}]`, -32600],
    ['an empty batch', '[]', -32600],
    ['a number', '4711', -32600],
    ['null', 'null', -32600],
    ['another version of JSON-RPC', `{"jsonrpc":"1.0","id":1,"method":"${CANARY}"}`, -32600],
    ['an invalid id', '{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600],
    ['an invalid method', '{"jsonrpc":"2.0","id":1,"method":7}', -32600],
    ['JSON of endless depth', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, -32600],
  ])('%s is an error of JSON-RPC, as JSON', async (_, body, code) => {
    const { status, json, headers } = await post(body);
    expect({ status, json }).toMatchObject({ status: 400, json: error(code) });
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
  });

  test('one of just 1 MiB is read, a longer one is refused with its connection closed', async () => {
    const fill = (length: number) => {
      const bare = rpc('ping', { fill: '' });
      return rpc('ping', { fill: 'x'.repeat(length - bare.length) });
    };
    expect((await post(fill(2 ** 20))).status).toBe(200);
    const { status, json, headers } = await post(fill(2 ** 20 + 1));
    expect({ status, json }).toMatchObject({ status: 413, json: error(-32600) });
    expect(headers.connection).toBe('close');
  });

  test('a body of undeclared length is read no further than that', async () => {
    const { hostname, port } = new URL(team.url);
    const head = `POST /mcp HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const answer = await raw(team.url, head + chunk.repeat(20));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('no body is awaited from a caller that is not signed in', async () => {
    const head =
      'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n';
    expect(await raw(team.url, `${head}Connection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 401 /);
  });

  test('one that waits for leave gets it once its caller is known', async () => {
    const head = (bearer: string) =>
      `POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${bearer}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: ${rpc('ping').length}\r\n\r\n`;
    expect(await raw(team.url, head('wrong'))).toMatch(/^HTTP\/1\.1 401 /);
    expect(await raw(team.url, head(token) + rpc('ping'))).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
  });
});

describe('the newer era', () => {
  const ask = (
    changes: Record<string, string>,
    method = 'tools/call',
    params: object = { name: 'list_agents', arguments: {} },
  ) => {
    const { headers, body } = newer(method, params as never, token);
    return send(team.url, { headers: { ...headers, ...changes }, ...(body !== undefined && { body }) });
  };

  test('is answered, and nobody is to keep the answer', async () => {
    const { status, json, headers } = await ask({}, 'tools/list', {});
    expect(status).toBe(200);
    expect(json).toMatchObject({ result: { cacheScope: 'private', tools: expect.any(Array) } });
    expect(headers['cache-control']).toBe('no-store');
  });

  test.each<[string, Record<string, string>, number]>([
    ['another method in the header', { 'mcp-method': 'tools/list' }, -32020],
    ['another name in the header', { 'mcp-name': 'list_tickets' }, -32020],
    ['another revision in the header', { 'mcp-protocol-version': '2025-11-25' }, -32020],
  ])('%s than in the body is refused', async (_, changes, code) => {
    const { status, json } = await ask(changes);
    expect({ status, json }).toMatchObject({ status: 400, json: { error: { code } } });
  });

  test('a header that is missing is refused', async () => {
    const { headers, body } = newer('tools/call', { name: 'list_agents', arguments: {} }, token);
    const { 'mcp-method': _, ...rest } = headers as Record<string, string>;
    const { status, json } = await send(team.url, { headers: rest, ...(body !== undefined && { body }) });
    expect({ status, json }).toMatchObject({ status: 400, json: { error: { code: -32020 } } });
  });

  test('a revision that there is not is refused with those that there are', async () => {
    const { headers, body } = newer('tools/list', {}, token);
    const { status, json } = await send(team.url, {
      headers: { ...headers, 'mcp-protocol-version': '2031-01-01' },
      body: String(body).replace('2026-07-28', '2031-01-01'),
    });
    expect(status).toBe(400);
    expect(json).toMatchObject({
      error: { code: -32022, data: { supported: expect.arrayContaining(['2026-07-28']) } },
    });
  });

  test('an unknown method is not found', async () => {
    const { status, json } = await ask({}, 'tools/nothing', {});
    expect({ status, json }).toMatchObject({ status: 404, json: { error: { code: -32601 } } });
  });
});

describe('what could be read in two ways', () => {
  const body = rpc('ping');
  const head = (...lines: string[]) =>
    [
      'POST /mcp HTTP/1.1',
      'Host: localhost',
      `Authorization: Bearer ${token}`,
      'Content-Type: application/json',
      'Accept: application/json, text/event-stream',
      ...lines,
      'Connection: close',
      '',
      '',
    ].join('\r\n');

  test.each<[string, (own: typeof head) => string]>([
    ['two lengths', (h) => h(`Content-Length: ${body.length}`, 'Content-Length: 5') + body],
    ['two lengths in one line', (h) => h(`Content-Length: ${body.length}, 5`) + body],
    ['a length and chunks', (h) => `${h(`Content-Length: ${body.length}`, 'Transfer-Encoding: chunked')}0\r\n\r\n`],
    ['chunks that are not the last coding', (h) => `${h('Transfer-Encoding: chunked, identity')}0\r\n\r\n`],
    ['an unknown coding', (h) => h('Transfer-Encoding: xchunked') + body],
    ['a space before the colon', (h) => h(`Content-Length : ${body.length}`) + body],
    ['a folded header', (h) => h('X-One: a', ' b', `Content-Length: ${body.length}`) + body],
    ['a length below zero', (h) => h('Content-Length: -1') + body],
    ['a length with a sign', (h) => h(`Content-Length: +${body.length}`) + body],
    ['a bare carriage return', (h) => h(`X-One: a\rContent-Length: 1`, `Content-Length: ${body.length}`) + body],
    ['a zero byte in a header', (h) => h('X-One: a\0b', `Content-Length: ${body.length}`) + body],
    ['a chunk with no length', (h) => `${h('Transfer-Encoding: chunked')}zz\r\n${body}\r\n0\r\n\r\n`],
    ['no HTTP at all', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['no host', () => `POST /mcp HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`],
    [
      'a whole address as its target',
      () =>
        `POST http://evil.example/mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    ],
    ['headers without an end', (h) => h(`X-Long: ${'x'.repeat(20_000)}`)],
  ])('%s is refused', async (_, make) => {
    const answer = await raw(team.url, make(head));
    expect(answer).toMatch(/^HTTP\/1\.1 4(?:00|31) /);
    expect(answer).toContain('"jsonrpc":"2.0"');
    expect(answer.match(/^HTTP\/1\.1 /gm)).toHaveLength(1);
  });

  test('two hosts are refused', async () => {
    expect(await raw(team.url, head('Host: evil.example', `Content-Length: ${body.length}`) + body)).toMatch(
      /^HTTP\/1\.1 4(?:00|03) /,
    );
  });

  test('a request hidden behind a length that lies is never answered as one', async () => {
    const hidden = `GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    const answer = await raw(team.url, `${head(`Content-Length: ${body.length + hidden.length}`)}${body}${hidden}`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).not.toContain('"status":"ok"');
  });

  test.each(['=?base64?DQpYLUV2aWw6IDE=?=', 'a%0d%0aX-Evil: 1'])(
    'no header of ours is made of one of theirs: %s',
    async (value) => {
      const { headers, body: newerBody } = newer('tools/call', { name: 'list_agents', arguments: {} }, token);
      const answer = await send(team.url, {
        headers: { ...headers, 'mcp-param-search': value },
        ...(newerBody !== undefined && { body: newerBody }),
      });
      expect(answer.headers).not.toHaveProperty('x-evil');
      expect(answer.status).toBeLessThan(500);
    },
  );
});
