import type { IncomingMessage } from 'node:http';
import type { BlockList } from 'node:net';
import type { Rate, Rates } from '../../store/rates.js';
import { callerOf } from './address.js';
import type { Refusal } from './answer.js';
import { secondsOf } from './limits.js';
import { headerOf } from './names.js';
import type { OAuth } from './oauth/oauth.js';
import type { NotHere, Principal } from './principal.js';
import type { TokenBook } from './tokens/book.js';
import { bearerOf, isOwn } from './tokens/token.js';

/** Finds out who asks, or why the request is refused. */
export type SignIn = (req: IncomingMessage) => Promise<Principal | Refusal>;

/** The limit of failed sign-ins per address. */
export const FAILED: Rate = { perMinute: 10, burst: 10 };

/** Lets in anybody who reaches the port, without a token. */
export const anybody =
  (principal: Principal): SignIn =>
  async () =>
    principal;

/** What recognizes tokens: a file of them, an identity provider, or both. */
export interface Ways {
  book: TokenBook<Principal | NotHere> | undefined;
  oauth: OAuth | undefined;
}

/**
 * Signs in by a token of the file or of an identity provider, told apart by its form. A good token is never held up by
 * failures from the same address, since many people may share one.
 */
export function byToken({ book, oauth }: Ways, trusted: BlockList, failures: Rates): SignIn {
  return async (req) => {
    const token = bearerOf(headerOf(req, 'authorization'));
    const found = await judge(token, req);
    if (typeof found === 'object' && (!('status' in found) || found.status !== 401)) return found;
    const wait = await failures.take(callerOf(req, trusted));
    if (wait > 0)
      return {
        status: 429,
        message: `Too many failed sign-ins from this address; come back in ${secondsOf(wait)} s.`,
        headers: { 'retry-after': secondsOf(wait) },
      };
    if (typeof found === 'object') return found;
    const challenge = oauth?.challenge(req, found === 'none' ? undefined : 'invalid_token') ?? 'Bearer';
    return { status: 401, message: WHY[found], headers: { 'www-authenticate': challenge } };
  };

  async function judge(
    token: string | undefined,
    req: IncomingMessage,
  ): Promise<Principal | Refusal | keyof typeof WHY> {
    if (token === undefined) return 'none';
    if (oauth !== undefined && (book === undefined || !isOwn(token))) return oauth.find(token, req);
    const found = (await book?.find(token)) ?? 'unknown';
    if (typeof found !== 'object') return found;
    return 'notHere' in found.known ? { status: 403, message: found.known.notHere } : found.known;
  }
}

const WHY = {
  none: 'A token is needed: send the header "Authorization: Bearer TOKEN". Whoever runs this server gives you one.',
  unknown: 'This token is not known, or was revoked. Ask whoever runs this server for a new one.',
  expired: 'This token has expired. Ask whoever runs this server for a new one.',
};
