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

/** The most values kept in memory; beyond this, the value closest to its expiry goes early. */
const MOST = 50_000;
/** Up to this many values, expired ones are not swept. */
const FEW = 1_000;

/** A shelf in this process's memory. */
export function memoryShelf(): Shelf {
  const all = new Map<string, { text: string; until: number }>();
  /** A sweep starts at this size: seldom enough to cost little, often enough to free what nobody asks for again. */
  let full = FEW;
  const sweep = () => {
    const now = performance.now();
    let first: { key: string; until: number } | undefined;
    for (const [key, { until }] of all)
      if (until <= now) all.delete(key);
      else if (first === undefined || until < first.until) first = { key, until };
    if (all.size >= MOST && first !== undefined) all.delete(first.key);
    full = Math.min(MOST, Math.max(FEW, 2 * all.size));
  };
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
      if (all.size >= full) sweep();
      all.set(key, { text, until: performance.now() + milliseconds });
    },
    async take(key) {
      const found = get(key);
      all.delete(key);
      return found?.text;
    },
    drop: async (key) => void all.delete(key),
  };
}
