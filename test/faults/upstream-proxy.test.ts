import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/index.js';
import { command } from '../docs/command.js';
import { haloEnv } from '../session.js';

let halo: Sandbox;
/** A proxy that notes what it is asked for, and answers nothing. */
const asked: string[] = [];
const proxy = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  response.writeHead(502).end();
}).on('connect', ({ url }, socket) => {
  asked.push(`CONNECT ${url}`);
  socket.end('HTTP/1.1 502 No\r\n\r\n');
});

beforeAll(async () => {
  halo = await startSandbox();
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
});
afterAll(async () => {
  proxy.close();
  await halo.close();
});

/** All that makes Node 22.21 and later, or a library, go through a proxy. */
function proxied(): Record<string, string> {
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'GLOBAL_AGENT_HTTP_PROXY', 'npm_config_proxy'];
  const both = names.flatMap((name) => [name, name.toLowerCase()]);
  return { ...Object.fromEntries(both.map((name) => [name, url])), NODE_USE_ENV_PROXY: '1', NO_PROXY: '' };
}

describe('a proxy that the environment names is not used', () => {
  test.each([
    ['call', ['call', 'list_agents']],
    ['doctor', ['doctor']],
  ])('%s goes to Halo itself, secret and token with it', async (_, args) => {
    asked.length = 0;
    const { code, stdout } = await command(args, { ...haloEnv(halo), ...proxied() });
    expect({ code, asked }).toEqual({ code: 0, asked: [] });
    expect(stdout).not.toContain('✗');
  });

  test('nor for https, where it would be asked to connect', async () => {
    asked.length = 0;
    const env = { ...haloEnv({ ...halo, url: 'https://127.0.0.1:9' }), ...proxied() };
    const { code, stderr } = await command(['call', 'list_agents'], env);
    expect({ code, asked }).toEqual({ code: 1, asked: [] });
    expect(stderr).toMatch(/^HALO_UNREACHABLE: /m);
  });
});
