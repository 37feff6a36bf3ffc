import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { getMcpConfigForManifest, unpackExtension, v0_3 } from '@anthropic-ai/mcpb';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { publint } from 'publint';
import { beforeAll, describe, expect, test } from 'vitest';
import pkg from '../package.json' with { type: 'json' };
import { startSandbox } from '../sandbox/index.js';
import { emptyFolder, folderWith } from './session.js';

const ROOT = resolve(import.meta.dirname, '..');
const run = promisify(execFile);

describe('the npm package', () => {
  test('publint finds nothing', async () => {
    expect((await publint({ pkgDir: ROOT, strict: true, pack: false })).messages).toEqual([]);
  });

  test('its types are found by those who import it', { timeout: 60_000 }, async () => {
    const folder = emptyFolder();
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT });
    const tarball = join(folder, `${pkg.name}-${pkg.version}.tgz`);
    const attw = resolve(ROOT, 'node_modules/.bin/attw');
    // Exits with its own code if anything is found.
    await expect(run(attw, [tarball, '--profile', 'esm-only'])).resolves.toBeDefined();
  });
});

describe('the entries of the package', () => {
  const entries = Object.entries(pkg.exports).flatMap(([entry, to]) =>
    typeof to === 'string' ? [] : [{ entry, ...to }],
  );

  test('are the four that docs/plugins.md names, each with code and types that are there', () => {
    expect(entries.map(({ entry }) => entry)).toEqual(['.', './values', './revenue', './testing']);
    const page = readFileSync(join(ROOT, 'docs/plugins.md'), 'utf8');
    for (const { entry, types, default: code } of entries) {
      expect(page).toContain(`| \`${pkg.name}${entry.slice(1)}\` `);
      for (const file of [types, code]) expect(existsSync(join(ROOT, file)), file).toBe(true);
    }
  });

  test("are served to a plugin's file wherever it lies, as the running server's own copies", async () => {
    const plugin = `
      import { definePlugin, defineTool, numberOf, z } from '${pkg.name}';
      import * as values from '${pkg.name}/values';
      import { money, percent } from '${pkg.name}/revenue';
      if (values.numberOf !== numberOf) throw new Error('two copies');
      const tool = defineTool({
        name: 'try_entries', title: 'Entries', description: 'Tries each entry.', effect: 'read', scopes: [],
        input: z.object({}), output: z.object({ said: z.string() }),
        run: async () => ({ said: [typeof values.dayOf, typeof money, typeof percent].join(' ') }),
      });
      export default definePlugin({ name: 'entries', apiVersion: 1, title: 'Entries', tools: [tool] });`;
    const config = join(folderWith({ 'entries.mjs': plugin, 'c.json': { plugins: ['./entries.mjs'] } }), 'c.json');
    const args = ['dist/halo-mcp.js', 'call', 'try_entries', '--sandbox', '--config', config];
    const { stdout } = await run(process.execPath, args, { cwd: ROOT });
    expect(stdout).toContain('function function function');
  });
});

/** The packages that the sources import, except those imported only for types. */
function importedPackages(): string[] {
  const folders = ['core', 'config', 'revenue', 'plugins', 'cli', 'sandbox'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(ROOT, folder, file)),
  );
  const named = files.flatMap((file) =>
    [
      ...readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type)[^;]*? from '((?:@[\w-]+\/)?[\w-][\w.-]*)/gm),
    ].map(([, name]) => name as string),
  );
  return [...new Set(named)].filter((name) => name !== 'node').sort();
}

describe('what an install brings', () => {
  test('the bundle asks for no package: only types that plugins are written against come along', () => {
    expect(Object.keys(pkg.dependencies)).toEqual(['@types/big.js', 'zod']);
    const code = readdirSync(join(ROOT, 'dist')).filter((file) => file.endsWith('.js'));
    const asked = code.flatMap((file) =>
      [...readFileSync(join(ROOT, 'dist', file), 'utf8').matchAll(/^(?:import|export)\b[^;]*?from"([^"]+)";/gm)].map(
        ([, name]) => name as string,
      ),
    );
    const foreign = [...new Set(asked)].filter((name) => !/^(\.|node:)/.test(name) && !builtinModules.includes(name));
    expect(foreign.filter((name) => name !== 'vitest')).toEqual([]);
  });
});

