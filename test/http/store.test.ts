/** Two team servers that share a store, over one Halo. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectStore } from '../../core/store/redis.js';
import { startStore, type TestStore, WITHOUT_STORE } from '../core/store/redis.js';
import { callOf, type Running, rpc, send, signed, startTest, type TeamOptions } from './team.js';

const KEY = Buffer.alloc(32, 7);

let redis: TestStore;
const running: Running[] = [];
beforeEach(async () => {
  if (WITHOUT_STORE !== undefined) return;
  redis = await startStore(['--requirepass', 'canary-of-the-store'], 'canary-of-the-store');
  await redis.grow();
});
afterEach(async () => {
  for (const team of running.splice(0).reverse()) await team.close();
  await redis?.close();
});

async function two(options: TeamOptions = {}): Promise<[Running, Running]> {
  const store: TeamOptions['store'] = (log) => connectStore({ url: redis.url, key: KEY }, log);
  const a = await startTest({ ...options, store });
  const b = await startTest({ ...options, store, shared: a.halos });
  running.push(a, b);
  await expect
    .poll(async () => [await ready(a), await ready(b)])
    .toMatchObject([{ json: { store: 'up' } }, { json: { store: 'up' } }]);
  return [a, b];
}

const ready = (team: Running) => send(team.url, { method: 'GET', path: '/readyz' });
const metricsOf = async (team: Running) =>
  (await send(team.metrics as string, { method: 'GET', path: '/metrics' })).text;
/** Calls over both servers, each with one request to Halo. */
const asked = async (teams: readonly Running[], calls: number) => {
  const tokens = await Promise.all(teams.map((team) => team.token('alice')));
  return Promise.all(
    Array.from({ length: calls }, (_, id) => {
      const which = id % teams.length;
      const headers = signed(tokens[which] as string);
      return send((teams[which] as Running).url, { headers, body: callOf('get_client', { id: 1_000_000 + id }) });
    }),
  );
};
const apiRequests = ({ halo }: Running) => halo.requests.filter(({ path }) => path.startsWith('/api/'));
const free = { host: '127.0.0.1', port: 0 };

