/** How often a caller may do something. */
export interface Rate {
  perMinute: number;
  /** How many at once, before the rate applies. */
  burst: number;
}

/** A bucket for each caller that fills at an even rate. */
export interface Rates {
  /** Takes one. @returns 0, or the milliseconds until there is one */
  take(caller: string): number | Promise<number>;
}

/** The most callers that are remembered; beyond this, the one not heard from for longest starts afresh. */
const MOST = 10_000;

/** Rates that are counted in this process's memory. */
export class Limits implements Rates {
  /** When each caller's bucket is full again, in `performance.now()`; the most recent caller comes last. */
  readonly #full = new Map<string, number>();
  readonly #everyMs: number;

  constructor(private readonly rate: Rate) {
    this.#everyMs = 60_000 / rate.perMinute;
  }

  take(caller: string): number {
    const wait = this.wait(caller);
    if (wait > 0) return wait;
    const now = performance.now();
    const full = Math.max(now, this.#full.get(caller) ?? now) + this.#everyMs;
    this.#full.delete(caller);
    this.#full.set(caller, full);
    const [oldest] = this.#full.keys();
    if (this.#full.size > MOST && oldest !== undefined) this.#full.delete(oldest);
    return 0;
  }

  /** Milliseconds until the caller may take one; 0 for now. */
  wait(caller: string): number {
    const missing = (this.#full.get(caller) ?? 0) - performance.now();
    return Math.max(0, missing + this.#everyMs - this.rate.burst * this.#everyMs);
  }
}
