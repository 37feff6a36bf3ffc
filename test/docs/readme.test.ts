import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLIENTS } from '../../cli/init/clients.js';
import { bundled } from '../../cli/packs.js';
import { ConfigFile } from '../../config/index.js';
import { ERRORS } from '../../core/errors.js';
import { SCOPES } from '../../core/halo/scopes.js';
import type { AnyTool } from '../../core/index.js';
import pkg from '../../package.json' with { type: 'json' };
import { defaultNames } from '../packs.js';
import { command } from './command.js';
import { blocks, fileLinks, ROOT, read, tableOf, ticked, words } from './markdown.js';

const PAGES = [
  ...['README.md', 'SECURITY.md', 'CLAUDE.md', 'CONTRIBUTING.md'],
  ...['application', 'clients', 'config', 'doctor', 'limits', 'plugins', 'revenue', 'sandbox'].map(
    (page) => `docs/${page}.md`,
  ),
];
/** Tools of the examples, beside the bundled ones. */
const IN_HOUSE = ['list_overdue_tickets', 'list_contacts', 'get_contact'];
/** Words of Halo's own that look like tool names. */
const NO_TOOL = ['list_price'];

const packs: Record<string, readonly AnyTool[]> = {};
for (const [name, { load }] of Object.entries(bundled)) packs[name] = (await load()).tools;
const tools = Object.values(packs).flatMap((own) => own.map(({ name }) => name));
const scopesOf = (pack: string) => [...new Set((packs[pack] ?? []).flatMap(({ scopes }) => scopes))].sort();

