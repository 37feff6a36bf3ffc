/** Sign-in with the tokens of an identity provider. */
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';
import { OAuth2Server } from 'oauth2-mock-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigFile } from '../../config/index.js';
import type { OAuthOptions } from '../../core/host/http/oauth/options.js';
import type { Json } from '../session.js';
import { callOf, newer, type Running, rpc, send, signed, startTest } from './team.js';

const AUDIENCE = 'https://mcp.example.com/mcp';
const RULES = [
  { claim: 'groups', values: ['both'], customers: ['contoso', 'fabrikam'] },
  { claim: 'groups', values: ['desk'], customers: ['contoso'], packs: ['people', 'clients'], tools: ['list_agents'] },
  { claim: 'roles', values: ['reader'], customers: ['fabrikam'] },
  { claim: 'groups', values: ['elsewhere'], customers: ['nobody'] },
];

let idp: OAuth2Server;
let first: string;
let team: Running;
let options: OAuthOptions;
beforeAll(async () => {
  idp = new OAuth2Server();
  first = (await idp.issuer.keys.generate('RS256')).kid;
  await idp.start(0, '127.0.0.1');
  const { port } = idp.address();
  idp.issuer.url = `http://127.0.0.1:${port}`;
  options = {
    ...{ issuer: idp.issuer.url, audience: AUDIENCE, jwksUri: undefined, algorithms: ['RS256', 'ES256'] },
    ...{ scopes: ['mcp'], rules: RULES, proxy: undefined },
  };
  team = await startTest({
    ...{ halos: { contoso: {}, fabrikam: {} }, oauth: options, trustedProxies: ['127.0.0.1'] },
  });
});
afterAll(async () => {
  await team.close();
  await idp.stop();
});

let last = 0;
/** An address without failed sign-ins so far. */
const fresh = () => ({ 'x-forwarded-for': `203.0.113.${++last}` });
/** A token of the provider; undefined removes a claim. */
const tokenOf = (claims: Json = {}, { kid = first, ...more }: Json & { kid?: string } = {}) =>
  idp.issuer.buildToken({
    scopesOrTransform: (header, payload) => {
      Object.assign(header, more);
      const all = { sub: 'alice', aud: AUDIENCE, scope: 'mcp offline', groups: ['staff', 'desk'], ...claims };
      for (const [name, value] of Object.entries(all)) payload[name] = value;
    },
    kid,
  });
const ask = (token: string, body = rpc('tools/list'), url = team.url) =>
  send(url, { headers: { ...signed(token), ...fresh() }, body });
const namesOf = (json: Json | undefined) =>
  ((json?.result as { tools: { name: string }[] } | undefined)?.tools ?? []).map(({ name }) => name);
const metadata = () => `${team.url.replace(/\/mcp$/, '')}/.well-known/oauth-protected-resource/mcp`;

