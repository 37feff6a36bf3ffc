import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { bundled } from '../../cli/packs.js';
import { loadConfig, settingsOf } from '../../config/index.js';
import { Redactor } from '../../core/output/redact.js';
import { logTo } from '../core/halo/fake.js';
import { command } from '../docs/command.js';
import { connected } from '../inside.js';
import { startOne } from '../one.js';
import { emptyFolder, folderWith, type Session } from '../session.js';
import { closeSessions, expectServing, names, plugin, serve, toldOf } from './plugins.js';

closeSessions();

const PATIENCE = { timeout: 15_000 };

/** Files that can't be loaded, and what is reported. */
const BROKEN: Record<string, [string, RegExp]> = {
  'throws.mjs': ['throw new Error("not today");', /not today/],
  'throws-null.mjs': ['throw null;', /null/],
  'throws-trap.mjs': ['throw { get message() { throw 1; } };', /something that can not be shown/],
  'throws-long.mjs': ['throw new Error("x".repeat(10 ** 6));', /x{300}…\(\+999700\)/],
  'rejects.mjs': ['await Promise.reject(new Error("too late"));', /too late/],
  'syntax.mjs': ['export default {\n  a: 1\n  b: 2\n};', /Unexpected identifier 'b' in \S+syntax\.mjs, line 3\./],
  'syntax.cjs': ['module.exports = {\n  a: 1\n  b: 2\n};', /Unexpected identifier 'b' in \S+syntax\.cjs, line 3\./],
  'names.mjs': [
    "\nimport { nowhere } from 'node:fs';",
    /does not provide an export named 'nowhere' in \S+names\.mjs, line 2\./,
  ],
  'lacks.mjs': ["import 'nowhere-to-be-found'; export default {};", /a module is missing/],
  'nothing.mjs': ['export const x = 1;', /default export is not a plugin/],
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
    session = await serve(files, [
      'people',
      './nowhere-near.mjs',
      './gud',
      ...Object.keys(files).map((name) => `./${name}`),
    ]);
    // A tool of the last one: calling it waits for all that are loading.
    await session.ask('say_hello');
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

  test('P01 a file that is not there is skipped, too, with its path and the nearest one', () => {
    const told = (use: string) => toldOf(session, use).join();
    expect(told('./nowhere-near.mjs')).toMatch(
      /is skipped: there is nothing at \S+nowhere-near\.mjs; correct the path/,
    );
    expect(told('./gud')).toMatch(/is skipped: there is nothing at \S+gud; did you mean \S+good\.mjs\?/);
  });

  test.each(Object.entries(VERSIONS))('P04 %s is refused with both versions named', (name, [, version]) => {
    const [told = ''] = toldOf(session, `./${name}`);
    expect(JSON.parse(told).msg).toContain(version.replaceAll('\\', ''));
    expect(told).toContain('this server has 1');
  });
});

describe('P02 a plugin that never finishes loading', () => {
  /** In this process, so that the test decides how long a plugin may load. */
  async function loaded(timeoutMs: number) {
    const folder = folderWith({
      'slow.mjs': 'await new Promise(() => {});',
      'good.mjs': `import { z } from '${pathToFileURL(resolve('node_modules/zod/index.js'))}';
        const tool = { name: 'say_hello', title: 'x', description: 'x', effect: 'read', scopes: [],
          input: z.object({}), output: z.object({ said: z.string() }), run: async () => ({ said: 'hello' }) };
        export default { name: 'good', apiVersion: 1, title: 'good', tools: [tool] };`,
      'c.json': { plugins: ['people', './slow.mjs', './good.mjs'] },
    });
    const config = await loadConfig({ file: join(folder, 'c.json'), env: {}, cwd: folder });
    const log: string[] = [];
    const redactor = new Redactor();
    const parts = { log: logTo(log), redactor, bundled, self: {}, graceMs: 0, timeoutMs };
    const core = await startOne(settingsOf(config), parts);
    return { core, client: await connected(core), log };
  }

  test('P02 holds up neither the handshake nor the list nor a call of the others, however long it takes', async () => {
    const { core, client } = await loaded(2 ** 31 - 1);
    let isOver = false;
    void core.settled.then(() => {
      isOver = true;
    });
    expect((await client.callTool({ name: 'list_agents', arguments: {} })).content).toMatchObject([
      { text: expect.stringMatching(/^HALO_NOT_CONFIGURED: /) },
    ]);
    await vi.waitFor(async () => {
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual(['list_agents', 'say_hello']);
    }, PATIENCE);
    expect(await client.callTool({ name: 'say_hello', arguments: {} })).toMatchObject({
      structuredContent: { said: 'hello' },
    });
    expect(isOver).toBe(false);
    await client.close();
  });

  test('P02 is skipped in the end, and callers of its tool are told then', async () => {
    const { client, log } = await loaded(500);
    await expect(client.callTool({ name: 'slow_tool', arguments: {} })).rejects.toThrow(
      /No tool named "slow_tool" is on/,
    );
    expect(log.join()).toMatch(/slow\.mjs.*did not load within 0\.5 s/);
    await client.close();
  });

  test('P02 one that loads late is added, and the client is told once', async () => {
    const gate = join(emptyFolder(), 'open');
    const late = plugin('late', 'come_late', {
      top: `import { existsSync } from 'node:fs';
        while (!existsSync(${JSON.stringify(gate)})) await new Promise((done) => setTimeout(done, 10));`,
    });
    const slow = await serve({ 'late.mjs': late }, ['people', './late.mjs']);
    let told = 0;
    slow.client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      told += 1;
    });
    expect(await names(slow)).toEqual(['list_agents']);
    writeFileSync(gate, '');
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
