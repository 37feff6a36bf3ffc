import type { WriteStore } from './store.js';

/** How long the ledger remembers that a change was sent. */
export const LEDGER_MS = 10 * 60_000;
/** After this, a change that was begun but not ended counts as abandoned. */
const BEGUN_MS = 60_000;

/** What is known of the last of several equal changes. */
export interface Entry {
  /** How many there were, including this one. */
  count: number;
  state: 'begun' | 'done' | 'unknown';
  /** When it was sent: milliseconds of the epoch. */
  at: number;
  id?: number | undefined;
  /** If its outcome is unknown: the equal records that existed before it. */
  there?: readonly number[] | undefined;
}

/** What was sent in the last ten minutes, keyed by digest. */
export interface Ledger {
  /** The last of its kind; one that was left half-way has an unknown outcome. */
  last(digest: string): Promise<Entry | undefined>;
  /** Takes the next place; false if somebody else has it. */
  begin(digest: string, entry: Pick<Entry, 'count' | 'at' | 'there'>): Promise<boolean>;
  /** Records the outcome. */
  end(digest: string, entry: Entry): Promise<void>;
  /** The change was certainly not made: frees the place, and makes the one before it the last again. */
  undo(digest: string, count: number, before: Entry | undefined): Promise<void>;
}

export function createLedger(store: WriteStore): Ledger {
  const lastOf = (digest: string) => `last:${digest}`;
  const placeOf = (digest: string, count: number) => `sent:${digest}:${count}`;
  return {
    async last(digest) {
      const kept = await store.get(lastOf(digest));
      if (kept === undefined) return undefined;
      const entry = JSON.parse(kept) as Entry;
      return entry.state === 'begun' && entry.at + BEGUN_MS < Date.now() ? { ...entry, state: 'unknown' } : entry;
    },
    async begin(digest, entry) {
      if (!(await store.claim(placeOf(digest, entry.count), String(entry.at), LEDGER_MS))) return false;
      await store.put(lastOf(digest), JSON.stringify({ ...entry, state: 'begun' }), LEDGER_MS);
      return true;
    },
    end: (digest, entry) => store.put(lastOf(digest), JSON.stringify(entry), LEDGER_MS),
    async undo(digest, count, before) {
      if (before === undefined) await store.drop(lastOf(digest));
      else await store.put(lastOf(digest), JSON.stringify(before), Math.max(1, before.at + LEDGER_MS - Date.now()));
      await store.drop(placeOf(digest, count));
    },
  };
}