describe('H03 who is let in', () => {
  test('a good token is, in both eras', async () => {
    const token = await tokenOf();
    expect((await ask(token)).status).toBe(200);
    const later = newer('tools/list', {}, token);
    expect((await send(team.url, { ...later, headers: { ...later.headers, ...fresh() } })).status).toBe(200);
  });

  test('a token of the file is as well', async () => {
    expect((await ask(await team.token('filed', { customers: ['contoso'] }))).status).toBe(200);
  });

  test('without a token the answer says where to read how to sign in, and of no error', async () => {
    const { status, headers } = await send(team.url, {
      headers: { 'content-type': 'application/json', ...fresh() },
      body: rpc('tools/list'),
    });
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe(`Bearer scope="mcp", resource_metadata="${metadata()}"`);
  });

  test.each<[string, Json, RegExp]>([
    ['of another audience', { aud: 'https://other.example.com' }, /another server/],
    ['of no audience', { aud: undefined }, /another server/],
    ['of another issuer', { iss: 'https://evil.example.com' }, /not good here/],
    ['that has expired', { exp: 1_000_000 }, /expired/],
    ['that never expires', { exp: undefined }, /not good here/],
    ['that is not good yet', { nbf: 32_503_680_000 }, /not good here/],
    ['of nobody', { sub: undefined }, /not good here/],
    ['of a name that is a page', { sub: 'x'.repeat(300) }, /not good here/],
  ])('a token %s is 401 invalid_token', async (_, claims, why) => {
    const { status, headers, text } = await ask(await tokenOf(claims));
    expect({ status, text }).toMatchObject({ status: 401, text: expect.stringMatching(why) });
    expect(headers['www-authenticate']).toContain('error="invalid_token"');
    expect(headers['www-authenticate']).toContain(`resource_metadata="${metadata()}"`);
  });

  test.each([
    ['at+jwt', 200],
    ['application/at+jwt', 200],
    [undefined, 200],
    ['logout+jwt', 401],
    ['dpop+jwt', 401],
  ])('a token that calls itself %s is %i', async (typ, status) => {
    expect((await ask(await tokenOf({}, { typ }))).status).toBe(status);
  });

  test('one whose claims were changed, that is not signed, or by a secret, is 401', async () => {
    const [head = '', , signature = ''] = (await tokenOf()).split('.');
    const body = { iss: options.issuer, aud: AUDIENCE, sub: 'eve', scope: 'mcp', groups: ['both'], exp: 4_102_444_800 };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const key = new TextEncoder().encode(JSON.stringify(idp.issuer.keys.toJSON()[0]));
    for (const token of [
      `${head}.${part(body)}.${signature}`,
      `${part({ alg: 'none' })}.${part(body)}.`,
      `${part({ alg: 'none', kid: idp.issuer.keys.toJSON()[0]?.kid })}.${part(body)}.${signature}`,
      await new SignJWT(body).setProtectedHeader({ alg: 'HS256' }).sign(key),
      'no.token.atall',
      'opaque',
    ]) {
      const { status, headers } = await ask(token);
      expect({ status, token }).toMatchObject({ status: 401 });
      expect(headers['www-authenticate']).toContain('error="invalid_token"');
    }
  });

  test('one that is signed in a way that is not listed is 401, though the key is known', async () => {
    const { kid } = await idp.issuer.keys.generate('RS512');
    expect((await ask(await tokenOf({}, { kid }))).status).toBe(401);
  });

  test.each([[{ scope: 'other' }], [{ scope: undefined }], [{ scope: 'mcp.read' }]])(
    'too small a scope (%j) is 403 insufficient_scope',
    async (claims) => {
      const { status, headers } = await ask(await tokenOf(claims));
      expect(status).toBe(403);
      expect(headers['www-authenticate']).toMatch(/error="insufficient_scope", scope="mcp"/);
    },
  );

  test.each([[{ scope: undefined, scp: ['mcp'] }], [{ scope: undefined, scp: 'x mcp' }]])(
    '%j is scope enough',
    async (claims) => {
      expect((await ask(await tokenOf(claims))).status).toBe(200);
    },
  );

  test.each([
    [{ groups: ['staff'] }],
    [{ groups: 'DESK' }],
    [{ groups: { desk: true } }],
    [{ groups: undefined }],
    [{ groups: ['elsewhere'] }],
  ])('whom no rule is for (%j) is 403', async (claims) => {
    const { status, headers, text } = await ask(await tokenOf(claims));
    expect({ status, text }).toMatchObject({ status: 403, text: expect.stringContaining('You have signed in') });
    expect(headers['www-authenticate']).toBeUndefined();
  });
});

describe('what a caller may use', () => {
  test('the rule narrows what is listed, and the same can be called', async () => {
    const token = await tokenOf();
    expect(namesOf((await ask(token)).json)).toEqual(['list_agents']);
    expect((await ask(token, callOf('list_agents'))).json).not.toHaveProperty('result.isError');
    for (const name of ['list_clients', 'list_tickets', 'no_such_tool'])
      expect((await ask(token, callOf(name))).json).toMatchObject({ error: { code: -32602 } });
    expect((await ask(token, callOf('list_agents', { customer: 'fabrikam' }))).text).toContain('BAD_ARGUMENTS');
  });

  test('the first rule that fits decides, and others add nothing', async () => {
    const token = await tokenOf({ sub: 'bob', roles: ['reader'] });
    expect(namesOf((await ask(token)).json)).toEqual(['list_agents']);
    const both = await tokenOf({ sub: 'carol', groups: ['desk', 'both'] });
    expect((await ask(both, callOf('list_agents', { customer: 'fabrikam' }))).json).not.toHaveProperty(
      'result.isError',
    );
    const reader = await tokenOf({ sub: 'dave', groups: undefined, roles: 'reader' });
    expect(namesOf((await ask(reader)).json)).toContain('list_tickets');
  });

  test('one whose group changes uses what the new token says', async () => {
    const before = await tokenOf({ sub: 'erin', groups: ['both'] });
    const after = await tokenOf({ sub: 'erin', groups: ['desk'] });
    expect(namesOf((await ask(before)).json)).toContain('list_tickets');
    expect(namesOf((await ask(after)).json)).toEqual(['list_agents']);
  });

  test('H25 the audit names the caller, and the token is nowhere', async () => {
    const token = await tokenOf({ sub: 'frank' });
    await ask(token, callOf('list_agents'));
    const { host } = new URL(options.issuer);
    expect(team.audit()).toContainEqual(expect.objectContaining({ principal: `frank@${host}`, tool: 'list_agents' }));
    const signature = token.split('.')[2] ?? '-';
    expect(team.log()).not.toContain(signature);
    expect(JSON.stringify(team.halos.contoso?.requests)).not.toContain(signature);
  });
});

