import { afterAll, beforeAll, expect, test } from 'vitest';
import { initialize, ping, type RawServer, startServer, textIn, toolCall } from '../server.js';
import type { Json } from '../session.js';

let server: RawServer;
beforeAll(async () => {
  server = startServer();
  await server.ask(initialize());
});
afterAll(() => server.kill());

/** The one answer to a line, which has no id to match; and the server is still alive. */
async function answerTo(line: string): Promise<Json> {
  server.send(line);
  const answer = await server.next();
  const after = ping();
  expect(await server.ask(after)).toEqual({ jsonrpc: '2.0', id: after.id, result: {} });
  return answer;
}

const list = (id: unknown) => `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":"ping"}`;
const nested = (depth: number) => '{"a":'.repeat(depth) + 0 + '}'.repeat(depth);

test.each<[string, string, number, unknown?]>([
  ['S01 a line that is not JSON', 'what?', -32_700],
  ['S01 a cut object', '{"jsonrpc":"2.0",', -32_700],
  ['S02 an empty array', '[]', -32_600],
  ['S02 a number', '42', -32_600],
  ['S02 null', 'null', -32_600],
  ['S02 a text', '"ping"', -32_600],
  ['S02 an object that is nothing', '{}', -32_600],
  ['S02 another version', '{"jsonrpc":"1.0","id":1,"method":"ping"}', -32_600, 1],
  ['S02 no method', '{"jsonrpc":"2.0","id":1}', -32_600, 1],
  ['S02 a method that is not text', '{"jsonrpc":"2.0","id":"x","method":7}', -32_600, 'x'],
  ['S03 a batch', `[${list(1)},${list(2)}]`, -32_600],
  ['S08 an id of null', list(null), -32_600],
  ['S08 an id of 1.5', list(1.5), -32_600],
  ['S08 an object as id', list({}), -32_600],
  ['S08 an id that is not an exact number', '{"jsonrpc":"2.0","id":90071992547409931,"method":"ping"}', -32_600],
  ['S13 an id that is half a character', '{"jsonrpc":"2.0","id":"\\ud800","method":"ping"}', -32_600],
  ['S15 a line 100,000 deep', '['.repeat(100_000) + ']'.repeat(100_000), -32_600],
  [
    'S15 params 65 deep, the id before them',
    `{"jsonrpc":"2.0","id":7,"method":"ping","params":${nested(64)}}`,
    -32_600,
    7,
  ],
  [
    'S15 params 65 deep, the id behind them',
    `{"params":${nested(64)},"jsonrpc":"2.0","method":"ping","id": "b" }`,
    -32_600,
    'b',
  ],
  ['S17 a 12 MiB line without an id', `"${'x'.repeat(12 * 2 ** 20)}"`, -32_600],
  [
    'S17 a 12 MiB line with its id near the start',
    `{"jsonrpc":"2.0","id":17,"method":"tools/call","params":"${'x'.repeat(12 * 2 ** 20)}"}`,
    -32_600,
    17,
  ],
])('%s is answered with its code once, and the server lives on', async (_name, line, code, id = null) => {
  expect(await answerTo(line)).toMatchObject({ jsonrpc: '2.0', id, error: { code } });
});

test('S12 keys that no message has, __proto__ among them, do not keep it from being answered', async () => {
  server.send('{"jsonrpc":"2.0","id":12,"method":"ping","__proto__":{"polluted":true},"more":1}');
  expect(await server.reply(12)).toEqual({ jsonrpc: '2.0', id: 12, result: {} });
});

test.each([
  ['{"jsonrpc":"2.0","id":13,"method":"ping","params":[]}', -32_602],
  ['{"jsonrpc":"2.0","id":13,"method":"ping","params":{"_meta":7}}', -32_602],
  ['{"jsonrpc":"2.0","id":13,"method":"initialize","params":{}}', -32_602],
  ['{"jsonrpc":"2.0","id":13,"method":"tools/list","params":{"cursor":7}}', -32_602],
  ['{"jsonrpc":"2.0","id":13,"method":"nobody/knows","params":[]}', -32_601],
])('S12 params that the protocol does not have are answered by one sentence: %s', async (line, code) => {
  server.send(line);
  const { error } = (await server.reply(13)) as { error: { code: number; message: string } };
  expect(error.code).toBe(code);
  expect(error.message.length).toBeLessThan(120);
});

test.each([
  ['half a character in an argument', '{"search":"a\\ud83d b"}'],
  ['half a character in the name of an argument', '{"a\\udc00b":1}'],
  ['a name that is cut inside of a character', `{"${'x'.repeat(59)}😀":1}`],
  ['NUL and line separators', '{"search":"\\u0000 \\u2028 \\u2029 \u2028"}'],
])('S13 %s comes back as well-formed text', async (_name, args) => {
  server.send(
    `{"jsonrpc":"2.0","id":"s13","method":"tools/call","params":{"name":"list_clients","arguments":${args}}}`,
  );
  const text = textIn(await server.reply('s13'));
  expect(text).toMatch(/^[A-Z_]+: /);
  expect(text.isWellFormed()).toBe(true);
});

test('S14 bytes split inside a character, CRLF, empty lines and bytes that are not UTF-8 are read as meant', async () => {
  const bytes = Buffer.from(`${JSON.stringify(ping('späť 🙂'))}\r\n\r\n  \n`);
  for (const byte of bytes) server.child.stdin.write(Buffer.from([byte]));
  expect(await server.reply('späť 🙂')).toEqual({ jsonrpc: '2.0', id: 'späť 🙂', result: {} });
  const call = Buffer.from(JSON.stringify(toolCall('list_clients', { search: '@' }, 's14')));
  call[call.indexOf('@')] = 0xff;
  server.child.stdin.write(Buffer.concat([call, Buffer.from('\n')]));
  expect(textIn(await server.reply('s14'))).toMatch(/^HALO_NOT_CONFIGURED: /);
});

test('S15 what is 64 deep is read, brackets inside of texts do not count', async () => {
  const args = { deep: JSON.parse(nested(60)) as Json, text: '[{"'.repeat(1000) };
  expect(textIn(await server.ask(toolCall('list_clients', args)))).toMatch(/There is no argument "deep"/);
});

test('S16 lines of 1 MiB are answered, one as the other', async () => {
  for (let run = 0; run < 3; run += 1) {
    const answer = await server.ask(toolCall('list_clients', { search: 'x'.repeat(2 ** 20) }));
    expect(textIn(answer)).toMatch(/^HALO_NOT_CONFIGURED: /);
  }
});

test('S17 lines of 12 MiB take less than 64 MiB of memory', async () => {
  const own = startServer();
  await own.ask(initialize());
  const before = own.peak();
  for (let run = 0; run < 3; run += 1) {
    own.send(`{"jsonrpc":"2.0","id":${run},"method":"tools/call","params":"${'x'.repeat(12 * 2 ** 20)}"}`);
    expect(await own.reply(run)).toMatchObject({ error: { code: -32_600 } });
  }
  expect(await own.ask(ping('still there'))).toMatchObject({ result: {} });
  expect(own.peak() - before).toBeLessThan(64 * 2 ** 20);
  own.kill();
});
