/** The two eras of the protocol on one pipe: the first message of a client decides. */
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Libraries, Opening, type Take, type Wire } from '../../core/host/stdio/opening.js';
import { cancel, initialize, type RawOptions, type RawServer, startServer, textIn, toolCall } from '../server.js';
import { folderWith, type Json } from '../session.js';
import { startHeldHalo } from './held-halo.js';

const servers: RawServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.kill();
});
function start({ env, ...options }: RawOptions = {}): RawServer {
  const server = startServer({ ...options, env: { HALO_MCP_LOG_LEVEL: 'debug', ...env } });
  servers.push(server);
  return server;
}

/** A message of the newer era, as its client sends each. */
const newer = (
  message: { id: string | number; params?: Json | undefined; method: string },
  version = '2026-07-28',
) => ({
  ...{ jsonrpc: '2.0', ...message },
  params: {
    ...message.params,
    _meta: {
      'io.modelcontextprotocol/protocolVersion': version,
      'io.modelcontextprotocol/clientInfo': { name: 't', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
});
const discover = (version?: string) => newer({ id: 'probe', method: 'server/discover' }, version);

describe('a client that begins in the newer era', () => {
  test('is answered in it, by whatever ids it uses', async () => {
    const server = start();
    expect(await server.ask(discover())).toMatchObject({
      result: { supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, resultType: 'complete' },
    });
    for (const id of [0, '', '"', 7]) {
      const { result } = await server.ask(newer({ id, method: 'tools/list' }));
      expect(result).toMatchObject({ resultType: 'complete', tools: expect.any(Array) });
    }
    const called = await server.ask(newer(toolCall('list_agents') as never));
    expect(textIn(called)).toContain('HALO_NOT_CONFIGURED');
    // What goes no further is refused in it as well.
    const refused = await server.ask(
      newer({ ...toolCall('list_agents'), params: { name: 'list_agents', arguments: [] } }),
    );
    expect(refused).toMatchObject({ result: { resultType: 'complete', isError: true } });
    // What is no message is refused as ever.
    server.send('{');
    expect(await server.next()).toMatchObject({ id: null, error: { code: -32_700 } });
  });

  test('without asking what is served is served as well', async () => {
    const { result } = await start().ask(newer({ id: 1, method: 'tools/list' }));
    expect(result).toMatchObject({ resultType: 'complete' });
  });

  test('and only probed for it has its handshake after that', async () => {
    const server = start();
    await server.ask(discover());
    expect(await server.ask(initialize('2025-11-25'))).toMatchObject({ result: { protocolVersion: '2025-11-25' } });
    const { result } = await server.ask({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
    expect(result).not.toHaveProperty('resultType');
    expect(result).toHaveProperty('tools');
  });

  test('with an unknown revision is told the known ones, and may begin again', async () => {
    const server = start();
    expect(await server.ask(discover('2031-01-01'))).toMatchObject({
      error: { code: -32_022, data: { supported: ['2026-07-28'] } },
    });
    expect(await server.ask(initialize('2025-11-25'))).toHaveProperty('result.serverInfo');
  });

  test('with an unknown revision later on is told the same, and goes on in the one that it began with', async () => {
    const server = start();
    await server.ask(newer({ id: 1, method: 'tools/list' }));
    for (const message of [discover('2031-01-01'), newer({ id: 2, method: 'tools/list' }, '2031-01-01')])
      expect(await server.ask(message)).toMatchObject({
        error: { code: -32_022, data: { supported: ['2026-07-28'], requested: '2031-01-01' } },
      });
    expect(await server.ask(newer({ id: 3, method: 'tools/list' }))).toHaveProperty('result.tools');
  });

  test('is told of tools that come later, while it listens', async () => {
    const tool = `import { definePlugin, defineTool, z } from 'halo-psa-mcp';
      const tool = defineTool({ name: 'say_late', title: 'x', description: 'x', effect: 'read', scopes: [], input: z.object({}), output: z.object({}), async run() { return {}; } });
      await new Promise((resolve) => setTimeout(resolve, 2500));
      export default definePlugin({ name: 'late', apiVersion: 1, title: 'x', tools: [tool] });`;
    const folder = folderWith({ 'late.mjs': tool, 'named.json': { plugins: ['people', './late.mjs'] } });
    const server = start({ args: ['--config', join(folder, 'named.json')] });
    await server.ask(newer({ id: 1, method: 'tools/list' }));
    const listen = (id: string | number) =>
      newer({ id, method: 'subscriptions/listen', params: { notifications: { toolsListChanged: true } } });
    for (const id of [0, 'gone']) server.send(listen(id));
    const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';
    for (const id of [0, 'gone'])
      expect(await server.next()).toMatchObject({
        method: 'notifications/subscriptions/acknowledged',
        params: { _meta: { [SUBSCRIPTION]: id } },
      });
    server.send(cancel('gone'));
    expect(await server.next()).toMatchObject({
      method: 'notifications/tools/list_changed',
      params: { _meta: { [SUBSCRIPTION]: 0 } },
    });
    const { result } = await server.ask(newer({ id: 2, method: 'tools/list' }));
    expect(JSON.stringify(result)).toContain('say_late');
    // Nobody waits for a client that only listens.
    server.child.stdin.end();
    expect(await server.exit()).toEqual([0, null]);
    expect(server.stderr()).not.toContain('"leaving"');
    expect(server.lines.filter((line) => line.includes('tools/list_changed'))).toHaveLength(1);
  });

  test('has its answer before the server goes, and none to what it cancelled', async () => {
    const halo = await startHeldHalo();
    try {
      const server = start({ env: halo.env });
      server.send(newer(toolCall('list_agents', {}, 'cancelled') as never));
      await halo.holding(1);
      server.send(cancel('cancelled'));
      await halo.hungUp();
      server.send(newer(toolCall('list_agents', {}, 'last') as never));
      await halo.holding(1);
      server.child.stdin.end();
      await expect.poll(() => server.stderr()).toContain('"leaving"');
      halo.release();
      expect(await server.reply('last')).toHaveProperty('result.content');
      expect(await server.exit()).toEqual([0, null]);
      expect(server.lines).toHaveLength(1);
    } finally {
      halo.close();
    }
  });
});

test('a client that begins with a handshake has the older era, and stays in it', async () => {
  const server = start();
  await server.ask(initialize('2025-11-25'));
  expect(await server.ask(discover())).toMatchObject({ error: { code: -32_601 } });
  const { result } = await server.ask(newer({ id: 1, method: 'tools/list' }));
  expect(result).not.toHaveProperty('resultType');
});

describe('while the other library loads', () => {
  function opening(newer: Libraries['newer']) {
    const wire: Wire = { start: async () => undefined, send: async () => undefined, close: async () => undefined };
    const told: string[] = [];
    const log = { debug() {}, info() {}, warn() {}, error: (_: object, line: string) => void told.push(line) };
    const older: unknown[] = [];
    const take: Take = (message) => void older.push((message as { id: unknown }).id);
    const one = new Opening(wire, () => undefined, { newer, older: async () => take }, log);
    return { one, wire, older, told, take: (message: object) => wire.onmessage?.(message as never) };
  }

  test('nothing is lost or overtaken', async () => {
    const taken: unknown[] = [];
    let open: () => void = () => undefined;
    const loaded = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { one, take, older } = opening(async () => {
      await loaded;
      return (message) => void taken.push((message as { id: unknown }).id);
    });
    await one.start();
    take(newer({ id: 1, method: 'tools/list' }));
    take({ jsonrpc: '2.0', id: 2, method: 'ping' });
    open();
    await expect.poll(() => taken).toEqual([1, 2]);
    take(newer({ id: 3, method: 'tools/list' }));
    expect({ taken, older }).toEqual({ taken: [1, 2, 3], older: [] });
  });

  test('and can not, the older era answers, and the log says so', async () => {
    const { one, take, older, told } = opening(() => Promise.reject(new Error('no such file')));
    await one.start();
    for (const id of [1, 2]) take(newer({ id, method: 'server/discover' }));
    await expect.poll(() => older).toEqual([1, 2]);
    take(newer({ id: 3, method: 'server/discover' }));
    expect(older).toEqual([1, 2, 3]);
    expect(told).toEqual(['the newer era of the protocol can not be served']);
  });
});
