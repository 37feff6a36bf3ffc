import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { bundled } from '../cli/packs.js';
import { configJsonSchema } from '../config/index.js';
import { publicTool } from '../core/output/schema.js';
import { FAULTS } from '../sandbox/faults.js';
import { TENANTS } from '../sandbox/tenant/variants.js';
import { errorsPage } from './errors-page.js';
import { type BundledPack, packTable } from './pack-tables.js';
import { serverJson } from './publish.js';
import { flagTable } from './rules-page.js';
import { toolsPage } from './tools-page.js';

/**
 * Every generated file, by path from the repository's root: the config's JSON schema, server.json, a snapshot of each
 * bundled tool's public schema, README's table of packs, the pages of tools and errors, the flags of the revenue rules,
 * and the tables of the sandbox's page. `npm run generate` writes them; a test compares them.
 */
export async function generated(): Promise<Record<string, string>> {
  const packs = await Promise.all(
    Object.values(bundled).map(async ({ load, default: on }): Promise<BundledPack> => ({ plugin: await load(), on })),
  );
  const snapshots = packs.flatMap(({ plugin }) =>
    plugin.tools.map((tool) => [`test/snapshots/tools/${tool.name}.json`, json(publicTool(tool))]),
  );
  return {
    'config/halo-mcp.schema.json': json(configJsonSchema(await optionSchemas())),
    'server.json': json(serverJson()),
    ...Object.fromEntries(snapshots),
    'README.md': withTables('README.md', { packs: packTable(packs) }),
    'docs/tools.md': await toolsPage(packs),
    'docs/errors.md': errorsPage(),
    'docs/revenue-rules.md': withTables('docs/revenue-rules.md', { flags: flagTable() }),
    'docs/sandbox.md': withTables('docs/sandbox.md', { tenants: tenantTable(), faults: faultTable() }),
  };
}

/** The options of every bundled pack as JSON schema, even if it takes none. */
async function optionSchemas(): Promise<Record<string, Record<string, unknown>>> {
  const made = Object.entries(bundled).map(async ([name, { load }]) => {
    const { options = z.strictObject({}) } = await load();
    const { $schema: _, ...schema } = z.toJSONSchema(options, { io: 'input' });
    return [name, schema] as const;
  });
  return Object.fromEntries(await Promise.all(made));
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** The file with each table between its two marks. */
function withTables(path: string, tables: Record<string, string[]>): string {
  let text = readFileSync(path, 'utf8');
  for (const [name, lines] of Object.entries(tables)) {
    const marks = [`<!-- ${name}:start -->\n`, `<!-- ${name}:end -->`] as const;
    const [start, end] = [text.indexOf(marks[0]) + marks[0].length, text.indexOf(marks[1])];
    text = `${text.slice(0, start)}${lines.join('\n')}\n${text.slice(end)}`;
  }
  return text;
}

const tenantTable = () => [
  '| tenant | what it is |',
  '|---|---|',
  ...Object.entries(TENANTS).map(([name, what]) => `| \`${name}\` | ${what} |`),
];

const faultTable = () => [
  '| fault | what comes | on |',
  '|---|---|---|',
  ...Object.entries(FAULTS)
    .sort(([a], [b]) => status(a) - status(b))
    .map(([name, { does, on }]) => `| \`${name}\` | ${does} | \`${on}\` |`),
];

/** Sorts names by the status that they begin with. The rest follows in its own order. */
const status = (name: string) => Number.parseInt(name, 10) || 1000;
