import { HIDDEN, isPlain } from './clean.js';
import type { Span } from './hunt.js';

/** A text without its escapes. */
export interface Unescaped {
  text: string;
  /** Where a part of it stands in the text with the escapes. */
  placeOf(span: Span): Span;
}

/** What an address has in place of characters: of ASCII ones at once, of another as UTF-8, of a single byte. */
const IN_ADDRESS =
  /(?:%[0-7][0-9a-f])+|%[cd][0-9a-f]%[89ab][0-9a-f]|%e[0-9a-f](?:%[89ab][0-9a-f]){2}|%f[0-4](?:%[89ab][0-9a-f]){3}|%[89a-f][0-9a-f]/;
const IN_HTML = /&(?:amp|lt|gt|quot|apos|shy|zwn?j|lrm|rlm|#\d{1,7}|#x[0-9a-f]{1,6});?/;
/** In a string of JSON or of a program. Octal digits are left alone: the rest of a path may begin with them. */
const IN_STRING = /\\(?:u[0-9a-f]{4}|u\{[0-9a-f]{1,10}\}|x[0-9a-f]{2}|["'\\/])/;

/** What an encoder writes in place of a character. */
const ESCAPE = new RegExp([IN_ADDRESS, IN_HTML, IN_STRING].map(({ source }) => source).join('|'), 'gi');
/** Every escape begins with one of these; most texts have none. */
const BEGINS = /[%&\\]/;

const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" },
  ...{ shy: '\u00AD', zwnj: '\u200C', zwj: '\u200D', lrm: '\u200E', rlm: '\u200F' },
};

/** Characters of which each is as long with escapes as the next one. */
interface Part {
  /** Where they begin without escapes, and where with them. */
  to: number;
  from: number;
  /** How long each is with them. */
  step: number;
}

/** The text without one layer of escapes, and without what is invisible then; undefined if it has none. */
export function unescaped(text: string): Unescaped | undefined {
  if (!BEGINS.test(text)) return undefined;
  const read = replaced(text, ESCAPE, characterOf);
  if (read === undefined || isPlain(read.text)) return read;
  const seen = replaced(read.text, HIDDEN, () => '');
  return seen === undefined ? read : { text: seen.text, placeOf: (span) => read.placeOf(seen.placeOf(span)) };
}

/** The text with other characters for whatever matches; undefined if nothing does. */
function replaced(text: string, pattern: RegExp, meaning: (found: string) => string): Unescaped | undefined {
  const parts: Part[] = [];
  const plain: string[] = [];
  let [written, read] = [0, 0];
  const add = (characters: string, length: number) => {
    const step = length / characters.length;
    const last = parts.at(-1);
    if (characters !== '' && (last?.step !== step || place(written, last) !== read))
      parts.push({ to: written, from: read, step });
    plain.push(characters);
    written += characters.length;
    read += length;
  };
  for (const { 0: found, index } of text.matchAll(pattern)) {
    add(text.slice(read, index), index - read);
    add(meaning(found), found.length);
  }
  if (read === 0) return undefined;
  add(text.slice(read), text.length - read);
  const partAt = (at: number): Part => parts[lastUpTo(parts, at)] as Part;
  return {
    text: plain.join(''),
    placeOf: ({ start, end }) => ({
      start: Math.floor(place(start, partAt(start))),
      end: Math.ceil(place(end, partAt(end - 1))),
    }),
  };
}

const place = (at: number, { to, from, step }: Part) => from + (at - to) * step;

function characterOf(found: string): string {
  if (found.startsWith('%')) {
    const bytes = Buffer.from(found.replaceAll('%', ''), 'hex');
    const utf8 = bytes.toString('utf8');
    return utf8.includes('\uFFFD') ? bytes.toString('latin1') : utf8;
  }
  if (/^\\[ux]/i.test(found)) return characterAt(Number.parseInt(found.replace(/^..\{?/, ''), 16)) ?? found;
  if (found.startsWith('\\')) return found.slice(1);
  const name = found.replace(/^&#?|;$/g, '').toLowerCase();
  return NAMED[name] ?? characterAt(name.startsWith('x') ? Number.parseInt(name.slice(1), 16) : Number(name)) ?? found;
}

const characterAt = (code: number) => (code <= 0x10ffff ? String.fromCodePoint(code) : undefined);

/** The last part that begins at or before a place. */
function lastUpTo(parts: readonly Part[], at: number): number {
  let [from, to] = [0, parts.length - 1];
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    if ((parts[middle]?.to ?? 0) <= at) from = middle;
    else to = middle - 1;
  }
  return from;
}
