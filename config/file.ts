import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { ConfigError } from '../core/config-error.js';
import { placeOfJson } from '../core/json-place.js';
import { NoSmallFile, readSmallFile } from './small-file.js';

const KINDS = {
  ...({ '.json': '.json', '.yaml': '.yaml', '.yml': '.yaml' } as const),
  ...({ '.js': '.js', '.mjs': '.mjs', '.cjs': '.cjs' } as const),
};
type Kind = (typeof KINDS)[keyof typeof KINDS];
/** The size limit of a config file, in bytes. */
const LARGEST = 2 ** 20;
/** The most values in a config. YAML aliases count each time they are used. */
const MOST_VALUES = 10_000;
const DEEPEST = 64;

/**
 * Parses a config file by its kind. The only check is that its values can be walked to an end.
 * @throws ConfigError with the place of a fault, but never the text around it, which may be secret
 */
export async function readConfigFile(path: string): Promise<unknown> {
  if (!existsSync(path)) throw new ConfigError(`${path} does not exist. Name an existing config file.`);
  const kind = extname(path);
  if (!Object.hasOwn(KINDS, kind))
    throw new ConfigError(`${path}: a config is .json, .yaml, .js, .mjs or .cjs, not "${kind}". Rename or convert it.`);
  const value = await parse(path, KINDS[kind as keyof typeof KINDS]);
  const fault = faultOf(value);
  if (fault !== undefined) throw new ConfigError(`${path} ${fault}. Take out what no config needs.`);
  return value;
}

async function parse(path: string, kind: Kind): Promise<unknown> {
  let text = '';
  try {
    ({ text } = readSmallFile(path, LARGEST));
    // Read as an absent config, an empty one would turn on the defaults.
    const value = text.trim() === '' ? undefined : await contentOf(kind, path, text);
    if (value !== undefined && value !== null) return value as unknown;
  } catch (error) {
    if (error instanceof NoSmallFile)
      throw new ConfigError(
        `${path} can't be read: ${error.message}. A config is a file of at most 1 MiB: name another one.`,
      );
    const place = kind === '.json' ? placeOfJson(text) : await placeOf(error, path);
    throw new ConfigError(`${path} can't be read${place}. Correct its syntax.`);
  }
  throw new ConfigError(`${path} is empty. Say what is on, such as { "plugins": ["tickets"] }, or take the file away.`);
}

/** JSON needs none of the parsers. */
const contentOf = async (kind: Kind, path: string, text: string): Promise<unknown> =>
  kind === '.json' ? JSON.parse(text) : (await import('./loaders.js')).defaultLoaders[kind](path, text);

/** Where the parser of YAML failed, or Node, whose own words cosmiconfig keeps: ` near line 2, column 5`, or nothing. */
async function placeOf(error: unknown, path: string): Promise<string> {
  const place = /\(?line (\d+)[ :,]+column (\d+)\)?|\((\d+):(\d+)\)/i.exec(String(error));
  if (place !== null) return ` near line ${place[1] ?? place[3]}, column ${place[2] ?? place[4]}`;
  if (!/\.[cm]?js$/.test(path)) return '';
  const { placeInFile } = await import('../core/load/syntax.js');
  const found = await placeInFile(path);
  return found === undefined ? '' : ` near line ${found.line}`;
}

/** Why a value can't be walked to its end, level by level. A value that contains itself has none. */
function faultOf(value: unknown): string | undefined {
  let level: unknown[] = [value];
  let values = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    values += level.length;
    if (values > MOST_VALUES) return `holds more than ${MOST_VALUES} values, or holds itself`;
    if (depth > DEEPEST) return `is nested deeper than ${DEEPEST} levels, or holds itself`;
    const inside: unknown[] = [];
    for (const one of level) {
      if (typeof one !== 'object' || one === null) continue;
      for (const held of Object.values(one)) if (inside.push(held) > MOST_VALUES) break;
    }
    level = inside;
  }
  return undefined;
}
