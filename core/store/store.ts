// store/: What several servers that serve the same callers share, and how each goes on while it can't be had.
import type { SharedWrites } from '../call/confirm/writes.js';
import type { SharedBudget } from '../halo/limiter.js';
import type { Rate, Rates } from './rates.js';
import type { Shelf } from './shelf.js';

/** A store on Valkey or Redis: each of its parts says what it does while the store is lost. */
export interface Store {
  /** False while it does not answer: then nobody waits for it. */
  readonly isUp: boolean;
  /** Why it was not there when it last was not, in a word. */
  readonly cause: string;
  /** The budget of one credential, over all servers. */
  budgetOf(credential: Credential): SharedBudget;
  /**
   * Small texts for one purpose, encrypted.
   * @returns undefined without HALO_MCP_STORE_KEY: what only its owner may read is shared with nobody then
   */
  shelf(purpose: string): Shelf | undefined;
  /** How often each caller may do something, counted by all servers together. */
  rates(purpose: string, rate: Rate): Rates;
  /** What confirmations are remembered in. */
  writes: SharedWrites;
  close(): void;
}

/** By what Halo counts: where it is, and as whom one logs in there. */
export interface Credential {
  tokenUrl: string;
  apiUrl: string;
  clientId: string;
}

/** How a store is reached. */
export interface StoreOptions {
  /** `redis://` or `rediss://`, with user, password and the number of the database where there are any. */
  url: string;
  /** Of 32 bytes: what is encrypted and signed with. */
  key?: Buffer | undefined;
}
