import { HaloError } from '../errors.js';

/** Lists and objects in one answer: more take ten times its length in memory. A hundred rows have some thousand. */
const MOST_PARTS = 250_000;
/** Values in one answer: as many as ten thousand invoice lines have with all their fields. */
const MOST_VALUES = 700_000;
/** Names of fields that differ. Halo has some thousand in all; each one that is new costs more than its value. */
const MOST_NAMES = 10_000;
/** Up to this many names are not compared, the slowest part here: even if all differ they take only a few MiB. */
const UNCOUNTED_NAMES = 40_000;
/** Lists and objects inside of one another; Halo's own have some ten. */
const DEEPEST = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Scans JSON before it is parsed, once and without keeping any of it: how much it holds and how deep it is, ignoring
 * what is inside strings.
 * @throws HaloError HALO_TOO_LARGE for what would swell when parsed, HALO_UNEXPECTED for nesting that is too deep
 */
export function scan(text: string): void {
  if (isSmall(text)) return;
  let [parts, values, names, depth] = [0, 0, 0, 0];
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case 0x5b: // [
      case 0x7b: // {
        parts += 1;
        depth += 1;
        if (parts > MOST_PARTS) throw tooLarge('parts');
        if (depth > DEEPEST)
          throw new HaloError('HALO_UNEXPECTED', `Halo's answer is nested more than ${DEEPEST} levels deep.`);
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
        break;
      case 0x2c: // ,
        values += 1;
        if (values > MOST_VALUES) throw tooLarge('values');
        break;
      case 0x3a: // :
        names += 1;
        break;
    }
  }
  if (names > UNCOUNTED_NAMES) countNames(text);
}

/**
 * True if a scan would find nothing: a search for a few pieces of text, in strings or not, takes a third of the time,
 * and gives up early where it proves nothing. A value takes two characters with its comma. Of the openings, only an
 * empty list and an object that follows another one add no level: the closing bracket is beside them.
 */
function isSmall(text: string): boolean {
  if (text.length > 2 * MOST_VALUES) return false;
  // An empty list adds its level to the deepest for a moment.
  let [parts, levels, names] = [0, 1, 0];
  for (let at = text.indexOf('['); at !== -1; at = text.indexOf('[', at + 1)) {
    parts += 1;
    // With the object in it: a page of rows with lists of their own is given up soonest.
    if (text[at + 1] !== ']') levels += text[at + 1] === '{' ? 2 : 1;
    if (levels > DEEPEST) return false;
  }
  for (let at = text.indexOf('{'); at !== -1; at = text.indexOf('{', at + 1)) {
    parts += 1;
    const follows = text[at - 1] === ',' && text[at - 2] === '}';
    if (!follows && text[at - 1] !== '[') levels += 1;
    if (levels > DEEPEST || parts > MOST_PARTS) return false;
  }
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) names += 1;
  return parts <= MOST_PARTS && names <= UNCOUNTED_NAMES;
}

const tooLarge = (what: string) =>
  new HaloError('HALO_TOO_LARGE', `Halo's answer holds too many ${what} and was not read.`);

/** The place of the quote that ends the string that begins here; the end of the text if there is none. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text.charCodeAt(before - 1) === BACKSLASH) before -= 1;
    if ((end - before) % 2 === 0) return end;
  }
  return text.length;
}

/** Counts the names that differ; called only if there are many names at all. */
function countNames(text: string): void {
  const names = new Set<string>();
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) {
    const end = endOfString(text, at);
    let after = end + 1;
    while (text.charCodeAt(after) <= 0x20) after += 1;
    if (text.charCodeAt(after) === 0x3a) {
      names.add(text.slice(at + 1, end));
      if (names.size > MOST_NAMES) throw tooLarge('different fields');
    }
    at = end;
  }
}
