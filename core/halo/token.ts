import { ERRORS, type ErrorCode, HaloError, isHaloError } from '../errors.js';
import type { Log } from '../logger.js';
import { isClientId } from '../secret-form.js';
import type { CustomerSettings } from '../settings.js';
import type { Kind } from './attempts.js';
import { Channel } from './channel.js';
import { Flight } from './flight.js';
import type { Incoming } from './http.js';
import { parseJson } from './json.js';
import { Limiter, type Patience } from './limiter.js';
import { covers, SCOPES, type Scope } from './scopes.js';
import { isTaken } from './taken.js';

/** Where and as whom to log in. */
export interface Credentials {
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  timeoutMs: number;
  proxies?: CustomerSettings['proxies'];
}

/** A bearer token and what it may do. */
export interface Token {
  value: string;
  /** The scopes that Halo granted: those requested, or fewer if its answer names fewer. */
  granted: readonly string[];
  /** `performance.now()` from which a new one is requested. */
  renewAt: number;
  /** `performance.now()` from which Halo refuses it. */
  endsAt: number;
}

/** A token as another server left it, with the scopes that it was requested for. */
export interface Found {
  token: Token;
  asking: readonly Scope[];
}

/** The token of one credential and some scopes, as several servers share it. */
export interface SharedToken {
  /** One that need not be renewed yet; undefined if there is none, or nobody can tell. */
  find(): Promise<Found | undefined>;
  leave(found: Found): Promise<void>;
}

/** An answer with a token has a few thousand bytes. */
const MAX_BYTES = 65_536;
const LIFETIME_MS = { most: 12 * 3600_000, unknown: 300_000 };
const REFUSAL_KEPT_MS = 60_000;
/** While the previous token is valid: how long its renewal may wait for its turn, and how long until the next try. */
const RENEWAL = { waitMs: 1000, againMs: 30_000 };
/** What a header may carry as a token (RFC 9110, 11.2), and longer than any log-in server's. */
const TOKEN = /^[\x21-\x7e]{1,16384}$/;
const LASTING: readonly ErrorCode[] = ['HALO_CREDENTIALS_REFUSED', 'HALO_SCOPE_MISSING'];

/**
 * Tokens by client credentials, for exactly the scopes of the tools that are on. One request serves any number of
 * waiting callers; a token is renewed at 80 % of its life. Halo refuses the whole token if one scope is not ticked on
 * the API application: then the scopes are tried one at a time, once, and the token is requested with those granted.
 */
export class TokenSource {
  #token: Token | undefined;
  #pending: Flight<Token> | undefined;
  /** One that Halo refused, which other servers may not know of yet. */
  #dropped: string | undefined;
  #refused: { error: HaloError; until: number } | undefined;
  readonly #login: Channel;
  /** The scopes to ask for; shrinks to the granted ones if Halo refuses some. */
  #asking: readonly Scope[];

  constructor(
    private readonly wanted: readonly Scope[],
    private readonly credentials: Credentials,
    limiter: Limiter,
    private readonly log: Log,
    private readonly remember: (secret: string) => void,
    private readonly shared?: SharedToken,
  ) {
    const { timeoutMs } = credentials;
    // A pause that the log-in server asks for holds back log-ins only: requests with a valid token go on.
    const own = new Limiter(Number.POSITIVE_INFINITY);
    this.#login = new Channel({ who: "Halo's log-in server", limiter, own, timeoutMs, maxBytes: MAX_BYTES, log });
    this.#asking = wanted.length > 0 ? wanted : ['read:tickets'];
  }

