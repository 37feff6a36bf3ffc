import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cancel, initialize, ping, type RawServer, startServer, textIn, toolCall } from '../server.js';
import { folderWith, type Json } from '../session.js';
import { type HeldHalo, startHeldHalo } from './held-halo.js';

/** A tool that takes any arguments and says what reached it. */
const ECHO = `
import { definePlugin, defineTool, z } from 'halo-psa-mcp';
const echo = defineTool({
  name: 'echo_keys', title: 'Echo', description: 'Says which keys it got.', effect: 'read', scopes: [],
  input: z.object({ rows: z.array(z.record(z.string(), z.unknown())), page: z.int().optional() }),
  output: z.object({ said: z.string() }),
  async run({ rows }) {
    const keys = rows.flatMap((row) => Object.keys(row));
    return { said: [...keys, {}.polluted, JSON.stringify(rows).includes('ud8') ? 'half' : 'whole'].join() };
  },
});
export default definePlugin({ name: 'echo', apiVersion: 1, title: 'Echo', tools: [echo] });
`;

let halo: HeldHalo;
let server: RawServer;
beforeAll(async () => {
  halo = await startHeldHalo();
  const folder = folderWith({
    'echo.mjs': ECHO,
    'named.json': { plugins: ['./echo.mjs', 'people', 'clients'], exclude: ['get_client'] },
  });
  server = startServer({ args: ['--config', join(folder, 'named.json')], env: halo.env });
});
afterAll(() => {
  server.kill();
  halo.close();
});

const errorOf = (answer: Json) => answer.error as { code: number; message: string };

test('S05 a request before initialize is served', async () => {
  const { result } = await server.ask({ jsonrpc: '2.0', id: 'early', method: 'tools/list' });
  expect((result as { tools: { name: string }[] }).tools.map(({ name }) => name)).toContain('list_agents');
  expect(textIn(await server.ask(toolCall('echo_keys', { rows: [] })))).toBe('said: ,whole');
});

test.each([
  ['2025-11-25', '2025-11-25'],
  ['2025-06-18', '2025-06-18'],
  ['2025-03-26', '2025-03-26'],
  ['2024-11-05', '2024-11-05'],
  ['2026-07-28', '2025-11-25'],
  ['tomorrow', '2025-11-25'],
])('S31 initialize for %s is answered with %s', async (asked, given) => {
  expect(await server.ask(initialize(asked))).toMatchObject({ result: { protocolVersion: given } });
});

/** What a client of the revision without a handshake adds to every request. */
const MODERN = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 't', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

test.each([{ _meta: MODERN }, {}, undefined, [], 'odd'])(
  'S31 the probe server/discover (%j) is an unknown method, so that the client falls back to initialize',
  async (params) => {
    const answer = await server.ask({ jsonrpc: '2.0', id: 'probe', method: 'server/discover', params });
    expect(errorOf(answer).code).toBe(-32_601);
    expect(await server.ask(initialize('2026-07-28'))).toHaveProperty('result.serverInfo');
  },
);

test('S31 a request that brings the _meta of the coming revision is served', async () => {
  const answer = await server.ask({ jsonrpc: '2.0', id: 'm', method: 'tools/list', params: { _meta: MODERN } });
  expect(answer).toHaveProperty('result.tools');
});

test('S04 an unknown method and an unknown tool are protocol errors; a misspelt tool is told the nearest', async () => {
  expect(errorOf(await server.ask({ jsonrpc: '2.0', id: 1, method: 'tools/fetch' })).code).toBe(-32_601);
  expect(errorOf(await server.ask(toolCall('list_agent')))).toMatchObject({
    code: -32_602,
    message: expect.stringContaining('Did you mean "list_agents"?'),
  });
});

test('S04 a tool that is switched off reads as one that does not exist', async () => {
  const hidden = errorOf(await server.ask(toolCall('get_client')));
  const absent = errorOf(await server.ask(toolCall('get_nobody')));
  expect(hidden.code).toBe(absent.code);
  expect(hidden.message).toBe(absent.message.replace('get_nobody', 'get_client'));
});

