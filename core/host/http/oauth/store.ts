/** Where the state of signing in is kept: each value for a while. */
export interface Store {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, ttlMs: number): Promise<void>;
  /** Gives a value and takes it out, so that of two who ask one alone gets it. */
  take(key: string): Promise<unknown>;
}

/** So many values are kept; of more, the oldest goes. */
const MOST = 50_000;

/** In the memory of this process. */
export function memoryStore(): Store {
  const held = new Map<string, { text: string; until: number }>();
  const read = (key: string): unknown => {
    const found = held.get(key);
    if (found === undefined) return undefined;
    if (found.until > performance.now()) return JSON.parse(found.text);
    held.delete(key);
    return undefined;
  };
  return {
    get: async (key) => read(key),
    async set(key, value, ttlMs) {
      held.delete(key);
      held.set(key, { text: JSON.stringify(value), until: performance.now() + ttlMs });
      for (const [oldest, { until }] of held) {
        if (held.size <= MOST && until > performance.now()) break;
        held.delete(oldest);
      }
    },
    async take(key) {
      const value = read(key);
      held.delete(key);
      return value;
    },
  };
}
