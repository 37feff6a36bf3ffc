import { setTimeout as delay } from 'node:timers/promises';
import { OAuthProxy, type TokenStorage } from 'fastmcp/auth';
import type { Incoming } from '../../../../halo/http.js';
import type { Claims, OAuthOptions, OAuthParts, ProxyOptions } from '../options.js';
import { isSafe, type Outside, Unreachable } from '../outside.js';
import type { Provider } from '../provider.js';
import { isLost, type Store } from '../store.js';
import { verify } from '../verify.js';
import { KINDS } from './kinds.js';
import { Refused } from './refused.js';

/** How many seconds an authorisation code is valid. */
export const CODE_SECONDS = 60;
/** The only address that fastmcp's proxy sends anybody to; nobody ever goes there. */
const INNER = 'http://127.0.0.1/front';
/** The proxy's only client: the front, the same on every server. */
const FRONT = { clientId: 'front', callbackUrl: INNER, redirectUris: [INNER], registeredAt: new Date(0) };

/** The way to the identity provider and back: fastmcp's proxy, with the server's own front as its only client. */
export interface Upstream {
  /** @returns where to send the browser to, and the state that it comes back with */
  begin(challenge: string): Promise<{ to: string; state: string }>;
  /** @returns the code that the front's client gets */
  finish(query: URLSearchParams): Promise<string>;
  redeem(code: string, verifier: string): Promise<Tokens>;
  refresh(token: string): Promise<Tokens>;
  /** The claims of the caller that an access token stands for. */
  claims(access: string): Promise<Claims>;
  close(): void;
}

/** What a client gets. */
export interface Tokens {
  access: string;
  refresh: string | undefined;
  seconds: number;
}

export interface UpstreamParts extends Pick<OAuthParts, 'log'> {
  provider: Provider;
  outside: Outside;
  store: Store;
}

/** @throws Unreachable if the provider's discovery document can't be used */
export async function openUpstream(
  options: OAuthOptions & { proxy: ProxyOptions },
  { log, provider, outside, store }: UpstreamParts,
): Promise<Upstream> {
  const { issuer, proxy: wanted } = options;
  const { clientId, clientSecret, publicUrl } = wanted;
  const kind = KINDS[wanted.provider];
  const scopes = [...(wanted.scopes ?? kind.scopes)];
  const isGitHub = wanted.provider === 'github';
  const { authorize, token } = isGitHub
    ? { authorize: `${issuer}/login/oauth/authorize`, token: `${issuer}/login/oauth/access_token` }
    : await endpointsOf(provider);
  const proxy = new OAuthProxy({
    ...{ baseUrl: publicUrl, redirectPath: '/oauth/callback', scopes, tokenStorage: storageOn(store) },
    // The store encrypts.
    ...{ encryptionKey: false as const, jwtSigningKey: store.signingKey.toString('base64') },
    ...{ upstreamAuthorizationEndpoint: authorize, upstreamTokenEndpoint: token },
    ...{ upstreamClientId: clientId, upstreamClientSecret: clientSecret },
    upstreamTokenEndpointAuthMethod: isGitHub ? 'client_secret_post' : 'client_secret_basic',
    ...{ allowPlainPkce: false, authorizationCodeTtl: CODE_SECONDS, enableTokenSwap: true, enableCimd: false },
    // The front asks the person, and binds the answer to the browser. Claims are read by us, after a check.
    ...{ consentRequired: false, customClaimsPassthrough: false, allowedRedirectUriPatterns: [INNER] },
    ...(kind.more && { extraAuthorizationParams: kind.more }),
  });
  const own = proxy as unknown as { restoreMapping(...given: unknown[]): Promise<void> };
  const restore = own.restoreMapping.bind(proxy);
  Object.assign(proxy, {
    // The proxy's own method gives up if the store is lost just then, which would end the sign-in.
    restoreMapping: (...given: unknown[]) => restore(...given).catch(() => void untilDone(() => restore(...given))),
    // The proxy's own request would bypass the network's proxy.
    async fetchUpstream(form: Record<string, string>, headers: Record<string, string>) {
      const answer = await outside.post(token, form, headers);
      const error = errorIn(answer);
      if (OF_THE_SERVER.includes(error))
        log.error(
          { error },
          'The identity provider rejects this server. Check "http.oauth.proxy": its client ID and secret',
        );
      if (OF_THE_SERVER.includes(error) || PASSING.includes(error)) throw new Unreachable(`it answered ${error}`);
      const { status, headers: given, body } = answer;
      return new Response(body, { status, headers: { 'content-type': String(given['content-type'] ?? '') } });
    },
  });

  const claims = async (access: string): Promise<Claims> => {
    const held = await proxy.loadUpstreamTokens(access);
    if (held === null) throw refusedBy();
    if (isGitHub) return gitHubClaims(issuer, held.accessToken, outside);
    if (held.idToken === undefined) throw refusedBy();
    const judged = await verify(held.idToken, provider, { ...options, audience: clientId });
    if (judged === 'unreachable') throw new Unreachable('its keys can not be read');
    if (typeof judged === 'string') throw refusedBy();
    return judged.claims;
  };
  const tokensOf = async (asked: ReturnType<OAuthProxy['exchangeRefreshToken']>): Promise<Tokens> => {
    const {
      access_token: access,
      refresh_token: refresh,
      expires_in: seconds,
    } = await asked.catch((error: unknown) => {
      if (isAway(error)) throw error;
      throw new Refused('invalid_grant', 'It was used, has expired, or belongs to somebody else. Sign in again.');
    });
    return { access, refresh, seconds };
  };
  return {
    async begin(challenge) {
      const sent = await proxy.authorize({
        ...{ client_id: FRONT.clientId, redirect_uri: INNER, response_type: 'code', scope: scopes.join(' ') },
        ...{ code_challenge: challenge, code_challenge_method: 'S256' },
      });
      const to = sent.headers.get('location') ?? '';
      return { to, state: new URL(to).searchParams.get('state') ?? '' };
    },
    async finish(query) {
      const back = await proxy
        .handleCallback(new Request(`${publicUrl}/oauth/callback?${query}`))
        .catch((error: unknown) => {
          throw isAway(error) ? error : refusedBy();
        });
      return new URL(back.headers.get('location') ?? '').searchParams.get('code') ?? '';
    },
    redeem: (code, verifier) =>
      tokensOf(
        proxy.exchangeAuthorizationCode({
          ...{ grant_type: 'authorization_code', client_id: FRONT.clientId, client_secret: '', redirect_uri: INNER },
          ...{ code, code_verifier: verifier },
        }),
      ),
    refresh: (token) =>
      tokensOf(
        proxy.exchangeRefreshToken({
          ...{ grant_type: 'refresh_token', client_id: FRONT.clientId, client_secret: '', refresh_token: token },
        }),
      ),
    claims,
    close: () => proxy.destroy(),
  };
}

