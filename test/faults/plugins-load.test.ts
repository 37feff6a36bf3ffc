import { join } from 'node:path';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { command } from '../docs/command.js';
import { folderWith, type Session } from '../session.js';
import { closeSessions, expectServing, names, plugin, serve, toldOf } from './plugins.js';

closeSessions();

/** Files that can't be loaded, and what is said of them. */
const BROKEN: Record<string, [string, RegExp]> = {
  'throws.mjs': ['throw new Error("not today");', /not today/],
  'throws-null.mjs': ['throw null;', /null/],
  'throws-trap.mjs': ['throw { get message() { throw 1; } };', /something that can not be shown/],
  'throws-long.mjs': ['throw new Error("x".repeat(10 ** 6));', /x{300}…\(\+999700\)/],
  'rejects.mjs': ['await Promise.reject(new Error("too late"));', /too late/],
  'syntax.mjs': ['export default {', /Unexpected/],
  'lacks.mjs': ["import 'nowhere-to-be-found'; export default {};", /a module is missing/],
  'nothing.mjs': ['export const x = 1;', /default export is no plugin/],
  'empty.mjs': ["export default { name: 'bad', apiVersion: 1, title: 'x', tools: [] };", /it has no tools/],
  'trap.mjs': ['export default new Proxy({}, { get() { throw new Error("trap"); } });', /trap/],
  'nameless.mjs': ["export default { name: 'Bad Name', apiVersion: 1, title: 'x', tools: [{}] };", /its name must be/],
  'talker.mjs': [
    "export default { name: 'bad', apiVersion: 1, title: 'x', instructions: {}, tools: [{}] };",
    /its instructions must be a text/,
  ],
  'source.ts': ['export default {}', /it is TypeScript/],
};

/** Plugins of other versions of the API. */
const VERSIONS: Record<string, [string, string]> = {
  'older.mjs': ['apiVersion: 0', 'API 0 '],
  'newer.mjs': ['apiVersion: 9', 'API 9 '],
  'text.mjs': ["apiVersion: '1'", 'API \\"1\\" '],
  'absent.mjs': ['', 'API (none given) '],
};

describe('plugins that do not load', () => {
  let session: Session;
  beforeAll(async () => {
    const broken = Object.fromEntries(Object.entries(BROKEN).map(([name, [source]]) => [name, source]));
    const versions = Object.fromEntries(
      Object.entries(VERSIONS).map(([name, [version]]) => [
        name,
        `export default { name: 'bad', ${version}${version && ','} title: 'x', tools: [{}] };`,
      ]),
    );
    const files = { ...broken, ...versions, 'good.mjs': plugin('good', 'say_hello') };
    session = await serve(files, ['people', './gone.mjs', ...Object.keys(files).map((name) => `./${name}`)]);
  });

  test('P01 the rest is listed and answers', async () => {
    expect(await names(session)).toEqual(['list_agents', 'say_hello']);
    expect(await session.ask('say_hello')).toEqual({ said: 'hello' });
    await expectServing(session);
  });

  test.each(Object.entries(BROKEN))('P01 %s is skipped with its reason', (name, [, reason]) => {
    const [told = ''] = toldOf(session, `./${name}`);
    expect(told).toContain('is skipped');
    expect(told).toMatch(reason);
    expect(told.length).toBeLessThan(600);
  });

  test('P01 a file that is not there is skipped, too', () => {
    expect(toldOf(session, './gone.mjs')[0]).toContain('is skipped');
  });

  test.each(Object.entries(VERSIONS))('P04 %s is refused with both versions named', (name, [, version]) => {
    const [told = ''] = toldOf(session, `./${name}`);
    expect(JSON.parse(told).msg).toContain(version.replaceAll('\\', ''));
    expect(told).toContain('this server has 1');
  });
});

describe('P02 a plugin that never finishes loading', () => {
  const HANGS = 'await new Promise(() => setInterval(() => {}, 1000));';
  const files = { 'slow.mjs': HANGS, 'good.mjs': plugin('good', 'say_hello') };
  let session: Session;
  const took: Record<string, number> = {};
  beforeAll(async () => {
    let at = performance.now();
    const lap = (what: string) => {
      took[what] = performance.now() - at;
      at = performance.now();
    };
    session = await serve(files, ['people', './slow.mjs', './good.mjs']);
    lap('handshake');
    await session.ask('list_agents');
    lap('call of a bundled tool');
    await session.ask('say_hello');
    lap('call of another plugin');
    expect(await names(session)).toEqual(['list_agents', 'say_hello']);
    lap('list');
  });

  test('P02 holds up neither the handshake nor the list nor a call of the others', () => {
    for (const [what, milliseconds] of Object.entries(took)) expect([what, milliseconds < 4000]).toEqual([what, true]);
  });

  test('P02 is skipped after 10 s, and who asks for its tool is told then', async () => {
    expect(toldOf(session, './slow.mjs')).toEqual([]);
    await expect(session.call('slow_tool')).rejects.toThrow(/No tool named "slow_tool" is on/);
    expect(toldOf(session, './slow.mjs')[0]).toContain('did not load within 10 s');
  });

  test('P02 one that loads late is added, and the client is told once', async () => {
    const late = plugin('late', 'come_late', { top: 'await new Promise((done) => setTimeout(done, 2500));' });
    const slow = await serve({ 'late.mjs': late }, ['people', './late.mjs']);
    let told = 0;
    slow.client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      told += 1;
    });
    expect(await names(slow)).toEqual(['list_agents']);
    expect(await slow.ask('come_late')).toEqual({ said: 'hello' });
    expect(await names(slow)).toEqual(['list_agents', 'come_late']);
    expect(told).toBe(1);
  });

  test('P02 does not keep a command from ending', async () => {
    const folder = folderWith({
      'late.mjs': `setInterval(() => {}, 1000); ${plugin('late', 'come_late')}`,
      'c.json': { plugins: ['./late.mjs'] },
    });
    const { code, stdout } = await command(['tools', '--config', join(folder, 'c.json')]);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('come_late') });
  });
});
