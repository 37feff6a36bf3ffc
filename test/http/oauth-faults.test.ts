/** An identity provider that fails in parts: what a client keeps of its sign-in, and what the operator reads. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { freePort } from '../core/store/redis.js';
import { inFront, passOn, refusedAs, SECRET, startProvider, stepsAt, type TestProvider } from './signing.js';
import { type Running, startTest } from './team.js';

let idp: TestProvider;
let front: Server;
let team: Running;
let publicUrl: string;
/** What it answers at a path in place of its own. */
const fails = new Map<string, { status: number; body: unknown }>();

beforeAll(async () => {
  const port = await freePort();
  idp = await startProvider(`http://127.0.0.1:${port}`);
  front = createServer((req, res) => {
    const own = fails.get(req.url ?? '');
    if (own === undefined) passOn(idp, req, res);
    else res.writeHead(own.status, { 'content-type': 'application/json' }).end(JSON.stringify(own.body));
  }).listen(port, '127.0.0.1');
  await once(front, 'listening');
});
afterEach(async () => {
  fails.clear();
  idp.header = {};
  await team.close();
});
afterAll(async () => {
  front.close();
  await idp.stop();
});

async function start() {
  publicUrl = `http://127.0.0.1:${await freePort()}`;
  const place = { host: '127.0.0.1', port: Number(new URL(publicUrl).port) };
  team = await startTest({ place, trustedProxies: ['127.0.0.1'], oauth: inFront(idp, publicUrl) });
  return stepsAt(() => ({ url: publicUrl, publicUrl }));
}

test('while its new keys can not be read a client is told to wait, and goes on with the same refresh token', async () => {
  const steps = await start();
  const begun = await steps.begin();
  const given = await steps.redeem(begun, await steps.codeOf(begun));
  fails.set('/jwks', { status: 503, body: {} });
  idp.header = { kid: 'new' };
  const renew = () => steps.renew(begun, given.json?.refresh_token);
  // The keys are read again for an unknown one, once they are a second old.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  refusedAs(await renew(), 503, 'temporarily_unavailable');
  refusedAs(await renew(), 503, 'temporarily_unavailable');
  fails.clear();
  idp.header = {};
  const renewed = await renew();
  expect(renewed.status).toBe(200);
  expect((await steps.call(renewed.json?.access_token)).status).toBe(200);
  expect((await steps.renew(begun, renewed.json?.refresh_token)).status).toBe(200);
});

test.each([
  ['by RFC 6749', { status: 401, body: { error: 'invalid_client', error_description: 'owned' } }],
  ['as GitHub does', { status: 200, body: { error: 'incorrect_client_credentials', error_description: 'owned' } }],
])('where it rejects the server itself, %s, no sign-in ends, and the log says what to check', async (_, answer) => {
  const steps = await start();
  const begun = await steps.begin();
  const given = await steps.redeem(begun, await steps.codeOf(begun));
  const other = await steps.begin();
  const from = await steps.throughProvider(other);
  fails.set('/token', answer);
  const renewed = await steps.renew(begun, given.json?.refresh_token);
  refusedAs(renewed, 503, 'temporarily_unavailable');
  const back = await steps.get(from.pathname + from.search, { cookie: other.cookie });
  refusedAs(back, 503, 'temporarily_unavailable');
  expect(team.log()).toContain(`"error":"${answer.body.error}"`);
  expect(team.log()).toContain('http.oauth.proxy');
  for (const secret of [SECRET, 'owned']) expect(team.log() + renewed.text + back.text).not.toContain(secret);
  fails.clear();
  expect((await steps.renew(begun, given.json?.refresh_token)).status).toBe(200);
});

test.each([
  ['a page of somebody in between', { status: 200, body: 'Please wait' }],
  ['that page as a refusal', { status: 403, body: 'Please wait' }],
  ['that it fails', { status: 400, body: { error: 'server_error' } }],
])('where it answers %s, no sign-in ends', async (_, answer) => {
  const steps = await start();
  const begun = await steps.begin();
  const given = await steps.redeem(begun, await steps.codeOf(begun));
  fails.set('/token', answer);
  refusedAs(await steps.renew(begun, given.json?.refresh_token), 503, 'temporarily_unavailable');
  fails.clear();
  expect((await steps.renew(begun, given.json?.refresh_token)).status).toBe(200);
});

test('where it no longer vouches for somebody, that sign-in ends', async () => {
  const steps = await start();
  const begun = await steps.begin();
  const given = await steps.redeem(begun, await steps.codeOf(begun));
  fails.set('/token', { status: 400, body: { error: 'invalid_grant' } });
  refusedAs(await steps.renew(begun, given.json?.refresh_token), 400, 'invalid_grant');
});

test.each<[string, object]>([
  ['nowhere', {}],
  ['no safe address', { authorization_endpoint: 'javascript:alert(1)', token_endpoint: 'http://192.0.2.1/token' }],
])('where it names %s to sign in at, people hear that it can not be reached', async (_, endpoints) => {
  const { issuer } = idp;
  const body = { issuer, jwks_uri: `${issuer}/jwks`, ...endpoints };
  fails.set('/.well-known/openid-configuration', { status: 200, body });
  const steps = await start();
  refusedAs(await steps.approve(await steps.begin()), 503, 'temporarily_unavailable');
});
