import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

const LAYERS = ['cli', 'kit', 'plugins', 'core', 'config', 'sandbox'] as const;

/** What each layer may import of the others: arrows point down only. */
const MAY: Record<(typeof LAYERS)[number], readonly string[]> = {
  cli: ['cli', 'kit', 'core', 'config'],
  kit: ['kit', 'core', 'config', 'sandbox'],
  plugins: ['plugins'],
  core: ['core'],
  config: ['config', 'core'],
  sandbox: ['sandbox'],
};

const files = LAYERS.flatMap((layer) =>
  readdirSync(layer, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(layer, file)),
);

/** Every module that a file imports, static or dynamic; relative ones as paths from the root. */
function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  const found = [...source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
  return found.map((name) => (name.startsWith('.') ? normalize(join(dirname(file), name)) : name));
}

const imports = new Map(files.map((file) => [file, importsOf(file)]));
const layerOf = (path: string) => path.split('/')[0] ?? '';
const importing = (pattern: RegExp) => files.filter((file) => imports.get(file)?.some((name) => pattern.test(name)));

describe('arrows between the layers point down', () => {
  test.each(files)('%s', (file) => {
    const own = layerOf(file) as (typeof LAYERS)[number];
    for (const name of imports.get(file) ?? []) {
      const layer = layerOf(name);
      if (!(LAYERS as readonly string[]).includes(layer) || MAY[own].includes(layer)) continue;
      const allowed =
        (own === 'plugins' && name === 'core/index.js') ||
        (file === 'cli/packs.ts' && layer === 'plugins') ||
        (file === 'cli/sandbox.ts' && layer === 'sandbox');
      expect(allowed, `${file} imports ${name}`).toBe(true);
    }
  });
});

test('a plugin imports no other plugin', () => {
  for (const file of files.filter((path) => path.startsWith('plugins/'))) {
    const own = file.split('/').slice(0, 2).join('/');
    for (const name of imports.get(file) ?? [])
      if (name.startsWith('plugins/')) expect(name.startsWith(`${own}/`), `${file} imports ${name}`).toBe(true);
  }
});

test('MCP libraries are imported in core/host and in the client of the kit alone', () => {
  expect(importing(/^@modelcontextprotocol|^fastmcp/).filter((file) => !file.startsWith('core/host/'))).toEqual([
    'kit/session.ts',
  ]);
});

test('the HTTP library is imported in core/halo alone', () => {
  expect(
    importing(/^got$|^node:https?$|^undici/).filter(
      (file) => !file.startsWith('core/halo/') && !file.startsWith('sandbox/'),
    ),
  ).toEqual([]);
});

test('a name and a default of a pack stand in one place', async () => {
  const { bundled } = await import('../../cli/packs.js');
  const { plugins } = JSON.parse(readFileSync('halo-mcp.config.json', 'utf8')) as { plugins: string[] };
  expect(plugins).toEqual(Object.keys(bundled).filter((name) => bundled[name]?.default));
  for (const [name, { load }] of Object.entries(bundled)) expect((await load()).name).toBe(name);
});

test('no file is longer than 300 lines: one noun a file', () => {
  expect(files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 300)).toEqual([]);
});
