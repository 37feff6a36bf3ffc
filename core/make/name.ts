import { cut, oneLine } from '../output/clean.js';
import { inert } from '../output/inert.js';

/** A name as the gate shows it: on one line, without hidden characters, and unable to open a link or a tag. */
export const shownName = (name: string): string => inert(oneLine(name));

/** A given name in quotation marks, for an error. */
export const quoted = (name: string): string => `"${shownName(cut(name, 60))}"`;

/** What a cut leaves behind: `…(+120)`. */
const CUT = /…\(\+\d{1,7}\)$/;

/** Quotation marks, apostrophes and dashes of all kinds, each with its keyboard form. */
const PLAIN: readonly (readonly [RegExp, string])[] = [
  [/[\u2018-\u201B\u2032\u02BC\u02B9\u00B4`\uA78C\u055A]/g, "'"],
  [/[\u201C-\u201F\u2033\u00AB\u00BB\u301D-\u301F]/g, '"'],
  [/[\u2010-\u2015\u2043\u2212\u02D7\uFE58\u058A]/g, '-'],
];

/** Letters that fold to others but that Unicode does not decompose. */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', æ: 'ae', œ: 'oe', ı: 'i', ħ: 'h', ŧ: 't', ς: 'σ' },
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');

/**
 * A name for the first comparison: as it is shown, in one form of Unicode, with the quotation marks and dashes of a
 * keyboard and single spaces. Names that are equal in this form are one name, however they were typed.
 */
export function plainName(name: string): string {
  const normal = shownName(name.normalize('NFKC'));
  return PLAIN.reduce((text, [typed, plain]) => text.replace(typed, plain), normal);
}

/** A name for the last comparison: {@link plainName} without case and accents. An equal plain name wins over this. */
export function nameKey(name: string): string {
  const bare = plainName(name)
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036F]/g, '');
  return bare.normalize('NFC').replace(LETTER, (letter) => LETTERS[letter] ?? letter);
}

/** A given name, ready to compare: its forms, and whether it is only the start of a longer one. */
export function wantedName(name: string): { plain: string; key: string; isCut: boolean } {
  const shown = oneLine(name);
  const whole = shown.replace(CUT, '');
  return { plain: plainName(whole), key: nameKey(whole), isCut: CUT.test(shown) };
}

/** What the gate may have put in place of something else, or cut off. */
const CHANGED = /…\(\+\d{1,7}\)$|[‹]|(?<=\]|!) /;
const SHORTEST = 3;

/**
 * What to ask Halo's search for so that it finds a name: the form that most people type or, if the gate has changed it,
 * the longest piece that is unchanged. The match is made among the results.
 */
export function searchFor(name: string): string {
  const trimmed = plainName(name.trim().replace(CUT, ''));
  const [longest = ''] = trimmed
    .split(CHANGED)
    .map((piece) => piece.trim())
    .sort((a, b) => b.length - a.length);
  return longest.length >= SHORTEST ? longest : trimmed;
}

/**
 * Shorter pieces of a name to search for, best first. Halo may have the name with other quotation marks, accents or
 * invisible characters: three letters of a word are the same in all of these, at its start or at its end.
 */
export function piecesOf(name: string): string[] {
  const searched = searchFor(name);
  const words = (pattern: RegExp) => searched.match(pattern) ?? [];
  const [longest = ''] = words(/[A-Za-z0-9]{3,}/g).sort((a, b) => b.length - a.length);
  const [first = ''] = words(/[\p{L}\p{N}]{3}/u);
  const pieces = [longest.slice(0, SHORTEST), first, longest.slice(-SHORTEST)];
  return [...new Set(pieces)].filter((piece) => piece !== '' && piece.toLowerCase() !== searched.toLowerCase());
}
