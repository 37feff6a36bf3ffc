/** The file that an author names with `--with`. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SandboxOptions } from './types.js';

/** What such a file may hold. */
export type Own = Pick<SandboxOptions, 'routes' | 'rows' | 'scopes'>;

const KEYS: readonly string[] = ['routes', 'rows', 'scopes'];

/**
 * Reads a JavaScript module (its default export) or a JSON file.
 * @throws RangeError with one sentence on what is wrong with it
 */
export async function readOwn(file: string): Promise<Own> {
  const url = pathToFileURL(resolve(file));
  const module: { default?: unknown } = await (/\.json$/i.test(file)
    ? import(url.href, { with: { type: 'json' } })
    : import(url.href)
  ).catch((error: Error) => {
    throw new RangeError(`${file} can't be read: ${error.message.replace(/ imported from .*/s, '')}.`);
  });
  const own = module.default;
  if (typeof own !== 'object' || own === null || Array.isArray(own))
    throw new RangeError(`${file} must export an object by default: { routes, rows, scopes }.`);
  const stranger = Object.keys(own).find((key) => !KEYS.includes(key));
  if (stranger !== undefined) throw new RangeError(`${file} has "${stranger}"; it may have ${KEYS.join(', ')}.`);
  return own as Own;
}
