// halo/: Halo as the server sees it: log-in, limit, retries, pages, filters, and what is proved of its answers.
import { isHaloError } from '../errors.js';
import type { Log } from '../logger.js';
import { type CustomerSettings, secretsOf } from '../settings.js';
import type { Kind } from './attempts.js';
import { planWalk } from './budget.js';
import { Channel } from './channel.js';
import { endpointOf } from './family.js';
import type { Incoming, Outgoing } from './http.js';
import { parseJson } from './json.js';
import { Limiter, type Patience } from './limiter.js';
import { outcomeOf, type Posted } from './outcome.js';
import { Reads } from './reads.js';
import { refuse } from './refuse.js';
import { type Query, routeOf } from './route.js';
import { isRow } from './row.js';
import { covers, type Scope } from './scopes.js';
import { type HaloStore, shareOf } from './shared-budget.js';
import type { Token, TokenSource } from './token.js';
import { tokensOf } from './tokens.js';
import { NONE, unwrap } from './unwrap.js';
import { intOf } from './value.js';

export type { Query } from './route.js';

/** Where Halo is and how to log in. */
export interface Connection {
  apiUrl: string;
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  /** The proxies for the two URLs. */
  proxies?: CustomerSettings['proxies'];
}

export interface ClientOptions {
  /**
   * Resolved at the first request, so that the server answers its client before it knows anything of Halo. Rejects with
   * HALO_NOT_CONFIGURED if something is missing.
   */
  connect: () => Promise<Connection>;
  /** The union of the scopes of the tools that are on. */
  scopes: readonly Scope[];
  requestsPer5Minutes: number;
  /** The most servers that use the same login, including this one. */
  servers?: number | undefined;
  /** What they share; without it each takes its part. */
  store?: HaloStore | undefined;
  /** The window over which Halo counts requests, if it is not the usual one. */
  windowMs?: number | undefined;
  timeoutMs: number;
  log: Log;
  /** Gets every secret that must never leave: the client secret, and each token with this client as its owner. */
  remember: (secret: string, kind?: 'token', owner?: HaloClient) => void;
}

/** Largest body to read: a hundred rows are far below it, and what it parses to must stay small, too. */
const MAX_BYTES = 8 * 2 ** 20;

/** An answer no older than this says that Halo is up. */
const RECENT_MS = 10_000;

/** What Halo tells anybody about itself. */
export interface About {
  status: number;
  /** Halo's clock, in epoch milliseconds; NaN if it does not say. */
  date: number;
  /** Undefined unless the status is 200. */
  body: unknown;
}

/** One Halo instance under one credential: token, limit, retries, and equal reads in flight as one request. */
export class HaloClient {
  readonly #limiter: Limiter;
  readonly #api: Channel;
  readonly #reads = new Reads();
  #scopes: readonly Scope[];
  #joined: Promise<void> | undefined;
  #session: Promise<{ connection: Connection; tokens: TokenSource }> | undefined;

  constructor(private readonly options: ClientOptions) {
    const { requestsPer5Minutes: most, servers = 1, store, windowMs, timeoutMs, log } = options;
    this.#limiter = new Limiter(store === undefined ? shareOf(most, servers) : most, { windowMs });
    this.#api = new Channel({ who: 'Halo', limiter: this.#limiter, timeoutMs, maxBytes: MAX_BYTES, log });
    this.#scopes = options.scopes;
  }

