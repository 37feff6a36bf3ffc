import type { Claims } from '../options.js';
import { LONGEST_MS, type Store } from '../store.js';
import { digest } from './browser.js';
import { faultOfResource } from './read.js';
import { Refused } from './refused.js';
import { CODE_SECONDS, isAway, type Tokens, type Upstream } from './upstream.js';

/** A refresh token used again within this time comes from a client that asked twice at once. */
const TWICE_MS = 30_000;

export interface TokenParts {
  publicUrl: string;
  scopes: readonly string[];
  upstream: () => Promise<Upstream>;
  store: Store;
}

/** The client that a code was made for. */
export interface Coded {
  clientId: string;
  redirectUri: string;
}

/** What is kept of a token: whom it stands for or who may renew it, and the grant that it comes from. */
interface Access {
  claims: Claims;
  grant: string;
}
interface Renewal {
  clientId: string;
  grant: string;
  /** The token to renew with instead, if the provider renewed this one and the client could not be told. */
  goesOnBy?: string | undefined;
}
interface Spent {
  grant: string;
  /** In epoch milliseconds. */
  at: number;
}

/** Gives tokens for a code or for a refresh token, and knows whom each stands for. Digests of them alone are kept. */
export function tokensOf({ publicUrl, scopes, upstream, store }: TokenParts) {
  const keep = async ({ access, refresh, seconds }: Tokens, claims: Claims, { clientId, grant }: Renewal) => {
    const exp = Math.floor(Date.now() / 1000) + seconds;
    const kept: Access = { claims: { ...claims, exp }, grant };
    await store.set(`access:${digest(access)}`, kept, seconds * 1000);
    if (refresh !== undefined)
      await store.set(`refresh:${digest(refresh)}`, { clientId, grant } satisfies Renewal, LONGEST_MS);
    return {
      ...{ access_token: access, token_type: 'Bearer', expires_in: seconds },
      ...(refresh !== undefined && { refresh_token: refresh }),
      ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    };
  };

  /** A token of this grant may have been stolen, so all of them are worthless from now on. */
  const end = (grant: string) => store.set(`ended:${grant}`, true, LONGEST_MS);
  /** Checked at each use of a token, so that tokens issued later end as well. */
  const hasEnded = async (grant: string) => (await store.get(`ended:${grant}`)) !== undefined;

  const byCode = async (params: Map<string, string>, clientId: string) => {
    const code = params.get('code') ?? '';
    const verifier = params.get('code_verifier');
    if (verifier === undefined) throw new Refused('invalid_request', 'PKCE is needed: the "code_verifier" is missing.');
    const provider = await upstream();
    const grant = digest(code);
    const coded = (await store.take(`code:${grant}`)) as Coded | undefined;
    if (coded === undefined) {
      if ((await store.get(`made:${grant}`)) !== undefined) await end(grant);
      throw new Refused('invalid_grant', 'This code was used, or has expired. Sign in again.');
    }
    const uri = params.get('redirect_uri');
    if (coded.clientId !== clientId) throw new Refused('invalid_grant', 'This code was made for another client.');
    if (uri !== undefined && uri !== coded.redirectUri)
      throw new Refused('invalid_grant', 'This code was made for another "redirect_uri".');
    const tokens = await provider.redeem(code, verifier);
    return keep(tokens, await provider.claims(tokens.access), { clientId, grant });
  };

  const endIfSpent = async (name: string) => {
    const spent = (await store.get(`spent:${name}`)) as Spent | undefined;
    if (spent !== undefined && Date.now() - spent.at > TWICE_MS) await end(spent.grant);
  };

  const byRefresh = async (params: Map<string, string>, clientId: string) => {
    const token = params.get('refresh_token') ?? '';
    const name = digest(token);
    const held = (await store.get(`refresh:${name}`)) as Renewal | undefined;
    if (held === undefined) await endIfSpent(name);
    if (held?.clientId !== clientId || (await hasEnded(held.grant)))
      throw new Refused(
        'invalid_grant',
        'This refresh token was used, has expired, or belongs to another client. Sign in again.',
      );
    const provider = await upstream();
    const tokens = await provider.refresh(held.goesOnBy ?? token);
    const claims = await provider.claims(tokens.access).catch(async (error: unknown) => {
      if (isAway(error))
        await store.set(`refresh:${name}`, { ...held, goesOnBy: tokens.refresh } satisfies Renewal, LONGEST_MS);
      throw error;
    });
    await store.set(`spent:${name}`, { grant: held.grant, at: Date.now() } satisfies Spent, LONGEST_MS);
    await store.take(`refresh:${name}`);
    return keep(tokens, claims, held);
  };

  return {
    async keepCode(code: string, { clientId, redirectUri }: Coded): Promise<void> {
      const grant = digest(code);
      await store.set(`made:${grant}`, true, LONGEST_MS);
      await store.set(`code:${grant}`, { clientId, redirectUri } satisfies Coded, CODE_SECONDS * 1000);
    },
    async find(token: string): Promise<Claims | undefined> {
      const held = (await store.get(`access:${digest(token)}`)) as Access | undefined;
      return held === undefined || (await hasEnded(held.grant)) ? undefined : held.claims;
    },
    /** @throws Refused */
    async give(params: Map<string, string>): Promise<object> {
      const clientId = params.get('client_id');
      if (clientId === undefined) throw new Refused('invalid_client', 'The "client_id" is missing.', 401);
      const fault = faultOfResource(params, publicUrl);
      if (fault !== undefined) throw fault;
      const grant = params.get('grant_type');
      if (grant === 'authorization_code') return byCode(params, clientId);
      if (grant === 'refresh_token') return byRefresh(params, clientId);
      throw new Refused('unsupported_grant_type', 'Codes and refresh tokens are taken here.');
    },
  };
}
