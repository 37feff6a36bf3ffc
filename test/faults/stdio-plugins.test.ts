import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { initialize, type RawServer, startServer, textIn, toolCall } from '../server.js';
import { folderWith, type Json } from '../session.js';

let server: RawServer | undefined;
afterEach(() => server?.kill());

/** A server with `people` and one plugin of this name, whose tools are given as the source of function bodies. */
async function serve(name: string, tools: Record<string, string>, top = ''): Promise<RawServer> {
  const sources = Object.entries(tools).map(
    ([tool, run]) => `defineTool({
      name: '${tool}', title: 'x', description: 'x', effect: 'read', scopes: [],
      input: z.object({}), output: z.object({ said: z.string() }), async run(args, { halo }) { ${run} },
    })`,
  );
  const source = `
    import { definePlugin, defineTool, z } from 'halo-psa-mcp';
    ${top}
    export default definePlugin({ name: '${name}', apiVersion: 1, title: 'x', tools: [${sources.join()}] });`;
  const folder = folderWith({ 'mine.mjs': source, 'named.json': { plugins: ['./mine.mjs', 'people'] } });
  server = startServer({ args: ['--config', join(folder, 'named.json')] });
  await server.ask(initialize());
  return server;
}

const works = async ({ ask }: RawServer) =>
  expect(textIn(await ask(toolCall('list_agents')))).toMatch(/^HALO_NOT_CONFIGURED: /);

test('S25 what a tool throws stays in the log; the model reads a fixed text and a reference to it', async () => {
  const own = await serve('leaky', { say_hello: 'throw new Error("password=hunter2 at db.internal");' });
  const answer = await own.ask(toolCall('say_hello'));
  expect(answer).toMatchObject({ result: { isError: true } });
  const ref =
    /^INTERNAL: say_hello failed \(ref ([0-9a-f]{6})\)\. Report the reference to whoever runs this server/.exec(
      textIn(answer),
    )?.[1];
  expect(JSON.stringify(answer)).not.toMatch(/hunter2|internal\b/);
  expect(own.stderr()).toContain(`"ref":"${ref}"`);
});

test('S26 a plugin that fails outside its calls is named in the log, and off after three failures; the rest works', async () => {
  const own = await serve('careless', {
    leave_promise: 'Promise.reject(new Error("left alone")); return { said: "fine" };',
    throw_late: 'setTimeout(() => { throw new Error("too late"); }, 5); return { said: "fine" };',
    say_hello: 'return { said: "hello" };',
  });
  for (const [tool, words] of [
    ['leave_promise', /"plugin":"careless","strays":1,.*left alone.*a promise was rejected and not handled/],
    ['throw_late', /"plugin":"careless","strays":2,.*too late.*an error was thrown and not caught/],
    ['leave_promise', /"plugin":"careless","strays":3,/],
  ] as const) {
    expect(textIn(await own.ask(toolCall('say_hello')))).toBe('said: hello');
    expect(textIn(await own.ask(toolCall(tool)))).toBe('said: fine');
    await expect.poll(own.stderr).toMatch(words);
  }
  expect(own.stderr()).toContain('the plugin \\"careless\\" is off: it failed three times outside its calls');
  expect(textIn(await own.ask(toolCall('say_hello')))).toBe(
    'PLUGIN_BROKEN: The plugin "careless" is off: it failed three times outside its calls. ' +
      "Report it to the plugin's author and restart the server; its log has the causes.",
  );
  await works(own);
});

test('S26 a failure that nobody waits for, whoever left it, does not end the server', async () => {
  const own = await serve(
    'stray',
    { say_hello: 'queueMicrotask(() => { throw undefined; }); return { said: "hello" };' },
    'Promise.reject("while it loads"); setTimeout(() => { throw null; }, 1);',
  );
  expect(textIn(await own.ask(toolCall('say_hello')))).toBe('said: hello');
  await expect.poll(own.stderr).toContain('while it loads');
  await works(own);
});

test('S27 whatever a plugin prints, stdout carries nothing but JSON-RPC', async () => {
  const prints = (what: string) => `
    console.log('${what} by log'); console.info('${what} by info'); console.table([{ a: '${what}' }]);
    process.stdout.write('${what} by write\\n'); process.stdout.write(Buffer.from('{"jsonrpc":"2.0","id":1,"result":{}}\\n'));
    process._rawDebug('${what} raw');`;
  const own = await serve(
    'chatty',
    {
      say_hello: `${prints('calling')} return { said: 'hello' };`,
      end_it: `process.stdout.end('the end'); process.stdout.destroy?.(); return { said: 'ended' };`,
    },
    prints('loading'),
  );
  expect(textIn(await own.ask(toolCall('say_hello')))).toBe('said: hello');
  for (const what of ['loading by log', 'loading by write', 'calling by info', 'calling raw'])
    await expect.poll(own.stderr).toContain(what);
  expect(textIn(await own.ask(toolCall('end_it')))).toBe('said: ended');
  await works(own);
  const ids = own.lines.map((line) => (JSON.parse(line) as Json).id);
  expect(ids).toHaveLength(4);
  expect(new Set(ids).size).toBe(4);
});
