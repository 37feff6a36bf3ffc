import { randomBytes } from 'node:crypto';
import { HaloError } from '../../../errors.js';
import { keyFor } from '../../../store/seal.js';
import { memoryShelf, type Shelf } from '../../../store/shelf.js';
import type { SignIns } from '../../../store/store.js';

/** Keeps the state of sign-ins, each value for a while. A shared store that is lost throws. */
export interface Store {
  get(key: string): Promise<unknown>;
  /** Whatever is asked for, nothing is kept longer than LONGEST_MS. */
  set(key: string, value: unknown, ttlMs: number): Promise<void>;
  /** Gives a value and takes it out, so that of two who ask one alone gets it. */
  take(key: string): Promise<unknown>;
  /** Signs the tokens that callers get: the same for all servers that share this store. */
  signingKey: Buffer;
}

/** A sign-in that nobody goes on with is forgotten after this time. */
export const LONGEST_MS = 30 * 86_400_000;

/** A store in this process's memory. */
export const memoryStore = (): Store => storeOn(memoryShelf(), randomBytes(32));

/**
 * A store that other servers share.
 * @param name what the server is known by: those of another name that use the same store and key know nothing of it
 */
export const sharedStore = ({ shelf, key }: SignIns, name: string): Store => {
  const place = (own: string) => `${name} ${own}`;
  const { get, set, take } = shelf;
  return storeOn(
    { get: (own) => get(place(own)), set: (own, ...more) => set(place(own), ...more), take: (own) => take(place(own)) },
    keyFor(key, name),
  );
};

function storeOn({ get, set, take }: Omit<Shelf, 'drop'>, signingKey: Buffer): Store {
  const parsed = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));
  return {
    get: async (name) => parsed((await get(name))?.text),
    set: (name, value, ttlMs) => set(name, JSON.stringify(value), Math.min(ttlMs, LONGEST_MS)),
    take: async (name) => parsed(await take(name)),
    signingKey,
  };
}

/** True if the error is that the shared store does not answer. */
export const isLost = (error: unknown): boolean => error instanceof HaloError && error.code === 'STORE_LOST';
