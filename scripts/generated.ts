import { readFileSync } from 'node:fs';
import { bundled } from '../cli/packs.js';
import { configJsonSchema } from '../config/index.js';
import type { AnyTool } from '../core/define.js';
import { publicTool } from '../core/output/schema.js';
import { serverJson } from './publish.js';

/**
 * Every generated file, by its path from the repository's root: the config's JSON schema, server.json, one snapshot of each bundled
 * tool's public schema, and README with its table of tools. `npm run generate` writes them; a test compares them.
 */
export async function generated(): Promise<Record<string, string>> {
  const packs = await Promise.all(
    Object.entries(bundled).map(async ([name, { load, default: on }]) => ({
      name: on ? name : `${name} (off by default)`,
      tools: (await load()).tools,
    })),
  );
  const snapshots = packs.flatMap(({ tools }) =>
    tools.map((tool) => [`test/snapshots/tools/${tool.name}.json`, json(publicTool(tool))]),
  );
  return {
    'config/halo-mcp.schema.json': json(configJsonSchema()),
    'server.json': json(serverJson()),
    ...Object.fromEntries(snapshots),
    'README.md': withTable(readFileSync('README.md', 'utf8'), packs),
  };
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

function withTable(readme: string, packs: { name: string; tools: readonly AnyTool[] }[]): string {
  const rows = packs.flatMap(({ name, tools }) =>
    tools.map((tool) => `| ${name} | \`${tool.name}\` | ${tool.description} | ${scopes(tool)} |`),
  );
  const table = ['| pack | tool | what it answers | scopes |', '|---|---|---|---|', ...rows].join('\n');
  return readme.replace(
    /(<!-- tools:start -->\n)[\s\S]*?(\n<!-- tools:end -->)/,
    (_all, start: string, end: string) => `${start}${table}${end}`,
  );
}

function scopes({ scopes: needed, optionalScopes = [] }: AnyTool): string {
  const own = needed.map((scope) => `\`${scope}\``);
  const optional = optionalScopes.map((scope) => `(\`${scope}\`)`);
  return [...own, ...optional].join(' ') || 'none of its own';
}
