import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { scopeOfPath } from '../../core/halo/scopes.js';
import { folderWith, type Json } from '../session.js';
import { ask, command } from './command.js';
import { blocks, ROOT, read, tableOf, ticked } from './markdown.js';

const page = read('docs/plugins.md');
const snippets = blocks(page, 'js');
const whole = snippets.filter((code) => code.startsWith('import '));
const files = Object.fromEntries(whole.map((code, index) => [`snippet-${index}.mjs`, code]));

describe('docs/plugins.md', () => {
  it('shows whole plugins that load and answer as they stand', async () => {
    const plugins = Object.keys(files).map((name) => `./${name}`);
    const config = join(folderWith({ ...files, 'c.json': { plugins } }), 'c.json');
    const { stdout } = await command(['tools', '--json', '--config', config]);
    expect(JSON.parse(stdout)).toMatchObject({ skipped: [], scopes: ['read:customers'] });

    const [teams, sites] = await Promise.all([
      ask<{ count: number; names: string }>(config, 'count_teams'),
      ask<{ items: Json[] }>(config, 'list_sites', { client_name: 'northwind' }),
    ]);
    expect(teams.names.split(', ')).toHaveLength(teams.count);
    expect(teams.names).toContain('1st Line');
    const head = sites.items.find(({ name }) => name === 'Head Office');
    expect(head).toMatchObject({ client: 'Northwind Traders Ltd' });
    const site = await ask<{ contacts: Json[] }>(config, 'get_site', { id: head?.id });
    expect(site).toMatchObject({ name: 'Head Office', client_id: 12 });
    expect(site.contacts.length).toBeGreaterThan(0);
  });

  it('shows a whole tool that writes, which asks first and does it once it is told to', async () => {
    const name = Object.entries(files).find(([, code]) => code.includes('defineWrite'))?.[0];
    const entry = { use: `./${name}`, allowWrites: ['park_ticket'] };
    const config = join(folderWith({ ...files, 'c.json': { plugins: [entry] } }), 'c.json');
    const park = ['call', 'park_ticket', 'id=10311', '--sandbox', '--json', '--config', config];
    const refused = await command(park);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(
      /^Put ticket 10311 \(.+\) on hold\.\nPOST \/Tickets\n\[[\s\S]*\]\nNOT_CONFIRMED: Nobody can be asked here, .* Add --yes to do it\./,
    );
    const done = await command([...park, '--yes']);
    expect(JSON.parse(done.stdout)).toMatchObject({ state: 'done', id: 10311, status: 'On Hold' });
  });

  it('tells the truth about types: plugins and examples compile against the package as a dev dependency', async () => {
    const folder = folderWith({
      ...files,
      'on-call.mjs': read('docs/examples/on-call.mjs'),
      'contacts.mjs': read('docs/examples/contacts.mjs'),
      'misspelt.mjs': (whole[0] ?? '').replace('scopes: []', "scopes: ['read:tickts']"),
    });
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(ROOT, join(folder, 'node_modules/halo-psa-mcp'));
    const options = ['--noEmit', '--allowJs', '--checkJs', '--strict', '--noImplicitAny', 'false', '--skipLibCheck'];
    const modules = ['--module', 'nodenext', '--target', 'es2023', '--types', ''];
    const names = [...Object.keys(files), 'on-call.mjs', 'contacts.mjs', 'misspelt.mjs'];
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const run = promisify(execFile)(process.execPath, [tsc, ...options, ...modules, ...names], { cwd: folder });
    const { stdout } = await run.catch((error: { stdout: string }) => error);
    const faults = stdout.split('\n').filter((line) => line.includes('error TS'));
    expect(faults.filter((line) => !line.startsWith('misspelt.mjs'))).toEqual([]);
    expect(faults.join('\n')).toContain('read:tickts');
  });

  it('gives each path the scope that the server checks', () => {
    const rows = tableOf(page, 'scope').flatMap(([scope, paths]) =>
      ticked(paths).map((path) => [path, ticked(scope)[0] ?? null]),
    );
    expect(rows.length).toBeGreaterThan(35);
    expect(rows).toEqual(rows.map(([path]) => [path, scopeOfPath(path ?? '')]));
  });

  it('names only what the package exports', async () => {
    const api = Object.keys(await import('../../core/index.js'));
    const called = [...page.matchAll(/`(filter|column)\.(\w+)\(/g)];
    const { filter, column } = await import('../../core/index.js');
    const kinds: Record<string, object> = { filter, column };
    expect(called.filter(([, maker = '', kind = '']) => !(kind in (kinds[maker] ?? {})))).toEqual([]);
    const named = new Set(called.map(([, maker, kind]) => `${maker}.${kind}`));
    const isMade = (kind: string) => typeof filter[kind as keyof typeof filter] === 'function';
    const [made, given] = [true, false].map((is) => Object.keys(filter).filter((kind) => isMade(kind) === is));
    expect(made?.filter((kind) => !named.has(`filter.${kind}`))).toEqual([]);
    expect(given).toEqual(['Day', 'Month', 'Id']);
    for (const kind of given ?? []) expect(page).toContain(`\`filter.${kind}\``);
    expect(Object.keys(column).filter((kind) => !named.has(`column.${kind}`))).toEqual([]);
    for (const name of [
      'definePlugin',
      'defineTool',
      'defineWrite',
      'listTool',
      'getTool',
      'HaloError',
      'untrusted',
      'resolveClient',
      'resolveLookup',
    ])
      expect(api).toContain(name);
  });
});
