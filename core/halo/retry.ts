import type { HaloError } from '../errors.js';
import { ATTEMPTS, type Fault, type Kind } from './attempts.js';
import type { Patience } from './limiter.js';
import { sleep } from './time.js';

/** A fault that may pass, so that the request may be sent again. It never leaves `retrying`: that throws its error. */
export class Passing extends Error {
  /**
   * @param fault decides how often the request is sent, by the table of attempts
   * @param waitMs what Retry-After asks for
   */
  constructor(
    readonly error: HaloError,
    readonly fault: Fault,
    readonly waitMs?: number,
  ) {
    super(error.message);
  }
}

export interface RetryOptions {
  kind?: Kind;
  random?: () => number;
}

const TRANSIENT_BASE_MS = 100;
/** The wait after a 429 without a Retry-After. */
export const THROTTLE_BASE_MS = 1000;
const CAP_MS = 20_000;

/**
 * Retries as long as the fault may pass, the call's time allows it, and the caller waits. Jitter is full; nothing is
 * retried before its Retry-After.
 */
export async function retrying<T>(
  attempt: () => Promise<T>,
  patience: Patience,
  { kind = 'bounded', random = Math.random }: RetryOptions = {},
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (fault) {
      if (!(fault instanceof Passing)) throw fault;
      const { error, waitMs: asked } = fault;
      const throttled = error.status === 429;
      if (tried >= ATTEMPTS[kind][fault.fault]) throw error;
      const base = Math.min(CAP_MS, (throttled ? THROTTLE_BASE_MS : TRANSIENT_BASE_MS) * 2 ** (tried - 1));
      const wait = asked !== undefined ? asked + random() * 250 : throttled ? base + random() * base : random() * base;
      if (performance.now() + wait > patience.deadline) throw error;
      await sleep(wait, patience.signal);
    }
  }
}