describe('metadata', () => {
  test.each(['', '/mcp'])('of the protected resource%s names who gives tokens', async (path) => {
    const { status, json, headers } = await send(team.url, {
      ...{ method: 'GET', path: `/.well-known/oauth-protected-resource${path}` },
    });
    expect({ status, json }).toEqual({
      status: 200,
      json: {
        ...{ resource: team.url, authorization_servers: [options.issuer] },
        ...{ bearer_methods_supported: ['header'], scopes_supported: ['mcp'] },
      },
    });
    expect(headers['cache-control']).toBe('no-store');
  });

  test('is not a way around the names that the server answers to', async () => {
    const path = '/.well-known/oauth-protected-resource';
    expect((await send(team.url, { method: 'GET', path, headers: { host: 'evil.com' } })).status).toBe(403);
    expect((await send(team.url, { path })).status).toBe(405);
  });
});

describe('keys', () => {
  test('that were changed are read again at the first token that needs them', async () => {
    const { kid } = await idp.issuer.keys.generate('ES256');
    const token = await tokenOf({}, { kid });
    await expect.poll(async () => (await ask(token)).status).toBe(200);
  });

  test('a provider that is away is 503 with a time, not 401; and a token is good when it is back', async () => {
    let up = false;
    let asked = 0;
    const keys: HttpServer = createServer((_, res) => {
      asked += 1;
      res.writeHead(up ? 200 : 500).end(JSON.stringify({ keys: idp.issuer.keys.toJSON() }));
    });
    await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
    const jwksUri = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks`;
    const other = await startTest({
      ...{ shared: team.halos, oauth: { ...options, jwksUri }, trustedProxies: ['127.0.0.1'] },
    });
    try {
      const token = await tokenOf();
      for (let i = 0; i < 5; i += 1) {
        const { status, headers } = await ask(token, rpc('tools/list'), other.url);
        expect(status).toBe(503);
        expect(Number(headers['retry-after'])).toBeGreaterThan(0);
        expect(headers['www-authenticate']).toBeUndefined();
      }
      expect(asked).toBeLessThan(5);
      up = true;
      await expect
        .poll(async () => (await ask(token, rpc('tools/list'), other.url)).status, { timeout: 5000 })
        .toBe(200);
      const before = asked;
      for (let i = 0; i < 5; i += 1) await ask(`eyJhbGciOiJSUzI1NiIsImtpZCI6Ing${i}In0.e30.AA`, undefined, other.url);
      expect(asked - before).toBeLessThanOrEqual(2);
    } finally {
      await other.close();
      keys.close();
    }
  });
});

describe('the config', () => {
  const rules = [{ claim: 'groups', values: ['a'] }];
  const good = { issuer: 'https://id.example.com', audience: 'x', rules };
  const fits = (oauth: object) => ConfigFile.safeParse({ http: { oauth } }).success;

  test('holds an issuer, an audience and rules', () => expect(fits(good)).toBe(true));

  test.each<[string, object]>([
    ['a key that is not known', { ...good, isuer: 'https://id.example.com' }],
    ['a rule with one', { ...good, rules: [{ ...rules[0], customer: 'a' }] }],
    ['no rules', { ...good, rules: [] }],
    ['no audience', { ...good, audience: undefined }],
    ['no issuer', { ...good, issuer: undefined }],
    ['an issuer over http', { ...good, issuer: 'http://id.example.com' }],
    ['keys over http', { ...good, jwksUri: 'http://id.example.com/keys' }],
    ['a password in the issuer', { ...good, issuer: 'https://a:b@id.example.com' }],
    ['unsigned tokens', { ...good, algorithms: ['none'] }],
    ['tokens signed by a secret', { ...good, algorithms: ['HS256'] }],
    [
      'a proxy with its secret in the config',
      {
        ...good,
        proxy: { clientId: 'a', clientSecret: 'b', clientSecretFile: 'c', publicUrl: 'https://mcp.example.com' },
      },
    ],
    [
      'a proxy at a path',
      { ...good, proxy: { clientId: 'a', clientSecretFile: 'c', publicUrl: 'https://a.example/b' } },
    ],
  ])('a config of the sign-in with %s is refused', (_, oauth) => expect(fits(oauth)).toBe(false));

  test('what runs on this machine may speak http', () =>
    expect(fits({ ...good, issuer: 'http://127.0.0.1:1' })).toBe(true));
});
