import { stripVTControlCharacters } from 'node:util';

/**
 * Text from a config, a name or a path, as a terminal may show it: one line, without escape sequences and without what
 * nobody sees; of what is longer than so many characters the middle is left out.
 */
export function shown(text: string, most = 80): string {
  // Cut before it is cleaned as well: what is cleaned never takes long.
  return shorten(stripVTControlCharacters(shorten(text, 8 * most)).replace(/[^\S ]|\p{C}/gu, ' '), most);
}

function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const tail = Math.floor(most / 4);
  return `${text.slice(0, most - tail - 1)}…${text.slice(-tail)}`;
}
