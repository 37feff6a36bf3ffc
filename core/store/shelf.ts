/** Small texts that expire by themselves, for one purpose: in memory, or where several servers find them. */
export interface Shelf {
  /** The text and the milliseconds it has left; undefined if there is none. */
  get(key: string): Promise<Kept | undefined>;
  set(key: string, text: string, milliseconds: number): Promise<void>;
  /** Returns the text and deletes it: of two callers at once only one gets it. */
  take(key: string): Promise<string | undefined>;
  drop(key: string): Promise<void>;
}

export interface Kept {
  text: string;
  milliseconds: number;
}

/** The most that are kept in memory; beyond this the oldest end early. */
const MOST = 10_000;

/** A shelf in this process's memory. */
export function memoryShelf(most = MOST): Shelf {
  const all = new Map<string, { text: string; until: number }>();
  const get = (key: string): Kept | undefined => {
    const found = all.get(key);
    const milliseconds = (found?.until ?? 0) - performance.now();
    if (found !== undefined && milliseconds > 0) return { text: found.text, milliseconds };
    all.delete(key);
    return undefined;
  };
  return {
    get: async (key) => get(key),
    async set(key, text, milliseconds) {
      all.delete(key);
      all.set(key, { text, until: performance.now() + milliseconds });
      const [oldest] = all.keys();
      if (all.size > most && oldest !== undefined) all.delete(oldest);
    },
    async take(key) {
      const found = get(key);
      all.delete(key);
      return found?.text;
    },
    drop: async (key) => void all.delete(key),
  };
}
