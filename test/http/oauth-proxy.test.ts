/** Sign-in through the server's own pages, in front of an identity provider. */
import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { send as sendOne } from '../../core/halo/http.js';
import { outsideBy } from '../../core/host/http/oauth/outside.js';
import { clientsOf } from '../../core/host/http/oauth/proxy/clients.js';
import { documentsBy } from '../../core/host/http/oauth/proxy/documents.js';
import { isAllowed, isRegistered } from '../../core/host/http/oauth/proxy/redirects.js';
import { tokensOf } from '../../core/host/http/oauth/proxy/tokens.js';
import type { Upstream } from '../../core/host/http/oauth/proxy/upstream.js';
import { memoryStore } from '../../core/host/http/oauth/store.js';
import { freePort } from '../core/store/redis.js';
import type { Json } from '../session.js';
import {
  BACK,
  type Begun,
  inFront,
  pathOf,
  pkce,
  refusedAs,
  SECRET,
  startProvider,
  stepsAt,
  type TestProvider,
  targetOf,
} from './signing.js';
import { callOf, type Running, rpc, send, startTest } from './team.js';

let idp: TestProvider;
let team: Running;
let base: string;
beforeAll(async () => {
  idp = await startProvider();
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  team = await startTest({
    halos: { contoso: {}, fabrikam: {} },
    place: { host: '127.0.0.1', port },
    trustedProxies: ['127.0.0.1'],
    oauth: inFront(idp, base, { customers: ['contoso'], tools: ['list_agents'] }),
  });
});
afterAll(async () => {
  await team.close();
  await idp.stop();
});

const steps = stepsAt(() => ({ url: base, publicUrl: base }));
const { fresh, get, post, register, clientId, query, begin, approve, throughProvider, codeOf, redeem, call } = steps;

describe('the whole way', () => {
  test('H25 from the challenge to a call, and on by the refresh token', async () => {
    idp.person = { sub: 'alice', groups: ['desk'] };
    const challenged = await send(team.url, {
      headers: { 'content-type': 'application/json', ...fresh() },
      body: rpc('tools/list'),
    });
    const [, where = ''] = /resource_metadata="([^"]+)"/.exec(String(challenged.headers['www-authenticate'])) ?? [];
    const resource = (await get(new URL(where).pathname)).json;
    expect(resource).toMatchObject({ resource: `${base}/mcp`, authorization_servers: [base] });
    const server = (await get('/.well-known/oauth-authorization-server')).json;
    expect(server).toMatchObject({
      ...{ issuer: base, authorization_endpoint: `${base}/oauth/authorize`, token_endpoint: `${base}/oauth/token` },
      ...{ code_challenge_methods_supported: ['S256'], client_id_metadata_document_supported: true },
    });

    const begun = await begin();
    const given = await redeem(begun, await codeOf(begun));
    expect(given).toMatchObject({ status: 200, json: { token_type: 'Bearer', scope: 'mcp' } });
    const { access_token: access, refresh_token: refresh } = given.json as Record<string, string>;
    expect((await call(String(access))).text).toContain('list_agents');
    expect((await call(String(access))).text).not.toContain('list_tickets');
    expect((await call(String(access), callOf('list_agents'))).json).not.toHaveProperty('result.isError');
    expect(team.audit()).toContainEqual(
      expect.objectContaining({ principal: `alice@${new URL(idp.issuer).host}`, tool: 'list_agents' }),
    );

    const renew = { grant_type: 'refresh_token', refresh_token: String(refresh), client_id: begun.client };
    refusedAs(await post('/oauth/token', { ...renew, client_id: await clientId() }), 400, 'invalid_grant');
    const renewed = await post('/oauth/token', renew);
    expect(renewed.status).toBe(200);
    expect((await call(String(renewed.json?.access_token))).status).toBe(200);
    refusedAs(await post('/oauth/token', renew), 400, 'invalid_grant');
    // Neither is valid in place of the other.
    expect((await call(String(renewed.json?.refresh_token))).status).toBe(401);
    refusedAs(await post('/oauth/token', { ...renew, refresh_token: String(access) }), 400, 'invalid_grant');

    const signatures = [access, refresh].map((token) => String(token).split('.')[2] ?? '-');
    const told = [team.log(), JSON.stringify(team.halos.contoso?.requests), idp.asked.join()].join();
    for (const signature of signatures) expect(told).not.toContain(signature);
    expect(team.log()).not.toContain(SECRET);
  });

  test('whom no rule is for may sign in, and call nothing', async () => {
    idp.person = { sub: 'mallory', groups: ['nobody'] };
    const begun = await begin();
    const given = await redeem(begun, await codeOf(begun));
    expect((await call(String(given.json?.access_token))).status).toBe(403);
    idp.person = { sub: 'alice', groups: ['desk'] };
  });

  test('a provider that vouches for another application vouches for no caller', async () => {
    idp.person = { sub: 'alice', groups: ['desk'], aud: 'another-application' };
    const begun = await begin();
    refusedAs(await redeem(begun, await codeOf(begun)), 400, 'invalid_grant');
    idp.person = { sub: 'alice', groups: ['desk'] };
  });
});

