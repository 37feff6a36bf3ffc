import type { Claims } from '../options.js';
import type { Store } from '../store.js';
import { digest } from './browser.js';
import { Refused } from './refused.js';
import type { Coded } from './sign-in.js';
import type { Tokens, Upstream } from './upstream.js';

/** How long an unused refresh token lasts. */
const REFRESH_MS = 30 * 86_400_000;

export interface TokenParts {
  scopes: readonly string[];
  upstream: () => Promise<Upstream>;
  store: Store;
}

/** Gives tokens for a code or for a refresh token, and knows whom each stands for. Digests of them alone are kept. */
export function tokensOf({ scopes, upstream, store }: TokenParts) {
  const keep = async ({ access, refresh, seconds, claims }: Tokens, clientId: string) => {
    const exp = Math.floor(Date.now() / 1000) + seconds;
    await store.set(`access:${digest(access)}`, { ...claims, exp }, seconds * 1000);
    if (refresh !== undefined) await store.set(`refresh:${digest(refresh)}`, { clientId }, REFRESH_MS);
    return {
      ...{ access_token: access, token_type: 'Bearer', expires_in: seconds },
      ...(refresh !== undefined && { refresh_token: refresh }),
      ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    };
  };

  const byCode = async (params: Map<string, string>, clientId: string) => {
    const code = params.get('code') ?? '';
    const verifier = params.get('code_verifier');
    if (verifier === undefined) throw new Refused('invalid_request', 'PKCE is needed: the "code_verifier" is missing.');
    const key = digest(code);
    const coded = (await store.take(`code:${key}`)) as Coded | undefined;
    if (coded === undefined) {
      // Whoever has it a second time may have stolen it: what it gave the first time is worth nothing from now on.
      for (const given of ((await store.take(`given:${key}`)) ?? []) as string[]) await store.take(given);
      throw new Refused('invalid_grant', 'This code was used, or has expired. Sign in again.');
    }
    const uri = params.get('redirect_uri');
    if (coded.clientId !== clientId) throw new Refused('invalid_grant', 'This code was made for another client.');
    if (uri !== undefined && uri !== coded.redirectUri)
      throw new Refused('invalid_grant', 'This code was made for another "redirect_uri".');
    const tokens = await (await upstream()).redeem(code, verifier);
    const { access, refresh, seconds } = tokens;
    const given = [`access:${digest(access)}`, ...(refresh === undefined ? [] : [`refresh:${digest(refresh)}`])];
    await store.set(`given:${key}`, given, seconds * 1000);
    return keep(tokens, clientId);
  };

  const byRefresh = async (params: Map<string, string>, clientId: string) => {
    const token = params.get('refresh_token') ?? '';
    const key = `refresh:${digest(token)}`;
    const held = (await store.get(key)) as { clientId: string } | undefined;
    if (held?.clientId !== clientId)
      throw new Refused(
        'invalid_grant',
        'This refresh token was used, has expired, or belongs to another client. Sign in again.',
      );
    const tokens = await (await upstream()).refresh(token);
    await store.take(key);
    return keep(tokens, clientId);
  };

  return {
    async find(token: string): Promise<Claims | undefined> {
      return (await store.get(`access:${digest(token)}`)) as Claims | undefined;
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
