import { memoryShelf } from '../../../store/shelf.js';

/** Where the state of signing in is kept: each value for a while. */
export interface Store {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, ttlMs: number): Promise<void>;
  /** Gives a value and takes it out, so that of two who ask one alone gets it. */
  take(key: string): Promise<unknown>;
}

/** The most values that are kept; beyond them, the oldest goes. */
const MOST = 50_000;

/** In the memory of this process. */
export function memoryStore(): Store {
  const shelf = memoryShelf(MOST);
  const parsed = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));
  return {
    get: async (key) => parsed((await shelf.get(key))?.text),
    set: (key, value, ttlMs) => shelf.set(key, JSON.stringify(value), ttlMs),
    take: async (key) => parsed(await shelf.take(key)),
  };
}
