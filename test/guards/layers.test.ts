import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

const LAYERS = ['cli', 'config', 'plugins', 'kit', 'core', 'revenue', 'sandbox'] as const;

/** What each layer may import of the others: arrows point down only. */
const MAY: Record<(typeof LAYERS)[number], readonly string[]> = {
  cli: ['cli', 'config', 'kit', 'core'],
  config: ['config', 'core'],
  plugins: ['plugins'],
  kit: ['kit', 'config', 'core', 'sandbox'],
  core: ['core'],
  revenue: ['revenue'],
  sandbox: ['sandbox'],
};

/** The files that a layer may import from layers that it may not import as a whole. */
const DOORS: Partial<Record<(typeof LAYERS)[number], readonly string[]>> = {
  cli: ['revenue/index.js'],
  plugins: ['core/index.js', 'revenue/index.js', 'revenue/halo/index.js'],
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
        DOORS[own]?.includes(name) ||
        (file.startsWith('revenue/halo/') && name === 'core/index.js') ||
        (file === 'revenue/rows/row.ts' && name === 'core/values.js') ||
        (file === 'cli/packs.ts' && layer === 'plugins') ||
        (file === 'cli/sandbox.ts' && layer === 'sandbox');
      expect(allowed, `${file} imports ${name}`).toBe(true);
    }
  });
});

/** The rooms of the money engine, the lowest first. */
const ROOMS = ['values', 'rows', 'rules', 'ledger', 'trend', 'answer', 'questions'];
const roomOf = (path: string) => ROOMS.indexOf(path.split('/')[1] ?? '');
const engine = files.filter((file) => file.startsWith('revenue/'));

describe('rooms of revenue/ import downwards only', () => {
  test.each(engine.filter((file) => roomOf(file) >= 0))('%s', (file) => {
    const own = imports.get(file)?.filter((name) => name.startsWith('revenue/')) ?? [];
    expect(own.filter((name) => roomOf(name) < 0 || roomOf(name) > roomOf(file))).toEqual([]);
  });

  test('every file is in a room, but for the doors', () => {
    const others = engine.filter((file) => roomOf(file) < 0 && !file.startsWith('revenue/halo/'));
    expect(others).toEqual(['revenue/index.ts']);
  });

  test('no file is in a circle', () => {
    const circles: string[][] = [];
    const done = new Set<string>();
    const walk = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file]);
      else if (!done.has(file)) {
        for (const name of imports.get(file) ?? [])
          if (name.startsWith('revenue/')) walk(name.replace(/\.js$/, '.ts'), [...path, file]);
        done.add(file);
      }
    };
    for (const file of engine) walk(file, []);
    expect(circles).toEqual([]);
  });

  test('its pure rooms read no clock and wait for nothing', () => {
    const impure = /\bDate\.now\b|\bnew Date\(\)|\bTemporal\.Now\b|\basync\b|\bfetch\(/;
    expect(engine.filter((file) => roomOf(file) >= 0 && impure.test(readFileSync(file, 'utf8')))).toEqual([]);
  });
});

