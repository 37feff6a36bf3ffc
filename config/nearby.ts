import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** The configs that are found without being named, in this order. */
export const FOUND_NAMES: readonly string[] = ['halo-mcp.config.json', 'halo-mcp.config.yaml'];

const DATA = ['json', 'yaml', 'yml', 'jsonc', 'json5', 'toml'];
const CODE = ['js', 'mjs', 'cjs', 'ts'];
/** Each name with each ending. */
const files = (names: readonly string[], endings: readonly string[]) =>
  names.flatMap((name) => endings.map((ending) => `${name}.${ending}`));
/** Names that people give a config, or that other programs look for. */
const LIKELY = [
  ...files(['halo-mcp.config', '.halo-mcp.config'], [...DATA, ...CODE]),
  // A program may well be called halo-mcp.js.
  ...files(['halo-mcp', '.halo-mcp'], DATA),
  ...['.halo-mcprc', '.halo-mcprc.json', '.halo-mcprc.yaml', '.halo-mcprc.yml', 'halo-mcp.config'],
];

/**
 * The warning of files in the working directory that seem to be meant as a config, and are not read.
 * @param found the config that is read
 */
export function unread(cwd: string, found: string | undefined): string[] {
  const there = LIKELY.map((name) => resolve(cwd, name)).filter((path) => path !== found && existsSync(path));
  if (there.length === 0) return [];
  const [is, way] = there.length > 1 ? ['are', 'Rename the one that is meant'] : ['is', 'Rename it'];
  const read = found === undefined ? `without --config only ${FOUND_NAMES.join(' or ')} is` : `${found} is`;
  return [`${there.join(', ')} ${is} not read: ${read}. ${way}, or name it with --config.`];
}
