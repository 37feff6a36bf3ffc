import { HaloError } from '../errors.js';
import { comeBack } from './time.js';

/** How long a request may wait: until the caller gives up, or until its call's time is over. */
export interface Patience {
  signal: AbortSignal;
  /** Milliseconds of `performance.now()` after which nobody waits for the answer. */
  readonly deadline: number;
  /** The latest that {@link Patience.mayWait} allows. */
  readonly latest?: number | undefined;
  /** Asked where a turn comes after the deadline: moves it on and says true where the operator lets calls wait so long. */
  mayWait?: ((moment: number) => boolean) | undefined;
}

/** Five minutes, and a second for requests that are longer on their way than others: Halo counts when they arrive. */
const WINDOW_MS = 301_000;
/** So many requests are under way at once. */
export const CONCURRENT = 6;

interface Waiting {
  patience: Patience;
  go: () => void;
  fail: (reason: unknown) => void;
}

/**
 * The one line that all requests to Halo stand in. They leave in order: never more than `limit` in any rolling 5
 * minutes, none during a pause, six at once. One whose turn falls beyond its call's deadline fails at once and says
 * when to come back.
 */
export class Limiter {
  /** When the requests of the last 5 minutes left, in order. */
  readonly #left: number[] = [];
  readonly #line: Waiting[] = [];
  #underWay = 0;
  #pausedUntil = 0;
  #alarm: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly limit: number) {}

  /**
   * Runs the request when its turn has come.
   * @throws HaloError HALO_RATE_LIMITED where its turn comes after the deadline
   */
  async run<T>(request: () => Promise<T>, patience: Patience): Promise<T> {
    patience.signal.throwIfAborted();
    await this.#turn(patience);
    try {
      return await request();
    } finally {
      this.#underWay -= 1;
      this.#advance();
    }
  }

  /** Holds every request back for so many milliseconds: a 429 is for all of them, not for the one that met it. */
  pause(milliseconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + milliseconds);
    for (const waiting of [...this.#line]) {
      const late = this.#tooLate(this.#line.indexOf(waiting), waiting.patience);
      if (late !== undefined) waiting.fail(late);
    }
    this.#advance();
  }

  /** Requests that could leave at this moment. */
  get left(): number {
    this.#forget();
    return Math.max(0, this.limit - this.#left.length - this.#line.length);
  }

  /** The earliest moment at which so many requests could have left, if nobody else asks; `left` of them could by then. */
  lasting(requests: number, deadline: number): { until: number; left: number } {
    this.#forget();
    const freed = this.#left.filter((moment) => moment + WINDOW_MS <= deadline).length;
    const left = Math.max(0, this.limit - this.#left.length + freed - this.#line.length);
    const windows = Math.max(0, Math.ceil((requests - left) / this.limit));
    return { until: performance.now() + windows * WINDOW_MS, left };
  }

  /** Resolves when the request has left the line and counts as under way. */
  #turn(patience: Patience): Promise<void> {
    this.#forget();
    const late = this.#tooLate(this.#line.length, patience);
    if (late !== undefined) return Promise.reject(late);
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#line.splice(this.#line.indexOf(waiting), 1);
        patience.signal.removeEventListener('abort', giveUp);
      };
      const waiting: Waiting = {
        patience,
        go: () => {
          leave();
          resolve();
        },
        fail: (reason) => {
          leave();
          reject(reason);
        },
      };
      const giveUp = () => {
        waiting.fail(patience.signal.reason);
        this.#advance();
      };
      patience.signal.addEventListener('abort', giveUp, { once: true });
      this.#line.push(waiting);
      this.#advance();
    });
  }

  /** Lets go whose turn it is, and wakes up again at the next one's. */
  #advance(): void {
    clearTimeout(this.#alarm);
    this.#forget();
    for (let next = this.#line[0]; next !== undefined && this.#underWay < CONCURRENT; next = this.#line[0]) {
      const wait = this.#momentOf(0) - performance.now();
      if (wait > 0) {
        this.#alarm = setTimeout(() => this.#advance(), Math.ceil(wait));
        return;
      }
      this.#left.push(performance.now());
      this.#underWay += 1;
      next.go();
    }
  }

  /** The earliest moment for the request at a place in the line, if those before it leave as early as they can. */
  #momentOf(place: number): number {
    const earliest = Math.max(performance.now(), this.#pausedUntil);
    // As many requests before it as the limit: that one has to be out of the window.
    const before = this.#left.length + place - this.limit;
    if (before < 0) return earliest;
    return Math.max(earliest, WINDOW_MS + (this.#left[before] ?? this.#momentOf(before - this.#left.length)));
  }

  #tooLate(place: number, { deadline, mayWait }: Patience): HaloError | undefined {
    const moment = this.#momentOf(place);
    if (moment <= deadline || mayWait?.(moment) === true) return undefined;
    const why =
      moment <= this.#pausedUntil
        ? 'Halo asked for a pause'
        : `The limit of ${this.limit} requests to Halo in 5 minutes is used up`;
    return new HaloError('HALO_RATE_LIMITED', `${why}; come back ${comeBack(moment - performance.now())}.`);
  }

  #forget(): void {
    const since = performance.now() - WINDOW_MS;
    const first = this.#left.findIndex((moment) => moment > since);
    this.#left.splice(0, first === -1 ? this.#left.length : first);
  }
}
