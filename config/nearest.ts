import { closest, distance } from 'fastest-levenshtein';

/** The known name that is nearest to a misspelt one, or undefined where none is near enough to be meant. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const names = [...known];
  if (names.length === 0) return undefined;
  const wanted = name.toLowerCase();
  const inside = names.filter((k) => wanted.length >= 3 && (k.includes(wanted) || wanted.includes(k)));
  const best = closest(wanted, inside.length > 0 ? inside : names);
  return inside.length > 0 || distance(wanted, best) <= Math.max(2, Math.floor(best.length / 2)) ? best : undefined;
}

/** ` Did you mean "x"?`, or nothing where no known name is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const near = nearest(name, known);
  return near === undefined ? '' : ` Did you mean "${near}"?`;
}
