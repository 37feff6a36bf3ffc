import type { Log } from '../define.js';
import { HaloError } from '../errors.js';
import { Breaker } from './breaker.js';
import { type Incoming, type Outgoing, send } from './http.js';
import type { Limiter, Patience } from './limiter.js';
import { retrying, THROTTLE_BASE_MS } from './retry.js';
import { refuseStatus } from './status.js';
import { comeBack, retryAfter } from './time.js';

export interface ChannelOptions {
  /** The subject of the sentences about it: `Halo`. */
  who: string;
  limiter: Limiter;
  /** Longest time for one attempt. */
  timeoutMs: number;
  /** Largest body that is read, in decoded bytes. */
  maxBytes: number;
  log: Log;
}

/** How often one request may be sent. */
export interface Attempts {
  most?: number;
  /** Where it took Halo too long; 504 and headers that don't come. */
  slow?: number;
}

/** One of Halo's two servers, the log-in or the API: each request in turn, tried again, and not at all while it is down. */
export class Channel {
  readonly #breaker: Breaker;

  constructor(private readonly options: ChannelOptions) {
    this.#breaker = new Breaker(options.who, options.log);
  }

  /**
   * One request with its attempts, and what `read` makes of the answer; what it throws as Passing is tried again.
   * @throws HaloError
   */
  async ask<T>(
    request: Outgoing,
    read: (answer: Incoming) => T,
    patience: Patience,
    { most = 3, slow }: Attempts = {},
  ): Promise<T> {
    const { who, limiter } = this.options;
    return this.#breaker.run((trial) =>
      retrying(
        async () => {
          const answer = await limiter.run(async () => {
            if (!trial) this.#breaker.check();
            const answer = await this.#send(request, patience, slow ?? 2);
            // For all, and before the next one in line leaves.
            if (answer.status === 429) limiter.pause(retryAfter(answer.headers) ?? THROTTLE_BASE_MS);
            return answer;
          }, patience);
          refuseStatus(answer, who, slow ?? 3);
          return read(answer);
        },
        patience,
        { most: trial ? 1 : most },
      ),
    );
  }

  async #send(request: Outgoing, { signal, deadline }: Patience, slow: number): Promise<Incoming> {
    const { who, timeoutMs, maxBytes, log } = this.options;
    const started = performance.now();
    if (started > deadline)
      throw new HaloError('HALO_RATE_LIMITED', `Too many requests wait for Halo; come back ${comeBack(0)}.`);
    const answer = await send(request, { maxBytes, timeoutMs, slow, signal });
    const { pathname: path } = new URL(request.url);
    log.debug({ path, status: answer.status, ms: Math.round(performance.now() - started) }, `${who} answered`);
    return answer;
  }
}
