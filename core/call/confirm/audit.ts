import { accessSync, closeSync, constants, fchmodSync, fstatSync, lstatSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError } from '../../config-error.js';
import { HaloError } from '../../errors.js';
import type { Log } from '../../logger.js';
import type { Redactor } from '../../output/redact.js';

/** What became of a write, or of a request for one. */
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

/** One line of the trail: who did what to which record, without any of its values. */
export interface AuditLine {
  customer: string;
  principal: string;
  tool: string;
  outcome: AuditOutcome;
  /** `POST /Actions ticket_id=10311` */
  target?: string | undefined;
  /** Of what would be sent, or was sent. */
  digest?: string | undefined;
  /** Of the record that was made or changed. */
  id?: number | undefined;
  /** Of a refusal. */
  code?: string | undefined;
  /** Requests sent to Halo. */
  requests: number;
}

/** The trail of all writes. */
export interface Audit {
  /** @throws HaloError AUDIT_UNWRITABLE if it can't be kept */
  keep(line: AuditLine): void;
  /** @throws HaloError AUDIT_UNWRITABLE if no line could be kept: then nothing may be changed */
  check(): void;
}

/**
 * Writes each line to the log and, if a file is named, appends it there as JSON. The file is readable by its owner
 * only, and only grows.
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

/**
 * Refuses a file in which no trail can be kept, before anything is changed. Does not create the file.
 * @throws ConfigError that says why
 */
export function checkAuditFile(file: string): void {
  const why = flawOf(file);
  if (why !== undefined)
    throw new ConfigError(`audit.file (${file}) ${why}. Nothing can be changed without its trail.`);
}

function flawOf(file: string): string | undefined {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found?.isDirectory()) return 'is a folder';
  if (found?.isSymbolicLink()) return 'is a link: name the file itself';
  if (found !== undefined && !found.isFile()) return 'is not a regular file';
  const folder = lstatSync(dirname(file), { throwIfNoEntry: false });
  if (folder === undefined) return 'is in a folder that does not exist';
  try {
    accessSync(found === undefined ? dirname(file) : file, constants.W_OK);
    return undefined;
  } catch {
    return "can't be written by the user that this server runs as";
  }
}

function append(file: string, line?: string): void {
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  try {
    // A pipe in its place would block the whole server until somebody reads it.
    const handle = openSync(file, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW | O_NONBLOCK, 0o600);
    try {
      if (!fstatSync(handle).isFile()) throw new Error('It is not a regular file.');
      fchmodSync(handle, 0o600);
      if (line !== undefined) writeWhole(handle, Buffer.from(`${line}\n`));
    } finally {
      closeSync(handle);
    }
  } catch (cause) {
    throw new HaloError('AUDIT_UNWRITABLE', "The audit file can't be written. Nothing was changed.", { cause });
  }
}

/** A disk that is nearly full may take only a part. */
function writeWhole(handle: number, bytes: Buffer): void {
  if (writeSync(handle, bytes) < bytes.length) throw new Error('It took a part of the line.');
}
