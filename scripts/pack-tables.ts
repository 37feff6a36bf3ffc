import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import type { AnyTool, Plugin } from '../core/define.js';
import { publicTool } from '../core/output/schema.js';

/** A pack that comes with the server, and whether it is on by default. */
export interface BundledPack {
  plugin: Plugin;
  on: boolean;
}

/** A cell of a table in Markdown. */
export const cell = (text: string) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');

/** A table as lines of Markdown. */
export const markdown = (head: string[], rows: string[][]): string[] => [
  `| ${head.join(' | ')} |`,
  `|${'---|'.repeat(head.length)}`,
  ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
];

/** Which scopes to tick for which pack. */
export const packTable = (packs: BundledPack[]): string[] =>
  markdown(
    ['pack', 'what it answers', 'scopes to tick'],
    packs.map(({ plugin: { name, description = '', tools }, on }) => [
      `\`${name}\``,
      on ? description : `${description}; off unless named`,
      ticked(new Set(tools.flatMap(({ scopes }) => scopes))) || 'none of its own',
    ]),
  );

/** The tools of all packs. */
export const toolTable = (packs: BundledPack[]): string[] =>
  markdown(
    ['pack', 'tool', 'what it answers', 'scopes', 'tokens'],
    packs.flatMap(({ plugin, on }) =>
      plugin.tools.map((tool) => [
        on ? plugin.name : `${plugin.name} (off by default)`,
        `\`${tool.name}\``,
        tool.description,
        scopesOf(tool),
        String(tokensOf(tool)),
      ]),
    ),
  );

const ticked = (words: Iterable<string>) => [...words].map((word) => `\`${word}\``).join(' ');

/** The scopes of a tool, with optional ones in brackets. */
export function scopesOf({ scopes, optionalScopes = [] }: AnyTool): string {
  const optional = optionalScopes.map((scope) => `(\`${scope}\`)`);
  return [ticked(scopes), ...optional].filter(Boolean).join(' ') || 'none of its own';
}

/** The tool's cost in the tool list, without its output schema, in o200k tokens. */
function tokensOf(tool: AnyTool): number {
  const { outputSchema: _, ...shown } = publicTool(tool);
  return countTokens(JSON.stringify(shown));
}
