import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Session } from '../session.js';
import { closeSessions, expectServing, logOf, names, plugin, serve, toldOf } from './plugins.js';

closeSessions();

/** The log may come a little later than the answer. */
const PATIENCE = { timeout: 10_000 };

describe('P06 what a plugin prints', () => {
  const run = `
    console.log('said by log'); console.error('said by error'); console.table([{ said: 'by table' }]);
    process.stdout.write('said by stdout\\n'); process.stderr.write(Buffer.from('said by stderr\\n'));
    setTimeout(() => console.log('said by a timer'), 10);
    process.stdout.end('said by end'); process.stdout.destroy(); console.log('said after end');
    return { said: 'hi' };`;
  const flood = `for (let i = 0; i < 3000; i += 1) console.log('x'.repeat(1000)); return { said: 'done' };`;
  let session: Session;
  beforeAll(async () => {
    session = await serve(
      {
        'loud.mjs': plugin('loud', 'say_hello', { run, top: "console.log('said at the top');" }),
        'flood.mjs': plugin('flood', 'say_much', { run: flood }),
      },
      ['people', './loud.mjs', './flood.mjs'],
    );
  });

  test('P06 goes to stderr with its name, by whatever way it prints', async () => {
    expect(await session.ask('say_hello')).toEqual({ said: 'hi' });
    const ways = ['log', 'error', 'stdout', 'stderr', 'a timer'].map((way) => `said by ${way}`);
    await vi.waitFor(() => {
      const told = [...toldOf(session, 'loud'), ...toldOf(session, './loud.mjs')].join('\n');
      for (const words of [...ways, 'by table', 'said at the top', 'said after end']) expect(told).toContain(words);
    }, PATIENCE);
    await expectServing(session);
  });

  test('P06 more than 64 KiB in a second is left out, and said so', async () => {
    await session.ask('say_much');
    const printed = () => logOf(session).filter((line) => line.plugin === 'flood' && line.printed !== undefined);
    await vi.waitFor(() => expect(printed().some(({ cut }) => cut !== undefined)).toBe(true), PATIENCE);
    const length = printed().reduce((sum, line) => sum + String(line.printed).length, 0);
    const seconds = new Set(printed().map(({ time }) => String(time).slice(0, 19))).size;
    expect(length).toBeGreaterThan(60_000);
    expect(length).toBeLessThanOrEqual(65_536 * (seconds + 1));
  });

  test('P06 no line of it is on stdout', async () => {
    await session.ask('say_hello');
    await session.ask('say_much');
    await expectServing(session);
    for (const line of session.stdout().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('jsonrpc');
  });
});

describe('P12 what a plugin leaves behind it', () => {
  const RUN: Record<string, string> = {
    float_one: "Promise.reject(new Error('floating rejection'));",
    float_null: 'Promise.reject(null);',
    throw_late: "setTimeout(() => { throw new Error('late throw'); }, 5);",
    throw_tick: "process.nextTick(() => { throw new Error('tick throw'); });",
    throw_event: "process.once('warning', () => { throw new Error('event throw'); }); process.emitWarning('x');",
    exit_now: 'process.exit(3);',
    exit_late: 'setTimeout(() => process.exit(3), 5);',
    move_away: "process.chdir('/');",
    grab_signals: "process.on('SIGTERM', () => {}); process.exitCode = 9;",
    abort_self: "signal.dispatchEvent(new Event('abort'));",
    throw_proxy: 'throw new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 2; } });',
    throw_fake: "throw Object.assign(new Error('x'), { name: 'HaloError', code: 'X', get line() { throw 1; } });",
    throw_much: "throw new HaloError('UNKNOWN_NAME', 'y'.repeat(5_000_000));",
    throw_secret: "throw new Error('password=hunter2 at db');",
    log_all:
      "const loop = { f() {}, n: 1n }; loop.loop = loop; log.info(loop, 'x'); log.warn({ get a() { throw 1; } }, 'y'); log.error({ big: 'z'.repeat(5_000_000) }, 'w'.repeat(5_000_000)); log.info(null); log.level = 'silent';",
    progress_all: "progress(1n, {}, {}); progress(NaN); progress(1, Infinity, 'p'.repeat(5_000_000));",
  };
  let session: Session;
  beforeAll(async () => {
    const files = Object.fromEntries(
      Object.entries(RUN).map(([name, run]) => [
        `${name}.mjs`,
        plugin(name.replace('_', '-'), name, { run: `${run} return { said: 'hi' };` }),
      ]),
    );
    const top =
      "Promise.reject(new Error('floating at the top')); process.removeAllListeners('unhandledRejection'); process.removeAllListeners('uncaughtException');";
    files['stray.mjs'] = plugin('stray', 'say_hello', { top });
    // Longer than the timers of the others.
    const run = "await new Promise((done) => setTimeout(done, 20)); return { said: 'hi' };";
    files['wait.mjs'] = plugin('wait', 'wait_a_little', { run });
    session = await serve(files, ['people', ...Object.keys(files).map((name) => `./${name}`)]);
  });

  test.each(Object.keys(RUN))('P12 %s: the server stays, and so do the others', async (name) => {
    const result = await session.call(name);
    await session.call('wait_a_little');
    await expectServing(session);
    if (/^throw_(proxy|fake|secret)|exit_now/.test(name))
      expect(result).toMatchObject({
        isError: true,
        content: [{ text: expect.stringMatching(/^INTERNAL: .*\(ref /) }],
      });
    expect(JSON.stringify(result)).not.toContain('hunter2');
    expect(JSON.stringify(result).length).toBeLessThan(6000);
  });

  test.each([
    ['float-one', 'floating rejection'],
    ['throw-late', 'late throw'],
    ['throw-tick', 'tick throw'],
    ['exit-now', 'A plugin may not end the server'],
    ['exit-late', 'A plugin may not end the server'],
    ['./stray.mjs', 'the handlers of unhandledRejection'],
    ['stray', 'floating at the top'],
  ])('P12 %s is reported by its name: %s', async (name, words) => {
    const tool = name.replace('-', '_');
    if (tool in RUN) await session.call(tool);
    await vi.waitFor(() => {
      const told = logOf(session).filter((line) => line.plugin === name || line.pack === name);
      expect([...told.map((line) => JSON.stringify(line)), ...toldOf(session, name)].join()).toContain(words);
    }, PATIENCE);
  });

  test('P12 whatever was thrown or logged, its line is short', async () => {
    for (const name of ['throw_much', 'throw_secret', 'log_all', 'progress_all']) await session.call(name);
    const logged = () => logOf(session).filter(({ plugin, pack }) => plugin === 'log-all' || pack === 'log-all');
    await vi.waitFor(() => expect(logged().length).toBeGreaterThan(3), PATIENCE);
    for (const line of session.stderr().split('\n')) expect(line.length).toBeLessThan(20_000);
  });

  test('P12 a reference leads from the answer to the cause in the log', async () => {
    const text = await session.fail('throw_secret');
    expect(text).toMatch(/^INTERNAL: throw_secret failed \(ref [0-9a-f]{6}\)\. /);
    const found = () => logOf(session).find(({ ref }) => text.includes(`ref ${ref}`));
    await vi.waitFor(() => expect(found()).toBeDefined(), PATIENCE);
    expect(found()).toMatchObject({
      pack: 'throw-secret',
      tool: 'throw_secret',
      cause: { message: 'password=hunter2 at db' },
    });
  });
});

describe('P15 a plugin that patches globals', () => {
  const top = `
    JSON.stringify = () => 'patched'; JSON.parse = () => ({}); Array.prototype.map = () => []; Object.keys = () => [];
    Promise.prototype.then = () => {}; globalThis.fetch = () => {}; globalThis.setTimeout = () => {};
    Object.prototype.polluted = true; process.exit = () => {}; console.log = () => {}; String.prototype.replace = () => '';
    Object.defineProperty(Array.prototype, 'polyfill', { value: () => 'kept' });
    process.removeAllListeners();`;
  let session: Session;
  beforeAll(async () => {
    session = await serve(
      {
        'patch.mjs': plugin('patch', 'say_hello', {
          top,
          run: 'return { said: [].polyfill() + String({}.polluted) + JSON.stringify([1].map((x) => x + 1)) };',
        }),
        'after.mjs': plugin('after', 'say_after'),
      },
      ['people', './patch.mjs', './after.mjs'],
    );
  });

  test('P15 does not reach the server: what it changed is put back', async () => {
    await expectServing(session);
    expect(await session.ask('say_hello')).toEqual({ said: 'keptundefined[2]' });
    expect(await session.ask('say_after')).toEqual({ said: 'hello' });
  });

  test('P15 is reported with its name and what it changed, and no other plugin is named', async () => {
    await names(session);
    const [told = ''] = toldOf(session, './patch.mjs');
    expect(told).toMatch(/changed what the whole server uses: Object\.keys.* It was put back\./);
    expect(toldOf(session, './after.mjs')).toEqual([]);
  });
});
