import type { Span } from './hunt.js';

/** A text without its escapes. */
export interface Unescaped {
  text: string;
  /** Where a part of it stands in the text with the escapes. */
  placeOf(span: Span): Span;
}

/** What an encoder writes in place of a character: in an address, in HTML, in a string of JSON or of a program. */
const ESCAPE =
  /(?:%[0-9a-f]{2})+|&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-f]{1,6});?|\\(?:u[0-9a-f]{4}|x[0-9a-f]{2}|["'\\/])/gi;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Characters of which each is as long with escapes as the next one. */
interface Part {
  /** Where they begin without escapes, and where with them. */
  to: number;
  from: number;
  /** How long each is with them. */
  step: number;
}

/** The text without one layer of escapes; undefined if it has none. */
export function unescaped(text: string): Unescaped | undefined {
  const parts: Part[] = [];
  const plain: string[] = [];
  let [written, read] = [0, 0];
  const add = (characters: string, step: number) => {
    if (characters === '') return;
    if (parts.at(-1)?.step !== step) parts.push({ to: written, from: read, step });
    plain.push(characters);
    written += characters.length;
    read += characters.length * step;
  };
  for (const { 0: found, index } of text.matchAll(ESCAPE)) {
    add(text.slice(read, index), 1);
    for (const [characters, step] of meantBy(found)) add(characters, step);
  }
  if (plain.length === 0) return undefined;
  add(text.slice(read), 1);
  const place = (at: number, { to, from, step }: Part) => from + (at - to) * step;
  const partAt = (at: number): Part => parts[lastUpTo(parts, at)] as Part;
  return {
    text: plain.join(''),
    placeOf: ({ start, end }) => ({
      start: Math.floor(place(start, partAt(start))),
      end: Math.ceil(place(end, partAt(end - 1))),
    }),
  };
}

/** The characters that an escape stands for, and how long each of them is in it. */
function meantBy(found: string): (readonly [characters: string, step: number])[] {
  if (found.startsWith('%')) {
    const bytes = Buffer.from(found.replaceAll('%', ''), 'hex');
    const utf8 = bytes.toString('utf8');
    if (utf8.length === bytes.length || utf8.includes('\uFFFD')) return [[bytes.toString('latin1'), 3]];
    return Array.from(utf8, (one) => [one, (3 * Buffer.byteLength(one)) / one.length]);
  }
  const one = characterOf(found);
  return [[one, found.length / one.length]];
}

function characterOf(found: string): string {
  if (/^\\[ux]/i.test(found)) return String.fromCharCode(Number.parseInt(found.slice(2), 16));
  if (found.startsWith('\\')) return found.slice(1);
  const name = found.replace(/^&#?|;$/g, '').toLowerCase();
  const code = name.startsWith('x') ? Number.parseInt(name.slice(1), 16) : Number(name);
  return NAMED[name] ?? (code <= 0x10ffff ? String.fromCodePoint(code) : found);
}

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
