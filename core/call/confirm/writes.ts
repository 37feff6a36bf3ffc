import { randomBytes } from 'node:crypto';
import type { Audit } from './audit.js';
import { createLedger, LEDGER_MS, type Ledger } from './ledger.js';
import { memoryStore, type WriteStore } from './store.js';
import { createTokens, type Tokens } from './token.js';

/** What all writes of one server share. */
export interface Writes {
  tokens: Tokens;
  ledger: Ledger;
  audit: Audit;
  /** True if changes may have been made that are not remembered: this process, or the store, has just started. */
  mayHaveForgotten(): boolean;
}

/** What several servers that serve the same callers share. */
export interface SharedWrites {
  store: WriteStore;
  /** At least 32 bytes; the same for all of them. */
  key: Buffer;
}

/**
 * Without a shared store everything is in this process's memory and ends with it.
 * @param alone false if other servers change the same Halo: their writes are known only through a shared store
 */
export function createWrites(audit: Audit, shared?: SharedWrites, alone = true): Writes {
  const { store, key } = shared ?? { store: memoryStore(), key: randomBytes(32) };
  const started = Date.now();
  const since = () => (store.shared ? (store.since?.() ?? 0) : alone ? started : Date.now());
  return {
    tokens: createTokens(store, key),
    ledger: createLedger(store),
    audit,
    mayHaveForgotten: () => Date.now() < since() + LEDGER_MS,
  };
}
