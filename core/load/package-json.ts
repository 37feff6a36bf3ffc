import { existsSync, readFileSync } from 'node:fs';
import { placeOfJson } from '../json-place.js';

/**
 * What a package.json holds; undefined if it is not there.
 * @throws Error in words for the plugin's author
 */
export function readPackage(path: string): unknown {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`its package.json is not valid JSON${placeOfJson(text)}`);
  }
}
