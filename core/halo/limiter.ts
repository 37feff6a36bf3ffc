import { HaloError } from '../errors.js';
import { comeBack, sleep } from './time.js';

/** How long a request may wait: until the caller gives up, or until its call's time is over. */
export interface Patience {
  signal: AbortSignal;
  /** Milliseconds of `performance.now()` after which nobody waits for the answer. */
  deadline: number;
}

const WINDOW_MS = 300_000;

/**
 * Halo's limit, kept on our side: never more than `limit` requests in any rolling 5 minutes. Each request gets its turn
 * at once, as a moment in time; one whose turn falls beyond its call's deadline fails at once and says when to come back.
 */
export class Limiter {
  readonly #turns: number[] = [];
  #pausedUntil = 0;

  constructor(
    private readonly limit: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Resolves when the request may leave.
   * @throws HaloError HALO_RATE_LIMITED where its turn comes after the deadline
   */
  async take({ signal, deadline }: Patience): Promise<void> {
    const turn = this.#reserve(deadline);
    try {
      for (let until = turn; until > this.now(); until = Math.max(turn, this.#pausedUntil)) {
        if (until > deadline) throw this.#tooLate(until);
        await sleep(until - this.now(), signal);
      }
      signal.throwIfAborted();
    } catch (error) {
      const index = this.#turns.indexOf(turn);
      if (index !== -1) this.#turns.splice(index, 1);
      throw error;
    }
  }

  /** Holds every request back for so many milliseconds: a 429 is for all of them, not for the one that met it. */
  pause(milliseconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.now() + milliseconds);
  }

  /** Requests that could leave at this moment. */
  get left(): number {
    const since = this.now() - WINDOW_MS;
    return this.limit - this.#turns.filter((turn) => turn > since).length;
  }

  #reserve(deadline: number): number {
    const now = this.now();
    while (this.#turns.length > 0 && (this.#turns[0] ?? now) <= now - WINDOW_MS) this.#turns.shift();
    const free = this.#turns.length < this.limit ? now : (this.#turns.at(-this.limit) ?? now) + WINDOW_MS;
    const turn = Math.max(now, free, this.#pausedUntil);
    if (turn > deadline) throw this.#tooLate(turn);
    this.#turns.push(turn);
    return turn;
  }

  #tooLate(turn: number): HaloError {
    return new HaloError(
      'HALO_RATE_LIMITED',
      `The limit of ${this.limit} requests to Halo in 5 minutes is used up; come back ${comeBack(turn - this.now())}.`,
    );
  }
}
