import { closeSync, constants, fchmodSync, openSync, writeSync } from 'node:fs';
import { HaloError } from '../../errors.js';
import type { Log } from '../../logger.js';
import type { Redactor } from '../../output/redact.js';

/** What became of a write, or of the wish for one. */
export type AuditOutcome =
  | 'planned'
  | 'refused'
  | 'declined'
  | 'already done'
  | 'done'
  | 'found'
  | 'nothing changed'
  | 'unknown'
  | 'deleted';

/** One line of the trail: who did what to which record, and no value of it. */
export interface AuditLine {
  customer: string;
  principal: string;
  tool: string;
  outcome: AuditOutcome;
  /** `POST /Actions ticket_id=10311` */
  target?: string | undefined;
  /** Of what would be sent, or was. */
  digest?: string | undefined;
  /** Of the record that was made or changed. */
  id?: number | undefined;
  /** Of a refusal. */
  code?: string | undefined;
  /** How often Halo was asked. */
  requests: number;
}

/** The trail of all writes. */
export interface Audit {
  /** @throws HaloError AUDIT_UNWRITABLE where it can't be kept */
  keep(line: AuditLine): void;
  /** @throws HaloError AUDIT_UNWRITABLE where no line could be kept: then nothing is to be changed */
  check(): void;
}

/**
 * A line on the log for each, and where a file is named one of JSON at its end. The file is its owner's alone, and only
 * grows.
 */
export function createAudit(log: Log, redactor: Redactor, file?: string): Audit {
  return {
    keep(line) {
      log.info(line, 'write');
      if (file !== undefined)
        append(file, redactor.redact(JSON.stringify({ time: new Date().toISOString(), ...line })));
    },
    check() {
      if (file !== undefined) append(file);
    },
  };
}

function append(file: string, line?: string): void {
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW = 0 } = constants;
  try {
    const handle = openSync(file, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
    try {
      fchmodSync(handle, 0o600);
      if (line !== undefined) writeSync(handle, `${line}\n`);
    } finally {
      closeSync(handle);
    }
  } catch (cause) {
    throw new HaloError('AUDIT_UNWRITABLE', "The audit file can't be written. Nothing was changed.", { cause });
  }
}
