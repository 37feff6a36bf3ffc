import { type ErrorCode, HaloError, isHaloError } from '../errors.js';
import type { Log } from '../logger.js';
import { clockTime, comeBack } from './time.js';

/** After this many failed calls in a row the server is left alone for a while. */
const ROW = 5;
const REST_MS = 15_000;

/** Errors that mean nobody answers. Halo's own error (500) and a body that makes no sense are answers. */
const FAULTS: readonly ErrorCode[] = ['HALO_UNAVAILABLE', 'HALO_UNREACHABLE', 'HALO_TIMEOUT', 'HALO_CUT_OFF'];
/** Errors that say nothing about Halo: no request was left, or nobody waited for the answer. */
const SILENT: readonly ErrorCode[] = ['HALO_RATE_LIMITED', 'HALO_TLS', 'CALL_CANCELLED', 'CALL_TIMEOUT'];

/**
 * Leaves a failing endpoint alone: after five calls in a row have failed, each with all its attempts, calls fail at
 * once. Every 15 seconds one call is let through; any answer ends this, even a refusal, since Halo then works.
 */
export class Breaker {
  /** Failed calls in a row. */
  #failed = 0;
  #last: ErrorCode = 'HALO_UNAVAILABLE';
  /** When the first of them failed, by the wall clock. */
  #since = 0;
  /** `performance.now()` from which one call may try. */
  #next = 0;
  #trying = false;

  /**
   * @param who the subject of the sentences: `Halo`
   * @param endpoint the part of it that is left alone while others may work: `Tickets`
   */
  constructor(
    private readonly who: string,
    private readonly log: Log,
    private readonly endpoint?: string,
  ) {}

  /**
   * Makes a call unless the server is left alone.
   * @param call gets true if it is the one that tries
   * @throws HaloError HALO_UNAVAILABLE while open, saying since when and when the next try is
   */
  async run<T>(call: (trial: boolean) => Promise<T>): Promise<T> {
    const trial = !this.#trying && this.isOpen && performance.now() >= this.#next;
    if (trial) this.#trying = true;
    else this.check();
    try {
      const answer = await call(trial);
      this.#close();
      return answer;
    } catch (error) {
      if (isHaloError(error)) this.#judge(error, trial);
      throw error;
    } finally {
      if (trial) this.#trying = false;
    }
  }

  /** @throws HaloError while open, even for a call that began earlier: it sends nothing more */
  check(): void {
    if (!this.isOpen) return;
    const next = this.#trying ? 'a try is under way' : `the next try is ${comeBack(this.#next - performance.now())}`;
    throw new HaloError(
      'HALO_UNAVAILABLE',
      `${this.who} has not worked since ${clockTime(this.#since)} (${this.#last}); ${next}.`,
      this.endpoint === undefined
        ? 'Call again then.'
        : `Call again then; only what is read from Halo's ${this.endpoint} has to wait.`,
    );
  }

  /** True while calls fail at once. */
  get isOpen(): boolean {
    return this.#failed >= ROW;
  }

  #judge({ code, status }: HaloError, trial: boolean): void {
    if (FAULTS.includes(code) && status !== 200) {
      // A call that began earlier says nothing new.
      if (this.isOpen && !trial) return;
      if (this.#failed === 0) this.#since = Date.now();
      this.#failed += 1;
      this.#last = code;
      if (!this.isOpen) return;
      this.#next = performance.now() + REST_MS;
      if (!trial)
        this.log.warn(this.#facts({ code }), `${this.who} failed ${ROW} calls in a row and is left alone for a while`);
    } else if (status !== undefined || !SILENT.includes(code)) this.#close();
  }

  #close(): void {
    if (this.isOpen) this.log.info(this.#facts({}), `${this.who} answers again`);
    this.#failed = 0;
  }

  #facts(facts: object): object {
    return this.endpoint === undefined ? facts : { ...facts, endpoint: this.endpoint };
  }
}
