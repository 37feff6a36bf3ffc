// host/http/oauth/: signing in by tokens of an identity provider. Loaded where the config has "http.oauth" alone.
import type { IncomingMessage } from 'node:http';
import type { BlockList } from 'node:net';
import type { Log } from '../../../logger.js';
import type { Server } from '../../../server.js';
import type { Refusal } from '../answer.js';
import type { Route } from '../gate.js';
import type { Principal } from '../principal.js';
import { challengeOf, metadataRoute } from './metadata.js';
import type { OAuthOptions } from './options.js';
import { Principals } from './principals.js';
import { providerOf, REST_MS } from './provider.js';
import { scopesOf } from './rules.js';
import { type Judged, verify } from './verify.js';

/** Callers that sign in by OAuth. */
export interface OAuth {
  /** Who holds a token, or why nobody is let in by it. */
  find(token: string, req: IncomingMessage): Promise<Principal | Refusal>;
  /** The challenge of a request that has no token, or one of no use. */
  challenge(req: IncomingMessage, error?: string): string;
  routes: Route;
  close(): void;
}

/** Nobody is asked before the first caller comes, so that a provider that is away does not hold up the start. */
export async function openOAuth(
  server: Server,
  options: OAuthOptions,
  { log, behindProxy }: { log: Log; behindProxy: boolean; trusted: BlockList },
): Promise<OAuth> {
  const { issuer, audience, scopes } = options;
  const provider = providerOf(options);
  const principals = new Principals(server, options, log);
  const parts = { publicUrl: undefined, behindProxy, issuer, scopes };
  const judge = (token: string): Promise<Judged> =>
    audience === undefined ? Promise.resolve('invalid') : verify(token, provider, { ...options, audience });
  return {
    async find(token, req) {
      const judged = await judge(token);
      if (judged === 'unreachable') {
        log.warn({}, 'The identity provider can not be reached, so nobody can sign in by it.');
        return AWAY;
      }
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
    routes: metadataRoute(parts),
    close: () => principals.close(),
  };
}

const AWAY: Refusal = {
  status: 503,
  message: 'The identity provider can not be reached, so the token can not be checked. Try again in a moment.',
  headers: { 'retry-after': Math.ceil(REST_MS / 1000) },
};

const WHY = {
  invalid: 'This token is not good here: it is of another issuer, was changed, or is none. Sign in again.',
  expired: 'This token has expired. Sign in again.',
  audience: 'This token was made for another server. Sign in to this one.',
};
