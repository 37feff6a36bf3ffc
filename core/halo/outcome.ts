import { HaloError, isHaloError } from '../errors.js';

/** One POST of a call, and what became of it as far as it is known. */
export interface Posted {
  path: string;
  /** `waiting` has not left yet, `sent` is under way, `refused` certainly changed nothing. */
  outcome: 'waiting' | 'sent' | 'made' | 'refused' | 'unknown';
  /** Of the record that Halo answered with, where it is one. */
  id?: number | undefined;
}

/** The statuses by which Halo says that it did nothing. */
const NOTHING_DONE = [400, 401, 403, 404, 409, 429];
/** Others than Halo answered: a proxy or a log-in page on the way. What moved (3xx) was not done here either. */
const NOT_HALO = [407, 511];

const didNothing = (status: number): boolean =>
  NOTHING_DONE.includes(status) || NOT_HALO.includes(status) || (status >= 300 && status < 400);

/**
 * The error of a POST as its caller may read it. One that never left, and one that Halo refused, changed nothing and
 * says so; after any other nobody knows, and nothing asks to call again.
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

/** @param error that ended the request, or the call that it was made for */
export function outcomeUnknown(error: unknown): HaloError {
  const { code, status, cause } = isHaloError(error) ? error : { code: 'INTERNAL', status: undefined, cause: error };
  return new HaloError('HALO_OUTCOME_UNKNOWN', `${reasonOf(error)} The change may have been made.`, {
    ...(status !== undefined && { status }),
    cause: { code, cause },
  });
}

/** What happened, without the advice to come back that a busy server's error holds. */
function reasonOf(error: unknown): string {
  if (!isHaloError(error)) return 'The answer of Halo was lost.';
  const { status, message } = error;
  return status !== undefined && status >= 500 ? `Halo failed to answer (HTTP ${status}).` : message;
}
