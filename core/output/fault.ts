import { randomBytes } from 'node:crypto';
import { HaloError, isHaloError } from '../errors.js';
import { cut, oneLine } from './clean.js';
import { fence, newTag } from './fence.js';
import { inert } from './inert.js';
import type { Redactor } from './redact.js';

/** What an error says: our own words and, separately, what others wrote. */
export interface Said {
  code: string;
  words: string;
  foreign: readonly string[];
  cause: unknown;
}

/** Leads from an answer to the log line that has the cause. */
export const newRef = (): string => randomBytes(3).toString('hex');

/** Replaces whatever was thrown: fixed words, and the reference. Only the log gets the cause. */
export const unknownFault = (what: string, ref: string, cause?: unknown): HaloError =>
  new HaloError('INTERNAL', `${what} failed (ref ${ref}).`, { cause });

const MOST_FOREIGN = 50;

/** What one of our own errors says, read once, since a plugin may throw anything. Undefined for all others. */
export function ours(thrown: unknown): Said | undefined {
  try {
    if (!isHaloError(thrown)) return undefined;
    const { code, words, line, foreign, cause } = thrown as HaloError;
    // An error from an older copy of this server has no foreign parts.
    const own: unknown = words ?? line;
    if (typeof own !== 'string' || !/^[A-Z][A-Z_]{1,40}$/.test(code)) return undefined;
    const parts: unknown[] = Array.isArray(foreign) ? [...foreign.slice(0, MOST_FOREIGN)] : [];
    return { code, words: own, foreign: parts.filter((part) => typeof part === 'string'), cause };
  } catch {
    return undefined;
  }
}

const LONGEST = 4000;
const LONGEST_PART = 400;

/**
 * An error as a client reads it: our words and, in a fence, what others wrote, one line each. All of it is redacted and
 * opens no link; if that itself fails, only the reference is left.
 */
export function errorText(
  { words, foreign }: Pick<Said, 'words' | 'foreign'>,
  redactor: Redactor,
  ref: string,
): string {
  try {
    const safely = (text: string) => inert(redactor.redact(text));
    const parts = foreign.map((part) => safely(oneLine(cut(part, LONGEST_PART)))).filter((part) => part !== '');
    const own = safely(cut(words, LONGEST));
    return parts.length > 0 ? `${own}\n${fence(cut(parts.join('\n'), LONGEST), newTag())}` : own;
  } catch {
    return unknownFault('The server', ref).words;
  }
}
