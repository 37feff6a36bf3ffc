import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { initialize, ping, type RawServer, startServer, textIn, toolCall } from '../server.js';
import { folderWith, type Json } from '../session.js';

let server: RawServer | undefined;
afterEach(() => server?.kill());

/** A server with one plugin that runs this at its start, or in its tool `try_it`. */
async function serve({ top = '', run = '' }: { top?: string; run?: string }): Promise<RawServer> {
  const source = `
    import { definePlugin, defineTool, z } from 'halo-psa-mcp';
    import childProcess, { exec, execFile, execFileSync, execSync, fork, spawn, spawnSync } from 'node:child_process';
    import { once } from 'node:events';
    import fs from 'node:fs';
    import readline from 'node:readline';
    const node = process.execPath;
    const child = ['-e', 'console.log("CHILD"); process.stdin.on("data", (d) => console.log("GOT " + d)).on("end", () => process.exit(0)); setTimeout(() => process.exit(0), 300)'];
    ${top}
    export default definePlugin({ name: 'mine', apiVersion: 1, title: 'x', tools: [defineTool({
      name: 'try_it', title: 'x', description: 'x', effect: 'read', scopes: [],
      input: z.object({}), output: z.object({ said: z.string() }), async run() { ${run} return { said: 'fine' }; },
    })] });`;
  const folder = folderWith({ 'mine.mjs': source, 'named.json': { plugins: ['./mine.mjs', 'people'] } });
  server = startServer({ args: ['--config', join(folder, 'named.json')] });
  await server.ask(initialize());
  return server;
}

/** Every request is answered once, and nothing else is on stdout. */
async function expectWhole(own: RawServer): Promise<void> {
  expect(textIn(await own.ask(toolCall('try_it')))).toBe('said: fine');
  const ids = Array.from({ length: 30 }, (_, index) => `after ${index}`);
  expect((await Promise.all(ids.map((id) => own.ask(ping(id))))).map(({ id }) => id)).toEqual(ids);
  expect(textIn(await own.ask(toolCall('list_agents')))).toMatch(/^HALO_NOT_CONFIGURED: /);
  const answers = own.lines.map((line) => (JSON.parse(line) as Json).jsonrpc);
  expect(new Set(answers)).toEqual(new Set(['2.0']));
  expect(own.lines.join('\n')).not.toMatch(/CHILD|GOT/);
}

describe('what a plugin does to process.stdin takes no request from the server', () => {
  test.each([
    [
      'reads it by lines',
      'readline.createInterface({ input: process.stdin }).on("line", () => { throw new Error("a line"); });',
    ],
    ['listens to it', 'process.stdin.on("data", () => { throw new Error("data"); }).resume();'],
    [
      'pauses it',
      'process.stdin.resume(); process.stdin.pause(); setInterval(() => process.stdin.pause(), 5).unref();',
    ],
    ['sets its encoding', 'process.stdin.setEncoding("utf16le");'],
    ['destroys it', 'process.stdin.destroy(); process.stdin.unref?.();'],
    ['takes its listeners off', 'process.stdin.removeAllListeners();'],
    ['pipes it', 'process.stdin.pipe(process.stdout);'],
    ['reads by its number', 'if (fs.readFileSync(process.stdin.fd, "utf8") !== "") throw new Error("read");'],
    ['opens it', 'process.openStdin().on("data", () => { throw new Error("data"); });'],
    ['puts another in its place', 'Object.defineProperty(process, "stdin", { value: null, configurable: true });'],
  ])('%s', async (_, code) => {
    await expectWhole(await serve({ top: code }));
    server?.kill();
    await expectWhole(await serve({ run: code }));
    expect(server?.stderr()).not.toMatch(/a line|"data"|not caught/);
  });

  test('callers waiting for its end are told at once', async () => {
    const code =
      'let text = ""; for await (const part of process.stdin) text += part; if (text !== "") throw new Error(text);';
    await expectWhole(await serve({ run: code }));
  });
});

describe('a child process of a plugin neither writes into the protocol nor reads from it', () => {
  const waits = 'await once(one, "exit");';
  test.each([
    ['spawn, all inherited', `const one = spawn(node, child, { stdio: 'inherit' }); ${waits}`],
    ['spawn, each inherited', `const one = spawn(node, child, { stdio: ['inherit', 'inherit', 'ignore'] }); ${waits}`],
    ['spawn, by number', `const one = spawn(node, child, { stdio: [0, 1, 2] }); ${waits}`],
    ['spawn, by another number', `const one = spawn(node, child, { stdio: ['ignore', 2, 1] }); ${waits}`],
    [
      'spawn, by stream',
      `const one = spawn(node, child, { stdio: [process.stdin, process.stdout, process.stderr] }); ${waits}`,
    ],
    ['spawn of the default export', `const one = childProcess.spawn(node, child, { stdio: 'inherit' }); ${waits}`],
    ['spawn through a shell', `const one = spawn('echo CHILD; cat', { stdio: 'inherit', shell: true }); ${waits}`],
    ['execFile', `const one = execFile(node, child); ${waits}`],
    ['exec', `const one = exec('echo CHILD'); ${waits}`],
    ['spawnSync', `spawnSync(node, child, { stdio: 'inherit' });`],
    ['spawnSync without arguments', `spawnSync('echo CHILD', { stdio: [0, 1, 1], shell: true });`],
    ['execFileSync', `execFileSync(node, child, { stdio: 'inherit' });`],
    ['execSync', `execSync('echo CHILD; cat', { stdio: [0, 1, 2] });`],
    ['a logger that asks for the number of stdout', `fs.writeSync(process.stdout.fd, 'CHILD\\n');`],
  ])('%s', async (_, code) => {
    await expectWhole(await serve({ run: code }));
  });

  test('fork, whose children inherit all by default, and still talk by messages', async () => {
    const folder = folderWith({
      'child.mjs':
        'console.log("CHILD"); process.stdin.on("data", () => console.log("GOT")); process.send("hello", () => process.disconnect());',
    });
    const code = `const one = fork(${JSON.stringify(join(folder, 'child.mjs'))}); const [word] = await once(one, 'message'); if (word !== 'hello') throw new Error(word); await once(one, 'exit');`;
    const own = await serve({ run: code });
    await expectWhole(own);
    // What it prints is not lost.
    expect(own.stderr()).toContain('CHILD');
  });

  test('what goes by pipes goes as before', async () => {
    const code = `
      if (execSync('cat', { input: 'in and out' }).toString() !== 'in and out') throw new Error('execSync');
      if (spawnSync('cat', { input: 'x', encoding: 'utf8' }).stdout !== 'x') throw new Error('spawnSync');
      if (execFileSync('cat', [], { input: 'y', stdio: ['pipe', 'pipe', 'inherit'] }).toString() !== 'y') throw new Error('execFileSync');
      const one = spawn('cat'); one.stdin.end('z'); const [text] = await once(one.stdout, 'data');
      if (String(text) !== 'z') throw new Error('spawn');`;
    await expectWhole(await serve({ run: code }));
  });
});

test.skipIf(process.platform === 'win32')('SIGUSR1 opens no debugger, and ends nothing', async () => {
  const own = await serve({ top: 'process.removeAllListeners("SIGUSR1");' });
  for (let time = 0; time < 3; time += 1) {
    own.child.kill('SIGUSR1');
    await delay(50);
  }
  await expectWhole(own);
  expect(own.stderr()).not.toMatch(/Debugger listening|inspector/i);
});
