import type { IncomingMessage } from 'node:http';
import type { BlockList } from 'node:net';
import type { Rate, Rates } from '../../store/rates.js';
import { addressOf } from './address.js';
import type { Refusal } from './answer.js';
import { secondsOf } from './limits.js';
import { headerOf } from './names.js';
import type { NotHere, Principal } from './principal.js';
import type { TokenBook } from './tokens/book.js';
import { bearerOf } from './tokens/token.js';

/** Finds out who asks, or why nobody is let in. */
export type SignIn = (req: IncomingMessage) => Promise<Principal | Refusal>;

/** Failed sign-ins of one address. */
export const FAILED: Rate = { perMinute: 10, burst: 10 };

/** Of nobody whom a token names: whoever reaches the port may call. */
export const anybody =
  (principal: Principal): SignIn =>
  async () =>
    principal;

/**
 * By the tokens of a file. A good token is never held up by failures that came from the same address, as many people
 * may share one.
 */
export function byToken(book: TokenBook<Principal | NotHere>, trusted: BlockList, failures: Rates): SignIn {
  return async (req) => {
    const token = bearerOf(headerOf(req, 'authorization'));
    const found = token === undefined ? 'none' : await book.find(token);
    if (typeof found === 'object')
      return 'notHere' in found.known ? { status: 403, message: found.known.notHere } : found.known;
    const wait = await failures.take(addressOf(req, trusted));
    if (wait > 0)
      return {
        status: 429,
        message: `Too many failed sign-ins from this address; come back in ${secondsOf(wait)} s.`,
        headers: { 'retry-after': secondsOf(wait) },
      };
    return { status: 401, message: WHY[found], headers: { 'www-authenticate': 'Bearer' } };
  };
}

const WHY = {
  none: 'A token is needed: send the header "Authorization: Bearer TOKEN". Whoever runs this server gives you one.',
  unknown: 'This token is not known, or was revoked. Ask whoever runs this server for a new one.',
  expired: 'This token has expired. Ask whoever runs this server for a new one.',
};
