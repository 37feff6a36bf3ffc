import { setMaxListeners } from 'node:events';
import { isHaloError } from '../errors.js';
import type { Patience } from './limiter.js';

/**
 * The patience of all waiting callers. It is a class because V8 gives each object literal with a getter its own hidden
 * class, which keeps the previous one, and the answer in its scope, alive until the next full garbage collection.
 */
class Together implements Patience {
  constructor(
    private readonly waiting: ReadonlySet<Patience>,
    readonly signal: AbortSignal,
  ) {}

  get deadline(): number {
    return Math.max(...[...this.waiting].map(({ deadline }) => deadline));
  }

  /** Asks all of them, since each moves its own deadline. */
  readonly mayWait = (moment: number): boolean =>
    [...this.waiting].filter((one) => one.mayWait?.(moment) === true).length > 0;
}

/** How one answer serves several callers. */
interface Ways<T> {
  copy(answer: T): T;
  share(answer: T): T;
}

/**
 * One piece of work that any number of callers wait for. Each may give up alone; when the last one has, the work is
 * aborted. It may last as long as the most patient of them.
 */
export class Flight<T> {
  readonly #answer: Promise<T>;
  readonly #stop = new AbortController();
  /** The waiting callers. Their deadlines are read each time, since progress moves them. */
  readonly #waiting = new Set<Patience>();
  #landed = false;
  /** The number of callers that only read, and whether a caller that may change the answer has the original. */
  #readers = 0;
  #given = false;

  /**
   * @param onEnd called once, when the answer has come or nobody waits for it any longer
   * @param ways makes what callers get: those that only read share one answer; of those that may change it, one gets
   * the original and the others a copy
   */
  constructor(
    work: (patience: Patience) => Promise<T>,
    first: Patience,
    private readonly onEnd: () => void,
    private readonly ways: Ways<T> = { copy: (answer) => answer, share: (answer) => answer },
  ) {
    this.#waiting.add(first);
    this.#answer = work(new Together(this.#waiting, this.#stop.signal))
      .catch((error: unknown) => {
        // All waiting callers get the same error.
        throw isHaloError(error) ? Object.freeze(error) : error;
      })
      .finally(() => this.#end());
    // The waiting callers get the error; if none is left, it must not end the process.
    this.#answer.catch(() => undefined);
  }

  /**
   * The caller's answer, or its own end.
   * @param readOnly true for a caller that only reads the answer
   */
  async join(patience: Patience, readOnly = false): Promise<T> {
    this.#waiting.add(patience);
    if (readOnly) this.#readers += 1;
    try {
      return await untilAborted(this.#answer, (answer) => this.#own(answer, readOnly), patience.signal);
    } finally {
      this.#waiting.delete(patience);
      if (this.#waiting.size === 0 && !this.#landed) {
        this.#end();
        this.#stop.abort(patience.signal.reason);
      }
    }
  }

  /** All who wait get theirs before the first of them goes on, so no copy is of what somebody has changed. */
  #own(answer: T, readOnly: boolean): T {
    if (readOnly) return this.#readers === 1 ? answer : this.ways.share(answer);
    if (this.#given || this.#readers > 0) return this.ways.copy(answer);
    this.#given = true;
    return answer;
  }

  #end(): void {
    if (this.#landed) return;
    this.#landed = true;
    this.onEnd();
  }
}

function untilAborted<T>(shared: Promise<T>, own: (answer: T) => T, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  // A walk waits for many pages with one signal; Node takes more than ten listeners for a leak and says so on stderr.
  setMaxListeners(0, signal);
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    shared
      .then(own)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}
