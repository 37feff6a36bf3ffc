/** Signing in by a provider that only a forward proxy leads to, at the command as an operator runs it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/index.js';
import { freePort } from '../core/store/redis.js';
import { certificate } from '../faults/certificate.js';
import { type ForwardProxy, startForwardProxy } from '../faults/forward-proxy.js';
import { emptyFolder, folderWith, haloEnv, SERVER } from '../session.js';
import { passOn, refusedAs, SECRET, startProvider, stepsAt, type TestProvider, targetOf } from './signing.js';

/** A name that no resolver knows. */
const HOST = 'idp.example.test';
const PASSWORD = 'pr0xy-p4ssword';

let halo: Sandbox;
let idp: TestProvider;
let secured: Server;
let proxy: ForwardProxy;
/** What the provider answers in place of its own. */
let fails: number | undefined;
const children: ChildProcess[] = [];
const { key, cert } = certificate({ host: HOST });

beforeAll(async () => {
  [halo, idp] = await Promise.all([startSandbox(), startProvider(`https://${HOST}`)]);
  secured = createServer({ key, cert }, (req, res) => {
    if (fails === undefined) passOn(idp, req, res);
    else res.writeHead(fails).end('owned');
  });
  secured.listen(0, '127.0.0.1');
  await once(secured, 'listening');
  const { port } = secured.address() as AddressInfo;
  proxy = await startForwardProxy(() => port);
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  [fails, proxy.refusal] = [undefined, undefined];
  proxy.asked.length = 0;
});
afterAll(async () => {
  proxy.close();
  secured.close();
  await Promise.all([halo.close(), idp.stop()]);
});

async function serve(env: Record<string, string> = {}) {
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const oauth = {
    ...{ issuer: `https://${HOST}`, rules: [{ claim: 'groups', values: ['desk'] }] },
    proxy: { provider: 'oidc', clientId: 'halo-mcp', clientSecretFile: 'secret', publicUrl },
  };
  const http = { oauth, trustedProxies: ['127.0.0.1'] };
  const folder = folderWith({ 'c.json': { http }, 'ca.pem': cert, secret: SECRET });
  chmodSync(join(folder, 'secret'), 0o600);
  const child = spawn(
    process.execPath,
    [SERVER, 'serve', '--http', `127.0.0.1:${port}`, '--config', join(folder, 'c.json')],
    {
      cwd: emptyFolder(),
      env: {
        ...{ PATH: process.env.PATH, ...haloEnv(halo), NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') },
        ...{ HTTPS_PROXY: `http://me:${PASSWORD}@127.0.0.1:${proxy.port}`, HALO_MCP_LOG_LEVEL: 'trace', ...env },
      },
    },
  );
  children.push(child);
  let told = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (text) => {
      told += text;
      if (told.includes('server running on')) resolve();
    });
    child.once('close', () => reject(new Error(told)));
  });
  const steps = stepsAt(() => ({ url: publicUrl, publicUrl }));
  /** The browser knows its own way to the provider. */
  const code = async () => {
    const begun = await steps.begin();
    const to = targetOf(await steps.approve(begun));
    expect(to.origin).toBe(`https://${HOST}`);
    const there = await fetch(idp.at + to.pathname + to.search, { redirect: 'manual' });
    return { begun, from: new URL(String(there.headers.get('location'))) };
  };
  return { steps, code, log: () => told };
}

describe('a provider that only a proxy leads to', () => {
  test('is asked through it for all that it is asked for, and the proxy’s login is shown nowhere', async () => {
    const { steps, code, log } = await serve();
    const { begun, from } = await code();
    const given = await steps.redeem(begun, await steps.comeBack(from, begun));
    expect(given.status).toBe(200);
    expect((await steps.call(given.json?.access_token)).text).toContain('list_agents');
    expect((await steps.renew(begun, given.json?.refresh_token)).status).toBe(200);
    const login = Buffer.from(`me:${PASSWORD}`).toString('base64');
    expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${HOST}:443 Basic ${login}`]));
    for (const secret of [PASSWORD, login, SECRET]) expect(log()).not.toContain(secret);
  });

  test('is asked directly where NO_PROXY names it', async () => {
    const { steps } = await serve({ NO_PROXY: HOST });
    refusedAs(await steps.approve(await steps.begin()), 503, 'temporarily_unavailable');
    expect(proxy.asked).toEqual([]);
  });

  test('ends no sign-in while it, or the proxy, fails: a refresh token stays good', async () => {
    const { steps, code } = await serve();
    const { begun, from } = await code();
    const { json: given } = await steps.redeem(begun, await steps.comeBack(from, begun));
    const late = await code();
    fails = 502;
    refusedAs(await steps.renew(begun, given?.refresh_token), 503, 'temporarily_unavailable');
    const back = await steps.get(late.from.pathname + late.from.search, { cookie: late.begun.cookie });
    refusedAs(back, 503, 'temporarily_unavailable');
    expect(back.text).not.toContain('owned');
    fails = undefined;
    expect((await steps.renew(begun, given?.refresh_token)).status).toBe(200);
  });
});
