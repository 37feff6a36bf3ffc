import { HaloError } from '../errors.js';
import { type Incoming, redirectHost } from './http.js';
import { LOGIN_OF_PROXY } from './proxy-fault.js';
import { Passing } from './retry.js';
import { comeBack, pauseAfter, retryAfter } from './time.js';

/** Halo's gateway gave up waiting for Halo: the request was too large, and a retry repeats it. */
const TOO_SLOW = 504;

/**
 * What a status means, whether the API or the log-in server sent it; 2xx and the other 4xx are left to the caller.
 * @param who the subject of the sentence: `Halo`
 * @throws Passing for 429 and 5xx, with their Retry-After; HaloError for redirects and proxies
 */
export function refuseStatus(incoming: Incoming, who: string): void {
  const { status, headers } = incoming;
  if (status >= 300 && status < 400)
    throw new HaloError('HALO_REDIRECTED', `${who} redirects to ${redirectHost(incoming)}.`, { status });
  if (status === 407 || status === 511)
    throw new HaloError('HALO_NOT_JSON', `A proxy on the way to Halo asks for a login of its own (HTTP ${status}).`, {
      status,
      remedy: LOGIN_OF_PROXY,
    });
  if (status === 429) {
    const wait = retryAfter(headers);
    const when = wait === undefined ? 'in up to 5 minutes' : comeBack(wait);
    throw new Passing(
      new HaloError('HALO_RATE_LIMITED', `${who}'s request limit is reached; come back ${when}.`, { status }),
      'limited',
      wait,
    );
  }
  const wait = pauseAfter(headers);
  if (status === TOO_SLOW) throw new Passing(tooSlow(who), 'gateway', wait);
  if (status === 502 || status === 503)
    throw new Passing(
      new HaloError(
        'HALO_UNAVAILABLE',
        `${who} is not available at the moment (HTTP ${status})${wait === undefined ? '' : `; come back ${comeBack(wait)}`}.`,
        { status },
      ),
      'unavailable',
      wait,
    );
  if (status >= 500)
    throw new Passing(new HaloError('HALO_FAILED', `${who} failed (HTTP ${status}).`, { status }), 'failed');
}

const tooSlow = (who: string) =>
  new HaloError('HALO_UNAVAILABLE', `${who} took longer than its own gateway allows (HTTP 504).`, {
    status: TOO_SLOW,
    remedy: 'Ask for less (a client, fewer days, a smaller page), or call again.',
  });
