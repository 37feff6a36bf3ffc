import { timingSafeEqual } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../../logger.js';
import { BadTokens, markOf, readTokens, type TokenEntry } from './file.js';
import { digestOf } from './token.js';

/** A token that was found good, or why it was not. */
export type Found<T> = { known: T } | 'unknown' | 'expired';

/** How often the file is looked at by itself; a revoked token is good for no longer. */
const LOOK_MS = 500;
/** After a token that is not known it is looked at again at most this often. */
const AGAIN_MS = 100;

interface Held<T> {
  entry: TokenEntry;
  digest: Buffer;
  owner: T;
  end: () => void;
}

/**
 * The tokens of a file, which is read again when it changes. While it can't be read, those of before hold.
 */
export class TokenBook<T> {
  /** By the first bytes of their digests, which tell nothing of a token; the whole of one is compared in constant time. */
  #held = new Map<string, Held<T>>();
  #mark: string | undefined;
  #fault: string | undefined;
  #looked = 0;
  #looking: Promise<void> | undefined;
  /** The next look, which has not begun. */
  #next: Promise<void> | undefined;
  #alarm: ReturnType<typeof setInterval> | undefined;

  /**
   * @param own makes the owner of a token; the signal says when the token is gone, or may use other things than before
   */
  constructor(
    private readonly path: string,
    private readonly own: (entry: TokenEntry, ended: AbortSignal) => T,
    private readonly log: Log,
  ) {}

  /** @throws BadTokens where there is no file of tokens to begin with */
  async open(): Promise<void> {
    this.#mark = await markOf(this.path);
    this.#take(await readTokens(this.path));
    this.#alarm = setInterval(() => void this.#look(), LOOK_MS).unref();
  }

  close(): void {
    clearInterval(this.#alarm);
  }

  /** How many there are. */
  get size(): number {
    return this.#held.size;
  }

  /** What is wrong with the file as it is now, as the end of a sentence. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** The owner of a token. For one that is not known the file is looked at once more, as it may be new. */
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

  /** A look that begins from now on: one that is under way may have missed what has just changed. All who ask share it. */
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
          `The file of tokens can not be used: ${fault}. Those of before hold until it is whole again.`,
        );
      this.#fault = fault;
      this.#mark = mark;
    }
  }

  /** Those that are as they were keep their owner. */
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
