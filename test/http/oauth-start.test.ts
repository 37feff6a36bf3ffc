/** How `serve --http` uses "http.oauth", and a provider that signs nothing. */
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { oauthOf } from '../../cli/oauth.js';
import { ConfigFile } from '../../config/index.js';
import { send as sendOne } from '../../core/halo/http.js';
import { outsideBy } from '../../core/host/http/oauth/outside.js';
import { providerOf } from '../../core/host/http/oauth/provider.js';
import { issuerOf } from '../../core/host/http/oauth/proxy/kinds.js';
import { openUpstream } from '../../core/host/http/oauth/proxy/upstream.js';
import { memoryStore } from '../../core/host/http/oauth/store.js';
import { Redactor } from '../../core/output/redact.js';
import type { WayTo } from '../../core/settings.js';
import { emptyFolder } from '../session.js';

const SECRET = 'a-secret-of-the-provider-0123456789';
const rules = [{ claim: 'groups', values: ['desk'] }];
const proxy = { clientId: 'a', clientSecretFile: 'secret', publicUrl: 'https://mcp.example.com/' };

function httpOf(provider: string, issuer?: string, wayTo: WayTo = () => undefined) {
  const directory = emptyFolder();
  writeFileSync(join(directory, 'secret'), `${SECRET}\n`);
  chmodSync(join(directory, 'secret'), 0o600);
  const { http } = ConfigFile.parse({ http: { oauth: { issuer, rules, proxy: { ...proxy, provider } } } });
  return { directory, http: { ...http, wayTo } };
}

describe('the settings', () => {
  test('bring the secret from its file, and it is never shown from then on', () => {
    const { directory, http } = httpOf('google');
    const redactor = new Redactor();
    const options = oauthOf({ named: true, directory }, http, redactor);
    expect(options?.proxy).toMatchObject({ clientSecret: SECRET, publicUrl: 'https://mcp.example.com' });
    expect(redactor.redact(`it is ${SECRET}.`)).not.toContain(SECRET);
  });

  test('of a config that was merely found let nobody in', () => {
    const { directory, http } = httpOf('google');
    expect(oauthOf({ named: false, directory }, http, new Redactor())).toBeUndefined();
  });

  test('whose secret is not there stop the start', () => {
    const { http } = httpOf('google');
    expect(() => oauthOf({ named: true, directory: emptyFolder() }, http, new Redactor())).toThrow("can't be read");
  });

  test('with a proxy on the way to the provider show its login nowhere; one that can not be used stops the start', () => {
    const asked: string[] = [];
    const { directory, http } = httpOf('google', undefined, (address) => {
      asked.push(address);
      return { url: 'http://proxy.example:3128', credentials: 'me:pr0xy-p4ssword', variable: 'HTTPS_PROXY' };
    });
    const redactor = new Redactor();
    oauthOf({ named: true, directory }, http, redactor);
    expect(redactor.redact('it is pr0xy-p4ssword.')).not.toContain('pr0xy');
    expect(asked).toEqual(['https://accounts.google.com']);
    const bad = httpOf('google', undefined, () => 'HTTPS_PROXY is no address.');
    expect(() => oauthOf({ named: true, directory: bad.directory }, bad.http, redactor)).toThrow('is no address');
  });

  test.each([
    ['google', true],
    ['github', true],
    ['entra', false],
    ['oidc', false],
  ])('of %s need no issuer: %j', (provider, expected) => {
    const made = { rules, proxy: { ...proxy, provider } };
    expect(ConfigFile.safeParse({ http: { oauth: made } }).success).toBe(expected);
  });
});

test('of GitHub the account and its organisations are asked for', async () => {
  const asked: string[] = [];
  const gitHub = createServer((req, res) => {
    asked.push(`${req.url} ${req.headers.authorization ?? ''}`);
    if (req.url === '/login/oauth/access_token') {
      res.setHeader('content-type', 'application/x-www-form-urlencoded');
      res.end('access_token=gho_0123456789abcdef&scope=read%3Aorg&token_type=bearer');
    } else if (req.url === '/api/v3/user') res.end(JSON.stringify({ id: 7, login: 'alice' }));
    else res.end(JSON.stringify([{ login: 'desk' }, { login: 'other' }]));
  });
  await new Promise<void>((resolve) => gitHub.listen(0, '127.0.0.1', resolve));
  const outside = outsideBy(sendOne);
  const issuer = `http://127.0.0.1:${(gitHub.address() as AddressInfo).port}`;
  const options = {
    ...{ issuer, audience: undefined, jwksUri: undefined, algorithms: ['RS256'], scopes: [], rules },
    proxy: {
      ...{ provider: 'github' as const, clientId: 'a', clientSecret: SECRET, publicUrl: 'https://mcp.example.com' },
      ...{ scopes: undefined, redirectUris: [] },
    },
  };
  const upstream = await openUpstream(options, {
    ...{ provider: providerOf(options, outside), outside, store: memoryStore() },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  try {
    const verifier = randomBytes(32).toString('base64url');
    const { to, state } = await upstream.begin(createHash('sha256').update(verifier).digest('base64url'));
    expect(to.startsWith(`${issuer}/login/oauth/authorize?`)).toBe(true);
    expect(new URL(to).searchParams.get('redirect_uri')).toBe('https://mcp.example.com/oauth/callback');
    const code = await upstream.finish(new URLSearchParams({ code: 'x', state }));
    const { access } = await upstream.redeem(code, verifier);
    expect(await upstream.claims(access)).toEqual({ sub: '7', login: 'alice', groups: ['desk', 'other'] });
    expect(access).not.toContain('gho_');
    expect(asked.filter((line) => line.endsWith('Bearer gho_0123456789abcdef'))).toHaveLength(2);
    expect(issuerOf('', options.proxy)).toBe('https://github.com');
  } finally {
    upstream.close();
    gitHub.close();
  }
});
