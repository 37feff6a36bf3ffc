/** Signing in at two team servers that share a store: each step may come to either of them. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { connectStore } from '../../core/store/redis.js';
import { freePort, startStore, type TestStore, WITHOUT_STORE } from '../core/store/redis.js';
import type { Json } from '../session.js';
import { inFront, refusedAs, SECRET, startProvider, stepsAt, type TestProvider } from './signing.js';
import { callOf, type Running, send, startTest } from './team.js';

const KEY = Buffer.alloc(32, 5);

let redis: TestStore;
let idp: TestProvider;
let teams: readonly Running[] = [];
let publicUrl: string;
beforeAll(async () => {
  if (WITHOUT_STORE !== undefined) return;
  redis = await startStore();
  idp = await startProvider();
  publicUrl = `http://127.0.0.1:${await freePort()}`;
  const options = {
    trustedProxies: ['127.0.0.1'],
    oauth: inFront(idp, publicUrl),
    store: (log: Parameters<typeof connectStore>[1]) => connectStore({ url: redis.url, key: KEY }, log),
  };
  const first = await startTest(options);
  teams = [first, await startTest({ ...options, shared: first.halos })];
});
afterAll(async () => {
  for (const team of teams.toReversed()) await team.close();
  await Promise.all([redis?.close(), idp?.stop()]);
});

const stateOf = async (index: number) =>
  (await send(teams[index]?.url ?? '', { method: 'GET', path: '/readyz' })).json?.store;
const both = async (state: string) =>
  expect.poll(async () => [await stateOf(0), await stateOf(1)]).toEqual([state, state]);

const [a, b] = [0, 1].map((index) => stepsAt(() => ({ url: new URL(teams[index]?.url ?? '').origin, publicUrl }))) as [
  ReturnType<typeof stepsAt>,
  ReturnType<typeof stepsAt>,
];

describe.skipIf(WITHOUT_STORE)('two servers', () => {
  beforeEach(() => both('up'));

  /** Signed in: a code of `b` for what began at `a`. */
  const codeOver = async () => {
    const begun = await a.begin();
    return { begun, code: await b.comeBack(await a.throughProvider(begun), begun) };
  };

  test('complete one sign-in, wherever each step of it comes to', async () => {
    // What registered at one is known at the other, and after the store was lost.
    const client = await b.clientId();
    await redis.restart();
    await both('up');
    const begun = await a.begin(client);
    const code = await b.comeBack(await b.throughProvider(begun), begun);
    const given = await a.redeem(begun, code);
    expect(given).toMatchObject({ status: 200, json: { token_type: 'Bearer' } });
    const renewed = await b.renew(begun, given.json?.refresh_token);
    expect(renewed.status).toBe(200);
    const again = await a.renew(begun, renewed.json?.refresh_token);
    expect(again.status).toBe(200);
    for (const steps of [a, b])
      for (const token of [given, renewed, again].map(({ json }) => json?.access_token)) {
        expect((await steps.call(token, callOf('list_agents'))).json).not.toHaveProperty('result.isError');
        expect((await steps.call(token)).text).not.toContain('list_tickets');
      }
    refusedAs(await a.renew(begun, given.json?.refresh_token), 400, 'invalid_grant');
    refusedAs(await b.renew(begun, renewed.json?.refresh_token), 400, 'invalid_grant');
  });

  test('spend a code once, and what it gave is worth nothing at either when it comes again', async () => {
    const { begun, code } = await codeOver();
    const first = (await a.redeem(begun, code)).json as Json;
    const { access_token: access, refresh_token: refresh } = (await b.renew(begun, first.refresh_token)).json as Json;
    expect((await a.call(access)).status).toBe(200);
    refusedAs(await b.redeem(begun, code), 400, 'invalid_grant');
    for (const steps of [a, b]) {
      for (const token of [first.access_token, access]) expect((await steps.call(token)).status).toBe(401);
      refusedAs(await steps.renew(begun, refresh), 400, 'invalid_grant');
    }
  });

  test('of two who come at once, one at each, give tokens to one alone', async () => {
    const { begun, code } = await codeOver();
    const answers = await Promise.all([a.redeem(begun, code), b.redeem(begun, code)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    const [given] = answers.filter(({ status }) => status === 200);
    const refresh = given?.json?.refresh_token;
    refusedAs(await b.renew(begun, refresh), 400, 'invalid_grant');
  });

  test('renew with one refresh token once', async () => {
    const { begun, code } = await codeOver();
    const { refresh_token: refresh } = (await b.redeem(begun, code)).json as Json;
    const answers = await Promise.all([a.renew(begun, refresh), b.renew(begun, refresh)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
  });

  test('take the way back from the provider once, and from the browser that began alone', async () => {
    const begun = await a.begin();
    const from = await b.throughProvider(begun);
    await a.comeBack(from, begun);
    refusedAs(await b.get(from.pathname + from.search, { cookie: begun.cookie }), 400, 'invalid_request');
    const other = await a.begin();
    const back = await b.throughProvider(await b.begin());
    refusedAs(await a.get(back.pathname + back.search, { cookie: other.cookie }), 403, 'access_denied');
  });

  test('know nothing of who signed in at a server of another name, that uses the same store', async () => {
    const own = `http://127.0.0.1:${await freePort()}`;
    const place = { host: '127.0.0.1', port: Number(new URL(own).port) };
    const store = (log: Parameters<typeof connectStore>[1]) => connectStore({ url: redis.url, key: KEY }, log);
    const other = await startTest({ place, trustedProxies: ['127.0.0.1'], oauth: inFront(idp, own), store });
    try {
      const there = stepsAt(() => ({ url: own, publicUrl: own }));
      const begun = await there.begin();
      const given = await there.redeem(begun, await there.codeOf(begun));
      expect((await there.call(given.json?.access_token)).status).toBe(200);
      expect((await a.call(given.json?.access_token)).status).toBe(401);
      refusedAs(await a.renew(begun, given.json?.refresh_token), 400, 'invalid_grant');
      refusedAs(await a.get(a.query(begun.client, 'x'.repeat(43))), 401, 'invalid_client');
      expect((await there.renew(begun, given.json?.refresh_token)).status).toBe(200);
    } finally {
      await other.close();
    }
  });

  test('leave nothing in the store with which anybody could call, or tell who has signed in', async () => {
    idp.person = { sub: 'canary-of-a-person', groups: ['desk'] };
    const { begun, code } = await codeOver();
    const { access_token: access, refresh_token: refresh } = (await a.redeem(begun, code)).json as Json;
    idp.person = { sub: 'alice', groups: ['desk'] };
    const bytes = await redis.dump();
    expect(bytes).toContain('halo-mcp:1:sign-in:');
    const secrets = [access, refresh, code, begun.client, begun.ticket, begun.cookie.split('=')[1], SECRET];
    for (const secret of [...secrets, 'canary-of-a-person', 'alice', KEY.toString('hex'), KEY.toString('base64')])
      expect(bytes).not.toContain(secret);
  });

  test('let nobody in while the store is lost, say so, and know them when it is there again', async () => {
    const { begun, code } = await codeOver();
    const other = await codeOver();
    const open = await a.begin();
    const { access_token: access, refresh_token: refresh } = (await a.redeem(begun, code)).json as Json;
    const client = await a.clientId();
    redis.freeze();
    await both('lost');
    for (const steps of [a, b]) {
      const called = await steps.call(access);
      expect(called).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
      expect(called.text).toContain('The store that the servers share does not answer');
      const answers = [
        steps.get(steps.query(client, 'x'.repeat(43))),
        steps.approve(open),
        steps.redeem(other.begun, other.code),
        steps.renew(begun, refresh),
      ];
      for (const answer of await Promise.all(answers)) {
        refusedAs(answer, 503, 'temporarily_unavailable');
        expect(answer.json?.error_description).toBe(
          'The store that the servers share can not be reached. Try again in a moment.',
        );
        expect(answer.headers['retry-after']).toBe('2');
      }
      // A token of the file needs no store.
      const own = await teams[steps === a ? 0 : 1]?.token(`own-${steps === a}`);
      expect((await steps.call(own)).status).toBe(200);
    }
    redis.thaw();
    await both('up');
    expect((await b.call(access)).status).toBe(200);
    expect((await b.renew(begun, refresh)).status).toBe(200);
  });

  test('go on with a refresh token, where the store was lost while the provider renewed it', async () => {
    const { begun, code } = await codeOver();
    const { refresh_token: refresh } = (await a.redeem(begun, code)).json as Json;
    const printed = vi.spyOn(console, 'error').mockReturnValue();
    idp.onAsked = () => redis.freeze();
    refusedAs(await a.renew(begun, refresh), 503, 'temporarily_unavailable');
    idp.onAsked = () => undefined;
    redis.thaw();
    await both('up');
    await expect.poll(async () => (await b.renew(begun, refresh)).status).toBe(200);
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  });

  test('ask people to sign in again when the store comes back empty', async () => {
    const { begun, code } = await codeOver();
    const { access_token: access, refresh_token: refresh } = (await a.redeem(begun, code)).json as Json;
    await redis.restart();
    await both('up');
    await expect.poll(async () => (await a.call(access)).status).toBe(401);
    await both('up');
    refusedAs(await b.renew(begun, refresh), 400, 'invalid_grant');
    refusedAs(await b.redeem(begun, code), 400, 'invalid_grant');
    const anew = await codeOver();
    expect((await a.redeem(anew.begun, anew.code)).status).toBe(200);
  });
});
