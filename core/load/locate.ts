import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Settings } from '../settings.js';
import { readPackage } from './package-json.js';

/** Where to look for plugins. */
export type Place = Pick<Settings, 'directory' | 'named'>;

/** Whether the package is installed beside a config that the operator named; a config merely found may load none. */
export function isInstalled(use: string, from: Place): boolean {
  return from.named && (resolvePackage(use, from) ?? folderOf(use, from)) !== undefined;
}

function resolvePackage(use: string, from: Place): string | undefined {
  try {
    return requireFrom(from).resolve(use);
  } catch (error) {
    // A package with an ESM-only `exports` is installed, though require() can't load it.
    return (error as { code?: string }).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED' ? use : undefined;
  }
}

/**
 * What to import for a plugin, and where to look for its package.json.
 * @throws Error in words for the operator
 */
export function locate(use: string, from: Place): { target: string; place: string } {
  const isPath = use.startsWith('.') || use.startsWith('/') || /^[A-Za-z]:[\\/]/.test(use);
  const folder = isPath ? undefined : folderOf(use, from);
  const found = isPath
    ? mainOf(resolve(from.directory, use))
    : (resolvePackage(use, from) ?? (folder === undefined ? undefined : mainOf(folder)));
  if (/\.[cm]?tsx?$/.test(found ?? use))
    throw new Error('it is TypeScript; build it to JavaScript and name the built file');
  const near = found === undefined ? pathOf(use, from) : undefined;
  if (near !== undefined) throw new Error(`it is not a package; name ${near}`);
  if (found === undefined && /\.[cm]?js$/.test(use))
    throw new Error(`it is not a package; name a file by its path: ./${use}`);
  if (found === undefined) throw new Error(`the package is not installed; run npm install ${use} beside the config`);
  if (found === use && !isPath) return { target: use, place: folder ?? use };
  return { target: pathToFileURL(found).href, place: found };
}

/** A file as it is; for a folder, the file that `main` in its package.json names. */
function mainOf(path: string): string {
  if (!existsSync(path) || !statSync(path).isDirectory()) return path;
  const { main } = Object(readPackage(join(path, 'package.json'))) as { main?: unknown };
  try {
    return createRequire(join(path, 'package.json')).resolve(path);
  } catch {
    throw new Error(
      typeof main === 'string'
        ? 'the file that "main" in its package.json names does not exist; build it with npm run build'
        : 'it is a folder without an index.js and without a package.json whose "main" names a file; name the file itself',
    );
  }
}

/** What is beside the config under a name without its path, for a sentence: `the folder beside the config: ./on-call`. */
export function pathOf(use: string, { directory }: Pick<Place, 'directory'>): string | undefined {
  if (isAbsolute(use) || use.startsWith('.')) return undefined;
  const found = ['', '.mjs', '.js', '.cjs']
    .map((end) => `${use}${end}`)
    .find((one) => existsSync(join(directory, one)));
  if (found === undefined) return undefined;
  const kind = statSync(join(directory, found)).isDirectory() ? 'folder' : 'file';
  return `the ${kind} beside the config by its path: ./${found}`;
}

/** The folder of a package, which only `import` may be able to load. */
const folderOf = (use: string, from: Place): string | undefined =>
  (requireFrom(from).resolve.paths(use) ?? []).map((folder) => join(folder, use)).find(existsSync);

const requireFrom = ({ directory }: Place) => createRequire(resolve(directory, 'halo-mcp.config.json'));
