/** Signing in as a person does: a client sends a real browser to the server's page, to the provider's, and back. */
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../core/store/redis.js';
import { type Browser, openBrowser, type Page, WITHOUT_BROWSER } from './browser.js';
import { inFront, passOn, pkce, startProvider, stepsAt, type TestProvider } from './signing.js';
import { callOf, type Running, startTest } from './team.js';

let idp: TestProvider;
let front: Server;
let team: Running;
let publicUrl: string;
let browser: Browser;
let page: Page;
/** The client's own page, that the browser comes back to. */
let client: Server;
let back: string;
const came: URL[] = [];

/** Waits for a click, as a provider waits for a password. */
const LOGIN =
  '<!doctype html><title>Provider</title><h1>Provider</h1><button onclick="location = location.href + \'&signed-in=1\'">Sign in</button>';

const listen = async (server: Server, port = 0) => {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

beforeAll(async () => {
  if (WITHOUT_BROWSER !== undefined) return;
  const port = await freePort();
  // Another site than the server's, for the rules of cookies.
  idp = await startProvider(`http://localhost:${port}`);
  front = createServer((req, res) => {
    const isLogin = req.url?.startsWith('/authorize') && !req.url.includes('signed-in');
    if (isLogin) res.setHeader('content-type', 'text/html').end(LOGIN);
    else passOn(idp, req, res);
  });
  await listen(front, port);
  client = createServer((req, res) => {
    const url = new URL(req.url ?? '', back);
    if (url.pathname === '/client.json')
      res.setHeader('content-type', 'application/json').end(
        JSON.stringify({
          client_id: `${new URL(back).origin}/client.json`,
          ...{ client_name: 'Desk <b>assistant</b>', redirect_uris: ['http://127.0.0.1/back'] },
        }),
      );
    else {
      if (url.pathname === '/back') came.push(url);
      res.setHeader('content-type', 'text/html').end('<!doctype html><title>Client</title><h1>You may close this</h1>');
    }
  });
  back = `http://127.0.0.1:${await listen(client)}/back`;
  publicUrl = `http://127.0.0.1:${await freePort()}`;
  team = await startTest({
    place: { host: '127.0.0.1', port: Number(new URL(publicUrl).port) },
    oauth: inFront(idp, publicUrl),
  });
  browser = await openBrowser();
  page = await browser.page();
});
afterEach(() => void came.splice(0));
afterAll(async () => {
  await browser?.close();
  await team?.close();
  for (const server of [front, client]) server?.close();
  await idp?.stop();
});

const title = () => page.see<string>('document.readyState === "complete" && document.title');
/** Says yes on the server's page, and signs in on the provider's. */
async function signIn(): Promise<URL> {
  await page.click('button[value=approve]');
  await page.see("document.title === 'Provider'");
  await page.click('button');
  await page.see("document.title === 'Client'");
  return came.at(-1) as URL;
}

/** A client as the SDK makes one, which remembers in memory. */
function clientOf() {
  const kept: Record<string, unknown> = {};
  const keep = (name: string) => (value: unknown) => void Object.assign(kept, { [name]: value });
  const sentTo: URL[] = [];
  const provider: OAuthClientProvider = {
    redirectUrl: back,
    clientMetadata: { client_name: 'SDK client', redirect_uris: [back], token_endpoint_auth_method: 'none' },
    state: () => 'of-the-client',
    clientInformation: () => kept.client as never,
    saveClientInformation: keep('client'),
    tokens: () => kept.tokens as never,
    saveTokens: keep('tokens'),
    codeVerifier: () => kept.verifier as never,
    saveCodeVerifier: keep('verifier'),
    redirectToAuthorization: (url) => void sentTo.push(url),
  };
  const transport = () => new StreamableHTTPClientTransport(new URL(`${publicUrl}/mcp`), { authProvider: provider });
  return { kept, sentTo, transport };
}

describe.skipIf(WITHOUT_BROWSER)('a person with a browser', () => {
  test('signs in for a client that registers, which then calls, and goes on with its refresh token', async () => {
    const { kept, sentTo, transport } = clientOf();
    const first = transport();
    const mcp = () => new Client({ name: 'test', version: '1' });
    await expect(mcp().connect(first as Transport)).rejects.toThrow('Unauthorized');
    await page.goTo(String(sentTo[0]));
    expect(await title()).toBe('Halo PSA: sign in');
    const to = await signIn();
    expect(to.searchParams.get('state')).toBe('of-the-client');
    await first.finishAuth(String(to.searchParams.get('code')));
    const before = kept.tokens as { access_token: string; refresh_token: string };
    const connected = mcp();
    await connected.connect(transport() as Transport);
    expect(await connected.callTool({ name: 'list_agents', arguments: {} })).not.toHaveProperty('isError', true);
    await connected.close();

    kept.tokens = { ...before, access_token: 'expired' };
    const later = mcp();
    await later.connect(transport() as Transport);
    expect((await later.listTools()).tools.map(({ name }) => name)).toEqual(['list_agents']);
    expect(kept.tokens).not.toMatchObject({ refresh_token: before.refresh_token });
    expect(sentTo).toHaveLength(1);
    await later.close();
  });

  test('signs in for a client that describes itself at an address', async () => {
    const steps = stepsAt(() => ({ url: publicUrl, publicUrl }));
    const id = back.replace('/back', '/client.json');
    const { verifier, challenge } = pkce();
    await page.goTo(publicUrl + steps.query(id, challenge, { redirect_uri: back }));
    const shown = await page.see<string>('document.body.innerText');
    for (const text of ['Desk <b>assistant</b>', new URL(back).host, id]) expect(shown).toContain(text);
    const to = await signIn();
    const begun = { client: id, verifier, cookie: '', ticket: '' };
    const given = await steps.redeem(begun, String(to.searchParams.get('code')), { redirect_uri: back });
    expect(given.status).toBe(200);
    const { json } = await steps.call(given.json?.access_token, callOf('list_agents'));
    expect(json).not.toHaveProperty('result.isError');
  });

  test('says no, and the client hears it', async () => {
    const { sentTo, transport } = clientOf();
    await expect(new Client({ name: 'test', version: '1' }).connect(transport() as Transport)).rejects.toThrow();
    await page.goTo(String(sentTo[0]));
    await page.click('button[value=deny]');
    await page.see("document.title === 'Client'");
    expect(came.at(-1)?.searchParams.get('error')).toBe('access_denied');
  });

  test('reads why a sign-in can’t go on', async () => {
    const { sentTo, transport } = clientOf();
    await expect(new Client({ name: 'test', version: '1' }).connect(transport() as Transport)).rejects.toThrow();
    const unknown = new URL(String(sentTo[0]));
    unknown.searchParams.set('redirect_uri', 'http://127.0.0.1/another');
    await page.goTo(unknown.href);
    expect(await page.see<string>('document.readyState === "complete" && document.body.innerText')).toMatch(
      /can’t go on\s+The "redirect_uri" is not one that this client has registered\./,
    );
  });

  test.each([400, 1200])(
    'sees the whole page that asks, whatever a client says about itself: %i wide',
    async (width) => {
      const steps = stepsAt(() => ({ url: publicUrl, publicUrl }));
      const long = `${back}/${'without-a-space'.repeat(20)}`;
      const { json } = await steps.register({ redirect_uris: [long], client_name: 'Nobody'.repeat(30) });
      await page.goTo(publicUrl + steps.query(String(json?.client_id), pkce().challenge, { redirect_uri: long }));
      const picture = await page.picture(width, async () => {
        const inside = `[...document.querySelectorAll('*')].every((one) => one.getBoundingClientRect().right <= ${width})`;
        expect(await page.see(`document.documentElement.clientWidth === ${width} && ${inside}`)).toBe(true);
        const sizes = await page.see<number[]>(
          `[...document.querySelectorAll('button')].map((one) => one.clientHeight)`,
        );
        for (const size of sizes) expect(size).toBeGreaterThan(36);
      });
      const shown = await page.see<string>('document.body.innerText');
      for (const text of ['A program on this computer', long, new URL(idp.issuer).host, 'nobody has checked it'])
        expect(shown).toContain(text);
      const folder = process.env.PICTURES;
      if (folder === undefined) return;
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `consent-${width}.png`), picture);
    },
  );
});

test.skipIf(WITHOUT_BROWSER === undefined)('signing in with a browser: none is here to try it with', ({ skip }) => {
  skip(WITHOUT_BROWSER);
});