describe.each(PAGES)('%s', (page) => {
  const text = read(page);

  it('names only tools that exist', () => {
    const named = words(text).flatMap((word) => word.match(/\b(?:list|get)_[a-z_]+\b|revenue_breakdown/g) ?? []);
    expect(named.filter((name) => ![...tools, ...IN_HOUSE, ...NO_TOOL].includes(name))).toEqual([]);
  });

  it('names only error codes that exist', () => {
    const codes = words(text).flatMap((word) => /^[A-Z]+(_[A-Z]+)+$/.exec(word)?.[0] ?? []);
    const own = codes.filter(
      (code) => !/^(HALO_(MCP_|INSTANCE|CLIENT|TENANT|AUTH|API)|NODE_|HTTPS?_|ALL_|NO_|TOTAL)/.test(code),
    );
    expect(own.filter((code) => !(code in ERRORS))).toEqual([]);
  });

  it('names only scopes that Halo has', () => {
    const scopes = words(text).filter((word) => /^(read|edit|editMine|access):\w+$/.test(word));
    expect(scopes.filter((scope) => !(SCOPES as readonly string[]).includes(scope))).toEqual([]);
  });

  it('links only to files that exist', () => {
    const links = fileLinks(text);
    expect(links.filter((link) => !existsSync(resolve(ROOT, dirname(page), link)))).toEqual([]);
  });

  it('holds JSON that parses, and configs that are valid', () => {
    for (const block of blocks(text, 'json')) {
      const value = JSON.parse(block) as Record<string, unknown>;
      if (!('mcpServers' in value)) expect(ConfigFile.safeParse(value).error?.message).toBeUndefined();
    }
  });

  it("never offers the stranger's npm package, a secret on a command line, or a command that does not exist", () => {
    expect(text).not.toMatch(/npx (-y )?halo-mcp|npm (i|install) (\S+ )*halo-mcp\b|"-y", "halo-mcp"/);
    for (const block of [...blocks(text, 'sh'), ...blocks(text, 'json')])
      expect(block).not.toMatch(/HALO_CLIENT_SECRET"?[=:]/);
    const commands = [...text.matchAll(/`[^`\n]*halo-mcp(?:\.js)? ([a-z][a-z-]*)/g)].map(([, name]) => name);
    const known = [...read('cli/program.ts').matchAll(/\.command\('([a-z-]+)'/g)].map(([, name]) => name);
    if (['README.md', 'CLAUDE.md', 'docs/clients.md', 'docs/config.md'].includes(page))
      expect(commands.length).toBeGreaterThan(0);
    expect(commands.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('says nothing about the machine that it was written on', () => {
    expect(text).not.toMatch(/\/work\/|\/tmp\/|\/root\b|localhost:\d/);
  });
});

describe('README', () => {
  const text = read('README.md');

  it('is a first page: at most 150 lines, and links to every page of docs', () => {
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
    const pages = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
    const linked = [...fileLinks(text), ...fileLinks(read('docs/limits.md')).map((link) => `docs/${link}`)];
    expect(pages.filter((name) => !linked.includes(`docs/${name}`))).toEqual([]);
  });

  it('has its two commands near the top, and both are scripts of the package', () => {
    const top = text.split('\n').slice(0, 30).join('\n');
    expect(blocks(top, 'sh')).toEqual(['npm install && npm run demo\n', 'npm install-test\n']);
    expect(pkg.scripts).toMatchObject({ demo: expect.any(String), test: expect.any(String) });
  });

  it('tells the scopes of each pack as its tools declare them', () => {
    const rows = tableOf(text, 'pack').map(([pack, , scopes]) => [ticked(pack)[0], ticked(scopes).sort()]);
    expect(rows).toEqual(Object.keys(bundled).map((pack) => [pack, scopesOf(pack)]));
  });

  it('names the pages that hold the rest', () => {
    expect(read('docs/tools.md')).toContain('## All of them');
  });
});

describe('docs/clients.md', () => {
  const client = blocks(read('docs/clients.md'), 'json')
    .map((block) => JSON.parse(block) as { mcpServers?: { halo: { command: string; args: string[]; env: object } } })
    .flatMap(({ mcpServers }) => mcpServers?.halo ?? []);

  it('names every client that init sets up, with the key and the variable of its file', () => {
    const rows = tableOf(read('docs/clients.md'), 'client').map(([title, , key, variable]) => [
      title,
      ticked(key)[0],
      ticked(variable)[0],
    ]);
    const known = Object.values(CLIENTS).map((one) => [
      one.title.replace(/ \(.*/, ''),
      one.key,
      one.variable?.('NAME'),
    ]);
    expect(rows).toEqual(known);
  });

  it('has a client block for node, for npx with the own package name, and for Docker, each with the secret by file', () => {
    expect(client.map(({ command }) => command)).toEqual(['node', 'npx', 'docker']);
    expect(client[0]?.args[0]).toMatch(new RegExp(`/${pkg.bin['halo-mcp']}$`));
    expect(client[1]?.args).toEqual(['-y', pkg.name]);
    expect(client[2]?.args.slice(0, 3)).toEqual(['run', '-i', '--rm']);
    expect(client[2]?.args.at(-1)).toBe(pkg.name);
    for (const { args, env } of client) expect(JSON.stringify([args, env])).toContain('HALO_CLIENT_SECRET_FILE');
  });
});

describe('docs/config.md', () => {
  const text = read('docs/config.md');

  it('lists exactly the variables that the server reads', () => {
    const source = read('config/load.ts');
    const known = [...new Set([...source.matchAll(/value\('(HALO_\w+)'\)/g)].map(([, name]) => name))].sort();
    const listed = tableOf(text, 'variable').map(([name]) => ticked(name)[0]);
    expect(listed.toSorted()).toEqual(known);
    const example = [...read('.env.example').matchAll(/^#?(HALO_\w+)=/gm)].map(([, name]) => name);
    expect(example.toSorted()).toEqual(known);
  });

  it('gives the bounds of settings as the schema has them', () => {
    for (const [path, bounds] of Object.entries(BOUNDS))
      for (const [value, valid] of bounds)
        expect([path, value, ConfigFile.safeParse(nest(path, value)).success]).toEqual([path, value, valid]);
    for (const words of ['500 to 100000', '10 to 100000', '1000 to 45000']) expect(text).toContain(words);
  });
});

describe('.env.example', () => {
  it('holds no secret, and comments on lines of their own, as --env-file of node and docker need it', () => {
    const lines = read('.env.example')
      .split('\n')
      .filter((line) => line !== '');
    for (const line of lines) expect(line).toMatch(/^(#.*|HALO_\w+=\S*)$/);
    expect(lines).toContain('HALO_CLIENT_SECRET=');
  });
});

describe('CLAUDE.md', () => {
  const text = read('CLAUDE.md');

  it('chooses packs with the scopes that those packs need', () => {
    for (const [wanted, named, scopes] of tableOf(text, 'they want').slice(0, 3)) {
      const needed = new Set(ticked(named).flatMap(scopesOf));
      expect([wanted, ticked(scopes).sort()]).toEqual([wanted, [...needed].sort()]);
    }
  });

  it('quotes what the commands really print', async () => {
    const [demo, shown, refused] = await Promise.all([
      command(['demo']),
      command(['tools']),
      command(['call', 'list_agents']),
    ]);
    expect(demo.stdout).toMatch(
      new RegExp(
        `^Connected to Halo PSA MCP .* over stdio: ${defaultNames.length} tools, on the sandbox Halo \\(invented data\\)\\.$`,
        'm',
      ),
    );
    expect(demo.stdout).toContain('TOTAL');
    expect(shown.stdout).toContain(`${defaultNames.length} tools on. Config: none`);
    expect(shown.stdout.trimEnd().split('\n').at(-1)).toMatch(/^Scopes to tick on the API application in Halo: /);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/^HALO_NOT_CONFIGURED: /) });
  });

  it('is the briefing alone, and closes with a question that every example config can answer', async () => {
    expect(text).not.toContain('# Part');
    expect(text).toContain('"List five of our clients."');
    for (const name of readdirSync(join(ROOT, 'config/examples'))) {
      const config = join(ROOT, 'config/examples', name);
      const chosen = name.startsWith('several') ? ['--customer', 'contoso'] : [];
      const asked = await command(['call', 'list_clients', 'page_size=5', '--sandbox', '--config', config, ...chosen]);
      expect(asked).toMatchObject({ code: 0, stdout: expect.stringMatching(/^5 of \d+ clients, page 1/) });
    }
  });
});

describe('CONTRIBUTING.md', () => {
  const text = read('CONTRIBUTING.md');

  it('sends people to homes of facts that exist', () => {
    const paths = tableOf(text, 'fact').flatMap(([, home]) => ticked(home));
    for (const path of paths) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
    expect(statSync(join(ROOT, 'revenue')).isDirectory()).toBe(true);
  });
});

const BOUNDS: Record<string, [number, boolean][]> = {
  'output.maxTokens': [
    [499, false],
    [500, true],
    [100_000, true],
    [100_001, false],
  ],
  'halo.requestsPer5Minutes': [
    [9, false],
    [10, true],
    [100_000, true],
    [100_001, false],
  ],
  'halo.timeoutMs': [
    [999, false],
    [1000, true],
    [45_000, true],
    [45_001, false],
  ],
};

const nest = (path: string, value: number) =>
  path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
