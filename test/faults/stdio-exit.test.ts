import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test, vi } from 'vitest';
import { initialize, ping, type RawOptions, type RawServer, startServer, textIn, toolCall } from '../server.js';
import { folderWith, SERVER } from '../session.js';
import { type HeldHalo, startHeldHalo } from './held-halo.js';
import { childrenOf, gone } from './processes.js';

const servers: RawServer[] = [];
const halos: HeldHalo[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.kill();
  for (const halo of halos.splice(0)) halo.close();
});

/** A server after its handshake that logs why it exits. */
async function ready({ env, ...options }: RawOptions = {}): Promise<RawServer> {
  const server = startServer({ ...options, env: { HALO_MCP_LOG_LEVEL: 'debug', ...env } });
  servers.push(server);
  await server.ask(initialize());
  return server;
}

/** A server with a call in flight that Halo does not answer; its id is 7. */
async function busy(options?: RawOptions): Promise<RawServer & { halo: HeldHalo }> {
  const halo = await startHeldHalo();
  halos.push(halo);
  const server = await ready({ ...options, env: halo.env });
  server.send(toolCall('list_agents', {}, 7));
  await halo.holding(1);
  return { ...server, halo };
}

/** The server exits by itself with code 0 and no stack trace on stderr, and abandons no call without a reason. */
async function leaves(server: RawServer, reason?: string): Promise<void> {
  expect(await server.exit()).toEqual([0, null]);
  expect(server.stderr()).not.toMatch(/^\s+at /m);
  const [, why] = /"why":"([^"]+)"[^\n]*"calls are given up"/.exec(server.stderr()) ?? [];
  expect(why).toBe(reason);
}

/** Waits until the log says that the server is about to exit, and why. */
const isLeaving = (server: RawServer, why: string) =>
  vi.waitFor(() => expect(server.stderr()).toMatch(new RegExp(`"why":"${why}"[^\\n]*"leaving"`)), { timeout: 15_000 });

test('S18 an idle server ends by itself when stdin does, without waiting', async () => {
  const server = await ready();
  server.child.stdin.end();
  await leaves(server);
  expect(server.stderr()).not.toContain('"leaving"');
});

test('S18 a request that ends with stdin, without a line end, is answered first', async () => {
  const server = await ready();
  server.child.stdin.end(JSON.stringify(ping('last')));
  expect(await server.reply('last')).toMatchObject({ result: {} });
  await leaves(server);
});

test('S19 neither timers, servers nor connections that are kept alive hold it up, nor does the sandbox', async () => {
  const folder = folderWith({
    'lingers.mjs': `
      import { createServer } from 'node:http';
      import { definePlugin, defineTool, z } from 'halo-psa-mcp';
      setInterval(() => {}, 1000);
      createServer().listen(0, '127.0.0.1');
      const tool = defineTool({ name: 'do_nothing', title: 'x', description: 'x', effect: 'read', scopes: [],
        input: z.object({}), output: z.object({}), async run() { return {}; } });
      export default definePlugin({ name: 'lingers', apiVersion: 1, title: 'x', tools: [tool] });`,
    'named.json': { plugins: ['./lingers.mjs', 'people'] },
  });
  const server = await ready({ args: ['--sandbox', '--config', join(folder, 'named.json')] });
  expect(await server.ask(toolCall('list_agents'))).toHaveProperty('result.structuredContent');
  const helpers = childrenOf(server.child.pid ?? 0);
  server.child.stdin.end();
  await leaves(server);
  await Promise.all(helpers.map(gone));
});

test("S20 a call in flight at stdin's end is answered before the server goes", async () => {
  const server = await busy();
  server.child.stdin.end();
  server.halo.release();
  expect(textIn(await server.reply(7))).toMatch(/^0 of 0 agents/);
  await leaves(server);
});

