import { forEach } from '../../config/index.js';
import type { Customer } from '../../core/customer.js';
import { ERRORS, type ErrorCode, HaloError, isHaloError } from '../../core/errors.js';
import type { About, Connection } from '../../core/halo/client.js';
import type { Patience } from '../../core/halo/limiter.js';
import type { Scope } from '../../core/halo/scopes.js';
import type { Session } from '../../core/session.js';
import type { CustomerSettings, Settings } from '../../core/settings.js';
import type { Finding } from './finding.js';

/** What one examination knows, and what its checks learn from one another. */
export interface Exam {
  readonly settings: Settings;
  /** Those of this customer. */
  readonly own: CustomerSettings;
  readonly customer: Customer;
  readonly session: Session;
  /** Undefined where it is not configured. */
  connection?: Connection;
  /** What /InstanceInfo gave, and when it was asked and answered (milliseconds of the epoch). */
  about?: { answer: About | HaloError; from: number; to: number };
  /** The log-in server that Halo names for itself. */
  authUrl?: string | undefined;
  /** Undefined where no token could be had. */
  grant?: { asked: readonly Scope[]; granted: readonly string[] };
  /** Why nothing more is asked of Halo; set by the first check that meets the limit. */
  limit?: HaloError;
}

/** One look at one thing: a finding, or several where there are several such things. */
export type Check = (exam: Exam) => Promise<Finding | Finding[]>;

/** The doctor asks little: its client lets no more requests out than these. */
const MOST_REQUESTS = 30;

/** The settings with which the doctor asks Halo. */
export const sparing = ({ replicas: _, store: __, ...settings }: Settings): Settings =>
  forEach(settings, (own) => ({ requestsPer5Minutes: mostOf(own) }));

/** How many requests the doctor lets out. */
export const mostOf = ({ requestsPer5Minutes }: CustomerSettings): number =>
  Math.min(MOST_REQUESTS, requestsPer5Minutes);

/** How long one question may take, its tries included. */
export function patience(): Patience {
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(new HaloError('HALO_TIMEOUT', 'Halo did not answer in time.')), LONGEST_MS);
  timer.unref();
  return { signal: end.signal, deadline: performance.now() + LONGEST_MS };
}

const LONGEST_MS = 30_000;

/** The answer, or our own error; the limit ends all further questions. */
export async function asked<T>(exam: Exam, question: Promise<T>): Promise<T | HaloError> {
  try {
    return await question;
  } catch (error) {
    if (!isHaloError(error)) throw error;
    if (error.code === 'HALO_RATE_LIMITED') exam.limit = error;
    return error;
  }
}

/** Nothing answered at all, or nobody who is to be trusted. */
export const isUnreached = (error: unknown): boolean =>
  isHaloError(error) && ['HALO_UNREACHABLE', 'HALO_TLS', 'HALO_TIMEOUT'].includes(error.code);

/** What an operator does about an error, where the general way out is for those who call a tool. */
const WAYS: Partial<Record<ErrorCode, string>> = {
  HALO_NOT_FOUND: 'Compare HALO_INSTANCE_URL with the Resource Server that API Details in Halo names.',
  HALO_TIMEOUT: 'Call the doctor again; if it stays, look at the network on the way to Halo, and at Halo.',
  HALO_CUT_OFF: 'Call the doctor again; if it stays, look for a proxy on the way to Halo.',
  HALO_TOO_LARGE: 'Compare HALO_INSTANCE_URL with the address that Halo itself shows: Halo answers in less.',
  HALO_UNEXPECTED: 'Compare HALO_INSTANCE_URL with the address that Halo itself shows.',
};

/** An error as a finding that does not work; the limit leaves open what was asked, and is told as a finding of its own. */
export function fault(exam: Exam, error: HaloError, id: string, title: string): Finding {
  if (error.code === 'HALO_RATE_LIMITED') return notLookedAt(id, title, limitOf(exam));
  const isGeneral = error.remedy === ERRORS[error.code];
  const way_out = (isGeneral && WAYS[error.code]) || error.remedy;
  return { id, title, mark: 'fail', detail: error.message, way_out };
}

/** A finding for what could not be looked at, and why. */
export const notLookedAt = (id: string, title: string, why: string): Finding => ({
  ...{ id, title, mark: 'none' },
  detail: `not looked at, ${why}`,
});

/** Why what needs a token is not looked at. */
export const tokenless = (exam: Exam): string => (exam.limit === undefined ? 'as there is no token' : limitOf(exam));

/** Why nothing more is asked. */
export function limitOf({ limit, own }: Exam): string {
  return limit?.status === 429
    ? "as Halo's request limit is reached"
    : `as the doctor asks no more than ${mostOf(own)} times`;
}