describe('what a start loads', () => {
  /** The files of the bundle that a file loads before anything else. */
  function loaded(file: string, known = new Set<string>()): Set<string> {
    if (known.has(file)) return known;
    known.add(file);
    const code = readFileSync(join(ROOT, 'dist', file), 'utf8');
    for (const [, next = ''] of code.matchAll(/\b(?:import|from)"\.\/([\w-]+\.js)"/g)) loaded(next, known);
    return known;
  }
  const code = [...loaded('halo-mcp.js')].map((file) => readFileSync(join(ROOT, 'dist', file), 'utf8'));

  test('is a few files, whose code is short', () => {
    expect(code.length).toBeLessThanOrEqual(5);
    expect(code.join('').length).toBeLessThan(350_000);
  });

  test.each([
    ['the schema library', 'ZodError'],
    ["the protocol's library", 'InitializeRequestSchema'],
    ['the parser of commands', 'CommanderError'],
    ['the code of a call', 'refuseUnshowable'],
  ])('has nothing of %s', (_, word) => {
    const all = readdirSync(join(ROOT, 'dist')).filter((file) => file.endsWith('.js'));
    const having = all.filter((file) => readFileSync(join(ROOT, 'dist', file), 'utf8').includes(word));
    expect(having.length).toBeGreaterThan(0);
    expect(having.filter((file) => loaded('halo-mcp.js').has(file))).toEqual([]);
  });
});

describe('the licences of what is bundled', () => {
  const text = readFileSync(join(ROOT, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');

  test('each package that the bundle was made of is named, with its version and its text', () => {
    for (const name of importedPackages()) {
      const version = { ...pkg.devDependencies, ...pkg.dependencies }[name];
      const part = text.split(`\n${'-'.repeat(80)}\n`).find((one) => one.includes(`\n${name} ${version} (`));
      expect(part, name).toMatch(/permission|licen[cs]e/i);
      expect(part?.length, name).toBeGreaterThan(500);
    }
    // And their dependencies.
    for (const name of ['js-yaml', 'safe-stable-stringify', 'keyv', 'htmlparser2', 'ajv'])
      expect(text).toMatch(new RegExp(`^${name} \\d`, 'm'));
  });

  test('it goes out with the npm package, as does our own', async () => {
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT });
    const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'dist/THIRD-PARTY-NOTICES.txt', 'dist/halo-mcp.js']));
  });
});

describe('the bundle for Claude Desktop', () => {
  let folder: string;
  let manifest: ReturnType<typeof v0_3.McpbManifestSchema.parse>;
  beforeAll(async () => {
    const file = join(emptyFolder(), 'halo.mcpb');
    await run(process.execPath, ['scripts/mcpb.mjs', file], { cwd: ROOT });
    folder = emptyFolder();
    expect(await unpackExtension({ mcpbPath: file, outputDir: folder, silent: true })).toBe(true);
    manifest = v0_3.McpbManifestSchema.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
  }, 60_000);

  test('asks for the secret as one, and for nothing that is not needed', () => {
    const asked = Object.entries(manifest.user_config ?? {});
    expect(asked.filter(([, { sensitive }]) => sensitive).map(([key]) => key)).toEqual(['client_secret']);
    expect(asked.filter(([, { required }]) => required).map(([key]) => key)).toEqual([
      'instance_url',
      'client_id',
      'client_secret',
    ]);
  });

  test('holds the licences of what it is made of', () => {
    for (const file of ['LICENSE', 'dist/THIRD-PARTY-NOTICES.txt'])
      expect(readFileSync(join(folder, file), 'utf8')).toMatch(/permission/i);
  });

  test('starts as unpacked, with the given answers, and shows the tools that it names', async () => {
    const halo = await startSandbox();
    const { command, args, env } = (await getMcpConfigForManifest({
      manifest,
      extensionPath: folder,
      systemDirs: {},
      userConfig: { instance_url: halo.url, client_id: halo.clientId, client_secret: halo.clientSecret },
      pathSeparator: '/',
    })) as { command: string; args: string[]; env: Record<string, string> };
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StdioClientTransport({ command, args, env, cwd: emptyFolder(), stderr: 'ignore' }));
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(manifest.tools?.map(({ name }) => name));
    expect((await client.callTool({ name: 'list_agents', arguments: {} })).isError).toBeUndefined();
    await client.close();
    await halo.close();
  });
});

test('server.json names this version of this package, in words that the registry takes', () => {
  const server = JSON.parse(readFileSync(join(ROOT, 'server.json'), 'utf8'));
  expect(server).toMatchObject({ name: pkg.mcpName, version: pkg.version });
  expect(server.packages).toMatchObject([{ identifier: pkg.name, version: pkg.version }]);
  expect(server.description.length).toBeLessThanOrEqual(100);
  const secrets = server.packages[0].environmentVariables.filter(({ isSecret }: { isSecret: boolean }) => isSecret);
  expect(secrets.map(({ name }: { name: string }) => name)).toEqual(['HALO_CLIENT_SECRET']);
});
