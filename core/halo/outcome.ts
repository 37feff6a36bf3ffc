import { HaloError, isHaloError } from '../errors.js';

/** One POST of a call, and what is known of its outcome. */
export interface Posted {
  path: string;
  /** `waiting` has not left yet, `sent` is under way, `refused` certainly changed nothing. */
  outcome: 'waiting' | 'sent' | 'made' | 'refused' | 'unknown';
  /** The id of the record in Halo's answer, if it is one. */
  id?: number | undefined;
}

/** The statuses that mean that Halo did nothing. */
const NOTHING_DONE = [400, 401, 403, 404, 409, 429];
/** Not Halo answered, but a proxy or a log-in page on the way. A redirect (3xx) did nothing here either. */
const NOT_HALO = [407, 511];

const didNothing = (status: number): boolean =>
  NOTHING_DONE.includes(status) || NOT_HALO.includes(status) || (status >= 300 && status < 400);

/**
 * A POST's error as its caller may read it. A POST that never left, or that Halo refused, changed nothing, and the
 * error says so; after any other error nobody knows, and nothing asks to call again.
 */
export function outcomeOf(error: unknown, posted: Posted): unknown {
  const status = isHaloError(error) ? error.status : undefined;
  const sent = posted.outcome !== 'waiting';
  const lacked = isHaloError(error) && error.code === 'HALO_SCOPE_MISSING';
  if (sent && !lacked && !(status !== undefined && didNothing(status))) {
    posted.outcome = 'unknown';
    return outcomeUnknown(error);
  }
  posted.outcome = 'refused';
  if (!isHaloError(error)) return error;
  const { code, message, remedy, foreign, login, cause } = error;
  const facts = { remedy: remedy.replace('; nothing was changed', ''), foreign, login, cause };
  return new HaloError(code, `${message} Nothing was changed.`, { ...facts, ...(status !== undefined && { status }) });
}

/** @param error that ended the request, or the call that made it */
export function outcomeUnknown(error: unknown): HaloError {
  const { code, status, cause } = isHaloError(error) ? error : { code: 'INTERNAL', status: undefined, cause: error };
  return new HaloError('HALO_OUTCOME_UNKNOWN', `${reasonOf(error)} The change may have been made.`, {
    ...(status !== undefined && { status }),
    cause: { code, cause },
  });
}

/** What happened, without the advice to come back that a busy server's error holds. */
function reasonOf(error: unknown): string {
  if (!isHaloError(error)) return "Halo's answer was lost.";
  const { status, message } = error;
  return status !== undefined && status >= 500 ? `Halo failed to answer (HTTP ${status}).` : message;
}
