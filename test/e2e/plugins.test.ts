import { expect, test } from 'vitest';
import { closeSessions, logOf, names, plugin, serve } from '../faults/plugins.js';

closeSessions();

test('an in-house file works by its path, with the running server as its library and no install beside it', async () => {
  const session = await serve({ 'mine.mjs': plugin('mine', 'say_hello') }, ['people', './mine.mjs']);
  expect(await names(session)).toEqual(['list_agents', 'say_hello']);
  expect(await session.ask('say_hello')).toEqual({ said: 'hello' });
});

/** What is installed beside the config and nowhere else, by what the config names; the second member is its package.json. */
const INSTALLED: Record<string, object> = {
  'has-main': { main: './index.mjs' },
  'has-string': { exports: './index.mjs' },
  'has-import': { exports: { import: './index.mjs' } },
  '@acme/has-node': { exports: { '.': { node: { import: './index.mjs' }, browser: './no.js' } } },
  'has-types': {
    exports: { '.': { types: './index.d.ts', import: { types: './index.d.ts', default: './index.mjs' } } },
  },
  'has-both': { exports: { require: './old.cjs', import: './index.mjs' } },
  'has-part/tools': { exports: { './tools': { import: './index.mjs' } } },
  '@acme/has-parts/for/halo': { exports: { './for/*': { import: './index.mjs', require: './old.cjs' } } },
  '@acme/has-files/index.mjs': {},
  'has-files/lib/index': { type: 'module' },
  'has-folder/lib': { type: 'module' },
};
const toolOf = (use: string) => use.replace(/\W+/g, '_').replace(/^_/, '');

test('a package is loaded from beside the config, whatever conditions its "exports" has for import', async () => {
  const files = Object.entries(INSTALLED).flatMap(([use, written]) => {
    const name = use.split('/', use.startsWith('@') ? 2 : 1).join('/');
    const home = `node_modules/${name}`;
    return [
      [`${home}/package.json`, JSON.stringify({ name, version: '1.0.0', ...written })],
      [`${home}/index.mjs`, plugin(toolOf(use).replaceAll('_', '-'), toolOf(use))],
      [`${home}/lib/index.js`, plugin(toolOf(use).replaceAll('_', '-'), toolOf(use))],
      [`${home}/old.cjs`, 'throw new Error("this is for require() alone");'],
    ];
  });
  const session = await serve(Object.fromEntries(files), ['people', ...Object.keys(INSTALLED)]);
  expect(await names(session)).toEqual(['list_agents', ...Object.keys(INSTALLED).map(toolOf)]);
  expect(logOf(session).filter(({ level }) => Number(level) > 30)).toEqual([]);
});

test('a package that has nothing for import under the name in the config says what it lacks', async () => {
  const files = {
    'node_modules/mine/package.json': JSON.stringify({ exports: { './tools': './index.mjs' } }),
    'node_modules/mine/index.mjs': plugin('mine', 'say_hello'),
    'node_modules/unbuilt/package.json': JSON.stringify({ exports: { import: './dist/index.js' } }),
    'node_modules/plain/package.json': '{}',
  };
  const session = await serve(files, [...['people', 'mine', 'mine/tool', 'mine/tools', 'unbuilt', 'plain/tools']]);
  expect(await names(session)).toEqual(['list_agents', 'say_hello']);
  expect(session.stderr()).toContain('\\"exports\\" in its package.json has no \\"./tool\\" for import');
  expect(session.stderr()).toContain('\\"exports\\" in its package.json has no \\".\\" for import');
  expect(session.stderr()).toContain('the file that \\"exports\\" in its package.json names does not exist; build it');
  expect(session.stderr()).toContain('the package has no \\"tools\\"');
});