/** Code that would read a displayed amount back into a number, or an id out of a label. */
const READ_BACK = /\b(?:Number|parseFloat|parseInt)\(|new (?:Exact|Big)\(|\.split\(':'\)/;

test('insights count with the ledger’s amounts, never with what is shown', () => {
  const insights = files.filter((file) => file.startsWith('plugins/insights/'));
  expect(insights.length).toBeGreaterThan(5);
  expect(insights.filter((file) => READ_BACK.test(readFileSync(file, 'utf8')))).toEqual([]);
});

test('a plugin imports no other plugin', () => {
  for (const file of files.filter((path) => path.startsWith('plugins/'))) {
    const own = file.split('/').slice(0, 2).join('/');
    for (const name of imports.get(file) ?? [])
      if (name.startsWith('plugins/')) expect(name.startsWith(`${own}/`), `${file} imports ${name}`).toBe(true);
  }
});

test('MCP libraries are imported in core/host and in the client of the kit alone', () => {
  expect(
    importing(/^@modelcontextprotocol|^fastmcp|^mcp-proxy/).filter((file) => !file.startsWith('core/host/')),
  ).toEqual(['kit/session.ts']);
});

describe('the team server', () => {
  const inside = (file: string) => file.startsWith('core/host/http/');

  test('alone imports fastmcp and its engine, and with what serves the newer era on stdio the second library of the protocol', () => {
    const theirs = importing(/^fastmcp|^mcp-proxy|^@modelcontextprotocol\/(?:server|node|client)/);
    expect(theirs.length).toBeGreaterThan(0);
    const both = ['core/host/handlers/either.ts', 'core/host/stdio/newer.ts'];
    expect(theirs.filter((file) => !inside(file))).toEqual(both);
    for (const file of both) expect(importing(/^fastmcp|^mcp-proxy/)).not.toContain(file);
    // Whoever begins with a handshake loads none of it.
    const loading = files.filter(
      (file) => !inside(file) && imports.get(file)?.some((name) => /\/(?:either|newer)\.js$/.test(name)),
    );
    expect(loading).toEqual(['core/host/stdio/newer.ts', 'core/host/stdio/stdio.ts']);
    expect(readFileSync('core/host/stdio/stdio.ts', 'utf8')).toContain("await import('./newer.js')");
  });

  test('is loaded by its own commands alone', () => {
    const doors = files.filter((file) => !inside(file) && imports.get(file)?.some((name) => inside(name)));
    const own = ['cli/serve-http.ts', 'cli/oauth.ts', 'cli/init/team.ts'];
    expect(doors.filter((file) => !own.includes(file) && !file.startsWith('cli/token/'))).toEqual([]);
    expect(files.filter((file) => imports.get(file)?.includes('cli/oauth.js'))).toEqual(['cli/serve-http.ts']);
    // The code for identity providers loads only if the config asks for it.
    const signing = files.filter(
      (file) => !file.includes('/oauth/') && imports.get(file)?.some((name) => name.endsWith('/oauth/oauth.js')),
    );
    expect(signing).toEqual(['core/host/http/door.ts', 'core/host/http/sign-in.ts']);
    expect(readFileSync('core/host/http/door.ts', 'utf8')).toContain("await import('./oauth/oauth.js')");
    expect(readFileSync('core/host/http/sign-in.ts', 'utf8')).toContain('import type { OAuth }');
    const loaded = readFileSync('cli/serve.ts', 'utf8');
    expect(loaded).not.toMatch(/^import .*serve-http/m);
    expect(loaded).toContain("await import('./serve-http.js')");
  });
});

test('the HTTP library is imported in core/halo alone, and a server of HTTP in its host', () => {
  expect(
    importing(/^got$|^node:https?$|^undici/).filter(
      (file) => !file.startsWith('core/halo/') && !file.startsWith('sandbox/') && !file.startsWith('core/host/http/'),
    ),
  ).toEqual([]);
  expect(importing(/^got$|^undici/).filter((file) => file.startsWith('core/host/'))).toEqual([]);
});

test('the library of the store is loaded by one file, and that one where a store is named', () => {
  expect(importing(/^ioredis$/)).toEqual(['core/store/link.ts']);
  expect(importing(/^core\/store\/link\.js$/).filter((file) => !file.startsWith('core/store/'))).toEqual([]);
  const doors = files.filter((file) => /from '[^']*store\/redis\.js'/.test(readFileSync(file, 'utf8')));
  expect(doors).toEqual([]);
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

describe('the process and its memory', () => {
  const having = (layers: RegExp, pattern: RegExp) =>
    files.filter((file) => layers.test(file) && pattern.test(readFileSync(file, 'utf8')));

  test('only the CLI ends the process', () => {
    expect(having(/^(core|plugins|revenue|config)\//, /\bprocess\.exit\(/)).toEqual([]);
  });

  test('no module keeps what belongs to a customer, a caller or a pack', () => {
    expect(having(/^(core|plugins|revenue)\//, /^(export )?const \w+ = new (WeakMap|WeakSet)\b/m)).toEqual([]);
  });
});
