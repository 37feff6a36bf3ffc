import PQueue from 'p-queue';
import type { Log } from '../define.js';
import { HaloError } from '../errors.js';
import { Flight } from './flight.js';
import { type Incoming, parseJson, redirectHost, send } from './http.js';
import { Limiter, type Patience } from './limiter.js';
import { refuseTransient, retrying } from './retry.js';
import { covers, type Scope, scopeOfPath } from './scopes.js';
import { grants, scopeMissing, type Token, TokenSource } from './token.js';

/** What a query may hold. Lists go comma separated; what is undefined is left out. */
export type Query = Record<string, string | number | boolean | readonly (string | number)[] | undefined>;

/** Where Halo is and how to log in. */
export interface Connection {
  apiUrl: string;
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
}

export interface ClientOptions {
  /**
   * Resolved at the first request, so that the server answers its client before anything of Halo is known.
   * Rejects with HALO_NOT_CONFIGURED where something is missing.
   */
  connect: () => Promise<Connection>;
  /** The union of the scopes of the tools that are on. */
  scopes: readonly Scope[];
  requestsPer5Minutes: number;
  timeoutMs: number;
  log: Log;
  /** Told of every secret that must never leave: the client secret and each token. */
  remember: (secret: string) => void;
}

/** Largest body that is read: a hundred rows are far below it, and what it parses to must stay small, too. */
const MAX_BYTES = 8 * 2 ** 20;
const CONCURRENT = 6;
const PATH = /^\/?[A-Za-z]{2,40}(\/(-?\d{1,15}|[A-Za-z]{2,40})){0,3}$/;

/** One Halo instance under one credential: token, limit, retries, and equal reads in flight as one request. */
export class HaloClient {
  readonly limiter: Limiter;
  readonly #flights = new Map<string, Flight<unknown>>();
  #session: Promise<{ connection: Connection; tokens: TokenSource }> | undefined;
  /** At most six requests at once; the others wait in line. */
  readonly #queue = new PQueue({ concurrency: CONCURRENT });

  constructor(private readonly options: ClientOptions) {
    this.limiter = new Limiter(options.requestsPer5Minutes);
  }

  /** GET, retried where the fault may pass. Equal reads in flight share one request; each caller may give up alone. */
  async get(path: string, query: Query, patience: Patience, most?: number): Promise<unknown> {
    const route = this.#route(path, query);
    let flight = this.#flights.get(route);
    if (flight === undefined) {
      flight = new Flight(
        (shared) => this.#read(path, route, shared, most),
        patience,
        () => this.#flights.delete(route),
      );
      this.#flights.set(route, flight);
    }
    return flight.join(patience);
  }

  /** POST of a body, sent once: after a broken connection nobody knows whether Halo did it. */
  async post(path: string, body: unknown, patience: Patience): Promise<unknown> {
    return this.#read(path, this.#route(path, {}), patience, 1, body);
  }

  /** True where Halo refused the scope, so that the token was had without it. */
  async lacks(scope: Scope, patience: Patience): Promise<boolean> {
    const { tokens } = await this.#open();
    await tokens.get(patience);
    return !covers(tokens.asking, scope);
  }