test('S20 an answer that the client has not read yet is written whole before the server goes', async () => {
  const server = await ready({ args: ['--sandbox'] });
  server.child.stdout.pause();
  const ids = Array.from({ length: 20 }, (_, index) => `list ${index}`);
  for (const id of ids) server.send({ jsonrpc: '2.0', id, method: 'tools/list' });
  server.child.stdin.end();
  await isLeaving(server, 'stdin ended');
  server.child.stdout.resume();
  for (const id of ids) expect(await server.reply(id)).toHaveProperty('result.tools');
  await leaves(server);
});

test("S20 a call that does not end in time after stdin's end is told so, and then the server goes", async () => {
  const server = await busy();
  server.child.stdin.end();
  expect(await server.reply(7)).toMatchObject({ error: { message: expect.stringMatching(/^CALL_CANCELLED: /) } });
  await leaves(server, 'they take too long');
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('S21 %s ends an idle server at once', async (signal) => {
  const server = await ready();
  server.child.kill(signal);
  await leaves(server);
  expect(server.stderr()).not.toContain('"leaving"');
});

test('S21 a signal lets a call in flight end first, and requests are still answered meanwhile', async () => {
  const server = await busy();
  server.child.kill('SIGTERM');
  await isLeaving(server, 'SIGTERM');
  await server.ask(ping());
  server.halo.release();
  expect(textIn(await server.reply(7))).toMatch(/^0 of 0 agents/);
  await leaves(server);
});

test('S21 a signal after the end of stdin leaves the call its time', async () => {
  const server = await busy();
  server.child.stdin.end();
  server.child.kill('SIGTERM');
  await isLeaving(server, 'SIGTERM');
  server.halo.release();
  expect(textIn(await server.reply(7))).toMatch(/^0 of 0 agents/);
  await leaves(server);
});

test('S21 a second signal waits for no call', async () => {
  const server = await busy();
  server.child.kill('SIGTERM');
  await isLeaving(server, 'SIGTERM');
  server.child.kill('SIGTERM');
  expect(await server.reply(7)).toMatchObject({ error: { message: expect.stringMatching(/^CALL_CANCELLED: /) } });
  await leaves(server, 'a second signal');
});

const hasNamespaces = spawnSync('unshare', ['-rpf', 'true']).status === 0;

test.runIf(hasNamespaces)('S21 as process 1 of a container it goes as well', async () => {
  const server = await ready({ command: ['unshare', '-rpf', '--kill-child', process.execPath] });
  const [inside = 0] = childrenOf(server.child.pid ?? 0);
  process.kill(inside, 'SIGTERM');
  await leaves(server);
});

test('S22 a client that closes stdout: the server ends at its next word', async () => {
  const server = await ready();
  server.child.stdout.destroy();
  server.send(ping());
  await leaves(server);
});

test('S22 a client that closes stderr loses the log and nothing else', async () => {
  const server = await ready({ env: { HALO_MCP_LOG_LEVEL: 'debug' } });
  server.child.stderr.destroy();
  for (let run = 0; run < 5; run += 1)
    expect(textIn(await server.ask(toolCall('list_agents')))).toMatch(/^HALO_NOT_CONFIGURED: /);
});

/** A client that starts a server, gets an answer, optionally leaves a call in flight, and waits to be killed. */
const PARENT = `
const [server, call] = process.argv.slice(1);
const child = require('node:child_process').spawn(process.execPath, [server], { stdio: ['pipe', 'pipe', 'ignore'] });
child.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\\n' + (call ? call + '\\n' : ''));
child.stdout.once('data', () => console.log(child.pid));
`;

test('S28 of ten parents that are killed no server survives, busy or idle', async () => {
  const halo = await startHeldHalo();
  halos.push(halo);
  const call = JSON.stringify(toolCall('list_agents'));
  const parents = Array.from({ length: 10 }, (_, index) =>
    spawn(process.execPath, ['-e', PARENT, SERVER, ...(index % 2 ? [call] : [])], { env: halo.env }),
  );
  const pids = await Promise.all(
    parents.map(async ({ stdout }) => Number((await once(createInterface({ input: stdout }), 'line'))[0])),
  );
  await halo.holding(1);
  for (const parent of parents) parent.kill('SIGKILL');
  await Promise.all(pids.map(gone));
});
