/** An identity provider, and the steps by which a client and a browser sign in at a team server in front of it. */
import { createHash, randomBytes } from 'node:crypto';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { OAuth2Server } from 'oauth2-mock-server';
import { expect } from 'vitest';
import type { OAuthOptions, Rule } from '../../core/host/http/oauth/options.js';
import type { Json } from '../session.js';
import { type Answered, rpc, send, signed } from './team.js';

/** Where the client wants its browser to come back to. */
export const BACK = 'http://127.0.0.1:40001/back';
export const SECRET = 'the-secret-of-the-provider-0123456789';

export interface TestProvider {
  issuer: string;
  /** Where it is, whatever it says. */
  at: string;
  /** What it says about the next person to sign in. */
  person: Json;
  /** What its next tokens have in their headers besides. */
  header: Json;
  /** Called before it answers with tokens. */
  onAsked: () => void;
  /** The requests to its token endpoint. */
  readonly asked: string[];
  stop(): Promise<void>;
}

/** @param issuer the name that it goes by, where that is another than its address */
export async function startProvider(issuer?: string): Promise<TestProvider> {
  const idp = new OAuth2Server();
  await idp.issuer.keys.generate('RS256');
  await idp.start(0, '127.0.0.1');
  const at = `http://127.0.0.1:${idp.address().port}`;
  idp.issuer.url = issuer ?? at;
  const provider: TestProvider = {
    ...{ at, issuer: issuer ?? at, person: { sub: 'alice', groups: ['desk'] } },
    ...{ header: {}, onAsked: () => undefined, asked: [] },
    stop: () => idp.stop(),
  };
  idp.service.on('beforeTokenSigning', ({ header, payload }: Record<'header' | 'payload', Json>) => {
    Object.assign(header, provider.header);
    Object.assign(payload, provider.person);
  });
  idp.service.on('beforeResponse', ({ body }: { body: Json }, { body: asked }: { body: Json }) => {
    provider.asked.push(JSON.stringify(asked));
    provider.onAsked();
    body.refresh_token ??= randomBytes(8).toString('hex');
  });
  return provider;
}

/** Lets the provider answer a request that came to somebody in front of it. */
export function passOn({ at }: TestProvider, req: IncomingMessage, res: ServerResponse): void {
  const { method, url, headers } = req;
  const there = request(`${at}${url}`, { method, headers }, (answer) => {
    res.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(res);
  });
  req.pipe(there);
}

/** A server in front of it, for those of the group `desk`. */
export const inFront = (
  { issuer }: TestProvider,
  publicUrl: string,
  rights: Partial<Rule> = { tools: ['list_agents'] },
): OAuthOptions => ({
  ...{ issuer, audience: undefined, jwksUri: undefined, algorithms: ['RS256'], scopes: ['mcp'] },
  rules: [{ claim: 'groups', values: ['desk'], ...rights }],
  proxy: {
    ...{ provider: 'oidc', clientId: 'halo-mcp', clientSecret: SECRET, publicUrl },
    ...{ scopes: undefined, redirectUris: ['https://app.example.com/back'] },
  },
});

export interface Begun {
  client: string;
  verifier: string;
  cookie: string;
  ticket: string;
}

let last = 0;
/** Each request comes from an address of its own, so that none is held up by those before it. */
const fromElsewhere = () => ({ 'x-forwarded-for': `198.51.${Math.floor(++last / 250)}.${last % 250}` });

export const pkce = () => {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
};
export const targetOf = ({ headers }: Answered) => new URL(String(headers.location));
export const pathOf = ({ pathname, search }: URL) => pathname + search;
export const refusedAs = (answer: Answered, status: number, error: string) =>
  expect({ status: answer.status, json: answer.json }).toMatchObject({ status, json: { error } });

/** The steps at one server. @param at the server that is asked, and the address that all of them are known by */
export function stepsAt(at: () => { url: string; publicUrl: string }) {
  // As a balancer passes it on.
  const fresh = () => ({ host: new URL(at().publicUrl).host, ...fromElsewhere() });
  const get = (path: string, headers: Record<string, string> = {}) =>
    send(at().url, { method: 'GET', path, headers: { ...fresh(), ...headers } });
  const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    send(at().url, {
      path,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...fresh(), ...headers },
      body: new URLSearchParams(form).toString(),
    });
  const register = (metadata: object) =>
    send(at().url, {
      path: '/oauth/register',
      headers: { 'content-type': 'application/json', ...fresh() },
      body: JSON.stringify(metadata),
    });
  const clientId = async (uris = [BACK]) => {
    const { status, json } = await register({ redirect_uris: uris, client_name: 'A <b>client</b>' });
    expect(status).toBe(201);
    return String(json?.client_id);
  };
  const query = (client: string, challenge: string, more: Record<string, string | undefined> = {}) => {
    const all = {
      ...{ response_type: 'code', client_id: client, redirect_uri: BACK, state: 'of-the-client' },
      ...{ resource: `${at().publicUrl}/mcp`, code_challenge: challenge, code_challenge_method: 'S256', ...more },
    };
    const given = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
    return `/oauth/authorize?${new URLSearchParams(given)}`;
  };
  /** Goes as far as the page that asks the person. */
  const begin = async (client?: string, more: Record<string, string> = {}): Promise<Begun> => {
    const id = client ?? (await clientId());
    const { verifier, challenge } = pkce();
    const page = await get(query(id, challenge, more));
    expect(page.status).toBe(200);
    const [, ticket = ''] = /name="ticket" value="([^"]+)"/.exec(page.text) ?? [];
    const [cookie = ''] = String(page.headers['set-cookie']).split(';');
    return { client: id, verifier, cookie, ticket };
  };
  const approve = ({ ticket, cookie }: Begun, more: Record<string, string> = {}) =>
    post('/oauth/consent', { ticket, action: 'approve' }, { cookie, origin: at().publicUrl, ...more });
  /** Goes through the provider, and back to the address that it redirects the browser to. */
  const throughProvider = async (begun: Begun): Promise<URL> => {
    const sent = await approve(begun);
    expect(sent.status).toBe(302);
    const there = await fetch(targetOf(sent), { redirect: 'manual' });
    return new URL(String(there.headers.get('location')));
  };
  /** The code that the client gets when the browser comes back from the provider to this server. */
  const comeBack = async (from: URL, { cookie }: Begun): Promise<string> => {
    const back = await get(pathOf(from), { cookie });
    expect(back.status).toBe(302);
    const to = targetOf(back);
    expect(to.origin + to.pathname).toBe(BACK);
    expect(Object.fromEntries(to.searchParams)).toMatchObject({ state: 'of-the-client', iss: at().publicUrl });
    return String(to.searchParams.get('code'));
  };
  return {
    ...{ fresh, get, post, register, clientId, query, begin, approve, throughProvider, comeBack },
    codeOf: async (begun: Begun) => comeBack(await throughProvider(begun), begun),
    redeem: (begun: Begun, code: string, more: Record<string, string> = {}) =>
      post('/oauth/token', {
        ...{ grant_type: 'authorization_code', code, client_id: begun.client, redirect_uri: BACK },
        ...{ code_verifier: begun.verifier, ...more },
      }),
    renew: ({ client }: Begun, token: unknown) =>
      post('/oauth/token', { grant_type: 'refresh_token', refresh_token: String(token), client_id: client }),
    call: (token: unknown, body = rpc('tools/list')) =>
      send(at().url, { path: '/mcp', headers: { ...signed(String(token)), ...fresh() }, body }),
  };
}
