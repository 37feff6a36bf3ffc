import type { WriteStore } from './store.js';

/** How long an equal change is known to have been sent. */
export const LEDGER_MS = 10 * 60_000;
/** One that was begun and never ended: whoever sent it has gone. */
const BEGUN_MS = 60_000;

/** What is known of the last of some equal changes. */
export interface Entry {
  /** How many there were, this one with it. */
  count: number;
  state: 'begun' | 'done' | 'unknown';
  /** When it was sent: milliseconds of the epoch. */
  at: number;
  id?: number | undefined;
  /** Of one whose end is not known: the equal records that were there before it. */
  there?: readonly number[] | undefined;
}

/** What was sent in the last ten minutes, by the digest of what was sent. */
export interface Ledger {
  /** The last of its kind; one that was left half-way is of unknown end. */
  last(digest: string): Promise<Entry | undefined>;
  /** Takes the next place; false where somebody else has it. */
  begin(digest: string, entry: Pick<Entry, 'count' | 'at' | 'there'>): Promise<boolean>;
  /** What became of it. */
  end(digest: string, entry: Entry): Promise<void>;
  /** It was certainly not done: the place is free again, and the one before it is the last. */
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
