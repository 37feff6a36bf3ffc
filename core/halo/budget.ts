import { HaloError } from '../errors.js';
import type { Limiter, Patience } from './limiter.js';

/**
 * Checks that a walk may make this many more requests.
 * @throws HaloError HALO_RATE_LIMITED if they can't leave before the caller's time is over: at once, not after sending
 * those that could
 */
export function planWalk(
  limiter: Limiter,
  path: string,
  requests: number,
  { deadline, latest = deadline }: Patience,
): void {
  const { until, left } = limiter.lasting(requests, deadline);
  if (until <= latest) return;
  throw new HaloError(
    'HALO_RATE_LIMITED',
    `All of ${path.replace(/^\//, '')} takes ${requests} more requests to Halo, and ${left} are left in these 5 minutes.`,
    'Ask for one client, or for fewer days; output.maxMinutes of the config lets a call that reports progress go on later.',
  );
}
