import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { named } from '../../cli/new-plugin.js';
import { ask, command } from '../docs/command.js';
import { ROOT } from '../docs/markdown.js';
import { emptyFolder, SERVER } from '../session.js';

const inFolder = (cwd: string, file: string, args: string[], env: Record<string, string> = {}) =>
  spawnSync(file, args, { cwd, env: { PATH: process.env.PATH, HOME: cwd, ...env }, encoding: 'utf8' });

const newPlugin = (cwd: string, name: string) => inFolder(cwd, process.execPath, [SERVER, 'new-plugin', name]);

type Package = Record<'devDependencies' | 'scripts', Record<string, string>> & Record<string, unknown>;
const packageOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Package;

/** Its other dependencies come from this repository, so that no registry is contacted. */
function linkDependencies(folder: string): void {
  const { devDependencies, ...rest } = packageOf(folder);
  for (const name of Object.keys(devDependencies))
    if (name !== 'halo-psa-mcp') devDependencies[name] = `file:${join(ROOT, 'node_modules', name)}`;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...rest, devDependencies }));
}

describe('new-plugin', () => {
  test('what it makes installs, passes its tests, and serves from a config by its path', {
    timeout: 60_000,
  }, async () => {
    const cwd = emptyFolder();
    expect(newPlugin(cwd, 'on-site')).toMatchObject({ status: 0, stdout: expect.stringContaining('cd on-site') });
    const folder = join(cwd, 'on-site');
    linkDependencies(folder);

    const install = ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund'];
    expect(inFolder(folder, 'npm', install)).toMatchObject({ status: 0 });
    // As on the author's own machine, where the first run writes the snapshots; CI does not.
    const tested = inFolder(folder, 'npm', ['test']);
    expect(tested.status, tested.stdout + tested.stderr).toBe(0);
    expect(tested.stdout).toMatch(/Tests .*1\d passed/);
    expect(tested.stdout).not.toMatch(/skipped|failed/);
    expect(readdirSync(join(folder, 'test/snapshots'))).toEqual(['list_on_site_tickets.json']);

    writeFileSync(join(cwd, 'c.json'), JSON.stringify({ plugins: ['people', './on-site'] }));
    const config = join(cwd, 'c.json');
    const { stdout } = await command(['tools', '--json', '--config', config]);
    expect(JSON.parse(stdout)).toMatchObject({ scopes: ['read:tickets'], skipped: [] });
    const { items } = await ask<{ items: object[] }>(config, 'list_on_site_tickets', { page_size: 3 });
    expect(items).toHaveLength(3);
  });

  test.each(['acme-rmm', 'my-acme', 'acmes', 'list-acme', 'a1', 'x-2-go'])('%s is a name like any other', (name) => {
    const snake = name.replaceAll('-', '_');
    const { code } = transformSync(named(readFileSync(join(ROOT, 'template/src/index.ts'), 'utf8'), name), {
      loader: 'ts',
    });
    expect(code).toContain(`name: "list_${snake}_tickets"`);
    expect(code).toContain(`name: "${name}"`);
    expect(named('# halo-mcp-acme', name)).toBe(`# halo-mcp-${name}`);
  });

  test('is a package to be published, with the running install as a dev dependency', () => {
    const cwd = emptyFolder();
    newPlugin(cwd, 'acme');
    const made = packageOf(join(cwd, 'acme'));
    expect(made).toMatchObject({ name: 'halo-mcp-acme', main: 'dist/index.js', files: ['dist'], type: 'module' });
    expect(made['halo-mcp']).toEqual({ apiVersion: 1, scopes: ['read:tickets', 'read:customers'] });
    expect(made.devDependencies['halo-psa-mcp']).toBe(`file:${ROOT}`);
    expect(made.dependencies).toBeUndefined();
    expect(readdirSync(join(cwd, 'acme')).toSorted()).toEqual(
      [
        '.gitignore',
        'README.md',
        'package.json',
        'src',
        'test',
        'tsconfig.build.json',
        'tsconfig.json',
        'vitest.config.ts',
      ].toSorted(),
    );
  });

  test.each([
    ['Acme Corp', /"Acme Corp" is not a valid plugin name: .*such as "acme-corp"/],
    ['../up', /"\.\.\/up" is not a valid plugin name: .*such as "up"/],
    ['x', /"x" is not a valid plugin name: .*such as "on-call"/],
    ['finance', /"finance" is the name of a bundled pack\. Choose another, such as "my-finance"/],
    ['taken', /\.\/taken is there already\. Choose another name, or move it away/],
  ])('%s is answered with one sentence, and nothing is written', (name, words) => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, 'taken'));
    const { status, stdout, stderr } = newPlugin(cwd, name);
    expect(stderr).toMatch(words);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(readdirSync(cwd)).toEqual(['taken']);
    expect(existsSync(join(cwd, 'taken/package.json'))).toBe(false);
  });
});
