import { distance } from 'fastest-levenshtein';

/** The known name that is nearest to a misspelt one, or undefined where none is near enough to be meant. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const wanted = plain(name);
  const ranked = [...known].map((one) => ({ one, off: off(wanted, plain(one)) })).sort((a, b) => a.off - b.off);
  const best = ranked[0];
  return best !== undefined && best.off <= Math.max(2, Math.floor(plain(best.one).length / 3)) ? best.one : undefined;
}

/** Case and separators are what people get wrong first. */
const plain = (name: string) => name.toLowerCase().replace(/[_\- ]/g, '');

/** Letters to change; a name that only lacks an end, or has one too many, counts by half of it. */
function off(wanted: string, known: string): number {
  const inside = wanted.length >= 3 && (known.includes(wanted) || wanted.includes(known));
  const letters = distance(wanted, known);
  return inside ? letters / 2 : letters;
}

/** ` Did you mean "x"?`, or nothing where no known name is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const near = nearest(name, known);
  return near === undefined ? '' : ` Did you mean "${near}"?`;
}
