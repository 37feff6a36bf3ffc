import { stripVTControlCharacters } from 'node:util';
import { holdsHaloSecret, UNSHOWN } from './secret-form.js';

/**
 * Text from a config, a name or a path, safe for a terminal: one line, without escape sequences or invisible
 * characters. If it is longer than the limit, its middle is left out. A client secret in the place of something else is
 * never shown.
 */
export function shown(text: string, most = 80): string {
  if (holdsHaloSecret(text)) return UNSHOWN;
  // Also cut before it is cleaned, so that cleaning never takes long.
  return shorten(stripVTControlCharacters(shorten(text, 8 * most)).replace(/[^\S ]|\p{C}/gu, ' '), most);
}

function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const tail = Math.floor(most / 4);
  return `${text.slice(0, most - tail - 1)}…${text.slice(-tail)}`;
}
