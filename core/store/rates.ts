/** How much of something a caller may do. */
export interface Rate {
  perMinute: number;
  /** At once, before the minute counts. */
  burst: number;
}

/** A bucket for each caller that fills at an even rate. */
export interface Rates {
  /** Takes one. @returns 0, or the milliseconds until there is one */
  take(caller: string): number | Promise<number>;
}

/** The most callers that are remembered; beyond them, those heard longest ago begin anew. */
const MOST = 10_000;

/**
 * A bucket for each caller that fills at an even rate.
 */
export class Limits implements Rates {
  /** The moment at which each caller's bucket is full again, in `performance.now()`; the last one heard is last. */
  readonly #full = new Map<string, number>();
  readonly #everyMs: number;

  constructor(private readonly rate: Rate) {
    this.#everyMs = 60_000 / rate.perMinute;
  }

  /** Takes one. @returns 0, or the milliseconds until there is one */
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
