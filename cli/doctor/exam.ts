import type { Config } from '../../config/index.js';
import type { Core } from '../../core/core.js';
import { type HaloError, isHaloError } from '../../core/errors.js';
import type { Connection } from '../../core/halo/client.js';
import type { Incoming } from '../../core/halo/http.js';
import type { Patience } from '../../core/halo/limiter.js';
import type { Scope } from '../../core/halo/scopes.js';
import type { Finding } from './finding.js';

/** What one examination knows, and what its checks learn from one another. */
export interface Exam {
  readonly config: Config;
  readonly core: Core;
  /** Undefined where it is not configured. */
  connection?: Connection;
  /** What /InstanceInfo gave, and when it was asked and answered (milliseconds of the epoch). */
  about?: { answer: Incoming | HaloError; from: number; to: number };
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
export const sparing = (config: Config): Config => ({
  ...config,
  halo: { ...config.halo, requestsPer5Minutes: Math.min(MOST_REQUESTS, config.halo.requestsPer5Minutes) },
});

/** How long one question may take. */
export const patience = (): Patience => {
  const most = 30_000;
  return { signal: AbortSignal.timeout(most), deadline: performance.now() + most };
};

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

/** A finding for what could not be looked at, and why. */
export const notLookedAt = (id: string, title: string, why: string): Finding => ({
  ...{ id, title, mark: 'none' },
  detail: `not looked at, ${why}`,
});

/** Why what needs a token is not looked at. */
export const tokenless = (exam: Exam): string => (exam.limit === undefined ? 'as there is no token' : limitOf(exam));

/** Why nothing more is asked. */
export function limitOf({ limit, config }: Exam): string {
  const most = sparing(config).halo.requestsPer5Minutes;
  return limit?.status === 429 ? "as Halo's request limit is reached" : `as the doctor asks no more than ${most} times`;
}