describe.skipIf(WITHOUT_STORE)('two servers', () => {
  test('asked for three times the budget send that many requests and no more, and the others get a time', async () => {
    const most = 28;
    const [a, b] = await two({ requestsPer5Minutes: most });
    const answers = await asked([a, b], 3 * most);
    const limited = answers.filter(({ text }) => text.includes('HALO_RATE_LIMITED'));
    expect(a.halo.requests).toHaveLength(most);
    expect(limited.length).toBeGreaterThanOrEqual(2 * most);
    for (const { text } of limited) expect(text).toMatch(/come back after \d\d:\d\d:\d\d UTC \(\d+ s\)/);
  });

  test.skipIf(process.env.STORE_WINDOWS === undefined)('keep it in every window, as it rolls on', async () => {
    const [most, windowMs] = [28, 4000];
    const [a, b] = await two({ requestsPer5Minutes: most, windowMs });
    await asked([a, b], 3 * most);
    const at = a.halo.requests.map((request) => request.at).toSorted((one, other) => one - other);
    expect(at.length).toBeGreaterThan(3 * most);
    const inWindow = (from: number) => at.filter((one) => one >= from && one < from + windowMs * 0.9).length;
    // The request above the limit comes a window later, give or take the requests' different travel times.
    for (const moment of at) expect(inWindow(moment)).toBeLessThanOrEqual(most);
  });

  test('go on with their part when the store is killed, say so, and find it again', async () => {
    const [a, b] = await two({ metrics: free, requestsPer5Minutes: 20 });
    const token = await a.token('alice');
    const ask = (id: number) => send(a.url, { headers: signed(token), body: callOf('get_client', { id }) });
    expect((await ask(1)).text).not.toContain('HALO_RATE_LIMITED');
    expect(await metricsOf(a)).toMatch(/^halo_mcp_store_up 1$/m);
    await redis.kill();
    await expect.poll(() => ready(a)).toMatchObject({ status: 200, json: { status: 'ready', store: 'lost' } });
    await expect.poll(() => ready(b)).toMatchObject({ status: 200, json: { status: 'ready', store: 'lost' } });
    expect(await metricsOf(a)).toMatch(/^halo_mcp_store_up 0$/m);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => ask(index + 2)));
    const limited = answers.filter(({ text }) => text.includes('HALO_RATE_LIMITED'));
    expect(limited.length).toBeGreaterThan(0);
    expect(limited.length).toBeLessThan(20);
    expect(a.halo.requests.length).toBeLessThan(20);
    await redis.restart();
    for (const team of [a, b]) {
      await expect.poll(() => ready(team)).toMatchObject({ status: 200, json: { store: 'up' } });
      // One line per change, whatever else this machine is doing.
      const told = [...team.log().matchAll(/The store is (lost|there)/g)].map(([, state]) => state);
      expect(told.length).toBeGreaterThanOrEqual(3);
      expect(told).toEqual(told.map((_, index) => (index % 2 === (told[0] === 'lost' ? 0 : 1) ? 'lost' : 'there')));
    }
  });

  test('a frozen store holds no call up', async () => {
    const [a] = await two();
    const token = await a.token('alice');
    redis.freeze();
    const answer = await send(a.url, { headers: signed(token), body: callOf('list_agents') });
    expect(answer.json).not.toHaveProperty('result.isError');
    await expect.poll(() => ready(a)).toMatchObject({ json: { store: 'lost' } });
    redis.thaw();
    await expect.poll(() => ready(a)).toMatchObject({ json: { store: 'up' } });
  });

  test('count a caller’s requests together', async () => {
    const [a, b] = await two({ callsPerMinute: 1 });
    const name = 'alice';
    const tokens = [await a.token(name), await b.token(name)];
    const ask = (team: Running, index: number) =>
      send(team.url, { headers: signed(tokens[index] as string), body: rpc('ping') });
    for (let i = 0; i < 15; i += 1) {
      expect((await ask(a, 0)).status).toBe(200);
      expect((await ask(b, 1)).status).toBe(200);
    }
    for (const [team, index] of [
      [a, 0],
      [b, 1],
    ] as const) {
      const { status, headers } = await ask(team, index);
      expect(status).toBe(429);
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
  });

  test('count failed sign-ins of an address together', async () => {
    const [a, b] = await two({ trustedProxies: ['127.0.0.1'] });
    const fail = (team: Running) =>
      send(team.url, { headers: signed('wrong', { 'x-forwarded-for': '198.51.100.9' }), body: rpc('ping') });
    for (let i = 0; i < 5; i += 1) for (const team of [a, b]) expect((await fail(team)).status).toBe(401);
    expect((await fail(a)).status).toBe(429);
    expect((await fail(b)).status).toBe(429);
  });

  test('a customer’s rows and names never come from another one’s', async () => {
    const [a, b] = await two({ halos: { contoso: {}, fabrikam: {} } });
    const [one, other] = [
      await a.token('c', { customers: ['contoso'] }),
      await b.token('f', { customers: ['fabrikam'] }),
    ];
    const list = (team: Running, token: string) =>
      send(team.url, { headers: signed(token), body: callOf('list_agents') });
    await list(a, one);
    const before = Object.fromEntries(Object.entries(a.halos).map(([name, halo]) => [name, halo.requests.length]));
    await list(b, other);
    expect(a.halos.contoso?.requests.length).toBe(before.contoso);
    expect(a.halos.fabrikam?.requests.length).toBeGreaterThan(before.fabrikam as number);
    expect(a.halos.fabrikam?.requests.some(({ path }) => path.startsWith('/auth/token'))).toBe(true);
  });

  test('nothing in the log or the store shows the passwords, the key or who asks', async () => {
    const [a, b] = await two();
    const token = await a.token('canary-caller');
    await send(a.url, { headers: signed(token), body: callOf('list_agents') });
    await redis.kill();
    await expect.poll(() => b.log()).toContain('The store is lost');
    await redis.restart();
    await expect.poll(() => ready(a)).toMatchObject({ json: { store: 'up' } });
    await send(a.url, { headers: signed(token), body: callOf('list_agents') });
    const stored = await redis.dump();
    for (const secret of [KEY.toString('base64'), KEY.toString('hex'), a.halo.clientSecret, token, 'canary'])
      expect(stored).not.toContain(secret);
    for (const secret of ['canary-of-the-store', KEY.toString('base64'), a.halo.clientSecret, token])
      expect(a.log() + b.log()).not.toContain(secret);
    expect(apiRequests(a).length).toBeGreaterThan(0);
  });
});

test('without a store nothing is said of one', async () => {
  const team = await startTest({ metrics: free });
  running.push(team);
  expect((await ready(team)).json).not.toHaveProperty('store');
  expect(await metricsOf(team)).not.toContain('store_up');
});
