import { distance } from 'fastest-levenshtein';

/**
 * The known name nearest to a misspelt one; undefined if none is near enough. Of two that are equally near, the one that
 * begins alike; one that shares no letter is not near.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const wanted = plain(name);
  const [best] = [...known]
    .map((one) => ({ one, off: off(wanted, plain(one)), alike: alike(wanted, plain(one)) }))
    .sort((a, b) => a.off - b.off || b.alike - a.alike);
  if (best === undefined || best.off >= wanted.length) return undefined;
  return best.off <= Math.max(2, Math.floor(plain(best.one).length / 3)) ? best.one : undefined;
}

/** How many letters two names have in common at their beginning. */
function alike(one: string, other: string): number {
  const end = [...one].findIndex((letter, at) => letter !== other[at]);
  return end === -1 ? one.length : end;
}

/** The only known name of several words that begins with the same word; undefined if there is none. */
export function akin(name: string, known: Iterable<string>): string | undefined {
  const first = firstOf(name);
  const found = [...known].filter((one) => first !== undefined && firstOf(one) === first);
  return found.length === 1 ? found[0] : undefined;
}

/** The first word of a name that has several: `include` of `include_inactive`. */
const firstOf = (name: string) => /^([a-z]+|[A-Z]+)(?=[_\- ]|(?<=[a-z])[A-Z])/.exec(name)?.[1]?.toLowerCase();

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
