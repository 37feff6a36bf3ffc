import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { initialize, type RawOptions, type RawServer, startServer, textIn, toolCall } from '../server.js';
import { folderWith } from '../session.js';

let server: RawServer | undefined;
afterEach(() => server?.kill());

const closed = { HALO_INSTANCE_URL: 'http://127.0.0.1:1', HALO_CLIENT_ID: 'id', HALO_CLIENT_SECRET: 'a secret' };

/** A server whose handshake was answered. */
async function greeted(options: RawOptions): Promise<RawServer> {
  server = startServer(options);
  expect(await server.ask(initialize())).toHaveProperty('result.serverInfo.name', 'halo-mcp');
  return server;
}

test.each<[string, RawOptions, RegExp]>([
  [
    'no settings at all',
    {},
    /^HALO_NOT_CONFIGURED: The server has no Halo to ask: HALO_INSTANCE_URL, HALO_CLIENT_ID, HALO_CLIENT_SECRET are not set\. Set them in the environment/,
  ],
  [
    'a secret file that is not there',
    {
      env: {
        HALO_INSTANCE_URL: 'https://halo.example.com',
        HALO_CLIENT_ID: 'id',
        HALO_CLIENT_SECRET_FILE: '/nowhere/x',
      },
    },
    /^HALO_NOT_CONFIGURED: .*The client secret's file/,
  ],
  [
    'a placeholder that nothing filled in',
    { env: { ...closed, HALO_CLIENT_ID: '<your-client-id>' } },
    /^HALO_NOT_CONFIGURED: HALO_CLIENT_ID still holds the placeholder <…>\. Put the value itself in its place\. Then restart the server; nothing was sent\.$/,
  ],
  [
    'an invalid address',
    { env: { ...closed, HALO_INSTANCE_URL: 'nonsense' } },
    /^HALO_NOT_CONFIGURED: HALO_INSTANCE_URL is not a URL\./,
  ],
  [
    'an address with a password in it, and an invalid log level',
    { env: { ...closed, HALO_AUTH_URL: 'https://me:canary@auth.example', HALO_MCP_LOG_LEVEL: 'loud' } },
    /^HALO_NOT_CONFIGURED: HALO_AUTH_URL holds user:password\./,
  ],
  ['a Halo that is down', { env: closed }, /^HALO_UNREACHABLE: /],
])('S32 with %s the handshake is answered, and each call says what is missing', async (_name, options, words) => {
  const server = await greeted(options);
  expect(await server.ask({ jsonrpc: '2.0', id: 'l', method: 'tools/list' })).toHaveProperty('result.tools');
  expect(textIn(await server.ask(toolCall('list_agents')))).toMatch(words);
});

test('S32 a plugin that never finishes loading holds up neither the handshake nor its end', async () => {
  const folder = folderWith({
    'slow.mjs': 'await new Promise(() => setInterval(() => {}, 1000));',
    'named.json': { plugins: ['./slow.mjs', 'people'] },
  });
  const server = await greeted({ args: ['--config', join(folder, 'named.json')] });
  // Not given up yet: neither waited for it.
  expect(server.stderr()).not.toContain('did not load within');
  server.child.stdin.end();
  expect(await server.exit()).toEqual([0, null]);
  expect(server.stderr()).not.toContain('did not load within');
});

test.each<[string, Record<string, string | object>, RegExp]>([
  ['an unknown key', { 'c.json': { plugin: ['people'] } }, /"plugin".*Did you mean "plugins"\?/],
  ['an unknown pack', { 'c.json': { plugins: ['peple'] } }, /"peple".*Did you mean "people"\?/],
  ['no JSON', { 'c.json': '{' }, /c\.json/],
  ['no file', {}, /c\.json/],
])(
  'S32 a config with %s stops the start with code 2, one sentence and an empty stdout',
  async (_name, files, words) => {
    server = startServer({ args: ['--config', join(folderWith(files), 'c.json')] });
    server.send(initialize());
    expect(await server.exit()).toEqual([2, null]);
    expect(server.stderr()).toMatch(words);
    expect(server.stderr().trim().split('\n')).toHaveLength(1);
    expect(server.lines).toEqual([]);
  },
);
