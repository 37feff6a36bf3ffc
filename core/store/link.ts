import { Redis, type RedisOptions } from 'ioredis';
import { HaloError } from '../errors.js';
import type { Log } from '../logger.js';
import { SCRIPTS, type ScriptName } from './scripts.js';

/** How long one request may take; after that the store counts as lost, and nothing waits for it. */
const ANSWER_MS = 240;
/** How often the store is tried while it is lost, and checked while it is up. */
const PROBE_MS = 500;
/** After this many unanswered probes an open connection is dropped: its other end may be gone. */
const SILENT_PROBES = 4;
const CONNECT_MS = 2000;
/** A background probe may take longer: a busy machine does not mean that the store is lost. */
const PROBE_ANSWER_MS = 1000;
const MOST_BACKOFF_MS = 1000;

/** A reply of the store. */
export type Reply = string | number | null | readonly (string | number)[];

/** The store does not answer. Callers that can go on without it do not report this. */
export class StoreLost extends HaloError {
  constructor() {
    super('STORE_LOST', 'The store that the servers share does not answer. Nothing was changed.');
  }
}

/** Hears of the store's state and of messages from other servers. */
export interface Listener {
  /** The store is back, and has remembered everything for this many milliseconds. Resolves when it may be used. */
  onUp(ageMs: number): Promise<void>;
  onLost(): void;
  onMessage(text: string): void;
}

/**
 * The connection to the store, and a second one that listens for messages. If any request goes wrong, the store counts
 * as lost: all requests fail at once until a probe is answered.
 */
export class Link {
  readonly #redis: Redis;
  readonly #ears: Redis;
  #up = false;
  #closed = false;
  #waking: Promise<void> | undefined;
  #silent = 0;
  #told: 'up' | 'lost' | undefined;
  #cause = 'no answer';
  readonly #probe: ReturnType<typeof setInterval>;
  readonly #first: Promise<void>;

