// host/http/oauth/: signing in with tokens of an identity provider. Loaded only if the config has "http.oauth".
import type { IncomingMessage } from 'node:http';
import type { Server } from '../../../server.js';
import type { Refusal } from '../answer.js';
import type { Route } from '../gate.js';
import type { Principal } from '../principal.js';
import { challengeOf, metadataRoute } from './metadata.js';
import type { OAuthOptions, OAuthParts } from './options.js';
import { outsideBy } from './outside.js';
import { Principals } from './principals.js';
import { providerOf, REST_MS } from './provider.js';
import { issuerOf } from './proxy/kinds.js';
import { scopesOf } from './rules.js';
import { isLost, memoryStore, sharedStore } from './store.js';
import { type Judged, verify } from './verify.js';

/** Callers that sign in by OAuth. */
export interface OAuth {
  /** Who holds a token, or why it lets nobody in. */
  find(token: string, req: IncomingMessage): Promise<Principal | Refusal>;
  /** The challenge for a request without a token, or with a useless one. */
  challenge(req: IncomingMessage, error?: string): string;
  routes: Route;
  close(): void;
}

/** Asks nobody before the first caller comes, so that a provider that is down does not hold up the start. */
export async function openOAuth(
  server: Server,
  given: OAuthOptions,
  { log, behindProxy, trusted, rates, signIns, send }: OAuthParts,
): Promise<OAuth> {
  const { proxy: wanted } = given;
  const options = wanted === undefined ? given : { ...given, issuer: issuerOf(given.issuer, wanted) };
  const { issuer, audience, scopes } = options;
  const outside = outsideBy(send, options.wayTo);
  const provider = providerOf(options, outside);
  const principals = new Principals(server, options, log);
  const proxy =
    wanted &&
    (await import('./proxy/proxy.js')).openProxy(
      { ...options, proxy: wanted },
      {
        ...{ log, provider, outside, trusted, rates },
        store: signIns === undefined ? memoryStore() : sharedStore(signIns, `${wanted.publicUrl} ${issuer}`),
      },
    );
  const parts = { publicUrl: wanted?.publicUrl, behindProxy, issuer: wanted?.publicUrl ?? issuer, scopes };
  const metadata = metadataRoute(parts);
  const judge = async (token: string): Promise<Judged | 'lost'> => {
    const known = await proxy?.find(token).catch((error: unknown) => {
      if (isLost(error)) return 'lost';
      throw error;
    });
    // A person let the client have all that is asked for here.
    if (typeof known === 'object') return { claims: { ...known, scope: scopes.join(' ') } };
    const judged = audience === undefined ? 'invalid' : await verify(token, provider, { ...options, audience });
    // The token may be in the store, which can't be asked now.
    return judged === 'invalid' && known === 'lost' ? 'lost' : judged;
  };
  return {
    async find(token, req) {
      const judged = await judge(token);
      if (judged === 'unreachable') {
        log.warn({}, 'The identity provider can not be reached, so nobody can sign in by it.');
        return AWAY;
      }
      if (judged === 'lost') return LOST;
      if (typeof judged === 'string')
        return {
          status: 401,
          message: WHY[judged],
          headers: { 'www-authenticate': challengeOf(req, parts, 'invalid_token') },
        };
      const held = scopesOf(judged.claims);
      const missing = scopes.filter((scope) => !held.includes(scope));
      if (missing.length > 0)
        return {
          status: 403,
          message: `The token lacks the scope ${missing.join(' ')}. Sign in again, and grant it.`,
          headers: { 'www-authenticate': challengeOf(req, parts, 'insufficient_scope') },
        };
      const found = principals.of(judged.claims);
      return 'notHere' in found ? { status: 403, message: found.notHere } : found;
    },
    challenge: (req, error) => challengeOf(req, parts, error),
    routes: async (...asked) => (await metadata(...asked)) || ((await proxy?.routes(...asked)) ?? false),
    close() {
      principals.close();
      proxy?.close();
    },
  };
}

const AWAY: Refusal = {
  status: 503,
  message: 'The identity provider can not be reached, so the token can not be checked. Try again in a moment.',
  headers: { 'retry-after': Math.ceil(REST_MS / 1000) },
};

const LOST: Refusal = {
  status: 503,
  message: 'The store that the servers share does not answer, so the token can not be checked. Try again in a moment.',
  headers: { 'retry-after': 1 },
};

const WHY = {
  invalid: 'This token is not good here: it is from another issuer, was changed, or is not a token. Sign in again.',
  expired: 'This token has expired. Sign in again.',
  audience: 'This token was made for another server. Sign in to this one.',
};
