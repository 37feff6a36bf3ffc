// store/: What several servers that serve the same callers share, and how each goes on while the store is lost.
import type { SharedWrites } from '../call/confirm/writes.js';
import type { HaloStore } from '../halo/shared-budget.js';
import type { Rate, Rates } from './rates.js';
import type { Shelf } from './shelf.js';

/** A store on Valkey or Redis. Each part says what it does while the store is lost. */
export interface Store extends HaloStore {
  /** False while it does not answer: then nothing waits for it. */
  readonly isUp: boolean;
  /** Why it was last unreachable, in a word. */
  readonly cause: string;
  /** How often each caller may do something, counted by all servers together. */
  rates(purpose: string, rate: Rate): Rates;
  /** Where confirmations are remembered. */
  writes: SharedWrites;
  /** Where callers' sign-ins are kept; undefined if the servers share no key. */
  signIns: SignIns | undefined;
  close(): void;
}

/** What servers share if a caller may sign in at any of them. */
export interface SignIns {
  shelf: Shelf;
  /** 32 bytes, the same on all servers; signs the tokens that callers get. */
  key: Buffer;
}