test.each<[string, unknown, RegExp]>([
  ['S06 a wrong type', { page: 'two' }, /^BAD_ARGUMENTS: "page" must be a whole number, not "two"/],
  ['S06 a list for the arguments', [], /^BAD_ARGUMENTS: The arguments must be an object\./],
  ['S06 a text for the arguments', 'page=2', /^BAD_ARGUMENTS: The arguments must be an object\./],
  ['S06 the JSON of an object as text is read', '{"serch": "x"}', /^BAD_ARGUMENTS: There is no argument "serch"\./],
  [
    'S07 an argument that is not declared',
    { serch: 'x' },
    /^BAD_ARGUMENTS: There is no argument "serch"\. Did you mean "search"\? list_agents takes: search, /,
  ],
])('%s is an error of the tool that names the field and what is expected', async (_name, args, words) => {
  const answer = await server.ask(toolCall('list_agents', args));
  expect(answer).toHaveProperty('result.isError', true);
  expect(textIn(answer)).toMatch(words);
});

test.each([{}, { name: 7 }, { arguments: {} }])(
  'S06 a call without a name, %j, is a protocol error',
  async (params) => {
    expect(errorOf(await server.ask({ jsonrpc: '2.0', id: 'n', method: 'tools/call', params }))).toMatchObject({
      code: -32_602,
      message: expect.stringContaining('"name"'),
    });
  },
);

test.each([
  ['__proto__', '{"rows":[],"__proto__":{"polluted":1}}'],
  ['__proto__', '{"rows":[{"__proto__":{"polluted":1}}]}'],
  ['constructor', '{"rows":[{"a":{"b":[{"constructor":{"prototype":{"polluted":1}}}]}}]}'],
  ['prototype', '{"rows":[{"prototype":1}]}'],
  ['__proto__', '{"rows":[{"\\u005f_proto__":1}]}'],
])('S11 the key %s reaches no tool, at whatever depth: %s', async (key, args) => {
  server.send(`{"jsonrpc":"2.0","id":"s11","method":"tools/call","params":{"name":"echo_keys","arguments":${args}}}`);
  const answer = await server.reply('s11');
  expect(answer).toHaveProperty('result.isError', true);
  expect(textIn(answer)).toBe(`BAD_ARGUMENTS: No argument may have the key "${key}". Leave it out and call again.`);
  expect(textIn(await server.ask(toolCall('echo_keys', { rows: [{ mine: 1 }] })))).toBe('said: mine,,whole');
});

test('S13 no half of a character reaches a tool', async () => {
  server.send(
    '{"jsonrpc":"2.0","id":"s13","method":"tools/call","params":{"name":"echo_keys","arguments":{"rows":[{"a":["x\\ud83d"]}]}}}',
  );
  expect(textIn(await server.reply('s13'))).toBe('said: a,,whole');
});

test('S09 a second request with the id of one in flight is dropped, told without an id, and logged', async () => {
  server.send(toolCall('list_agents', {}, 9));
  await halo.holding(1);
  server.send(ping(9));
  expect(await server.next()).toMatchObject({
    id: null,
    error: { code: -32_600, message: expect.stringMatching(/\b9\b/) },
  });
  expect(server.stderr()).toContain('has the id of one that is not answered yet');
  // A quoted id is a different one.
  expect(await server.ask(ping('9'))).toMatchObject({ result: {} });
  server.send(cancel(9));
  await halo.hungUp();
  expect(await server.ask(ping(9))).toMatchObject({ result: {} });
});

test.each([10, 0, '', 'ten'])(
  'S10 the cancel of the call %j closes its connection to Halo, with no answer',
  async (id) => {
    server.send(toolCall('list_agents', {}, id));
    await halo.holding(1);
    const hungUp = halo.hungUp();
    server.send(cancel(id));
    // Halo holds the request as long as the test lasts, so only the cancel can end it.
    await hungUp;
    const answered = server.lines.length;
    await server.ask(ping());
    expect(server.lines).toHaveLength(answered + 1);
  },
);

test('S10 cancelling a request that was never sent does nothing', async () => {
  for (const id of ['nobody', 4711, null, {}, undefined]) server.send(cancel(id));
  expect(await server.ask(ping())).toMatchObject({ result: {} });
});