  /** A token that stays valid for a while. */
  async get(patience: Patience): Promise<Token> {
    if (this.#token !== undefined && performance.now() < this.#token.renewAt) return this.#token;
    if (this.#refused !== undefined && performance.now() < this.#refused.until) throw this.#refused.error;
    this.#pending ??= new Flight(
      (shared) => this.#renew(shared),
      patience,
      () => {
        this.#pending = undefined;
      },
    );
    return this.#pending.join(patience);
  }

  /** The scopes that the token is requested for: all that are wanted, or those of them that Halo grants. */
  get asking(): readonly Scope[] {
    return this.#asking;
  }

  /** Whether Halo gives a token for this one scope; nobody gets to see the token. */
  async mayHave(scope: Scope, patience: Patience): Promise<boolean> {
    try {
      await this.#ask([scope], patience);
      return true;
    } catch (error) {
      if (isScopeRefusal(error)) return false;
      throw error;
    }
  }

  /** Forgets a token that Halo refused, unless there is a newer one already. */
  drop(token: Token): void {
    this.#dropped = token.value;
    if (this.#token?.value === token.value) this.#token = undefined;
  }

  /** A new token, or the old one while it is valid and the log-in server has no new one to give. */
  async #renew(patience: Patience): Promise<Token> {
    const found = await this.shared?.find();
    if (found !== undefined && found.token.value !== this.#dropped) {
      this.remember(found.token.value);
      this.#asking = found.asking;
      this.#token = found.token;
      return this.#token;
    }
    const old = this.#token;
    if (old === undefined || performance.now() >= old.endsAt) return this.#logIn(patience);
    const deadline = Math.min(patience.deadline, performance.now() + RENEWAL.waitMs);
    try {
      return await this.#logIn({ signal: patience.signal, deadline }, 'renewal');
    } catch (error) {
      if (!(error instanceof HaloError) || LASTING.includes(error.code) || this.#token !== old) throw error;
      const now = performance.now();
      if (now >= old.endsAt) throw error;
      this.#token = { ...old, renewAt: Math.min(old.endsAt, now + RENEWAL.againMs) };
      this.log.warn(
        { code: error.code },
        'the token can not be renewed; the previous one is used as long as it is valid',
      );
      return this.#token;
    }
  }

  async #logIn(patience: Patience, kind: Kind = 'login'): Promise<Token> {
    try {
      this.#token = await this.#ask(this.#asking, patience, kind).catch(async (error: unknown) => {
        if (!isScopeRefusal(error)) throw error;
        this.#asking = await this.#findGranted(patience);
        return this.#ask(this.#asking, patience);
      });
      await this.shared?.leave({ token: this.#token, asking: this.#asking });
      return this.#token;
    } catch (error) {
      // Repeating a refused request could lock the application out.
      if (error instanceof HaloError && LASTING.includes(error.code))
        this.#refused = { error, until: performance.now() + REFUSAL_KEPT_MS };
      throw error;
    }
  }

  async #findGranted(patience: Patience): Promise<readonly Scope[]> {
    const granted: Scope[] = [];
    // If no tool needs a scope, any read scope will do: a token without a scope is worthless.
    const candidates = this.wanted.length > 0 ? this.wanted : SCOPES.filter((scope) => scope.startsWith('read:'));
    for (const scope of candidates) {
      if (this.#asking.length === 1 && this.#asking[0] === scope) continue;
      if (!(await this.mayHave(scope, patience))) continue;
      granted.push(scope);
      if (this.wanted.length === 0) break;
    }
    const missing = this.wanted.filter((scope) => !granted.includes(scope));
    if (granted.length === 0) throw scopeMissing(candidates === this.wanted ? missing : ['read:tickets']);
    if (missing.length > 0)
      this.log.warn({ missing }, `Halo does not grant ${missing.join(', ')}; tools that need it will say so`);
    return granted;
  }

  #ask(scopes: readonly Scope[], patience: Patience, kind: Kind = 'login'): Promise<Token> {
    const { tokenUrl: url, clientId, clientSecret, proxies } = this.credentials;
    const asked = performance.now();
    const form = {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: scopes.join(' '),
    };
    const read = (answer: Incoming) => this.#read(answer, scopes, asked);
    return this.#login
      .ask({ method: 'POST', url, form, proxy: proxies?.token }, read, patience, { kind })
      .catch((error: unknown) => {
        if (!isHaloError(error) || error.code !== 'HALO_TOO_LARGE') throw error;
        // Fewer rows of a list would not make it smaller.
        throw new HaloError(error.code, error.message, { login: true });
      });
  }

