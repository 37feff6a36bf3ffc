import { HaloError } from '../errors.js';

const RUNNING = 16;
const WAITING = 64;

/** The most calls that may be open, running or waiting. */
export const MOST_CALLS = RUNNING + WAITING;

/** The answer to any further call. */
export const BUSY = new HaloError('SERVER_BUSY', `${RUNNING} calls run and ${WAITING} wait for their turn.`);

/** The turns of one server's calls: 16 run at once, 64 more wait in line. */
export class Turns {
  #running = 0;
  readonly #line: (() => void)[] = [];

  /**
   * Resolves when the call may run, with the function to call when it is over.
   * @throws HaloError SERVER_BUSY if the line is full, or the signal's reason if that comes first
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#running < RUNNING) this.#running += 1;
    else await this.#wait(signal);
    return () => this.#leave();
  }

  #wait(signal: AbortSignal): Promise<void> {
    if (this.#line.length >= WAITING) throw BUSY;
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        this.#line.splice(this.#line.indexOf(go), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#line.push(go);
    });
  }

  /** Hands the place to the next in line. */
  #leave(): void {
    const next = this.#line.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}

/** The turn of one call, which gives up its place while a person is asked. */
export function turnOf(turns: Turns, signal: AbortSignal) {
  let own: (() => void) | undefined;
  const leave = () => {
    own?.();
    own = undefined;
  };
  return {
    enter: async () => {
      own = await turns.enter(signal);
    },
    leave,
  };
}

export type Turn = ReturnType<typeof turnOf>;
