import type { SharedBudget, Sharer } from '../halo/shared-budget.js';
import type { Link, Reply } from './link.js';

/** How long other servers that know of more may take to rejoin: after the store was lost here, or has just started. */
const SETTLE_MS = { lost: 3000, begun: 1500 };

/** One credential's budget in the store. */
export class StoreBudget implements SharedBudget {
  #sharer: Sharer | undefined;
  #joined = false;
  /** True after a loss: of what the store knew, or of what the other servers said. */
  #before = false;
  readonly #keys: { departures: string; pause: string };

  /** @param digest of the credential */
  constructor(
    private readonly link: Link,
    prefix: string,
    private readonly digest: string,
    private readonly age: () => number,
  ) {
    this.#keys = { departures: `${prefix}{${digest}}:left`, pause: `${prefix}{${digest}}:pause` };
  }

  get isUp(): boolean {
    return this.link.isUp && this.#joined;
  }

  async take(member: string, limit: number, windowMs: number) {
    const { departures, pause } = this.#keys;
    const most = Number.isFinite(limit) ? limit : -1;
    const args = [departures, pause, most, windowMs, member, this.link.channel, this.digest];
    const [wait, paused] = (await this.link.run('takeBudget', ...args)) as [number, number];
    return { wait, paused: paused === 1 };
  }

  giveBack(member: string): void {
    this.link.command('ZREM', this.#keys.departures, member).catch(() => undefined);
  }

  pause(milliseconds: number): void {
    const wait = Math.max(1, Math.ceil(milliseconds));
    this.link.run('pauseBudget', this.#keys.pause, wait, this.link.channel, this.digest).catch(() => undefined);
  }

  async join(sharer: Sharer): Promise<void> {
    this.#sharer = sharer;
    await this.link.first;
    if (this.link.isUp) await this.#meet((...args) => this.link.run('joinBudget', ...args)).catch(() => undefined);
  }

  /** Joins again once the store is back, before anything else is asked of it. @throws if it is not back */
  async rejoin(): Promise<void> {
    if (this.#sharer !== undefined) await this.#meet((...args) => this.link.early('joinBudget', ...args));
  }

  parted(): void {
    if (!this.#joined) return;
    this.#joined = false;
    this.#before = true;
    this.#sharer?.parted();
  }

  /** A message from another server: `DIGEST left MEMBER`, or `DIGEST paused MILLISECONDS`. */
  hear(digest: string, what: string, value: string): void {
    if (digest !== this.digest) return;
    if (what === 'left') this.#sharer?.departed(value);
    else if (what === 'paused') this.#sharer?.paused(Number(value));
  }

  async #meet(join: (...args: (string | number)[]) => Promise<Reply>): Promise<void> {
    const sharer = this.#sharer as Sharer;
    const { departures, pauseMs } = sharer.known();
    const known = departures.flatMap(([age, member]) => [Math.floor(age), member]);
    const keys = [this.#keys.departures, this.#keys.pause];
    const answer = (await join(...keys, sharer.windowMs, Math.ceil(pauseMs), ...known)) as (string | number)[];
    const [pause, ...all] = answer;
    const pairs = Array.from({ length: all.length / 2 }, (_, index): [number, string] => [
      Number(all[2 * index]),
      String(all[2 * index + 1]),
    ]);
    const settleMs = this.#before ? SETTLE_MS.lost : Math.max(0, SETTLE_MS.begun - this.age());
    this.#joined = true;
    sharer.together(pairs, Math.max(0, Number(pause)), settleMs);
  }
}
