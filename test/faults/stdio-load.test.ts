import { once } from 'node:events';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { GuardedTransport, idOf } from '../../core/host/stdio/transport.js';
import { createLog } from '../../core/log.js';
import { Redactor } from '../../core/output/redact.js';
import { initialize, ping, type RawServer, startServer, textIn, toolCall } from '../server.js';
import { folderWith, type Json } from '../session.js';
import { startHeldHalo } from './held-halo.js';

const MIB = 2 ** 20;
let server: RawServer | undefined;
afterEach(() => server?.kill());

/** A tool whose answer is a third of a MiB. */
const LONG = `
import { definePlugin, defineTool, z } from 'halo-psa-mcp';
const long = defineTool({
  name: 'say_much', title: 'x', description: 'x', effect: 'read', scopes: [], input: z.object({}),
  output: z.object({ items: z.array(z.object({ id: z.int(), said: z.string() })) }),
  async run() {
    return { items: Array.from({ length: 30 }, (_, id) => ({ id, said: 'ä🙂' + 'antidisestablishmentarianism '.repeat(200) })) };
  },
});
export default definePlugin({ name: 'long', apiVersion: 1, title: 'x', tools: [long] });
`;

test('S23 a client that does not read for a while gets every line whole, with 20 MiB in the queue', async () => {
  const folder = folderWith({
    'long.mjs': LONG,
    'named.json': { plugins: ['./long.mjs'], output: { maxTokens: 100_000 } },
  });
  server = startServer({ args: ['--config', join(folder, 'named.json')] });
  await server.ask(initialize());
  const { child, reply, lines } = server;
  const one = await server.ask(toolCall('say_much'));
  const size = Buffer.byteLength(JSON.stringify(one));
  const ids = Array.from({ length: Math.ceil((20 * MIB) / size) }, (_, index) => index);
  expect(ids.length).toBeLessThan(80);
  child.stdout.pause();
  for (const id of ids) server.send(toolCall('say_much', {}, id));
  while (server.stderr().split('"msg":"call"').length < ids.length + 2) await once(child.stderr, 'data');
  child.stdout.resume();
  for (const id of ids) expect(textIn(await reply(id))).toBe(textIn(one));
  expect(lines).toHaveLength(ids.length + 2);
});

test('S23 with more unread answers than the queue may hold, new calls are told to come back', async () => {
  const input = new PassThrough();
  const stuck: { chunk: Buffer; done: () => void }[] = [];
  const output = new Writable({ write: (chunk, _encoding, done) => void stuck.push({ chunk, done }) });
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const transport = new GuardedTransport(input, output, silent, 10_000);
  const asked: unknown[] = [];
  transport.onmessage = (message) => {
    const { id, params } = message as unknown as { id: string; params: { name: string } };
    asked.push(idOf(id));
    void transport.send({ jsonrpc: '2.0', id, result: { content: [], words: params.name.repeat(1000) } });
  };
  await transport.start();
  for (let id = 0; id < 20; id += 1) input.write(`${JSON.stringify(toolCall('a tool', {}, id))}\n`);
  input.write(`${JSON.stringify(ping('other'))}\n`);
  await new Promise(setImmediate);
  expect(output.writableLength).toBeLessThan(25_000);
  const told: Json[] = [];
  while (stuck.length > 0) {
    const { chunk, done } = stuck.shift() as { chunk: Buffer; done: () => void };
    told.push(JSON.parse(String(chunk)) as Json);
    done();
    await new Promise(setImmediate);
  }
  expect(asked).toEqual([0, 1]);
  expect(told.map(({ id }) => id)).toEqual([...Array(20).keys(), 'other']);
  expect(textIn(told[19] as Json)).toMatch(/^SERVER_BUSY: .* call again\.$/);
  expect(told[20]).toMatchObject({ error: { code: -32_000, message: expect.stringMatching(/^SERVER_BUSY: /) } });
  const again = new Promise((resolve) => {
    transport.onmessage = resolve;
  });
  input.write(`${JSON.stringify(toolCall('a tool'))}\n`);
  expect(await again).toMatchObject({ method: 'tools/call' });
});

test('S23 a client that does not read stderr costs no memory: the log is left out until it does', () => {
  const stuck = new Writable({ write: () => undefined });
  const busy = createLog('info', new Redactor(), stuck);
  for (let line = 0; line < 5000; line += 1) busy.info({ fact: 'x'.repeat(1000) }, 'a line');
  expect(stuck.writableLength).toBeGreaterThan(MIB);
  expect(stuck.writableLength).toBeLessThan(1.1 * MIB);
});

test('S24 of 10,000 calls at once 16 run, 64 wait and the rest is told to come back; each is answered', async () => {
  const halo = await startHeldHalo();
  server = startServer({ env: halo.env });
  await server.ask(initialize());
  await server.ask({ jsonrpc: '2.0', id: 'list', method: 'tools/list' });
  const before = server.peak();
  const calls = Array.from({ length: 10_000 }, (_, index) => toolCall('list_agents', {}, index));
  server.child.stdin.write(calls.map((call) => `${JSON.stringify(call)}\n`).join(''));
  const busy = [];
  for (let id = 80; id < 10_000; id += 1) busy.push(await server.reply(id));
  expect(new Set(busy.map(textIn))).toEqual(
    new Set([
      'SERVER_BUSY: 16 calls run and 64 wait for their turn. Wait for the answers to earlier calls, then call again.',
    ]),
  );
  expect(await server.ask(ping())).toMatchObject({ result: {} });
  halo.release();
  for (let id = 0; id < 80; id += 1) expect(textIn(await server.reply(id))).toMatch(/^0 of 0 agents/);
  expect(server.lines).toHaveLength(10_000 + 3);
  expect(server.peak() - before).toBeLessThan(64 * MIB);
  halo.close();
});

test('S29 some hundred calls leave no warning of a leak and little memory', async () => {
  server = startServer({ args: ['--sandbox'] });
  await server.ask(initialize());
  const some = async (count: number) => {
    for (let run = 0; run < count; run += 1) await server?.ask(toolCall('list_clients', { page_size: 5 }));
  };
  await some(100);
  const before = server.peak();
  await some(300);
  expect(server.stderr()).not.toMatch(/Warning|listener/i);
  expect(server.peak() - before).toBeLessThan(48 * MIB);
});