  constructor(
    url: string,
    private readonly prefix: string,
    private readonly listener: Listener,
    private readonly log: Log,
  ) {
    const options: RedisOptions = {
      ...{
        lazyConnect: true,
        enableOfflineQueue: false,
        maxRetriesPerRequest: 0,
        autoResendUnfulfilledCommands: false,
      },
      ...{ connectTimeout: CONNECT_MS, autoResubscribe: false, connectionName: 'halo-mcp', scripts: SCRIPTS },
      retryStrategy: (times) => Math.min(MOST_BACKOFF_MS, 25 * 2 ** Math.min(times, 10)) * (0.5 + Math.random() / 2),
    };
    this.#redis = new Redis(url, options);
    this.#ears = new Redis(url, options);
    for (const one of [this.#redis, this.#ears])
      one.on('error', (error: unknown) => {
        this.#cause = causeOf(error);
      });
    this.#redis.on('ready', () => void this.#wake());
    this.#redis.on('close', () => this.#lose());
    this.#ears.on('message', (_channel: string, text: string) => this.listener.onMessage(text));
    // Ask for the messages that were sent while nobody listened.
    this.#ears.on('ready', () => {
      this.#ears.subscribe(this.channel).then(
        () => {
          this.#lose(false);
          return this.#wake();
        },
        () => undefined,
      );
    });
    for (const one of [this.#redis, this.#ears]) one.connect().catch(() => undefined);
    this.#probe = setInterval(() => {
      if (this.#up) this.#ask(() => this.#redis.ping(), PROBE_ANSWER_MS).catch(() => undefined);
      else void this.#wake();
    }, PROBE_MS);
    this.#probe.unref();
    this.#first = new Promise((resolve) => {
      const alarm = setTimeout(resolve, ANSWER_MS);
      this.#resolveFirst = () => {
        clearTimeout(alarm);
        resolve();
      };
    });
    setTimeout(() => {
      if (!this.#up) this.#tell('lost');
    }, CONNECT_MS).unref();
  }

  #resolveFirst: () => void = () => undefined;

  /** Where departures are announced. */
  get channel(): string {
    return `${this.prefix}told`;
  }

  get cause(): string {
    return this.#cause;
  }

  get isUp(): boolean {
    return this.#up;
  }

  /** Resolves when the store is up, or has had its time to come up, after the start. */
  get first(): Promise<void> {
    return this.#first;
  }

  /** Runs a command. @throws StoreLost */
  command(name: string, ...args: (string | number)[]): Promise<Reply> {
    return this.#ask(() => this.#redis.call(name, ...args) as Promise<Reply>);
  }

  /** Runs a script of the table. @throws StoreLost */
  run(name: ScriptName, ...args: (string | number)[]): Promise<Reply> {
    return this.#ask(() => this.#script(name, args));
  }

  /** Runs a script while the store wakes up, before others may ask it. @throws StoreLost */
  early(name: ScriptName, ...args: (string | number)[]): Promise<Reply> {
    return inTime(this.#script(name, args));
  }

  /** Sends it after everything already sent, whether it is answered or not. */
  send(name: ScriptName, ...args: (string | number)[]): void {
    if (this.#redis.status === 'ready') this.#script(name, args).catch(() => undefined);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#probe);
    this.#up = false;
    this.#redis.disconnect();
    this.#ears.disconnect();
  }

  #script(name: ScriptName, args: (string | number)[]): Promise<Reply> {
    const scripts = this.#redis as unknown as Record<ScriptName, (...args: (string | number)[]) => Promise<Reply>>;
    return scripts[name](...args);
  }

  async #ask(question: () => Promise<Reply>, answerMs = ANSWER_MS): Promise<Reply> {
    if (!this.#up) {
      await this.#first;
      if (!this.#up) throw new StoreLost();
    }
    try {
      return await inTime(question(), answerMs);
    } catch (error) {
      this.#cause = causeOf(error);
      this.#lose();
      throw new StoreLost();
    }
  }

  /** @param told false if nothing was lost except others' messages for a while */
  #lose(told = true): void {
    if (!this.#up || this.#closed) return;
    this.#up = false;
    this.listener.onLost();
    if (told) this.#tell('lost');
  }

  /** Checks whether the store is back; one check at a time. */
  async #wake(): Promise<void> {
    if (this.#up || this.#closed) return;
    this.#waking ??= this.#look().finally(() => {
      this.#waking = undefined;
    });
    return this.#waking;
  }

  async #look(): Promise<void> {
    if (this.#redis.status !== 'ready' || this.#ears.status !== 'ready') {
      this.#drop();
      return;
    }
    try {
      await this.listener.onUp(Number(await this.early('ageOf', `${this.prefix}since`)));
      this.#silent = 0;
      this.#up = true;
      this.#tell('up');
      this.#resolveFirst();
    } catch (error) {
      this.#cause = causeOf(error);
      this.#drop();
    }
  }

  /** A silent connection may no longer have another end. */
  #drop(): void {
    this.#silent += 1;
    if (this.#silent < SILENT_PROBES) return;
    this.#silent = 0;
    for (const one of [this.#redis, this.#ears]) if (one.status !== 'reconnecting') one.disconnect(true);
  }

  #tell(state: 'up' | 'lost'): void {
    if (this.#told === state || this.#closed) return;
    const before = this.#told;
    this.#told = state;
    if (state === 'lost')
      this.log.warn(
        { cause: this.#cause },
        'The store is lost: this server goes on with its share of the requests to Halo, and looks for the store',
      );
    else this.log.info({}, before === undefined ? 'The store is there' : 'The store is there again');
  }
}

/** The answer, unless it takes too long. Replies that have arrived count first: this process may have been busy. */
function inTime<T>(answer: Promise<T>, answerMs = ANSWER_MS): Promise<T> {
  return new Promise((resolve, reject) => {
    const alarm = setTimeout(() => setImmediate(() => reject(new StoreLost())), answerMs);
    answer.then(resolve, reject).finally(() => clearTimeout(alarm));
  });
}

/** What went wrong, by its code only: a message may contain the address. */
function causeOf(error: unknown): string {
  if (error instanceof StoreLost) return 'no answer';
  const { code, message = '' } = error as { code?: unknown; message?: string };
  if (typeof code === 'string') return code;
  return /^[A-Z]{3,20}(?= )/.exec(message)?.[0] ?? 'no connection';
}
