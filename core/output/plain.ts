import { put } from './put.js';

/** How much a value may hold. */
export interface Bounds {
  /** Of all texts and keys together. */
  characters: number;
  values: number;
  depth: number;
}

/** The most that a tool may answer: far more than anybody can read, far less than would hold up the server. */
const RESULT: Bounds = { characters: 4 * 2 ** 20, values: 250_000, depth: 64 };

/**
 * A copy of the value that is JSON and nothing else: each property is read once, so that what was checked is what
 * leaves. What JSON leaves out (undefined, functions) is left out.
 * @throws Error in words for the author: a BigInt, NaN, a cycle, a getter that throws, or more than the bounds
 */
export function plain(value: unknown, most: Bounds = RESULT): unknown {
  let [values, characters] = [0, 0];
  const count = (text: string, at: string) => {
    characters += text.length;
    if (characters > most.characters) throw new Error(`it holds more than ${most.characters} characters, at ${at}`);
  };
  const copy = (one: unknown, at: string, depth: number): unknown => {
    values += 1;
    if (values > most.values) throw new Error(`it holds more than ${most.values} values, at ${at}`);
    if (depth > most.depth) throw new Error(`it is nested deeper than ${most.depth} levels, or holds itself, at ${at}`);
    if (typeof one === 'string') count(one, at);
    if (typeof one === 'bigint') throw new Error(`a BigInt is not JSON, at ${at}`);
    if (typeof one === 'number' && !Number.isFinite(one)) throw new Error(`${one} is not JSON, at ${at}`);
    if (typeof one === 'symbol' || typeof one === 'function') return undefined;
    if (typeof one !== 'object' || one === null) return one;
    if (Array.isArray(one)) {
      if (one.length > most.values) throw new Error(`it holds more than ${most.values} values, at ${at}`);
      return Array.from({ length: one.length }, (_, index) => copy(one[index], `${at}[${index}]`, depth + 1) ?? null);
    }
    if (typeof (one as Date).toJSON === 'function') return copy((one as Date).toJSON(), at, depth + 1);
    const made: Record<string, unknown> = {};
    for (const key of Object.keys(one)) {
      count(key, at);
      const inner = copy((one as Record<string, unknown>)[key], `${at}.${key.slice(0, 40)}`, depth + 1);
      if (inner !== undefined) put(made, key, inner);
    }
    return made;
  };
  return copy(value, 'the result', 0);
}
