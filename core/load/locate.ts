import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { resolveFrom } from '../contain/self.js';
import { nearest } from '../nearest.js';
import type { Settings } from '../settings.js';
import { readPackage } from './package-json.js';

/** Where to look for plugins. */
export type Place = Pick<Settings, 'directory' | 'named'>;

/** Whether the package is installed beside a config that the operator named; a config merely found may load none. */
export function isInstalled(use: string, from: Place): boolean {
  return from.named && (required(use, from) ?? folderOf(use, from)) !== undefined;
}

/**
 * The file to import for a plugin, and where to look for its package.json.
 * @throws Error in words for the operator
 */
export function locate(use: string, from: Place): { target: string; place: string } {
  const isPath = use.startsWith('.') || use.startsWith('/') || /^[A-Za-z]:[\\/]/.test(use);
  const folder = isPath ? undefined : folderOf(use, from);
  const found = isPath ? fileAt(resolve(from.directory, use)) : fileOf(use, from, folder);
  if (/\.[cm]?tsx?$/.test(found ?? use))
    throw new Error('it is TypeScript; build it to JavaScript and name the built file');
  const near = found === undefined ? pathOf(use, from) : undefined;
  if (near !== undefined) throw new Error(`it is not a package; name ${near}`);
  if (found === undefined && /\.[cm]?js$/.test(use))
    throw new Error(`it is not a package; name a file by its path: ./${use}`);
  if (found === undefined) throw new Error(`the package is not installed; run npm install ${use} beside the config`);
  return { target: pathToFileURL(found).href, place: folder ?? found };
}

/** The file that Node loads under a name; undefined if no such package is there. @throws Error that says what one lacks */
function fileOf(use: string, from: Place, folder: string | undefined): string | undefined {
  const meant = imported(use, from);
  if (meant !== undefined && existsSync(meant) && statSync(meant).isFile()) return meant;
  const found = required(use, from);
  if (found !== undefined || folder === undefined) return found;
  const part = use.slice(packageOf(use).length + 1);
  const { exports } = Object(readPackage(join(folder, 'package.json'))) as { exports?: unknown };
  if (exports === undefined && part === '') return mainOf(folder);
  if (exports === undefined) throw new Error(`the package has no "${part}"`);
  throw new Error(
    meant === undefined
      ? `"exports" in its package.json has no "${['.', part].filter(Boolean).join('/')}" for import`
      : 'the file that "exports" in its package.json names does not exist; build it with npm run build',
  );
}

/** What `import` loads under a name, whether or not it exists. */
function imported(use: string, from: Place): string | undefined {
  try {
    return fileURLToPath(resolveFrom(use, pathToFileURL(fileBeside(from)).href));
  } catch {
    return undefined;
  }
}

/** What require() loads under a name: it takes files without their extension, too. */
function required(use: string, from: Place): string | undefined {
  try {
    return requireFrom(from).resolve(use);
  } catch {
    return undefined;
  }
}

/** What a path names. @throws Error with the nearest file beside it if nothing is there */
function fileAt(path: string): string {
  const found = mainOf(path);
  if (existsSync(found)) return found;
  const folder = dirname(path);
  const inside = existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder) : [];
  const code = new Map(inside.filter((name) => CODE.test(name)).map((name) => [name.replace(CODE, ''), name]));
  const near = code.get(nearest(basename(path).replace(CODE, ''), code.keys()) ?? '');
  const way =
    near === undefined ? 'correct the path, which starts from the config' : `did you mean ${join(folder, near)}?`;
  throw new Error(`there is nothing at ${path}; ${way}`);
}

const CODE = /\.[cm]?js$/;

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

/** The folder of the package that a name is of. */
const folderOf = (use: string, from: Place): string | undefined =>
  (requireFrom(from).resolve.paths(use) ?? []).map((folder) => join(folder, packageOf(use))).find(existsSync);

/** `@acme/tools` of `@acme/tools/halo`. */
const packageOf = (use: string): string => use.split('/', use.startsWith('@') ? 2 : 1).join('/');

const fileBeside = ({ directory }: Place): string => resolve(directory, 'halo-mcp.config.json');
const requireFrom = (from: Place) => createRequire(fileBeside(from));
