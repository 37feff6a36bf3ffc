import { once } from 'node:events';
import { request as ask } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/index.js';
import { command } from '../docs/command.js';
import { folderWith, haloEnv } from '../session.js';
import { certificate } from './certificate.js';
import { type ForwardProxy, startForwardProxy } from './forward-proxy.js';

/** A name that no resolver knows, so only the proxy leads there. */
const HOST = 'halo.example.test';
const PASSWORD = 'pr0xy-p4ssword';
const { key, cert } = certificate({ host: HOST });

let halo: Sandbox;
let secured: Server;
let proxy: ForwardProxy;

beforeAll(async () => {
  halo = await startSandbox();
  secured = createSecure({ key, cert }, ({ method, url, headers }, response) => {
    const there = ask(`${halo.url}${url}`, { method, headers: { ...headers, host: '127.0.0.1' } }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    response.req.pipe(there);
  });
  secured.listen(0, '127.0.0.1');
  await once(secured, 'listening');
  const { port } = secured.address() as AddressInfo;
  proxy = await startForwardProxy(() => port);
});
beforeEach(() => {
  proxy.asked.length = 0;
  proxy.refusal = undefined;
});
afterAll(async () => {
  proxy.close();
  secured.close();
  await halo.close();
});

const through = () => `http://me:${PASSWORD}@127.0.0.1:${proxy.port}`;
const away = () => ({
  ...haloEnv({ ...halo, url: `https://${HOST}` }),
  NODE_EXTRA_CA_CERTS: join(folderWith({ 'ca.pem': cert }), 'ca.pem'),
});
const login = () => Buffer.from(`me:${PASSWORD}`).toString('base64');

describe('a proxy that the environment names', () => {
  test.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'HTTP_PROXY'])(
    '%s leads to Halo, whose private authority is trusted; its login is shown nowhere',
    async (name) => {
      const env = { ...away(), [name]: through(), DEBUG: '*', HALO_MCP_LOG_LEVEL: 'trace' };
      const { code, stdout, stderr } = await command(['call', 'list_agents'], env);
      expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+ of \d+ agents/) });
      expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${HOST}:443 Basic ${login()}`]));
      for (const secret of [PASSWORD, login()]) expect(stdout + stderr).not.toContain(secret);
    },
  );

  test('may stand without its scheme, and Node’s own switch changes nothing', async () => {
    const env = { ...away(), HTTPS_PROXY: `127.0.0.1:${proxy.port}`, NODE_USE_ENV_PROXY: '1' };
    expect(await command(['call', 'list_agents'], env)).toMatchObject({ code: 0 });
    expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${HOST}:443`]));
  });

  test.each([HOST, '.example.test', '*.example.test', '*', `${HOST}:443`])(
    'is left aside for what NO_PROXY names: %s',
    async (NO_PROXY) => {
      const { code, stderr } = await command(['call', 'list_agents'], { ...away(), HTTPS_PROXY: through(), NO_PROXY });
      expect({ code, asked: proxy.asked }).toEqual({ code: 1, asked: [] });
      expect(stderr).toContain(`The host ${HOST} can't be found.`);
    },
  );

  test.each([[['call', 'list_agents']], [['call', 'list_agents', '--sandbox']], [['doctor']]])(
    'is never asked for what runs on this machine: %j',
    async (args) => {
      const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];
      const env = Object.fromEntries(names.map((name) => [name, through()]));
      const { code } = await command(args, { ...haloEnv(halo), ...env, NODE_USE_ENV_PROXY: '1', NO_PROXY: '' });
      expect({ code, asked: proxy.asked }).toEqual({ code: 0, asked: [] });
    },
  );

  test('is shown by the doctor, without its login', async () => {
    const { stdout } = await command(['doctor'], { ...away(), HTTPS_PROXY: through() });
    expect(stdout).toContain(
      `✓ Host asked: through the proxy http://127.0.0.1:${proxy.port} (HTTPS_PROXY, with a\n  login)`,
    );
    expect(stdout).toContain(`✓ Host: ${HOST} is found and answers, and its certificate is trusted`);
    const direct = await command(['doctor'], { ...haloEnv(halo), HTTPS_PROXY: through() });
    expect(direct.stdout).toContain('✓ Host asked: directly, on this machine');
  });
});

describe('a proxy that fails is named, and Halo is not blamed', () => {
  test.each([
    ['407 Proxy Authentication Required', 'asks for a login (HTTP 407). Put its user and password into HTTPS_PROXY', 1],
    ['403 Forbidden', 'refuses the way to Halo (HTTP 403). Check HTTPS_PROXY; NO_PROXY names', 1],
    ['502 Bad Gateway', 'does not reach Halo (HTTP 502). Check HTTPS_PROXY;', 3],
  ])('%s', async (status, words, times) => {
    proxy.refusal = status;
    const { code, stderr } = await command(['call', 'list_agents'], { ...away(), HTTPS_PROXY: through() });
    expect(code).toBe(1);
    expect(stderr).toContain(`HALO_UNREACHABLE: The proxy 127.0.0.1:${proxy.port} (HTTPS_PROXY) ${words}`);
    expect(proxy.asked).toHaveLength(times);
  });

  test('a proxy at which nothing listens is named, with its variable', async () => {
    const { stderr } = await command(['call', 'list_agents'], { ...away(), HTTPS_PROXY: 'http://127.0.0.1:1' });
    expect(stderr).toContain('HALO_UNREACHABLE: The proxy 127.0.0.1:1 (HTTPS_PROXY) does not answer.');
  });

  // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder
  test.each(['socks5://127.0.0.1:1080', 'http://', '${PROXY}'])(
    '%s is reported before anything is sent',
    async (value) => {
      const { code, stderr } = await command(['call', 'list_agents'], { ...away(), HTTPS_PROXY: value });
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/^HTTPS_PROXY (is not|still)/) });
    },
  );
});

test('a certificate of a private authority that was not configured is not trusted', async () => {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = away();
  const { code, stderr } = await command(['call', 'list_agents'], { ...env, HTTPS_PROXY: through() });
  expect(code).toBe(1);
  expect(stderr).toMatch(/HALO_TLS: .*NODE_EXTRA_CA_CERTS/);
});
