import { randomBytes } from 'node:crypto';
import { HaloError } from '../../../errors.js';
import { sealWith } from '../../../store/seal.js';
import { memoryShelf, type Shelf } from '../../../store/shelf.js';
import type { SignIns } from '../../../store/store.js';

/** Keeps the state of sign-ins, encrypted, each value for a while. A shared store that is lost throws. */
export interface Store {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, ttlMs: number): Promise<void>;
  /** Gives a value and takes it out, so that of two who ask one alone gets it. */
  take(key: string): Promise<unknown>;
  /** Signs the tokens that callers get: the same for all servers that share this store. */
  signingKey: Buffer;
}

/** The most values that are kept in memory; beyond them, the oldest goes. */
const MOST = 50_000;

/** A store in this process's memory. */
export function memoryStore(): Store {
  const shelf = memoryShelf(MOST);
  const { close, open } = sealWith(randomBytes(32));
  const opened = (name: string, sealed: string | undefined) => (sealed === undefined ? undefined : open(sealed, name));
  return storeOn(
    {
      get: async (name) => opened(name, (await shelf.get(name))?.text),
      set: (name, text, ttlMs) => shelf.set(name, close(text, name), ttlMs),
      take: async (name) => opened(name, await shelf.take(name)),
    },
    randomBytes(32),
  );
}

/** A store that other servers share. */
export const sharedStore = ({ shelf, key }: SignIns): Store =>
  storeOn({ ...shelf, get: async (name) => (await shelf.get(name))?.text }, key);

type Texts = Pick<Shelf, 'set' | 'take'> & { get(name: string): Promise<string | undefined> };

function storeOn(texts: Texts, signingKey: Buffer): Store {
  const parsed = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));
  return {
    get: async (name) => parsed(await texts.get(name)),
    set: (name, value, ttlMs) => texts.set(name, JSON.stringify(value), ttlMs),
    take: async (name) => parsed(await texts.take(name)),
    signingKey,
  };
}

/** True if the error is that the shared store does not answer. */
export const isLost = (error: unknown): boolean => error instanceof HaloError && error.code === 'STORE_LOST';
