import { type ErrorCode, HaloError, isHaloError } from '../errors.js';
import type { Incoming } from './http.js';
import type { Limiter, Patience } from './limiter.js';
import { comeBack, retryAfter, sleep } from './time.js';

/** How many attempts a GET gets in all, by what went wrong; 1 for all that is not named. */
const ATTEMPTS: Partial<Record<ErrorCode, number>> = {
  HALO_RATE_LIMITED: 3,
  HALO_UNAVAILABLE: 3,
  HALO_UNREACHABLE: 3,
  HALO_CUT_OFF: 3,
  HALO_FAILED: 2,
};

const TRANSIENT_BASE_MS = 100;
const THROTTLE_BASE_MS = 1000;
const CAP_MS = 20_000;

/** An answer that asks to come back later. */
export class Refusal extends Error {
  constructor(
    readonly error: HaloError,
    readonly waitMs: number | undefined,
  ) {
    super(error.message);
  }
}

/** The faults of an answer that may pass: 429 and 5xx, with the Retry-After that came with them. */
export function refuseTransient({ status, headers }: Incoming): void {
  const wait = retryAfter(headers);
  if (status === 429) {
    const when = wait === undefined ? 'in up to 5 minutes' : comeBack(wait);
    throw new Refusal(
      new HaloError('HALO_RATE_LIMITED', `Halo's request limit is reached; come back ${when}.`, { status }),
      wait,
    );
  }
  if (status === 502 || status === 503 || status === 504)
    throw new Refusal(
      new HaloError(
        'HALO_UNAVAILABLE',
        `Halo is not available at the moment (HTTP ${status})${wait === undefined ? '' : `; come back ${comeBack(wait)}`}.`,
        { status },
      ),
      wait,
    );
  if (status >= 500) throw new HaloError('HALO_FAILED', `Halo failed (HTTP ${status}).`, { status });
}

/**
 * Runs one attempt after another as long as the fault may pass, the call's time allows it, and the caller waits.
 * Jitter is full; nothing is tried again before its Retry-After; a 429 holds back every request, not only this one.
 */
export async function retrying<T>(
  attempt: () => Promise<T>,
  patience: Patience,
  { limiter, most = 3, random = Math.random }: { limiter: Limiter; most?: number; random?: () => number },
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (thrown) {
      const asked = thrown instanceof Refusal ? thrown.waitMs : undefined;
      const error = thrown instanceof Refusal ? thrown.error : thrown;
      if (!isHaloError(error)) throw error;
      const throttled = error.status === 429;
      if (throttled) limiter.pause(asked ?? THROTTLE_BASE_MS);
      const again = tried < Math.min(most, ATTEMPTS[error.code] ?? 1);
      const base = Math.min(CAP_MS, (throttled ? THROTTLE_BASE_MS : TRANSIENT_BASE_MS) * 2 ** (tried - 1));
      const wait = asked !== undefined ? asked + random() * 250 : throttled ? base + random() * base : random() * base;
      if (!again || (thrown instanceof HaloError && error.code === 'HALO_RATE_LIMITED')) throw error;
      if (performance.now() + wait > patience.deadline) throw error;
      await sleep(wait, patience.signal);
    }
  }
}
