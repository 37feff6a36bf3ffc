import { HaloError } from '../errors.js';
import type { Log } from '../logger.js';
import type { Kind } from './attempts.js';
import { Breaker } from './breaker.js';
import { type Incoming, type Outgoing, send } from './http.js';
import type { Limiter, Patience } from './limiter.js';
import { retrying, THROTTLE_BASE_MS } from './retry.js';
import { spend } from './spent.js';
import { refuseStatus } from './status.js';
import { comeBack, retryAfter } from './time.js';

export interface ChannelOptions {
  /** The subject of the sentences about it: `Halo`. */
  who: string;
  /** The line that all requests to Halo stand in. */
  limiter: Limiter;
  /** A separate line before that one: a pause that this server asks for holds back nothing else. */
  own?: Limiter;
  /** Longest time for one attempt. */
  timeoutMs: number;
  /** Largest body that is read, in decoded bytes. */
  maxBytes: number;
  log: Log;
}

/** What a request is besides its address. */
export interface Manner {
  /** Decides how often the request is sent, by the table of attempts. */
  kind: Kind;
  /** The part of the server that fails or works by itself; without it the server counts as a whole. */
  endpoint?: string | undefined;
  /** Called when it goes out: from here on Halo may have it. */
  onSent?: (() => void) | undefined;
}

/**
 * One of Halo's two servers, the log-in or the API. Requests leave in turn and are retried; none is sent to a part of
 * the server that is down.
 */
export class Channel {
  readonly #breakers = new Map<string, Breaker>();
  #answeredAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: ChannelOptions) {}

  /**
   * Sends a request, with retries, and returns what `read` makes of the answer; if `read` throws Passing, it retries.
   * @throws HaloError
   */
  async ask<T>(
    request: Outgoing,
    read: (answer: Incoming) => T,
    patience: Patience,
    { kind, endpoint, onSent }: Manner,
  ): Promise<T> {
    const { who, limiter, own } = this.options;
    const breaker = this.#breakerOf(endpoint);
    return breaker.run((trial) =>
      retrying(
        async () => {
          const leave = () =>
            limiter.run(async () => {
              if (!trial) breaker.check();
              const answer = await this.#send(request, patience, onSent, endpoint);
              // Pauses all requests, before the next one in line leaves.
              if (answer.status === 429) (own ?? limiter).pause(retryAfter(answer.headers) ?? THROTTLE_BASE_MS);
              return answer;
            }, patience);
          const answer = await (own === undefined ? leave() : own.run(leave, patience));
          refuseStatus(answer, who);
          const made = read(answer);
          // The promises that brought it may outlive it, and its text is large.
          answer.body = '';
          return made;
        },
        patience,
        { kind: trial ? 'trial' : kind },
      ),
    );
  }

  /** `performance.now()` of the last answer that was not the server's fault. */
  get answeredAt(): number {
    return this.#answeredAt;
  }

  /** The parts of the server that are left alone now. */
  get resting(): string[] {
    return [...this.#breakers].filter(([, breaker]) => breaker.isOpen).map(([name]) => name);
  }

  #breakerOf(endpoint: string | undefined): Breaker {
    const name = endpoint?.toLowerCase() ?? '';
    const known = this.#breakers.get(name);
    if (known !== undefined) return known;
    const made = new Breaker(this.options.who, this.options.log, endpoint);
    this.#breakers.set(name, made);
    return made;
  }

  async #send(
    request: Outgoing,
    { signal, deadline }: Patience,
    onSent: Manner['onSent'],
    endpoint: string | undefined,
  ): Promise<Incoming> {
    const { who, timeoutMs, maxBytes, log } = this.options;
    const started = performance.now();
    if (started > deadline)
      throw new HaloError('HALO_RATE_LIMITED', `Too many requests wait for Halo; come back ${comeBack(0)}.`);
    const ended = spend(request.method, endpoint === undefined ? '/token' : `/${endpoint}`);
    let answer: Incoming | undefined;
    try {
      answer = await send(request, { maxBytes, timeoutMs, signal, onSent });
    } finally {
      ended(answer?.status);
    }
    if (answer.status < 500) this.#answeredAt = performance.now();
    const { pathname: path } = new URL(request.url);
    log.debug({ path, status: answer.status, ms: Math.round(performance.now() - started) }, `${who} answered`);
    return answer;
  }
}
