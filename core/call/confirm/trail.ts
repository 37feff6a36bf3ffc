import type { ErrorCode } from '../../errors.js';
import type { AuditOutcome } from './audit.js';
import type { Prepared } from './prepare.js';
import { targetOf } from './story.js';
import type { Writes } from './writes.js';

/** Who makes which change. */
interface Traced {
  tool: string;
  customer: string;
  principal: string;
  writes: Pick<Writes, 'audit'>;
  /** Requests sent to Halo so far. */
  requests(): number;
}

/** The trail of one call. */
export interface Trail {
  prepared: Prepared | undefined;
  ended: boolean;
  note(outcome: AuditOutcome, more?: { id?: number | undefined; code?: ErrorCode | 'INTERNAL' }): void;
  end(outcome: AuditOutcome, more?: { id?: number | undefined; code?: ErrorCode | 'INTERNAL' }): void;
}

export function trailOf({ tool, customer, principal, writes, requests }: Traced): Trail {
  const trail: Trail = {
    prepared: undefined,
    ended: false,
    note(outcome, more = {}) {
      const { prepared } = trail;
      const what = prepared && { target: targetOf(prepared), digest: prepared.digest };
      const line = { ...{ customer, principal, tool, outcome }, ...what, ...more, requests: requests() };
      try {
        writes.audit.keep(line);
      } catch (error) {
        // A preview may not be shown without its trail. What was done is reported in any case, and is in the log.
        if (outcome === 'planned') throw error;
      }
    },
    end(outcome, more) {
      trail.ended = true;
      trail.note(outcome, more);
    },
  };
  return trail;
}