describe('H26 codes', () => {
  test('are good once; a second time also ends what the first gave', async () => {
    const begun = await begin();
    const code = await codeOf(begun);
    const given = await redeem(begun, code);
    expect((await call(String(given.json?.access_token))).status).toBe(200);
    refusedAs(await redeem(begun, code), 400, 'invalid_grant');
    expect((await call(String(given.json?.access_token))).status).toBe(401);
  });

  test('of two who come at once one alone gets tokens, and they are worth nothing', async () => {
    const begun = await begin();
    const code = await codeOf(begun);
    const both = await Promise.all([redeem(begun, code), redeem(begun, code)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 400]);
    const [given] = both.filter(({ status }) => status === 200);
    const { access_token: access, refresh_token: refresh } = given?.json ?? {};
    expect((await call(access)).status).toBe(401);
    refusedAs(await steps.renew(begun, refresh), 400, 'invalid_grant');
  });

  test('that come a second time end what was renewed since, too', async () => {
    const begun = await begin();
    const code = await codeOf(begun);
    const first = (await redeem(begun, code)).json as Json;
    const { access_token: access, refresh_token: refresh } = (await steps.renew(begun, first.refresh_token))
      .json as Json;
    expect((await call(access)).status).toBe(200);
    refusedAs(await redeem(begun, code), 400, 'invalid_grant');
    for (const token of [first.access_token, access]) expect((await call(token)).status).toBe(401);
    refusedAs(await steps.renew(begun, refresh), 400, 'invalid_grant');
  });

  test.each<[string, (begun: Begun) => Promise<Record<string, string>>, string]>([
    ['another verifier', async () => ({ code_verifier: pkce().verifier }), 'invalid_grant'],
    ['another client', async () => ({ client_id: await clientId() }), 'invalid_grant'],
    ['another redirect URI', async () => ({ redirect_uri: 'http://127.0.0.1:40002/back' }), 'invalid_grant'],
    ['another grant', async () => ({ grant_type: 'password' }), 'unsupported_grant_type'],
  ])('with %s are worth nothing', async (_, more, error) => {
    const begun = await begin();
    refusedAs(await redeem(begun, await codeOf(begun), await more(begun)), 400, error);
  });

  test('that come a second time end what they gave for good, however long the provider lets that last', async () => {
    const days = 86_400_000;
    const issued = { access: 'long', refresh: undefined, seconds: (90 * days) / 1000 };
    const provider = { redeem: async () => issued, claims: async () => ({ sub: 'alice' }) } as unknown as Upstream;
    const tokens = tokensOf({ publicUrl: base, scopes: [], upstream: async () => provider, store: memoryStore() });
    await tokens.keepCode('code', { clientId: 'a', redirectUri: BACK });
    const all = { grant_type: 'authorization_code', code: 'code', client_id: 'a', code_verifier: 'x' };
    await tokens.give(new Map(Object.entries(all)));
    expect(await tokens.find('long')).toBeDefined();
    await expect(tokens.give(new Map(Object.entries(all)))).rejects.toThrow('was used');
    vi.useFakeTimers({ toFake: ['performance'] });
    for (let day = 0; day < 90; day += 15) {
      expect(await tokens.find('long')).toBeUndefined();
      vi.advanceTimersByTime(15 * days);
    }
    vi.useRealTimers();
  });

  test('are worth nothing where the token is to be for another server', async () => {
    const begun = await begin();
    const [code, resource] = [await codeOf(begun), 'https://other.example.com/mcp'];
    refusedAs(await redeem(begun, code, { resource }), 400, 'invalid_target');
    expect((await redeem(begun, code, { resource: `${base}/mcp` })).status).toBe(200);
  });

  test('without a verifier, or without a client, are refused', async () => {
    const begun = await begin();
    const form = { grant_type: 'authorization_code', code: await codeOf(begun) };
    refusedAs(await post('/oauth/token', { ...form, client_id: begun.client }), 400, 'invalid_request');
    refusedAs(await post('/oauth/token', { ...form, code_verifier: begun.verifier }), 401, 'invalid_client');
  });
});

