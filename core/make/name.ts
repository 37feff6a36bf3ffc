import { cut, oneLine } from '../output/clean.js';
import { inert } from '../output/inert.js';

/** A name as the gate shows it: in one line, without what nobody sees, and with nothing that could open a link or a tag. */
export const shownName = (name: string): string => inert(oneLine(name));

/** A name that somebody gave, between quotation marks, in an error. */
export const quoted = (name: string): string => `"${shownName(cut(name, 60))}"`;

/** What a cut leaves behind: `…(+120)`. */
const CUT = /…\(\+\d{1,7}\)$/;

/** How names are compared: as they are shown, whoever gave them, and without case. */
export const nameKey = (name: string): string => shownName(name).toLowerCase();

/** A name that was given, ready to be compared: its key, and whether it is only the start of a longer one. */
export function wantedName(name: string): { key: string; isCut: boolean } {
  const shown = oneLine(name);
  return { key: nameKey(shown.replace(CUT, '')), isCut: CUT.test(shown) };
}

/** What the gate may have put in the place of something else, or cut off. */
const CHANGED = /…\(\+\d{1,7}\)$|[‹]|(?<=\]|!) /;
const SHORTEST = 3;

/**
 * What to ask Halo's search for so that it finds a name, also where the gate has changed it: its longest piece that is
 * as Halo has it. The match is made among what comes.
 */
export function searchFor(name: string): string {
  const trimmed = name.trim();
  const [longest = ''] = trimmed
    .split(CHANGED)
    .map((piece) => piece.trim())
    .sort((a, b) => b.length - a.length);
  return longest.length >= SHORTEST ? longest : trimmed;
}

/** The first letters of a name, for a second look: a character that nobody sees may stand further on. */
export const firstLetters = (name: string): string | undefined => /[\p{L}\p{N}]{3}/u.exec(searchFor(name))?.[0];
