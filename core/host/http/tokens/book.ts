import { timingSafeEqual } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../../logger.js';
import { BadTokens, markOf, readTokens, type TokenEntry } from './file.js';
import { digestOf } from './token.js';

/** A token's owner, or why the token is not accepted. */
export type Found<T> = { known: T } | 'unknown' | 'expired';

/** How often the file is checked; a revoked token stays valid no longer than this. */
const LOOK_MS = 500;
/** An unknown token makes it check again, at most this often. */
const AGAIN_MS = 100;

interface Held<T> {
  entry: TokenEntry;
  digest: Buffer;
  owner: T;
  end: () => void;
}

/** The tokens of a file, which is read again when it changes. While it can't be read, the earlier tokens stay valid. */
export class TokenBook<T> {
  /** By their digests' first bytes, which reveal nothing; the whole digest is compared in constant time. */
  #held = new Map<string, Held<T>>();
  #mark: string | undefined;
  #fault: string | undefined;
  #looked = 0;
  #looking: Promise<void> | undefined;
  /** The next look, not yet begun. */
  #next: Promise<void> | undefined;
  #alarm: ReturnType<typeof setInterval> | undefined;

  /** @param own makes the owner of a token; the signal aborts when the token is gone or its rights change */
  constructor(
    private readonly path: string,
    private readonly own: (entry: TokenEntry, ended: AbortSignal) => T,
    private readonly log: Log,
  ) {}

  /** @throws BadTokens if there is no valid file of tokens to begin with */
  async open(): Promise<void> {
    this.#mark = await markOf(this.path);
    this.#take(await readTokens(this.path));
    this.#alarm = setInterval(() => void this.#look(), LOOK_MS).unref();
  }

  close(): void {
    clearInterval(this.#alarm);
  }

  /** How many tokens there are. */
  get size(): number {
    return this.#held.size;
  }

  /** What is wrong with the file now, as the end of a sentence. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** The owner of a token. For an unknown token the file is checked once more, as the token may be new. */
  async find(token: string): Promise<Found<T>> {
    const digest = digestOf(token);
    const found = this.#at(digest);
    if (found !== undefined) return found;
    await this.#lookAgain();
    return this.#at(digest) ?? 'unknown';
  }

  #at(digest: Buffer): Found<T> | undefined {
    const held = this.#held.get(keyOf(digest));
    if (held === undefined || !timingSafeEqual(held.digest, digest)) return undefined;
    const { expires } = held.entry;
    return expires !== null && Date.parse(expires) <= Date.now() ? 'expired' : { known: held.owner };
  }

  #look(): Promise<void> {
    this.#looked = performance.now();
    this.#looking ??= this.#read().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** A look that starts from now on: one under way may have missed the latest change. All who wait share it. */
  #lookAgain(): Promise<void> {
    this.#next ??= (async () => {
      await this.#looking;
      await delay(Math.max(0, AGAIN_MS - (performance.now() - this.#looked)));
      this.#next = undefined;
      await this.#look();
    })();
    return this.#next;
  }

  async #read(): Promise<void> {
    const mark = await markOf(this.path);
    if (mark === this.#mark && mark !== undefined) return;
    try {
      const entries = await readTokens(this.path);
      this.#mark = mark;
      this.#take(entries);
      if (this.#fault !== undefined) this.log.info({}, 'the file of tokens can be read again');
      this.#fault = undefined;
    } catch (error) {
      const fault = error instanceof BadTokens ? error.message : 'it can not be read';
      if (fault !== this.#fault)
        this.log.warn(
          {},
          `The file of tokens can't be used: ${fault}. The earlier tokens stay valid until it is whole again.`,
        );
      this.#fault = fault;
      this.#mark = mark;
    }
  }

  /** Unchanged tokens keep their owner. */
  #take(entries: readonly TokenEntry[]): void {
    const before = this.#held;
    const now = entries.map((entry): Held<T> => {
      const digest = Buffer.from(entry.sha256, 'hex');
      const known = before.get(keyOf(digest));
      if (known !== undefined && JSON.stringify(known.entry) === JSON.stringify(entry)) return known;
      const ended = new AbortController();
      return { entry, digest, owner: this.own(entry, ended.signal), end: () => ended.abort() };
    });
    this.#held = new Map(now.map((held) => [keyOf(held.digest), held]));
    for (const held of before.values()) if (!now.includes(held)) held.end();
  }
}

const keyOf = (digest: Buffer): string => digest.toString('hex', 0, 8);
