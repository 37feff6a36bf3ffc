import type { Server } from '@modelcontextprotocol/server';
import type { Principal } from './principal.js';

/** The most that a principal may have at a time, and that there may be in all. */
const MOST = { ofOne: 100, all: 5_000 };

/**
 * Whose each session is. To anybody else it is not there, and when its principal may use other things than before it
 * is not there any more.
 */
export class Sessions {
  readonly #owners = new Map<string, Principal>();
  readonly #ids = new WeakMap<Server, string>();
  /** Requests that are not answered yet, by their session and id. */
  readonly #open = new Set<string>();

  /** Gives a session that has just begun to its principal. */
  bind(id: string, principal: Principal): void {
    this.#owners.set(id, principal);
  }

  isOf(id: string, principal: Principal): boolean {
    return this.#owners.get(id) === principal && !principal.ended.aborted;
  }

  /**
   * Takes a request in until it is answered.
   * @returns what to call then; undefined where one of the same id is not answered yet, as nobody could tell the two answers apart
   */
  open(session: string, id: string | number): (() => void) | undefined {
    const key = JSON.stringify([session, id]);
    if (this.#open.has(key)) return undefined;
    this.#open.add(key);
    return () => void this.#open.delete(key);
  }

  /** True where the principal may not begin another one. */
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

  /** Forgets the session of a server that is done with. */
  end(server: Server): void {
    const id = this.#ids.get(server);
    if (id !== undefined) this.#owners.delete(id);
  }

  get size(): number {
    return this.#owners.size;
  }
}
