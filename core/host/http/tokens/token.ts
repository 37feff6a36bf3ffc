import { createHash, randomBytes } from 'node:crypto';

/** By which a token is known for one, to people and to whatever looks for secrets in files. */
const PREFIX = 'halomcp_';
const BYTES = 32;

/** A new token: 32 random bytes. It is shown once and kept nowhere. */
export const newToken = (): string => PREFIX + randomBytes(BYTES).toString('base64url');

/** True for what looks like a token that was made here. */
export const isOwn = (token: string): boolean => token.startsWith(PREFIX);

/** What is kept of a token: as it is random and long, its digest tells nothing of it. */
export const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** The longest that is looked at: digests of whole pages would be work for nothing. */
const LONGEST = 8192;

/**
 * The token of an Authorization header.
 * @returns undefined where there is none, or where it is none of the kind `Bearer`
 */
export function bearerOf(header: string | undefined): string | undefined {
  if (header === undefined || header.length > LONGEST) return undefined;
  return /^bearer +([\w.~+/-]+=*)$/i.exec(header)?.[1];
}
