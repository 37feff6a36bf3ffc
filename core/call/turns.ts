import { HaloError } from '../errors.js';

const RUNNING = 16;
const WAITING = 64;

/** The most calls that may be open: those that run, and those that wait. */
export const MOST_CALLS = RUNNING + WAITING;

/** What any further one is told. */
export const BUSY = new HaloError('SERVER_BUSY', `${RUNNING} calls run and ${WAITING} wait for their turn.`);

/** The turns of one server's calls: 16 run at once, 64 more stand in line. */
export class Turns {
  #running = 0;
  readonly #line: (() => void)[] = [];

  /**
   * Resolves when the call may run, with what is called when it is over.
   * @throws HaloError SERVER_BUSY where the line is full, or the signal's reason where that comes first
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

  /** The next in line takes the place over. */
  #leave(): void {
    const next = this.#line.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}

/** The turn of one call, which gives its place back while a person is asked. */
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
