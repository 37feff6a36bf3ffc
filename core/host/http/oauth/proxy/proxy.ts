import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLoopback } from '../../../../loopback.js';
import { callerOf } from '../../address.js';
import { answerJson, refuse } from '../../answer.js';
import type { Route } from '../../gate.js';
import { secondsOf } from '../../limits.js';
import type { Claims, OAuthOptions, OAuthParts, ProxyOptions } from '../options.js';
import { type Outside, Unreachable } from '../outside.js';
import { type Provider, REST_MS } from '../provider.js';
import { isLost, type Store } from '../store.js';
import { clientsOf } from './clients.js';
import { documentsBy } from './documents.js';
import { serverMetadata } from './metadata.js';
import { answerPage, refusalPage, wantsPage } from './page.js';
import { form, json } from './read.js';
import { Refused } from './refused.js';
import { signInOf } from './sign-in.js';
import { tokensOf } from './tokens.js';
import { openUpstream, type Upstream } from './upstream.js';

/** The server's own sign-in, in front of an identity provider. */
export interface SignInProxy {
  routes: Route;
  /** Whom a token made here stands for. */
  find(token: string): Promise<Claims | undefined>;
  close(): void;
}

/** The parts of signing in. */
export interface SignInParts extends Pick<OAuthParts, 'log' | 'trusted' | 'rates'> {
  provider: Provider;
  outside: Outside;
  store: Store;
}

/** Requests of one address to what needs nobody to have signed in. */
const ASKED = { perMinute: 60, burst: 60 };

export function openProxy(
  options: OAuthOptions & { proxy: ProxyOptions },
  { log, provider, outside, store, trusted, rates }: SignInParts,
): SignInProxy {
  const { publicUrl, redirectUris } = options.proxy;
  const limits = rates('sign-in', ASKED);
  const documents = documentsBy({ outside, local: isLoopback(new URL(publicUrl).hostname) });
  const clients = clientsOf({ store, documents }, redirectUris);
  let opening: Promise<Upstream> | undefined;
  const upstream = () => {
    opening ??= openUpstream(options, { log, provider, outside, store }).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  const tokens = tokensOf({ publicUrl, scopes: options.scopes, upstream, store });
  const signIn = signInOf({ publicUrl, issuer: options.issuer, clients, upstream, store, keepCode: tokens.keepCode });
  const endpoints: Record<string, [method: string, answer: (req: IncomingMessage, res: ServerResponse) => unknown]> = {
    '/oauth/register': [
      'POST',
      async (req, res) => {
        const { id, name, redirectUris: uris } = await clients.register(await json(req));
        answerJson(res, 201, {
          ...{ client_id: id, client_id_issued_at: Math.floor(Date.now() / 1000), client_name: name },
          ...{ redirect_uris: uris, token_endpoint_auth_method: 'none', response_types: ['code'] },
          grant_types: ['authorization_code', 'refresh_token'],
        });
      },
    ],
    '/oauth/authorize': ['GET', signIn.authorize],
    '/oauth/consent': ['POST', signIn.consent],
    '/oauth/callback': ['GET', signIn.callback],
    '/oauth/token': ['POST', async (req, res) => answerJson(res, 200, await tokens.give(await form(req)))],
    '/.well-known/oauth-authorization-server': [
      'GET',
      (_, res) => answerJson(res, 200, serverMetadata(publicUrl, options.scopes)),
    ],
  };
  return {
    async routes(req, res, path) {
      if (!Object.hasOwn(endpoints, path)) return false;
      const [method, answer] = endpoints[path] as (typeof endpoints)[string];
      if (req.method !== method) {
        refuse(res, { status: 405, message: `Only ${method} is served here.`, headers: { allow: method } });
        return true;
      }
      const wait = await limits.take(callerOf(req, trusted));
      try {
        if (wait > 0)
          throw new Refused('temporarily_unavailable', `Too many requests; come back in ${secondsOf(wait)} s.`, 429);
        await answer(req, res);
      } catch (error) {
        const { status, code, message } = refusedOf(error);
        const headers = { ...(status === 429 && { 'retry-after': secondsOf(wait) }), ...(status === 503 && AWAY) };
        if (wantsPage(req)) answerPage(res, status, refusalPage(message), headers);
        else answerJson(res, status, { error: code, error_description: message }, headers);
      }
      return true;
    },
    find: tokens.find,
    close: () => void opening?.then((open) => open.close()).catch(() => undefined),
  };
}

const AWAY = { 'retry-after': Math.ceil(REST_MS / 1000) };

function refusedOf(error: unknown): Refused {
  if (error instanceof Refused) return error;
  const who = isLost(error) ? 'The store that the servers share' : 'The identity provider';
  if (!isLost(error) && !(error instanceof Unreachable)) throw error;
  return new Refused('temporarily_unavailable', `${who} can not be reached. Try again in a moment.`, 503);
}
