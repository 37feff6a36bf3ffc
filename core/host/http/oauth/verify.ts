import { errors, jwtVerify } from 'jose';
import type { Claims, OAuthOptions } from './options.js';
import { Unreachable } from './outside.js';
import type { Provider } from './provider.js';

/** What a token says, or why it is rejected. */
export type Judged = { claims: Claims } | 'invalid' | 'expired' | 'audience' | 'unreachable';

/** The clocks of two machines may differ by this many seconds. */
const TOLERANCE = 5;
/** No real name is longer. */
const LONGEST_SUBJECT = 255;

/** The types a token may name: an access token (RFC 9068) or, as with most providers, a plain JWT, if any. */
const KIND = /^(application\/)?(at\+)?jwt$/i;

/** Verifies a token's signature, who issued it, for whom, and when. It is stored nowhere. */
export async function verify(
  token: string,
  provider: Provider,
  { issuer, audience, algorithms }: Pick<OAuthOptions, 'issuer' | 'algorithms'> & { audience: string },
): Promise<Judged> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, provider.key, {
      ...{ issuer, audience, algorithms: [...algorithms], clockTolerance: TOLERANCE },
      requiredClaims: ['exp', 'sub'],
    });
    const { sub } = payload;
    const isName = typeof sub === 'string' && sub !== '' && sub.length <= LONGEST_SUBJECT;
    return isName && KIND.test(protectedHeader.typ ?? 'JWT') ? { claims: payload } : 'invalid';
  } catch (error) {
    if (error instanceof Unreachable) return 'unreachable';
    if (error instanceof errors.JWTExpired) return 'expired';
    if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') return 'audience';
    return 'invalid';
  }
}
