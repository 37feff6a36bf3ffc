import { distance } from 'fastest-levenshtein';

/** The known name nearest to a misspelt one; undefined if none is near enough. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const wanted = plain(name);
  const ranked = [...known].map((one) => ({ one, off: off(wanted, plain(one)) })).sort((a, b) => a.off - b.off);
  const best = ranked[0];
  return best !== undefined && best.off <= Math.max(2, Math.floor(plain(best.one).length / 3)) ? best.one : undefined;
}

/**
 * The rows whose names are near enough to be meant, nearest first. Also matches some words of a longer name, with a
 * letter wrong.
 * @param nameOf the name of a row, in the same form as `wanted`
 */
export function nearestOf<T>(wanted: string, rows: readonly T[], nameOf: (row: T) => string): T[] {
  const most = Math.max(2, Math.floor(wanted.length / 3));
  if (wanted.length < 3) return [];
  return rows
    .map((row) => {
      const name = nameOf(row);
      const starts = [...name.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu)].map(({ index }) => index);
      const parts = starts.map((start) => distance(wanted, name.slice(start, start + wanted.length)));
      const whole = distance(wanted, name);
      return { row, whole, off: Math.min(whole, ...parts) };
    })
    .filter(({ off }) => off <= most)
    .sort((a, b) => a.off - b.off || a.whole - b.whole)
    .map(({ row }) => row);
}

/** Case and separators are what people get wrong first. */
const plain = (name: string) => name.toLowerCase().replace(/[_\- ]/g, '');

/** Letters to change. If one name is part of the other, they count by half. */
function off(wanted: string, known: string): number {
  const inside = wanted.length >= 3 && (known.includes(wanted) || wanted.includes(known));
  const letters = distance(wanted, known);
  return inside ? letters / 2 : letters;
}

/** ` Did you mean "x"?`, or nothing if no known name is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const near = nearest(name, known);
  return near === undefined ? '' : ` Did you mean "${near}"?`;
}