/** Errors that are the fault of this server, not of a sign-in, as RFC 6749 and GitHub name them. */
const OF_THE_SERVER: readonly unknown[] = ['invalid_client', 'unauthorized_client', 'incorrect_client_credentials'];
/** Errors that are the provider's own fault. */
const PASSING: readonly unknown[] = ['server_error', 'temporarily_unavailable', 'slow_down'];

/** The error in an answer that should hold tokens; undefined if it does. @throws Unreachable for any other page */
function errorIn({ headers, body }: Incoming): unknown {
  const said = /x-www-form-urlencoded/i.test(String(headers['content-type']))
    ? Object.fromEntries(new URLSearchParams(body))
    : jsonOf(body);
  const { access_token: token, error } = (said ?? {}) as Record<string, unknown>;
  if (typeof token !== 'string' && typeof error !== 'string') throw new Unreachable('its answer can not be read');
  return error;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** True for a temporary failure, which says nothing about the caller. */
export const isAway = (error: unknown) => error instanceof Unreachable || isLost(error);

const refusedBy = () => new Refused('invalid_grant', 'The identity provider did not vouch for you. Sign in again.');

async function endpointsOf(provider: Provider) {
  const found = await provider.discovery();
  const [authorize, token] = [found.authorization_endpoint, found.token_endpoint].map(String);
  if (authorize === undefined || token === undefined || !isSafe(authorize) || !isSafe(token))
    throw new Unreachable('it does not say where to sign in');
  return { authorize, token };
}

/** How often, and at what interval, to try again while the store is lost. */
const AGAIN = { times: 120, everyMs: 500 };

async function untilDone(work: () => Promise<void>): Promise<void> {
  for (let left = AGAIN.times; left > 0; left -= 1)
    try {
      return await work();
    } catch {
      await delay(AGAIN.everyMs, undefined, { ref: false });
    }
}

/** GitHub signs nothing: who somebody is, and in which organisations, is asked of its API. */
async function gitHubClaims(issuer: string, token: string, outside: Outside): Promise<Claims> {
  const api = issuer === KINDS.github.issuer ? 'https://api.github.com' : `${issuer}/api/v3`;
  const headers = { authorization: `Bearer ${token}`, 'user-agent': 'halo-psa-mcp' };
  const [user, orgs] = await Promise.all([
    outside.object(`${api}/user`, { headers }),
    outside.json(`${api}/user/orgs?per_page=100`, { headers }),
  ]);
  if (typeof user.id !== 'number') throw refusedBy();
  const groups = Array.isArray(orgs) ? orgs.map((org: { login?: unknown }) => org?.login) : [];
  return { sub: String(user.id), login: user.login, groups };
}

const storageOn = (store: Store): TokenStorage => ({
  get: async (key) => (key === `client:${FRONT.clientId}` ? FRONT : ((await store.get(`proxy:${key}`)) ?? null)),
  save: (key, value, seconds = 3600) => store.set(`proxy:${key}`, value, seconds * 1000),
  take: async (key) => (await store.take(`proxy:${key}`)) ?? null,
  delete: async (key) => void (await store.take(`proxy:${key}`)),
  cleanup: async () => undefined,
});