  /**
   * Where Halo is and as whom we log in.
   * @throws HaloError HALO_NOT_CONFIGURED
   */
  async connection(): Promise<Connection> {
    return (await this.#open()).connection;
  }

  /** A page that Halo shows without a login, such as /InstanceInfo: its answer as it came, headers included, asked once. */
  async about(path: string, patience: Patience): Promise<Incoming> {
    const { apiUrl } = await this.connection();
    const { limiter, options } = this;
    const ask = async () => {
      await limiter.take(patience);
      const { timeoutMs } = options;
      const url = `${apiUrl}${this.#route(path, {})}`;
      const answer = await send({ method: 'GET', url, maxBytes: MAX_BYTES, timeoutMs, signal: patience.signal });
      refuseTransient(answer);
      refuseRedirect(answer, path);
      return answer;
    };
    return retrying(ask, patience, { limiter, most: 1 });
  }

  /** Requests that could leave at this moment. */
  get left(): number {
    return this.limiter.left;
  }

  /** The scopes that the token was had for, and those that Halo says it granted. */
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
      (connection) => {
        this.options.remember(connection.clientSecret);
        const { scopes, timeoutMs, log, remember } = this.options;
        return {
          connection,
          tokens: new TokenSource(scopes, { ...connection, timeoutMs }, this.limiter, log, remember),
        };
      },
      (error: unknown) => {
        this.#session = undefined;
        throw error;
      },
    );
    return this.#session;
  }

  /** The path and query, built in one place: no id and no argument can lead anywhere else. */
  #route(path: string, query: Query): string {
    if (!PATH.test(path))
      throw new HaloError(
        'BAD_ARGUMENTS',
        `"${path.slice(0, 60)}" is no path of Halo's API.`,
        'Paths look like /Tickets or /Tickets/123.',
      );
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) if (value !== undefined) search.append(key, String(value));
    const text = search.toString();
    return `${path.startsWith('/') ? path : `/${path}`}${text === '' ? '' : `?${text}`}`;
  }

  async #read(path: string, route: string, patience: Patience, most?: number, body?: unknown): Promise<unknown> {
    const { connection, tokens } = await this.#open();
    const attempt = async (token: Token): Promise<Incoming> => {
      const incoming = await this.#queue.add(
        async () => {
          await this.limiter.take(patience);
          const started = performance.now();
          const answer = await send({
            method: body === undefined ? 'GET' : 'POST',
            url: `${connection.apiUrl}${route}`,
            headers: { authorization: `Bearer ${token.value}` },
            ...(body !== undefined && { json: body }),
            maxBytes: MAX_BYTES,
            timeoutMs: this.options.timeoutMs,
            signal: patience.signal,
          });
          this.options.log.debug(
            { path, status: answer.status, ms: Math.round(performance.now() - started) },
            'Halo answered',
          );
          return answer;
        },
        { signal: patience.signal },
      );
      refuseTransient(incoming);
      return incoming;
    };
    let renewed = false;
    return retrying(
      async () => {
        let token = await tokens.get(patience);
        let incoming = await attempt(token);
        if (incoming.status === 401 && !renewed) {
          renewed = true;
          tokens.drop(token);
          token = await tokens.get(patience);
          incoming = await attempt(token);
        }
        refuse(incoming, path, token);
        return parseJson(incoming);
      },
      patience,
      { limiter: this.limiter, ...(most !== undefined && { most }) },
    );
  }
}

function refuseRedirect(incoming: Incoming, path: string): void {
  const { status } = incoming;
  if (status >= 300 && status < 400)
    throw new HaloError('HALO_REDIRECTED', `Halo redirects ${describe(path)} to ${redirectHost(incoming)}.`, {
      status,
    });
}

/** The faults that another attempt won't mend, each with its own words; Halo's bodies are not repeated. */
function refuse(incoming: Incoming, path: string, token: Token): void {
  const { status } = incoming;
  if (status >= 200 && status < 300) return;
  const what = describe(path);
  refuseRedirect(incoming, path);
  const scope = scopeOfPath(path);
  if ((status === 401 || status === 403) && scope && !grants(token, scope)) throw scopeMissing([scope]);
  if (status === 401)
    throw new HaloError('HALO_CREDENTIALS_REFUSED', 'Halo gave a token and then refused it (HTTP 401).', {
      status,
      remedy: 'Check that the API application is active and its agent may log in.',
    });
  if (status === 403) {
    throw new HaloError('HALO_FORBIDDEN', `Halo does not let this login read ${what} (HTTP 403).`, {
      status,
      remedy: scope
        ? `Two gates: the scope ${scope} of the API application, and the role of the agent that it logs in as. Check both.`
        : 'Check the role of the agent that the API application logs in as.',
    });
  }
  if (status === 404)
    throw new HaloError(
      'HALO_NOT_FOUND',
      `Halo has nothing at ${path.startsWith('/') ? path : `/${path}`}, or this login can't see it.`,
      { status },
    );
  if (status === 400)
    throw new HaloError('HALO_REQUEST_REFUSED', `Halo refused the request for ${what}${reason(incoming)}.`, { status });
  throw new HaloError('HALO_UNEXPECTED', `Halo answered ${what} with HTTP ${status}.`, { status });
}

/** `/Tickets/12` → `Tickets 12` */
const describe = (path: string) => path.replace(/^\//, '').replaceAll('/', ' ');

/** The fields that a 400 of model binding names, each with its list of faults; nothing else of the body. */
function reason({ body }: Incoming): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null) return '';
    const fields = Object.entries((parsed as { errors?: object }).errors ?? parsed)
      .filter(([key, faults]) => /^[a-z_]{1,40}$/.test(key) && Array.isArray(faults))
      .map(([key]) => key);
    return fields.length > 0 ? ` (${fields.slice(0, 5).join(', ')})` : '';
  } catch {
    return '';
  }
}
