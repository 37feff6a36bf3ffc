import { randomBytes } from 'node:crypto';
import { HaloError, isHaloError } from './errors.js';
import { cut, oneLine } from './output/clean.js';
import { fence, newTag } from './output/fence.js';
import { inert } from './output/inert.js';
import type { Redactor } from './output/redact.js';

/** What an error says: our own words, and apart from them what others wrote. */
export interface Said {
  code: string;
  words: string;
  foreign: readonly string[];
  cause: unknown;
}

/** Leads from an answer to the line of the log that has the cause. */
export const newRef = (): string => randomBytes(3).toString('hex');

/** In place of whatever was thrown: fixed words, and the reference. The cause is for the log alone. */
export const unknownFault = (what: string, ref: string, cause?: unknown): HaloError =>
  new HaloError('INTERNAL', `${what} failed (ref ${ref}).`, { cause });

const MOST_FOREIGN = 50;

/** What one of our own errors says, read once: a plugin may throw anything. Undefined for all others. */
export function ours(thrown: unknown): Said | undefined {
  try {
    if (!isHaloError(thrown)) return undefined;
    const { code, words, line, foreign, cause } = thrown as HaloError;
    // One of an older copy of this server has no foreign parts.
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
 * An error as a client reads it: our words, and in a fence what others wrote, a line each. All of it is redacted, and
 * opens no link; where that fails itself, nothing of it is left but the reference.
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