  #read(answer: Incoming, scopes: readonly Scope[], asked: number): Token {
    refuse(answer, scopes, this.credentials);
    const body = parseJson(answer) as Record<string, unknown> | null;
    const value = body?.access_token;
    if (typeof value !== 'string' || value === '')
      throw new HaloError(
        'HALO_UNEXPECTED',
        "Halo's log-in server gave no token.",
        'Check HALO_INSTANCE_URL and HALO_AUTH_URL.',
      );
    if (!TOKEN.test(value))
      throw new HaloError(
        'HALO_UNEXPECTED',
        "Halo's log-in server gave a token that no request can carry: it is too long, or holds a line break or another character that has no place in one.",
        'Check HALO_AUTH_URL: something other than Halo may answer there, or change what Halo answers.',
      );
    this.remember(value);
    const seconds = Number(body?.expires_in);
    const life =
      Number.isFinite(seconds) && seconds > 0 ? Math.min(LIFETIME_MS.most, seconds * 1000) : LIFETIME_MS.unknown;
    const named = typeof body?.scope === 'string' ? body.scope.split(/[\s,]+/).filter(Boolean) : [];
    return {
      value,
      granted: named.length > 0 ? named : scopes,
      renewAt: asked + Math.min(life * 0.8, Math.max(life - 60_000, life / 2)),
      endsAt: asked + life,
    };
  }
}

/** The error for a scope that is not ticked on the API application. */
export function scopeMissing(scopes: readonly string[], tool?: string): HaloError {
  const list = scopes.join(', ');
  const needs = tool === undefined ? '' : `, which ${tool} needs`;
  return new HaloError(
    'HALO_SCOPE_MISSING',
    `The API application in Halo does not grant ${list}${needs}.`,
    `Tick ${list} on it (Configuration > Integrations > Halo API), then restart the server.`,
  );
}

/** True if the token covers the scope, as far as Halo said. */
export function grants(token: Token, scope: Scope): boolean {
  return covers(token.granted, scope);
}

function refuse(answer: Incoming, scopes: readonly Scope[], { tokenUrl, clientId }: Credentials): void {
  const { status, body, headers } = answer;
  if (isTaken(status, 'GET')) return;
  if (status === 404) {
    const { host, pathname } = new URL(tokenUrl);
    throw new HaloError(
      'HALO_NOT_FOUND',
      `There is no log-in server at ${host}${pathname}.`,
      'Check HALO_INSTANCE_URL, or set HALO_AUTH_URL.',
    );
  }
  const code = errorCode(body);
  if (code === 'invalid_scope') throw scopeMissing(scopes);
  if (
    code === undefined &&
    (String(headers['content-type'] ?? '').includes('html') || body.trimStart().startsWith('<'))
  )
    throw new HaloError('HALO_NOT_JSON', 'The log-in server answered with a web page in place of data.', { status });
  if (code === undefined && ![400, 401, 403].includes(status))
    throw new HaloError('HALO_UNEXPECTED', `The log-in server answered with HTTP ${status}.`, { status });
  const which = isClientId(clientId) ? `The client id ends in …${clientId.slice(-4)}.` : SWAPPED;
  // Halo says why. Whoever does not may not be Halo, and then neither the client id nor the secret is at fault.
  if (code === undefined)
    throw new HaloError(
      'HALO_CREDENTIALS_REFUSED',
      `The log-in server at ${new URL(tokenUrl).host} refuses (HTTP ${status}), without the reason that Halo gives.`,
      { status, remedy: `Check the address first (HALO_INSTANCE_URL, HALO_AUTH_URL), then the credentials. ${which}` },
    );
  throw new HaloError('HALO_CREDENTIALS_REFUSED', `Halo refuses the client id or the secret (${code}).`, {
    status,
    remedy: `${ERRORS.HALO_CREDENTIALS_REFUSED} ${which}`,
  });
}

/** Said of a client id that may be the secret, so that nothing of it is shown. */
const SWAPPED = "The client id has not the form of Halo's (a GUID): it may be swapped with the secret.";

const isScopeRefusal = (error: unknown) => error instanceof HaloError && error.code === 'HALO_SCOPE_MISSING';

/** OAuth's own error word. Nothing else of the answer is repeated, as it may echo the request. */
function errorCode(body: string): string | undefined {
  const code = /"error"\s*:\s*"([a-z_]{1,40})"/.exec(body)?.[1];
  return code;
}
