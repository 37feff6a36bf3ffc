import { randomBytes } from 'node:crypto';
import { HaloError } from '../../../errors.js';
import { keyFor } from '../../../store/seal.js';
import { memoryShelf, type Shelf } from '../../../store/shelf.js';
import type { SignIns } from '../../../store/store.js';

/** Keeps the state of sign-ins, each value for a limited time. A shared store throws while it is lost. */
export interface Store {
  get(key: string): Promise<unknown>;
  /** Nothing is kept longer than LONGEST_MS, whatever `ttlMs` says. */
  set(key: string, value: unknown, ttlMs: number): Promise<void>;
  /** Gives a value and removes it, so that only one of two callers gets it. */
  take(key: string): Promise<unknown>;
  /** Signs the tokens that callers get; the same on all servers that share this store. */
  signingKey: Buffer;
}

/** An unused sign-in is forgotten after this time. */
export const LONGEST_MS = 30 * 86_400_000;

/** A store in this process's memory. */
export const memoryStore = (): Store => storeOn(memoryShelf(), randomBytes(32));

/**
 * A store shared with other servers.
 * @param name the server's name: servers of another name with the same store and key see nothing of its values
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
