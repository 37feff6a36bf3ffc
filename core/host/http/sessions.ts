import type { Server } from '@modelcontextprotocol/server';
import type { Principal } from './principal.js';

/** The most sessions that one principal may have at a time, and the most in all. */
const MOST = { ofOne: 100, all: 5_000 };

/**
 * Maps each session to its principal. It does not exist for anybody else, nor for its principal once the rights have
 * changed.
 */
export class Sessions {
  readonly #owners = new Map<string, Principal>();
  readonly #ids = new WeakMap<Server, string>();
  /** Unanswered requests, by session and id. */
  readonly #open = new Set<string>();

  /** Gives a new session to its principal. */
  bind(id: string, principal: Principal): void {
    this.#owners.set(id, principal);
  }

  isOf(id: string, principal: Principal): boolean {
    return this.#owners.get(id) === principal && !principal.ended.aborted;
  }

  /**
   * Registers a request until it is answered.
   * @returns what to call then; undefined if this id is still open, as the two answers could not be told apart
   */
  open(session: string, id: string | number): (() => void) | undefined {
    const key = JSON.stringify([session, id]);
    if (this.#open.has(key)) return undefined;
    this.#open.add(key);
    return () => void this.#open.delete(key);
  }

  /** True if the principal may not open another session. */
  isFull(principal: Principal): boolean {
    if (this.#owners.size >= MOST.all) return true;
    let own = 0;
    for (const owner of this.#owners.values()) if (owner === principal) own += 1;
    return own >= MOST.ofOne;
  }

  /** Remembers which session a server serves. */
  serves(server: Server, id: string): void {
    this.#ids.set(server, id);
  }

  /** Forgets the session of a server that has ended. */
  end(server: Server): void {
    const id = this.#ids.get(server);
    if (id !== undefined) this.#owners.delete(id);
  }

  get size(): number {
    return this.#owners.size;
  }
}
