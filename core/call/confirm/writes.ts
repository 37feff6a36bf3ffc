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
  /** True where changes may have been made of which nothing is remembered: this process, or the store, has just begun. */
  mayHaveForgotten(): boolean;
}

/** What several servers share that serve the same callers. */
export interface SharedWrites {
  store: WriteStore;
  /** Of at least 32 bytes; the same for all of them. */
  key: Buffer;
}

/**
 * Without a store that is shared, all is kept in this process's memory and gone with it.
 * @param alone false where other servers change the same Halo: what they sent is known only where a store is shared
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
