/**
 * Where confirmations are remembered: small texts that expire by themselves. One process keeps them in memory; several
 * that serve the same callers share one store.
 */
export interface WriteStore {
  /** True if it outlives this process, so that a restart forgets nothing. */
  readonly shared: boolean;
  /** For a shared store: since when it has forgotten nothing, in milliseconds of the epoch; forever if absent. */
  since?(): number;
  get(key: string): Promise<string | undefined>;
  put(key: string, value: string, milliseconds: number): Promise<void>;
  /** Puts the value if the key is free, and says whether it did: of two callers at once only one may go on. */
  claim(key: string, value: string, milliseconds: number): Promise<boolean>;
  drop(key: string): Promise<void>;
}

/** Beyond this the oldest end early, which can refuse a confirmation but never lets one through. */
const MOST_KEPT = 10_000;

/** A store in this process's memory. */
export function memoryStore(): WriteStore {
  const kept = new Map<string, { value: string; until: number }>();
  const alive = (key: string) => {
    const found = kept.get(key);
    if (found !== undefined && found.until > Date.now()) return found.value;
    kept.delete(key);
    return undefined;
  };
  const put = (key: string, value: string, milliseconds: number) => {
    kept.delete(key);
    kept.set(key, { value, until: Date.now() + milliseconds });
    if (kept.size <= MOST_KEPT) return;
    for (const old of kept.keys()) alive(old);
    for (const old of [...kept.keys()].filter((one) => one.startsWith('plan:')).slice(0, kept.size - MOST_KEPT))
      kept.delete(old);
  };
  return {
    shared: false,
    get: async (key) => alive(key),
    put: async (key, value, milliseconds) => put(key, value, milliseconds),
    async claim(key, value, milliseconds) {
      if (alive(key) !== undefined) return false;
      put(key, value, milliseconds);
      return true;
    },
    drop: async (key) => void kept.delete(key),
  };
}
