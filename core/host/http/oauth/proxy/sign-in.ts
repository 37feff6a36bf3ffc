import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Store } from '../store.js';
import { browserOf, digest, known, SIGN_IN_MS, ticket } from './browser.js';
import type { Clients } from './clients.js';
import { answerPage, consentPage } from './page.js';
import { faultOfResource, form, once } from './read.js';
import { isRegistered } from './redirects.js';
import { Refused } from './refused.js';
import type { Coded } from './tokens.js';
import type { Upstream } from './upstream.js';

/** A sign-in that has begun: who requested it, and in which browser. */
interface Asked {
  clientId: string;
  redirectUri: string;
  state: string | undefined;
  challenge: string;
  browser: string;
}

export interface SignInParts {
  publicUrl: string;
  /** Where people sign in. */
  issuer: string;
  clients: Clients;
  upstream: () => Promise<Upstream>;
  store: Store;
  /** Keeps the code that is sent to a client. */
  keepCode: (code: string, asked: Coded) => Promise<void>;
}

const CHALLENGE = /^[\w-]{43}$/;

/** From a client's first word to the code that it gets, each step good once, and in the browser that began alone. */
export function signInOf({ publicUrl, issuer, clients, upstream, store, keepCode }: SignInParts) {
  /** Sends the browser back to the client. */
  const back = (res: ServerResponse, { redirectUri, state }: Pick<Asked, 'redirectUri' | 'state'>, said: object) => {
    const to = new URL(redirectUri);
    for (const [name, value] of Object.entries({ ...said, ...(state !== undefined && { state }), iss: publicUrl }))
      to.searchParams.set(name, String(value));
    res.writeHead(302, { location: to.href, 'content-length': 0 }).end();
  };
  /** Takes what was begun under a ticket in this browser; it can be taken only once. */
  const taken = async (kind: 'asked' | 'leg', secret: string | undefined, req: IncomingMessage): Promise<Asked> => {
    const asked = secret && ((await store.take(`${kind}:${digest(secret)}`)) as Asked | undefined);
    if (!asked)
      throw new Refused('invalid_request', 'This sign-in is not known, was used, or took too long. Start again.');
    if (asked.browser === browserOf(req, publicUrl)) return asked;
    throw new Refused('access_denied', 'This sign-in was started in another browser. Start again.', 403);
  };

  return {
    async authorize(req: IncomingMessage, res: ServerResponse): Promise<void> {
      const params = once(new URL(req.url ?? '', publicUrl).searchParams);
      const client = await clients.find(params.get('client_id') ?? '');
      const redirectUri = params.get('redirect_uri') ?? '';
      if (!isRegistered(redirectUri, client.redirectUris))
        throw new Refused('invalid_request', 'The "redirect_uri" is not one that this client has registered.');
      const state = params.get('state');
      const fault = faultOf(params, publicUrl);
      if (fault !== undefined)
        return back(res, { redirectUri, state }, { error: fault.code, error_description: fault.message });
      const { browser, cookie } = known(req, publicUrl);
      const secret = ticket();
      const challenge = params.get('code_challenge') ?? '';
      const asked: Asked = { clientId: client.id, redirectUri, state, challenge, browser };
      await store.set(`asked:${digest(secret)}`, asked, SIGN_IN_MS);
      const page = consentPage({
        client: client.name,
        clientId: client.id,
        to: redirectUri,
        at: issuer,
        ticket: secret,
      });
      answerPage(res, 200, page, { 'set-cookie': cookie });
    },

    async consent(req: IncomingMessage, res: ServerResponse): Promise<void> {
      const params = await form(req);
      const action = params.get('action');
      if (action !== 'approve' && action !== 'deny') throw new Refused('invalid_request', 'Say whether to go on.');
      const asked = await taken('asked', params.get('ticket'), req);
      if (action === 'deny')
        return back(res, asked, { error: 'access_denied', error_description: 'You did not allow it.' });
      const { to, state } = await (await upstream()).begin(asked.challenge);
      await store.set(`leg:${digest(state)}`, asked, SIGN_IN_MS);
      res.writeHead(302, { location: to, 'content-length': 0 }).end();
    },

    async callback(req: IncomingMessage, res: ServerResponse): Promise<void> {
      const query = new URL(req.url ?? '', publicUrl).searchParams;
      const params = once(query);
      const asked = await taken('leg', params.get('state'), req);
      if (params.has('error'))
        return back(res, asked, {
          error: 'access_denied',
          error_description: 'The identity provider did not sign you in.',
        });
      const code = await (await upstream()).finish(query);
      await keepCode(code, asked);
      back(res, asked, { code });
    },
  };
}

/** What is wrong with a request, if its client may be told. */
function faultOf(params: Map<string, string>, publicUrl: string): Refused | undefined {
  if (params.get('response_type') !== 'code')
    return new Refused('unsupported_response_type', 'Only the response type "code" is served.');
  if (!CHALLENGE.test(params.get('code_challenge') ?? '') || params.get('code_challenge_method') !== 'S256')
    return new Refused('invalid_request', 'PKCE is needed: a "code_challenge" by the method S256.');
  return faultOfResource(params, publicUrl);
}