describe('a refresh token that was used', () => {
  afterEach(() => void vi.useRealTimers());
  const renewedOnce = async () => {
    const begun = await begin();
    const first = (await redeem(begun, await codeOf(begun))).json as Json;
    return { begun, first, renewed: (await steps.renew(begun, first.refresh_token)).json as Json };
  };

  test('and comes again later, so that one of two has stolen it, ends what it gave for both', async () => {
    const { begun, first, renewed } = await renewedOnce();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    refusedAs(await steps.renew({ ...begun, client: 'another' }, first.refresh_token), 400, 'invalid_grant');
    for (const { access_token: token } of [first, renewed]) expect((await call(token)).status).toBe(401);
    refusedAs(await steps.renew(begun, renewed.refresh_token), 400, 'invalid_grant');
  });

  test('and comes again at once, as of a client with two windows, ends nothing', async () => {
    const { begun, first, renewed } = await renewedOnce();
    refusedAs(await steps.renew(begun, first.refresh_token), 400, 'invalid_grant');
    expect((await call(renewed.access_token)).status).toBe(200);
    expect((await steps.renew(begun, renewed.refresh_token)).status).toBe(200);
  });
});

describe('H26 the request to sign in', () => {
  test.each<[string, Record<string, string | undefined>, string]>([
    ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['PKCE that hides nothing', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['PKCE of no method', { code_challenge_method: undefined }, 'invalid_request'],
    ['an invalid challenge', { code_challenge: 'short' }, 'invalid_request'],
    ['a token at once', { response_type: 'token' }, 'unsupported_response_type'],
    ['another resource', { resource: 'https://other.example.com/mcp' }, 'invalid_target'],
  ])('with %s is sent back with an error', async (_, more, error) => {
    const answer = await get(query(await clientId(), pkce().challenge, more));
    expect(answer.status).toBe(302);
    expect(targetOf(answer).href.startsWith(BACK)).toBe(true);
    expect(Object.fromEntries(targetOf(answer).searchParams)).toMatchObject({ error, state: 'of-the-client' });
  });

  test.each([
    'http://127.0.0.1:40001/other',
    'https://evil.example.com/back',
    'http://127.0.0.1:40001@evil.example.com/back',
    'http://127.0.0.1:40001/back#x',
    'https://app.example.com/back',
    '',
  ])('to be sent back to %j, which is not registered, goes nowhere', async (redirect_uri) => {
    const answer = await get(query(await clientId(), pkce().challenge, { redirect_uri }));
    refusedAs(answer, 400, 'invalid_request');
    expect(answer.headers.location).toBeUndefined();
  });

  test('of a client that is not known goes nowhere', async () => {
    for (const id of ['nobody', 'https://127.0.0.1/client.json', 'http://10.0.0.1/client.json', 'https://localhost/c'])
      refusedAs(await get(query(id, pkce().challenge)), 401, 'invalid_client');
  });

  test('with a parameter twice is refused', async () => {
    const path = `${query(await clientId(), pkce().challenge)}&state=b`;
    refusedAs(await get(path), 400, 'invalid_request');
  });
});

describe('H26 the page that asks', () => {
  test('shows what a client says about itself as text, runs no script and opens in no frame', async () => {
    const { headers, text } = await get(query(await clientId(), pkce().challenge));
    expect(text).not.toContain('<b>client</b>');
    expect(text).toContain(BACK);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(String(headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Lax/);
  });

  test('takes no answer of another browser, of another page, or a second time', async () => {
    const mine = await begin();
    const other = await begin();
    refusedAs(await approve({ ...mine, cookie: other.cookie }), 403, 'access_denied');
    const again = await begin();
    refusedAs(await approve({ ...again, cookie: '' }), 403, 'access_denied');
    expect((await approve(other, { origin: 'https://evil.example.com' })).status).toBe(403);
    expect((await approve(other)).status).toBe(302);
    refusedAs(await approve(other), 400, 'invalid_request');
    refusedAs(await approve({ ...other, ticket: 'forged' }), 400, 'invalid_request');
  });

  test('asks for each client: consent to one is not consent to another', async () => {
    const first = await begin();
    await codeOf(first);
    const { challenge } = pkce();
    const page = await get(query(await clientId(), challenge), { cookie: first.cookie });
    expect(page.status).toBe(200);
    expect(page.text).toContain('name="ticket"');
  });

  test('if the person says no, the client is told', async () => {
    const { ticket, cookie } = await begin();
    const answer = await post('/oauth/consent', { ticket, action: 'deny' }, { cookie });
    expect(targetOf(answer).searchParams.get('error')).toBe('access_denied');
    expect(targetOf(answer).searchParams.get('code')).toBeNull();
  });
});

describe('H26 the way back from the provider', () => {
  test('with a state that was forged, used, or begun in another browser ends there', async () => {
    refusedAs(await get('/oauth/callback?code=x&state=forged'), 400, 'invalid_request');
    refusedAs(await get('/oauth/callback?code=x'), 400, 'invalid_request');
    const begun = await begin();
    const back = pathOf(await throughProvider(begun));
    const other = await begin();
    refusedAs(await get(back, { cookie: other.cookie }), 403, 'access_denied');
    refusedAs(await get(back, { cookie: begun.cookie }), 400, 'invalid_request');
    const next = await begin();
    const path = pathOf(await throughProvider(next));
    expect((await get(path, { cookie: next.cookie })).status).toBe(302);
    refusedAs(await get(path, { cookie: next.cookie }), 400, 'invalid_request');
  });

  test('tells a person with a browser on a page why it ends, and a client as JSON', async () => {
    const page = await get('/oauth/callback?state=<b>unknown', { accept: 'text/html,application/xhtml+xml' });
    expect(page).toMatchObject({ status: 400, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.text).toContain('This sign-in is not known, was used, or took too long. Start again.');
    expect(page.text).not.toContain('<b>');
    refusedAs(await get('/oauth/callback?state=unknown', { accept: 'application/json' }), 400, 'invalid_request');
  });

  test('with an error tells the client, in our words', async () => {
    const begun = await begin();
    const back = await throughProvider(begun);
    const state = back.searchParams.get('state');
    const answer = await get(`/oauth/callback?error=server_error&error_description=owned&state=${state}`, {
      cookie: begun.cookie,
    });
    expect(targetOf(answer).searchParams.get('error')).toBe('access_denied');
    expect(targetOf(answer).href).not.toContain('owned');
  });
});

describe('H26 clients', () => {
  /** Those of another server. @param local where that is on the user's own machine */
  const clientsAt = (local: boolean) =>
    clientsOf({ store: memoryStore(), documents: documentsBy({ outside: outsideBy(sendOne), local }) }, []);

  test.each<[string, object, string]>([
    ['no address', {}, 'invalid_client_metadata'],
    ['an address of a stranger', { redirect_uris: ['https://evil.example.com/back'] }, 'invalid_redirect_uri'],
    ['one of them a stranger', { redirect_uris: [BACK, 'https://evil.example.com/back'] }, 'invalid_redirect_uri'],
    ['a script', { redirect_uris: ['javascript:alert(1)'] }, 'invalid_redirect_uri'],
    ['a password', { redirect_uris: ['http://localhost:80@evil.example.com/'] }, 'invalid_redirect_uri'],
  ])('that register %s are refused', async (_, metadata, error) => refusedAs(await register(metadata), 400, error));

  test('that registered are known by nothing but what they said; one that was altered is not', async () => {
    const id = await clientId();
    expect((await get(query(id, pkce().challenge))).text).toContain(BACK);
    const middle = Math.floor(id.length / 2);
    const altered = id.slice(0, middle) + (id[middle] === 'A' ? 'B' : 'A') + id.slice(middle + 1);
    refusedAs(await get(query(altered, pkce().challenge)), 401, 'invalid_client');
    const uris = Array.from({ length: 10 }, (_, index) => `${BACK}/${'x'.repeat(200)}${index}`);
    refusedAs(await register({ redirect_uris: uris }), 400, 'invalid_client_metadata');
    await expect(clientsAt(true).find(id)).rejects.toThrow('not known here');
  });

  test('that describe themselves are asked for it, and come back at any port of their machine', async () => {
    const port = await freePort();
    const id = `http://127.0.0.1:${port}/client.json`;
    const served: Json = { client_id: id, client_name: 'Own', redirect_uris: ['http://127.0.0.1/back'] };
    const document = createServer((_, res) => res.end(JSON.stringify(served)));
    await new Promise<void>((resolve) => document.listen(port, '127.0.0.1', resolve));
    try {
      const begun = await begin(id);
      expect((await redeem(begun, await codeOf(begun))).status).toBe(200);
      served.client_id = 'http://127.0.0.1/another.json';
      const other = clientsAt(true);
      await expect(other.find(id)).rejects.toThrow('not known here');
      // A server that others can reach never fetches a client's document from loopback.
      served.client_id = id;
      await expect(clientsAt(false).find(id)).rejects.toThrow('not known here');
    } finally {
      document.close();
    }
  });

  test.each([
    ['http://localhost:1/cb', true],
    ['https://claude.ai/api/mcp/auth_callback', true],
    ['cursor://anysphere.cursor-mcp/oauth/callback', true],
    ['https://listed.example/cb', true],
    ['https://listed.example/cb/x', false],
    ['https://claude.ai.evil.example/api/mcp/auth_callback', false],
    ['http://localhost.evil.example/cb', false],
    ['http://10.0.0.1/cb', false],
  ])('may be sent back to %s: %j', (uri, expected) =>
    expect(isAllowed(uri, ['https://listed.example/cb'])).toBe(expected),
  );

  test('that are not on the user’s machine come back letter by letter', () => {
    expect(isRegistered('https://a.example:1/cb', ['https://a.example/cb'])).toBe(false);
    expect(isRegistered('http://localhost:7/cb', ['http://127.0.0.1/cb'])).toBe(false);
    expect(isRegistered('http://localhost:7/cb', ['http://localhost/cb'])).toBe(true);
  });
});

test('the pages limit a caller who has a whole network of addresses', async () => {
  const statuses = new Set<number>();
  for (let i = 0; i < 61; i += 1)
    statuses.add((await get('/oauth/callback', { 'x-forwarded-for': `2001:db8:0:7::${i.toString(16)}` })).status);
  expect([...statuses]).toEqual([400, 429]);
  expect((await get('/oauth/callback', { 'x-forwarded-for': '2001:db8:0:8::1' })).status).toBe(400);
});

test('the pages answer under the names of the server alone, by their method, and not without end', async () => {
  expect((await get('/oauth/authorize', { host: 'evil.example.com' })).status).toBe(403);
  expect((await get('/oauth/token')).status).toBe(405);
  const address = { 'x-forwarded-for': '192.0.2.1' };
  let answer = await get('/oauth/callback', address);
  for (let i = 0; i < 61 && answer.status !== 429; i += 1) answer = await get('/oauth/callback', address);
  refusedAs(answer, 429, 'temporarily_unavailable');
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
});