  /** Requests these scopes from now on: tools were added, and the token may lack theirs. */
  ask(scopes: readonly Scope[]): void {
    if (scopes.join() === this.#scopes.join()) return;
    this.#scopes = scopes;
    this.#session = undefined;
  }

  /** From now on an equal read is answered as the first one was: for a command that reads one list, not for a server. */
  keep(): void {
    this.#reads.keep();
  }

  /**
   * GET, retried if the fault may be temporary. Equal reads in flight share one request; each caller may give up alone.
   * @param readOnly true if the caller only reads the answer: such callers share it, frozen; the others get their own
   */
  async get(
    path: string,
    query: Query,
    patience: Patience,
    kind: Kind = 'bounded',
    readOnly = false,
  ): Promise<unknown> {
    const route = routeOf(path, query);
    const ask = (shared: Patience) => this.#ask(path, { method: 'GET' }, route, shared, kind);
    return this.#reads.get(route, ask, patience, readOnly);
  }

  /** After a write: later reads send a new request, and join none that may have seen the old state. */
  forget(path: string): void {
    this.#reads.forget(path);
  }

  /**
   * DELETE of one record, sent once. Only the core uses it, for what it has just created itself.
   * @throws HaloError HALO_OUTCOME_UNKNOWN if no answer says what became of it
   */
  async remove(path: string, query: Query, patience: Patience): Promise<void> {
    const posted: Posted = { path, outcome: 'waiting' };
    const onSent = () => {
      posted.outcome = 'sent';
    };
    try {
      await this.#ask(path, { method: 'DELETE' }, routeOf(path, query), patience, 'write', onSent);
    } catch (error) {
      throw outcomeOf(error, posted);
    } finally {
      this.forget(path);
    }
  }

  /**
   * POST of a body, sent once, whatever happens.
   * @param posted what became of it, kept up to date on the way
   * @returns the record in Halo's answer, without its wrapping; null if the answer says nothing
   * @throws HaloError HALO_OUTCOME_UNKNOWN if it went out and no answer says what became of it; any other error means
   * that nothing was changed
   */
  async post(
    path: string,
    body: unknown,
    patience: Patience,
    posted: Posted = { path, outcome: 'waiting' },
  ): Promise<unknown> {
    const route = routeOf(path, {});
    const onSent = () => {
      posted.outcome = 'sent';
    };
    try {
      const made = unwrap(await this.#ask(path, { method: 'POST', json: body }, route, patience, 'write', onSent));
      posted.outcome = 'made';
      posted.id = isRow(made) ? intOf(made.id) : undefined;
      return made === NONE ? null : made;
    } catch (error) {
      throw outcomeOf(error, posted);
    }
  }

  /** True if Halo refused the scope, so that the token was issued without it. */
  async lacks(scope: Scope, patience: Patience): Promise<boolean> {
    const { tokens } = await this.#open();
    await tokens.get(patience);
    return !covers(tokens.asking, scope);
  }

  /**
   * Where Halo is, and which login we use.
   * @throws HaloError HALO_NOT_CONFIGURED
   */
  async connection(): Promise<Connection> {
    return (await this.#open()).connection;
  }

  /** Reads a page that Halo shows without a login, such as /InstanceInfo. Asks once. */
  async about(path: string, patience: Patience): Promise<About> {
    const { apiUrl, proxies } = await this.connection();
    const read = (answer: Incoming): About => ({
      status: answer.status,
      date: Date.parse(String(answer.headers.date)),
      body: answer.status === 200 ? parseJson(answer) : undefined,
    });
    const outgoing: Outgoing = { method: 'GET', url: `${apiUrl}${routeOf(path, {})}`, proxy: proxies?.api };
    return this.#api.ask(outgoing, read, patience, { kind: 'trial', endpoint: endpointOf(path) });
  }

  /** Whether Halo answers at all; asks it only if nothing has come from it recently. */
  async isUp(patience: Patience): Promise<boolean> {
    if (performance.now() - this.#api.answeredAt < RECENT_MS) return true;
    try {
      await this.about('/InstanceInfo', patience);
      return true;
    } catch (error) {
      if (!isHaloError(error)) return false;
      return error.code === 'HALO_RATE_LIMITED' || (error.status !== undefined && error.status < 500);
    }
  }

  /** The parts of Halo's API that are left alone because they failed too often. */
  get resting(): string[] {
    return this.#api.resting;
  }

  /** Requests that could leave now. */
  get left(): number {
    return this.#limiter.left;
  }

  /** How many requests may leave in any 5 minutes, and how many could leave now. */
  get budget(): { per_5_minutes: number; left: number } {
    return { per_5_minutes: this.options.requestsPer5Minutes, left: this.left };
  }

  /** @throws HaloError HALO_RATE_LIMITED if there is no room for this many more requests; see {@link planWalk} */
  plan(path: string, requests: number, patience: Patience): void {
    planWalk(this.#limiter, path, requests, patience);
  }

  /** The scopes that the token was requested with, and those that Halo says it granted. */
  async grant(patience: Patience): Promise<{ asked: readonly Scope[]; granted: readonly string[] }> {
    const { tokens } = await this.#open();
    const { granted } = await tokens.get(patience);
    return { asked: tokens.asking, granted };
  }

  /** Whether the API application could have this scope. Costs a request; the token is thrown away. */
  async mayHave(scope: Scope, patience: Patience): Promise<boolean> {
    const { tokens } = await this.#open();
    return tokens.mayHave(scope, patience);
  }

  #open() {
    this.#session ??= this.options.connect().then(
      async (connection) => {
        for (const secret of secretsOf(connection)) this.options.remember(secret);
        const { remember, store, servers = 1 } = this.options;
        if (store !== undefined) this.#joined ??= this.#limiter.share(store.budgetOf(connection), servers);
        await this.#joined;
        const known = (token: string) => remember(token, 'token', this);
        return { connection, tokens: tokensOf(connection, this.#scopes, this.#limiter, this.options, known) };
      },
      (error: unknown) => {
        this.#session = undefined;
        throw error;
      },
    );
    return this.#session;
  }

  async #ask(
    path: string,
    request: Pick<Outgoing, 'method' | 'json'>,
    route: string,
    patience: Patience,
    kind: Kind,
    onSent?: () => void,
  ): Promise<unknown> {
    const { connection, tokens } = await this.#open();
    const ask = <T>(token: Token, read: (answer: Incoming) => T, how = kind) => {
      const headers = { authorization: `Bearer ${token.value}` };
      const outgoing = { ...request, url: `${connection.apiUrl}${route}`, headers, proxy: connection.proxies?.api };
      return this.#api.ask(outgoing, read, patience, { kind: how, endpoint: endpointOf(path), onSent });
    };
    const bodyOf = (token: Token) => (answer: Incoming) => {
      refuse(answer, path, request.method, token);
      return answer.status === 204 ? null : parseJson(answer);
    };
    const token = await tokens.get(patience);
    const first = await ask(token, (answer) => {
      if (answer.status === 401) tokens.drop(token);
      // A write is sent once, whatever the reason; the next one has a new token.
      return answer.status === 401 && request.method === 'GET' ? TURNED_DOWN : bodyOf(token)(answer);
    });
    if (first !== TURNED_DOWN) return first;
    // Halo did nothing with the request: it may be sent once more.
    const renewed = await tokens.get(patience);
    return ask(renewed, bodyOf(renewed), 'trial');
  }
}

/** Stands for an answer that refuses the token. */
const TURNED_DOWN = Symbol('turned down');
