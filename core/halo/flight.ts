import { setMaxListeners } from 'node:events';
import { isHaloError } from '../errors.js';
import type { Patience } from './limiter.js';

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
  #given = false;

  /**
   * @param onEnd called once, when the answer is there or nobody waits for it any more
   * @param copy what each caller but one gets in place of the answer, where a caller may change what it gets
   */
  constructor(
    work: (patience: Patience) => Promise<T>,
    first: Patience,
    private readonly onEnd: () => void,
    private readonly copy: (answer: T) => T = (answer) => answer,
  ) {
    this.#waiting.add(first);
    const waiting = this.#waiting;
    const patience: Patience = {
      signal: this.#stop.signal,
      get deadline() {
        return Math.max(...[...waiting].map(({ deadline }) => deadline));
      },
      mayWait: (moment) => [...waiting].filter((one) => one.mayWait?.(moment) === true).length > 0,
    };
    this.#answer = work(patience)
      .catch((error: unknown) => {
        // All waiting callers get the same error.
        throw isHaloError(error) ? Object.freeze(error) : error;
      })
      .finally(() => this.#end());
    // The waiting callers get the error; if none is left, it must not end the process.
    this.#answer.catch(() => undefined);
  }

  /** The caller's own answer, or its own end. */
  async join(patience: Patience): Promise<T> {
    this.#waiting.add(patience);
    try {
      return await untilAborted(this.#answer, (answer) => this.#own(answer), patience.signal);
    } finally {
      this.#waiting.delete(patience);
      if (this.#waiting.size === 0 && !this.#landed) {
        this.#end();
        this.#stop.abort(patience.signal.reason);
      }
    }
  }

  /** All who wait get theirs before the first of them goes on, so no copy is of what somebody has changed. */
  #own(answer: T): T {
    if (this.#given) return this.copy(answer);
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
