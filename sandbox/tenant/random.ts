/** A repeatable source of variety: the same seed gives the same tenant. */
export interface Random {
  /** From 0 up to 1. */
  next(): number;
  /** Whole number, both ends included. */
  int(low: number, high: number): number;
  pick<T>(from: readonly [T, ...T[]] | readonly T[]): T;
  chance(probability: number): boolean;
}

/** mulberry32, seeded by a name. */
export function createRandom(seed: string): Random {
  let state = [...seed].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 0x01000193), 0x811c9dc5);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: (from) => at(from, Math.floor(next() * from.length)),
    chance: (probability) => next() < probability,
  };
}

/** The element at an index taken modulo the length; an empty list is a fault in the tables. */
export function at<T>(from: readonly T[], index: number): T {
  const found = from[index % from.length];
  if (found === undefined) throw new RangeError('empty table');
  return found;
}

/** Asserts that a table holds the element. */
export function must<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new RangeError(`no ${what} in the tenant`);
  return found;
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');

/** A GUID that shows its kind and number. */
export const guid = (kind: number, id: number): string => `${hex(kind, 8)}-0000-4000-8000-${hex(id, 12)}`;

/** Computes once, on the first call. */
export function once<T>(compute: () => T): () => T {
  let done: { value: T } | undefined;
  return () => {
    done ??= { value: compute() };
    return done.value;
  };
}
