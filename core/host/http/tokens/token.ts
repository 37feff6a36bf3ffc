import { createHash, randomBytes } from 'node:crypto';

/** Marks a token as one, for people and for scanners that look for secrets in files. */
const PREFIX = 'halomcp_';
const BYTES = 32;

/** A new token: 32 random bytes. It is shown once and kept nowhere. */
export const newToken = (): string => PREFIX + randomBytes(BYTES).toString('base64url');

/** True for what looks like one of our own tokens. */
export const isOwn = (token: string): boolean => token.startsWith(PREFIX);

/** What is kept of a token: since it is long and random, its digest reveals nothing. */
export const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** The longest header that is examined: hashing whole pages would be wasted work. */
const LONGEST = 8192;

/**
 * The token of an Authorization header.
 * @returns undefined if there is none, or it is not of the kind `Bearer`
 */
export function bearerOf(header: string | undefined): string | undefined {
  if (header === undefined || header.length > LONGEST) return undefined;
  return /^bearer +([\w.~+/-]+=*)$/i.exec(header)?.[1];
}
