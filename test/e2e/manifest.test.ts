import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { command } from '../docs/command.js';
import { emptyFolder } from '../session.js';

/** Leaves a file behind if its code runs. */
const CODE = `
import { writeFileSync } from 'node:fs';
import { column, definePlugin, listTool } from 'halo-psa-mcp';
writeFileSync(new URL('./ran', import.meta.url), '');
const listSites = listTool({
  name: 'list_sites', title: 'Sites', description: 'Sites.', scopes: ['read:customers'],
  from: { path: '/Site', key: 'sites' }, filters: {}, columns: { id: column.id() },
});
const listItems = { ...listSites, name: 'list_items', scopes: ['read:items'] };
export default definePlugin({ name: 'mine', apiVersion: 1, title: 'Mine', tools: [listSites, listItems] });
`;

interface Shown {
  tools: { name: string; verdict: { on: boolean; reason?: string } }[];
  skipped: { use: string; reason: string }[];
}

/** A config that names a package, in a new folder. */
async function shown(
  manifest: unknown,
  { main = 'index.mjs', use = './mine', folder = 'mine', exports = {}, text = '' } = {},
) {
  const cwd = emptyFolder();
  const home = join(cwd, folder);
  mkdirSync(home, { recursive: true });
  const said = manifest === undefined ? {} : { 'halo-mcp': manifest };
  const written = JSON.stringify({ name: use, version: '1.0.0', main, ...exports, ...said });
  writeFileSync(join(home, 'package.json'), text || written);
  writeFileSync(join(home, 'index.mjs'), CODE);
  const config = join(cwd, 'c.json');
  writeFileSync(config, JSON.stringify({ plugins: ['people', use] }));
  const { stdout } = await command(['tools', '--json', '--config', config]);
  const lines = await command(['tools', '--config', config]);
  const { tools, skipped } = JSON.parse(stdout) as Shown;
  const on = tools.filter(({ verdict }) => verdict.on).map(({ name }) => name);
  return { on, tools, reason: skipped[0]?.reason, ran: existsSync(join(home, 'ran')), text: lines.stdout, config };
}

const scopes = ['read:customers', 'read:items'];

test('a folder is served by the file that its "main" names', async () => {
  expect(await shown({ apiVersion: 1, scopes })).toMatchObject({ on: ['list_agents', 'list_sites', 'list_items'] });
  expect(await shown(undefined)).toMatchObject({ on: ['list_agents', 'list_sites', 'list_items'] });
});

test('a package installed next to the config is held to its manifest, too', async () => {
  const installed = { use: '@acme/mine', folder: 'node_modules/@acme/mine' };
  expect(await shown({ apiVersion: 2, scopes }, installed)).toMatchObject({ on: ['list_agents'], ran: false });
  expect(await shown({ apiVersion: 1, scopes }, installed)).toMatchObject({ ran: true, reason: undefined });
});

test.each<[string, unknown, RegExp]>([
  ['another API', { apiVersion: 2, scopes }, /it is made for plugin API 2 and this server has 1/],
  ['no API', { scopes }, /"halo-mcp" in its package\.json must have "apiVersion", a number, and "scopes"/],
  ['no list of scopes', { apiVersion: 1, scopes: 'read:customers' }, /must have "apiVersion", a number, and "scopes"/],
  ['a scope that Halo has not', { apiVersion: 1, scopes: ['read:client'] }, /Halo has no scope "read:client"\./],
])('a manifest with %s: the plugin is skipped before any of its code runs', async (_what, manifest, words) => {
  const { on, reason, ran } = await shown(manifest);
  expect(reason).toMatch(words);
  expect({ on, ran }).toEqual({ on: ['list_agents'], ran: false });
});

test('a tool that wants more than the manifest names is refused; the others are not', async () => {
  const { on, tools } = await shown({ apiVersion: 1, scopes: ['read:customers'] });
  expect(on).toEqual(['list_agents', 'list_sites']);
  expect(tools.find(({ name }) => name === 'list_items')?.verdict).toMatchObject({
    on: false,
    reason: 'it uses read:items, which "halo-mcp" in its package.json does not name',
  });
});

test('a folder that is not built yet says so', async () => {
  const { reason, on } = await shown({ apiVersion: 1, scopes }, { main: 'dist/index.js' });
  expect(reason).toMatch(/the file that "main" in its package\.json names does not exist; build it/);
  expect(on).toEqual(['list_agents']);
});

test('a misspelt scope of the manifest is told with one mark at the end', async () => {
  const { text, config } = await shown({ apiVersion: 1, scopes: ['read:custmers'] });
  expect(text).toContain('Halo has no scope "read:custmers". Did you mean "read:customers"?');
  const { stdout } = await command(['doctor', '--sandbox', '--config', config]);
  expect(stdout.replace(/\s+/g, ' ')).toContain('Did you mean "read:customers"? → Correct it');
});

test.each(['./mine', '@acme/mine', 'mine'])('%s: a package.json that is not JSON is what is wrong', async (use) => {
  const folder = use.startsWith('.') ? use : `node_modules/${use}`;
  const { reason, on } = await shown(undefined, { use, folder, text: '{\n  "main": "index.mjs",\n}' });
  expect(reason).toBe('its package.json is not valid JSON near line 3, column 1');
  expect(on).toEqual(['list_agents']);
});

test('a folder whose package.json names no file says that', async () => {
  const { reason } = await shown(undefined, { text: '{}' });
  expect(reason).toMatch(/^it is a folder without an index\.js and without a package\.json whose "main" names a file/);
});

test('the scopes of a plugin that did not load are still reported', async () => {
  expect((await shown({ apiVersion: 2, scopes })).text).toMatch(
    /^skipped: \.\/mine: .*; by its package\.json it needs read:customers, read:items$/m,
  );
});
