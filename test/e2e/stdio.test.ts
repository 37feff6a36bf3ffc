import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { emptyFolder, type Json, SERVER } from '../session.js';

let server: ChildProcessWithoutNullStreams | undefined;
afterEach(() => {
  server?.kill('SIGKILL');
});

/** The server as a bare process: lines in, lines out. */
function start(args: string[] = ['--sandbox'], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [SERVER, ...args], { cwd: emptyFolder(), env: { ...env } });
  server = child;
  const waiting: ((message: Json) => void)[] = [];
  const early: Json[] = [];
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    const message = JSON.parse(line) as Json;
    const next = waiting.shift();
    if (next) next(message);
    else early.push(message);
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return {
    child,
    lines,
    stderr: () => stderr,
    send: (line: string | object) => child.stdin.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`),
    next: () =>
      new Promise<Json>((resolve) => (early.length > 0 ? resolve(early.shift() as Json) : waiting.push(resolve))),
    exit: () => once(child, 'exit') as Promise<[number | null, string | null]>,
  };
}

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
};
const ping = (id: unknown) => ({ jsonrpc: '2.0', id, method: 'ping' });

test('initialize is answered without any credentials, and each call says what is missing', async () => {
  const { send, next, stderr } = start([]);
  send(initialize);
  expect(await next()).toMatchObject({ id: 1, result: { serverInfo: { name: 'halo-mcp' } } });
  send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  send({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
  expect(((await next()).result as { tools: unknown[] }).tools).toHaveLength(18);
  send({ jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: 'list_agents', arguments: {} } });
  const { result } = (await next()) as {
    result: { isError: boolean; content: { text: string }[]; structuredContent?: unknown };
  };
  expect(result.isError).toBe(true);
  expect(result.structuredContent).toBeUndefined();
  expect(result.content[0]?.text).toBe(
    'HALO_NOT_CONFIGURED: The server has no Halo to ask: HALO_INSTANCE_URL, HALO_CLIENT_ID, HALO_CLIENT_SECRET are not set. ' +
      'Set them in the environment of the server (the secret best by HALO_CLIENT_SECRET_FILE), and restart it.',
  );
  expect(stderr()).toContain('Halo PSA MCP server running on stdio');
});

test.each([
  ['no JSON', 'what?', -32_700],
  ['a cut object', '{"jsonrpc":"2.0",', -32_700],
  ['an empty array', '[]', -32_600],
  ['a number', '42', -32_600],
  ['null', 'null', -32_600],
  ['a batch', JSON.stringify([ping(1), ping(2)]), -32_600],
  ['an id of null', JSON.stringify(ping(null)), -32_600],
  ['a broken id', JSON.stringify(ping(1.5)), -32_600],
  ['an object as id', JSON.stringify(ping({})), -32_600],
  ['another version', '{"jsonrpc":"1.0","id":1,"method":"ping"}', -32_600],
  ['no method', '{"jsonrpc":"2.0","id":1}', -32_600],
  ['a line of 11 MiB', `"${'x'.repeat(11 * 2 ** 20)}"`, -32_600],
])('%s is answered with its code, and the server lives on', async (_name, line, code) => {
  const { send, next } = start([]);
  send(line);
  expect(await next()).toMatchObject({ jsonrpc: '2.0', id: null, error: { code } });
  send(ping('still there'));
  expect(await next()).toEqual({ jsonrpc: '2.0', id: 'still there', result: {} });
});

test('an unknown method and an unknown tool are protocol errors; a misspelt tool is told the nearest', async () => {
  const { send, next } = start([]);
  send({ jsonrpc: '2.0', id: 1, method: 'tools/fetch' });
  expect(await next()).toMatchObject({ id: 1, error: { code: -32_601 } });
  send({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'list_ticket', arguments: {} } });
  expect(await next()).toMatchObject({
    id: 2,
    error: { code: -32_602, message: expect.stringContaining('Did you mean "list_tickets"?') },
  });
});

test('bytes split inside a character and CRLF lines are read as they are meant', async () => {
  const { child, next } = start([]);
  const bytes = Buffer.from(`${JSON.stringify({ ...ping('späť 🙂') })}\r\n\r\n`);
  for (const byte of bytes) child.stdin.write(Buffer.from([byte]));
  expect(await next()).toEqual({ jsonrpc: '2.0', id: 'späť 🙂', result: {} });
});

test('nothing but JSON-RPC is on stdout, and logs are JSON lines on stderr', async () => {
  const { send, next, lines, stderr } = start(['--sandbox'], { HALO_MCP_LOG_LEVEL: 'debug' });
  send(initialize);
  await next();
  send({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'list_clients', arguments: {} } });
  await next();
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  for (const line of stderr().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends an idle server within a second, code 0', async (signal) => {
  const { child, send, next, exit } = start();
  send(initialize);
  await next();
  const at = performance.now();
  child.kill(signal);
  expect(await exit()).toEqual([0, null]);
  expect(performance.now() - at).toBeLessThan(1000);
});

test("stdin's end ends an idle server within a second, also with the sandbox alive", async () => {
  const { child, send, next, exit } = start();
  send(initialize);
  await next();
  send({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'list_clients', arguments: {} } });
  await next();
  const at = performance.now();
  child.stdin.end();
  expect(await exit()).toEqual([0, null]);
  expect(performance.now() - at).toBeLessThan(1000);
});

test("a call in flight at stdin's end is answered before the server goes", async () => {
  const { child, send, next, exit } = start();
  send({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'revenue_breakdown', arguments: {} } });
  child.stdin.end();
  expect(await next()).toMatchObject({ id: 7, result: { structuredContent: { method: { complete: true } } } });
  expect(await exit()).toEqual([0, null]);
});

test('a long walk reports its progress to a caller who asks for it', async () => {
  const { send, next } = start();
  send({
    jsonrpc: '2.0',
    id: 8,
    method: 'tools/call',
    params: { name: 'revenue_breakdown', arguments: {}, _meta: { progressToken: 'p' } },
  });
  const seen: Json[] = [];
  for (let message = await next(); message.id !== 8; message = await next()) seen.push(message);
  expect(seen.length).toBeGreaterThan(3);
  const steps = seen.map((message) => message.params as { progressToken: string; progress: number; total: number });
  expect(steps.every(({ progressToken, progress, total }) => progressToken === 'p' && progress <= total)).toBe(true);
  expect(steps.map(({ progress }) => progress)).toEqual(steps.map((_, index) => index + 1));
});

test("a call that does not end in time is told so, and the server is gone within 3 s of stdin's end", async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as { port: number };
  const env = { HALO_INSTANCE_URL: `http://127.0.0.1:${port}`, HALO_CLIENT_ID: 'id', HALO_CLIENT_SECRET: 'secret' };
  const { child, send, next, exit } = start([], env);
  send(initialize);
  await next();
  send({ jsonrpc: '2.0', id: 9, method: 'tools/call', params: { name: 'list_clients', arguments: {} } });
  send(ping(10));
  expect(await next()).toMatchObject({ id: 10 });
  const at = performance.now();
  child.stdin.end();
  expect(await next()).toMatchObject({ id: 9, error: { message: expect.stringMatching(/^CALL_CANCELLED/) } });
  expect(await exit()).toEqual([0, null]);
  expect(performance.now() - at).toBeLessThan(3000);
  silent.closeAllConnections();
  silent.close();
});

test.each([
  [
    { name: 'list_clients', arguments: [] },
    { result: { isError: true, content: [{ text: expect.stringMatching(/^BAD_ARGUMENTS: /) }] } },
  ],
  [{}, { error: { code: -32_602 } }],
])('a call as malformed as %j is answered in one sentence', async (params, answer) => {
  const { send, next } = start([]);
  send({ jsonrpc: '2.0', id: 3, method: 'tools/call', params });
  expect(await next()).toMatchObject({ id: 3, ...answer });
});
