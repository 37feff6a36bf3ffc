import { forEach } from '../../config/index.js';
import type { Customer } from '../../core/customer.js';
import { ERRORS, type ErrorCode, HaloError, isHaloError } from '../../core/errors.js';
import type { About, Connection } from '../../core/halo/client.js';
import type { Patience } from '../../core/halo/limiter.js';
import type { Scope } from '../../core/halo/scopes.js';
import type { Session } from '../../core/session.js';
import type { CustomerSettings, Settings } from '../../core/settings.js';
import type { Finding } from './finding.js';

/** What one examination knows, and what its checks pass on to later ones. */
export interface Exam {
  readonly settings: Settings;
  /** Those of this customer. */
  readonly own: CustomerSettings;
  readonly customer: Customer;
  readonly session: Session;
  /** Undefined if Halo is not configured. */
  connection?: Connection;
  /** The answer of /InstanceInfo, with the times of request and response (milliseconds since the epoch). */
  about?: { answer: About | HaloError; from: number; to: number };
  /** The log-in server that Halo itself names. */
  authUrl?: string | undefined;
  /** Undefined if there is no token. */
  grant?: { asked: readonly Scope[]; granted: readonly string[] };
  /** Why Halo gets no more requests. Set by the first check that hits the limit. */
  limit?: HaloError;
}

/** Examines one thing. Several findings if there are several of its kind. */
export type Check = (exam: Exam) => Promise<Finding | Finding[]>;

/** The doctor's client sends no more requests than this. */
const MOST_REQUESTS = 30;

/** The settings with which the doctor asks Halo. */
export const sparing = ({ replicas: _, store: __, ...settings }: Settings): Settings =>
  forEach(settings, (own) => ({ requestsPer5Minutes: mostOf(own) }));

/** How many requests the doctor may send. */
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

/** The answer, or our own error. Hitting the limit stops all further requests. */
export async function asked<T>(exam: Exam, question: Promise<T>): Promise<T | HaloError> {
  try {
    return await question;
  } catch (error) {
    if (!isHaloError(error)) throw error;
    if (error.code === 'HALO_RATE_LIMITED') exam.limit = error;
    return error;
  }
}

/** True if nothing answered, or only an untrusted host did. */
export const isUnreached = (error: unknown): boolean =>
  isHaloError(error) && ['HALO_UNREACHABLE', 'HALO_TLS', 'HALO_TIMEOUT'].includes(error.code);

/** What an operator does about an error whose general way out is meant for callers of a tool. */
const WAYS: Partial<Record<ErrorCode, string>> = {
  HALO_NOT_FOUND: 'Compare HALO_INSTANCE_URL with the Resource Server that API Details in Halo names.',
  HALO_TIMEOUT: 'Call the doctor again; if it stays, look at the network on the way to Halo, and at Halo.',
  HALO_CUT_OFF: 'Call the doctor again; if it stays, look for a proxy on the way to Halo.',
  HALO_TOO_LARGE: 'Compare HALO_INSTANCE_URL with the address that Halo itself shows: Halo answers in less.',
  HALO_UNEXPECTED: 'Compare HALO_INSTANCE_URL with the address that Halo itself shows.',
};

/** An error as a failed finding. The request limit leaves the question open and gets its own finding. */
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

/** Why checks that need a token are skipped. */
export const tokenless = (exam: Exam): string => (exam.limit === undefined ? 'as there is no token' : limitOf(exam));

/** Why no more requests are sent. */
export function limitOf({ limit, own }: Exam): string {
  return limit?.status === 429
    ? "as Halo's request limit is reached"
    : `as the doctor asks no more than ${mostOf(own)} times`;
}
