import { HaloError } from '../errors.js';
import { comeBack, sleep } from './time.js';

/** How long a request may wait: until the caller gives up, or until its call's time is over. */
export interface Patience {
  signal: AbortSignal;
  /** Milliseconds of `performance.now()` after which nobody waits for the answer. */
  readonly deadline: number;
}

const WINDOW_MS = 300_000;

/**
 * Halo's limit, kept on our side: never more than `limit` requests in any rolling 5 minutes. Each request gets its turn
 * at once, as a moment in time; one whose turn falls beyond its call's deadline fails at once and says when to come back.
 */
export class Limiter {
  /** The moments at which requests left or will leave, in order. */
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
  async take(patience: Patience): Promise<void> {
    const { signal } = patience;
    signal.throwIfAborted();
    let turn = this.#reserve(patience.deadline);
    try {
      while (turn > this.now()) {
        await sleep(turn - this.now(), signal);
        if (this.#pausedUntil <= this.now()) continue;
        // Halo asked for a pause meanwhile: the turn is over, and a later one has to fit into the window as well.
        this.#free(turn);
        turn = this.#reserve(patience.deadline);
      }
      signal.throwIfAborted();
    } catch (error) {
      if (signal.aborted) this.#free(turn);
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
    return Math.max(0, this.limit - this.#turns.filter((turn) => turn > since).length);
  }

  /** The earliest turn from now on that keeps to the limit in every window, those of requests in line included. */
  #reserve(deadline: number): number {
    const now = this.now();
    while (this.#turns.length > 0 && (this.#turns[0] ?? now) <= now - WINDOW_MS) this.#turns.shift();
    const first = Math.max(now, this.#pausedUntil);
    const before = this.#fits(first)
      ? undefined
      : this.#turns.find((other) => other + WINDOW_MS > first && this.#fits(other + WINDOW_MS));
    const turn = before === undefined ? first : before + WINDOW_MS;
    if (turn > deadline) throw this.#tooLate(turn);
    this.#turns.splice(this.#place(turn), 0, turn);
    return turn;
  }

  /** True where one more request at this moment keeps every window of 5 minutes within the limit. */
  #fits(turn: number): boolean {
    const turns = this.#turns;
    const place = this.#place(turn);
    for (let last = place; last <= Math.min(turns.length, place + this.limit); last += 1) {
      if (last < this.limit) continue;
      const end = last === place ? turn : (turns[last - 1] ?? turn);
      const first = last - this.limit;
      const start = first === place ? turn : (turns[first] ?? turn);
      if (end - start < WINDOW_MS) return false;
    }
    return true;
  }

  /** Where a turn goes among the others, after those of the same moment. */
  #place(turn: number): number {
    return this.#turns.findLastIndex((other) => other <= turn) + 1;
  }

  #free(turn: number): void {
    const index = this.#turns.indexOf(turn);
    if (index !== -1) this.#turns.splice(index, 1);
  }

  #tooLate(turn: number): HaloError {
    const why =
      turn <= this.#pausedUntil
        ? 'Halo asked for a pause'
        : `The limit of ${this.limit} requests to Halo in 5 minutes is used up`;
    return new HaloError('HALO_RATE_LIMITED', `${why}; come back ${comeBack(turn - this.now())}.`);
  }
}
