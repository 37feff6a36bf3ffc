/** Who may call, and what. */
import { chmodSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refuseOpenDoors } from '../../core/host/http/options.js';
import type { Json } from '../session.js';
import { callOf, newer, type Running, rpc, send, signed, startTest } from './team.js';

let team: Running;
beforeAll(async () => {
  team = await startTest({ halos: { contoso: {}, fabrikam: {} }, trustedProxies: ['127.0.0.1'] });
});
afterAll(() => team.close());

const list = (token: string) => send(team.url, { headers: signed(token), body: rpc('tools/list') });
const namesOf = (json: Json | undefined) =>
  ((json?.result as { tools: { name: string }[] } | undefined)?.tools ?? []).map(({ name }) => name);
const call = (token: string, name: string, args: object = {}) =>
  send(team.url, { headers: signed(token), body: callOf(name, args) });
let last = 0;
/** An address without failed sign-ins so far. */
const fresh = () => ({ 'x-forwarded-for': `203.0.113.${++last}` });

describe('signing in', () => {
  test.each<[string, Record<string, string | string[]>]>([
    ['no token', {}],
    ['an empty one', { authorization: 'Bearer ' }],
    ['one that is not known', { authorization: 'Bearer halomcp_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    ['another scheme', { authorization: 'Basic YWxpY2U6eA==' }],
    ['a page of text', { authorization: `Bearer ${'x'.repeat(9000)}` }],
    ['two of them', { authorization: ['Bearer a', 'Bearer b'] }],
  ])('%s is 401 with a bare challenge', async (_, headers) => {
    for (const request of [{ body: rpc('tools/list') }, newer('tools/list')]) {
      const {
        status,
        json,
        headers: answered,
      } = await send(team.url, {
        ...request,
        headers: { 'content-type': 'application/json', ...fresh(), ...headers },
      });
      expect({ status, json }).toMatchObject({ status: 401, json: { error: { code: -32000 }, id: null } });
      expect(answered['www-authenticate']).toBe('Bearer');
    }
  });

  test('a token in the address or in a cookie does not count', async () => {
    const token = await team.token('elsewhere', { customers: ['contoso'] });
    for (const one of [{ path: `/mcp?access_token=${token}` }, { headers: { cookie: `token=${token}` } }]) {
      const { path, headers } = { path: '/mcp', headers: {}, ...one };
      const { status } = await send(team.url, {
        path,
        headers: { 'content-type': 'application/json', ...fresh(), ...headers },
        body: rpc('tools/list'),
      });
      expect(status).toBe(401);
    }
  });

  test('with tokens alone nothing is said of OAuth', async () => {
    for (const path of [
      '/.well-known/oauth-protected-resource',
      '/.well-known/oauth-protected-resource/mcp',
      '/.well-known/oauth-authorization-server',
      '/.well-known/openid-configuration',
      '/register',
      '/authorize',
      '/token',
    ])
      expect((await send(team.url, { method: 'GET', path })).status, path).toBe(404);
  });

  test('one that has expired is 401, and says so', async () => {
    const token = await team.token('late', { customers: ['contoso'], expires: new Date(0).toISOString() });
    const { status, text } = await send(team.url, {
      headers: { ...signed(token), ...fresh() },
      body: rpc('tools/list'),
    });
    expect(status).toBe(401);
    expect(text).toContain('expired');
  });

  test('a new token is good at once, and a revoked one is soon worthless', async () => {
    const token = await team.token('short', { customers: ['contoso'] });
    expect((await list(token)).status).toBe(200);
    await team.revoke('short');
    await expect
      .poll(
        async () =>
          (await send(team.url, { headers: { ...signed(token), ...fresh() }, body: rpc('tools/list') })).status,
      )
      .toBe(401);
  });

  test('eleven failures in a minute are answered with a time to wait, and a good token of the same address still works', async () => {
    const address = { 'x-forwarded-for': '198.51.100.7' };
    const fail = () => send(team.url, { headers: { ...signed('wrong'), ...address }, body: rpc('tools/list') });
    for (let i = 0; i < 10; i += 1) expect((await fail()).status).toBe(401);
    const { status, headers, json } = await fail();
    expect({ status, json }).toMatchObject({ status: 429, json: { error: { code: -32000 } } });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    const token = await team.token('neighbour', { customers: ['contoso'] });
    expect((await send(team.url, { headers: { ...signed(token), ...address }, body: rpc('tools/list') })).status).toBe(
      200,
    );
    expect(
      (await send(team.url, { headers: { ...signed('wrong'), ...fresh() }, body: rpc('tools/list') })).status,
    ).toBe(401);
  });
});

describe('what a token may use', () => {
  test('its packs and tools alone are listed, and the same can be called', async () => {
    const token = await team.token('narrow', {
      customers: ['contoso'],
      packs: ['people', 'clients'],
      tools: ['list_agents', 'list_tickets'],
    });
    expect(namesOf((await list(token)).json)).toEqual(['list_agents']);
    expect((await call(token, 'list_agents')).json).not.toHaveProperty('result.isError');
    for (const name of ['list_tickets', 'list_clients', 'no_such_tool'])
      expect((await call(token, name)).json).toMatchObject({ error: { code: -32602 } });
    const kept = 'list_tickets is on, but the token or sign-in of this caller does not include it. Ask whoever runs';
    expect((await call(token, 'list_tickets')).text).toContain(kept);
    expect((await call(token, 'no_such_tool')).text).toContain('is on.');
  });

  test('it never adds: a pack that is off stays off', async () => {
    const token = await team.token('wide', { customers: ['contoso'], packs: ['insights', 'people'] });
    expect(namesOf((await list(token)).json)).toEqual(['list_agents']);
  });

  test('of several customers it uses its own, and of one alone it need not say which', async () => {
    const one = await team.token('one', { customers: ['contoso'] });
    expect((await call(one, 'list_agents')).text).not.toContain('fabrikam');
    const both = await team.token('both', { customers: ['contoso', 'fabrikam'] });
    const asked = await call(both, 'list_agents');
    expect(asked.text).toContain('BAD_ARGUMENTS');
    expect((await call(both, 'list_agents', { customer: 'fabrikam' })).json).not.toHaveProperty('result.isError');
    expect((await call(one, 'list_agents', { customer: 'fabrikam' })).text).toContain('BAD_ARGUMENTS');
  });

  test.each([[undefined], [['nobody']]])('one for no customer of this server (%j) is refused', async (customers) => {
    const token = await team.token(`lost-${customers}`, customers && { customers });
    const { status, json } = await list(token);
    expect({ status, json }).toMatchObject({ status: 403, json: { error: { code: -32000 } } });
  });

  test('changing what it may use holds from the next request on', async () => {
    const token = await team.token('changing', { customers: ['contoso'], tools: ['list_agents'] });
    expect(namesOf((await list(token)).json)).toEqual(['list_agents']);
    const file = JSON.parse(readFileSync(team.tokensFile, 'utf8'));
    for (const entry of file.tokens) if (entry.name === 'changing') entry.tools = ['list_clients'];
    writeFileSync(team.tokensFile, JSON.stringify(file));
    await expect.poll(async () => namesOf((await list(token)).json)).toEqual(['list_clients']);
  });
});

describe('the audit', () => {
  test('has a line for each call: who, whose, what, what came of it, what it took; and nothing that was asked', async () => {
    const token = await team.token('audited', { customers: ['contoso', 'fabrikam'] });
    await call(token, 'list_clients', { customer: 'fabrikam', search: 'canary-of-arguments' });
    await call(token, 'list_clients', { search: 'canary-of-arguments' });
    await call(token, 'canary_tool');
    await send(team.url, {
      headers: signed(token),
      body: rpc('resources/read', { uri: 'halo://contoso/tickets/999999999' }),
    });
    const lines = team.audit().filter(({ principal }) => principal === 'audited');
    const facts = lines.map(({ level: _, time: __, msg: ___, ...rest }) => rest);
    const number = expect.any(Number);
    expect(facts).toEqual([
      { principal: 'audited', customer: 'fabrikam', tool: 'list_clients', outcome: 'OK', ms: number, requests: number },
      { principal: 'audited', tool: 'list_clients', outcome: 'BAD_ARGUMENTS', ms: number, requests: 0 },
      { principal: 'audited', tool: 'canary_tool', outcome: 'UNKNOWN_TOOL', ms: number, requests: 0 },
      {
        principal: 'audited',
        customer: 'contoso',
        tool: 'get_ticket',
        outcome: 'HALO_NOT_FOUND',
        ms: number,
        requests: number,
      },
    ]);
    expect(facts[0]?.requests).toBeGreaterThan(0);
    expect(team.log()).not.toContain('canary-of-arguments');
  });

  test('no token is in the log, nor in what Halo was asked', async () => {
    const token = await team.token('secret', { customers: ['contoso'] });
    await call(token, 'list_agents');
    await send(team.url, { headers: { ...signed(`${token}x`), ...fresh() }, body: callOf('list_agents') });
    expect(team.log()).not.toContain(token);
    const seen = JSON.stringify(Object.values(team.halos).flatMap((halo) => halo.requests));
    expect(seen.length).toBeGreaterThan(100);
    expect(seen).not.toContain(token);
    expect(readFileSync(team.tokensFile, 'utf8')).not.toContain(token);
  });
});

describe('two callers', () => {
  test('of two customers with equal ids never see each other’s rows', async () => {
    const rows = {
      contoso: await team.token('c-rows', { customers: ['contoso'] }),
      fabrikam: await team.token('f-rows', { customers: ['fabrikam'] }),
    };
    const before = Object.fromEntries(Object.entries(team.halos).map(([name, halo]) => [name, halo.requests.length]));
    const asked = Array.from(
      { length: 60 },
      (_, index) => (index % 3 === 0 ? 'fabrikam' : 'contoso') as keyof typeof rows,
    );
    await Promise.all(asked.map((name) => call(rows[name], 'get_ticket', { id: 1 + (name === 'contoso' ? 0 : 1) })));
    for (const [name, halo] of Object.entries(team.halos)) {
      const paths = halo.requests.slice(before[name]).map(({ path }) => path);
      const other = name === 'contoso' ? 2 : 1;
      expect(paths.filter((path) => new RegExp(`/Tickets/${other}$`, 'i').test(path))).toEqual([]);
    }
  });
});

describe('the file of tokens', () => {
  test('is its owner’s alone, and holds digests', async () => {
    expect(statSync(team.tokensFile).mode & 0o777).toBe(0o600);
    for (const { sha256 } of JSON.parse(readFileSync(team.tokensFile, 'utf8')).tokens)
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each<[string, (path: string) => void]>([
    ['cut off', (path) => truncateSync(path, 20)],
    ['emptied', (path) => truncateSync(path, 0)],
    ['replaced by something else', (path) => writeFileSync(path, '{"users":[]}')],
    ['gone', (path) => renameSync(path, `${path}.gone`)],
  ])('%s, those of before hold, and the server says so until it is whole again', async (_, harm) => {
    const own = await startTest();
    const token = await own.token('holder');
    const ask = () => send(own.url, { headers: signed(token), body: rpc('ping') });
    const ready = async () => (await send(own.url, { method: 'GET', path: '/readyz' })).json;
    expect((await ask()).status).toBe(200);
    const whole = readFileSync(own.tokensFile);
    harm(own.tokensFile);
    await expect.poll(ready).toMatchObject({ status: 'ready', tokens: 'stale' });
    expect((await ask()).status).toBe(200);
    expect(own.log()).toContain('The earlier tokens stay valid');
    writeFileSync(own.tokensFile, whole);
    await expect.poll(ready).not.toHaveProperty('tokens');
    await own.close();
  });

  test.skipIf(process.getuid?.() === 0)('unreadable, those of before hold', async () => {
    const own = await startTest();
    const token = await own.token('holder');
    await send(own.url, { headers: signed(token), body: rpc('ping') });
    chmodSync(own.tokensFile, 0);
    await expect
      .poll(async () => (await send(own.url, { method: 'GET', path: '/readyz' })).json)
      .toHaveProperty('tokens');
    expect((await send(own.url, { headers: signed(token), body: rpc('ping') })).status).toBe(200);
    await own.close();
  });
});

test('a caller’s requests are limited, each one for itself, with a time to come back', async () => {
  const own = await startTest({ callsPerMinute: 1 });
  const [alice, bob] = [await own.token('alice'), await own.token('bob')];
  const ask = (token: string) => send(own.url, { headers: signed(token), body: rpc('ping') });
  for (let i = 0; i < 30; i += 1) expect((await ask(alice)).status).toBe(200);
  const { status, json, headers } = await ask(alice);
  expect({ status, json }).toMatchObject({ status: 429, json: { error: { code: -32000 } } });
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  expect((await ask(bob)).status).toBe(200);
  for (let i = 0; i < 20; i += 1) expect((await send(own.url, { method: 'GET', path: '/healthz' })).status).toBe(200);
  // The host is checked before the limit.
  expect((await send(own.url, { headers: signed(alice, { host: 'evil.example' }), body: rpc('ping') })).status).toBe(
    403,
  );
  await own.close();
});

test('few calls a minute, as for many callers, let clients connect and ask at once', async () => {
  const own = await startTest({ callsPerMinute: 1 });
  const headers = { authorization: `Bearer ${await own.token('alice')}` };
  for (let i = 0; i < 2; i += 1) {
    const client = new Client({ name: 'ordinary', version: '1' });
    await client.connect(
      new StreamableHTTPClientTransport(new URL(own.url), { requestInit: { headers } }) as Transport,
    );
    await Promise.all([
      client.listTools(),
      client.listPrompts(),
      client.listResources(),
      client.listResourceTemplates(),
    ]);
    const asked = Array.from({ length: 5 }, (_, page) =>
      client.callTool({ name: 'list_agents', arguments: { page: page + 1 } }),
    );
    for (const { isError } of await Promise.all(asked)) expect(isError).not.toBe(true);
    await client.close();
  }
  await own.close();
});

test('a burst holds a tenth of many calls a minute', async () => {
  const own = await startTest({ callsPerMinute: 400 });
  const token = await own.token('alice');
  const all = await Promise.all(
    Array.from({ length: 60 }, () => send(own.url, { headers: signed(token), body: rpc('ping') })),
  );
  expect(all.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(40);
  await own.close();
});

describe('the doors', () => {
  const set = {
    place: { host: '127.0.0.1', port: 8787 },
    behindProxy: false,
    auth: true,
    sessions: false,
    tokens: '/t.json',
    metrics: undefined,
    hosts: [],
    origins: [],
    trustedProxies: [],
    callsPerMinute: 600,
  };
  const at = (host: string) => ({ place: { host, port: 8787 } });

  test.each([
    ['on this machine with tokens', {}],
    ['on this machine without', { auth: false, tokens: undefined }],
    ['behind a proxy', { ...at('0.0.0.0'), behindProxy: true }],
    ['on another address of the loop', at('127.8.9.1')],
    ['on IPv6', at('::1')],
  ])('%s it may start', (_, changes) => {
    expect(() => refuseOpenDoors({ ...set, ...changes })).not.toThrow();
  });

  test.each([
    ['without a proxy in front', at('0.0.0.0'), /--behind-proxy/],
    ['on every address of IPv6', at('::'), /--behind-proxy/],
    ['under a name', at('mcp.example.com'), /--behind-proxy/],
    ['with nobody signing in', { ...at('0.0.0.0'), behindProxy: true, auth: false }, /--no-auth/],
    ['with no place for tokens', { tokens: undefined }, /no config was named/],
    ['with metrics for others', { metrics: { host: '0.0.0.0', port: 9464 } }, /only on this machine/],
  ])('%s it may not', (_, changes, words) => {
    expect(() => refuseOpenDoors({ ...set, ...changes })).toThrow(words);
  });
});
