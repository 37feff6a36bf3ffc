import type { Claims } from '../options.js';
import type { Store } from '../store.js';
import { digest } from './browser.js';
import { Refused } from './refused.js';
import { CODE_SECONDS, type Tokens, type Upstream } from './upstream.js';

/** How long a refresh token lasts that nobody uses. */
const REFRESH_MS = 30 * 86_400_000;

export interface TokenParts {
  scopes: readonly string[];
  upstream: () => Promise<Upstream>;
  store: Store;
}

/** The client that a code was made for. */
export interface Coded {
  clientId: string;
  redirectUri: string;
}

/** What is kept of a token: whom it stands for, or who may renew it, and the code that it goes back to. */
interface Access {
  claims: Claims;
  grant: string;
}
interface Renewal {
  clientId: string;
  grant: string;
}

/** Gives tokens for a code or for a refresh token, and knows whom each stands for. Digests of them alone are kept. */
export function tokensOf({ scopes, upstream, store }: TokenParts) {
  const keep = async ({ access, refresh, seconds, claims }: Tokens, { clientId, grant }: Renewal) => {
    const exp = Math.floor(Date.now() / 1000) + seconds;
    const kept: Access = { claims: { ...claims, exp }, grant };
    await store.set(`access:${digest(access)}`, kept, seconds * 1000);
    if (refresh !== undefined)
      await store.set(`refresh:${digest(refresh)}`, { clientId, grant } satisfies Renewal, REFRESH_MS);
    return {
      ...{ access_token: access, token_type: 'Bearer', expires_in: seconds },
      ...(refresh !== undefined && { refresh_token: refresh }),
      ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    };
  };

  /** True if the code was used twice. Asked at each use of a token, so it also ends those issued afterwards. */
  const hasEnded = async (grant: string) => (await store.get(`ended:${grant}`)) !== undefined;

  const byCode = async (params: Map<string, string>, clientId: string) => {
    const code = params.get('code') ?? '';
    const verifier = params.get('code_verifier');
    if (verifier === undefined) throw new Refused('invalid_request', 'PKCE is needed: the "code_verifier" is missing.');
    const grant = digest(code);
    const coded = (await store.take(`code:${grant}`)) as Coded | undefined;
    if (coded === undefined) {
      // Somebody may have stolen it: every token that goes back to it is worthless from now on.
      if ((await store.get(`made:${grant}`)) !== undefined) await store.set(`ended:${grant}`, true, REFRESH_MS);
      throw new Refused('invalid_grant', 'This code was used, or has expired. Sign in again.');
    }
    const uri = params.get('redirect_uri');
    if (coded.clientId !== clientId) throw new Refused('invalid_grant', 'This code was made for another client.');
    if (uri !== undefined && uri !== coded.redirectUri)
      throw new Refused('invalid_grant', 'This code was made for another "redirect_uri".');
    return keep(await (await upstream()).redeem(code, verifier), { clientId, grant });
  };

  const byRefresh = async (params: Map<string, string>, clientId: string) => {
    const token = params.get('refresh_token') ?? '';
    const key = `refresh:${digest(token)}`;
    const held = (await store.get(key)) as Renewal | undefined;
    if (held?.clientId !== clientId || (await hasEnded(held.grant)))
      throw new Refused(
        'invalid_grant',
        'This refresh token was used, has expired, or belongs to another client. Sign in again.',
      );
    const tokens = await (await upstream()).refresh(token);
    await store.take(key);
    return keep(tokens, held);
  };

  return {
    async keepCode(code: string, { clientId, redirectUri }: Coded): Promise<void> {
      const grant = digest(code);
      await store.set(`made:${grant}`, true, REFRESH_MS);
      await store.set(`code:${grant}`, { clientId, redirectUri } satisfies Coded, CODE_SECONDS * 1000);
    },
    async find(token: string): Promise<Claims | undefined> {
      const held = (await store.get(`access:${digest(token)}`)) as Access | undefined;
      return held === undefined || (await hasEnded(held.grant)) ? undefined : held.claims;
    },
    /** @throws Refused */
    give(params: Map<string, string>): Promise<object> {
      const clientId = params.get('client_id');
      if (clientId === undefined)
        return Promise.reject(new Refused('invalid_client', 'The "client_id" is missing.', 401));
      const grant = params.get('grant_type');
      if (grant === 'authorization_code') return byCode(params, clientId);
      if (grant === 'refresh_token') return byRefresh(params, clientId);
      return Promise.reject(new Refused('unsupported_grant_type', 'Codes and refresh tokens are taken here.'));
    },
  };
}
