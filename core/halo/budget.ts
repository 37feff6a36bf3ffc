import { HaloError } from '../errors.js';
import type { Limiter, Patience } from './limiter.js';

/**
 * Lets a walk go on that takes so many more requests.
 * @throws HaloError HALO_RATE_LIMITED where they can't leave before the caller's time is over: at once, and not after
 * all those that could
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
