import { randomBytes } from 'node:crypto';
import { HaloError } from '../errors.js';
import { Departures } from './departures.js';
import type { SharedBudget, Sharer } from './shared-budget.js';
import { comeBack } from './time.js';

/** How long a request may wait: until the caller gives up, or its call's time is over. */
export interface Patience {
  signal: AbortSignal;
  /** Milliseconds of `performance.now()` after which nobody waits for the answer. */
  readonly deadline: number;
  /** The latest that {@link Patience.mayWait} allows. */
  readonly latest?: number | undefined;
  /** Asked if a turn comes after the deadline: moves it and returns true if the operator lets calls wait that long. */
  mayWait?: ((moment: number) => boolean) | undefined;
}

/** Five minutes, plus a second for requests that take longer on their way: Halo counts them when they arrive. */
export const WINDOW_MS = 301_000;
/** The most requests under way at once. */
export const CONCURRENT = 6;

interface Waiting {
  patience: Patience;
  go: () => void;
  fail: (reason: unknown) => void;
}

/**
 * The one line that all requests to Halo stand in. They leave in order: never more than `limit` in any rolling 5
 * minutes, none during a pause, six at once. A request whose turn comes after its call's deadline fails at once and
 * says when to come back. Several servers keep the limit together if they share a budget; while it is lost, each takes
 * its part of what was free.
 */
export class Limiter implements Sharer {
  readonly windowMs: number;
  readonly #departures: Departures;
  readonly #line: Waiting[] = [];
  readonly #name = randomBytes(6).toString('base64url');
  #count = 0;
  #underWay = 0;
  #pausedUntil = 0;
  /** Other servers were quicker: until then none is free. */
  #heldUntil = 0;
  #shared: SharedBudget | undefined;
  #servers = 1;
  /** `performance.now()` from which no server knows of more; undefined while nothing is known of the others. */
  #settledAt: number | undefined = 0;
  #asking = false;
  #alarm: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly limit: number,
    { windowMs = WINDOW_MS }: { windowMs?: number | undefined } = {},
  ) {
    this.windowMs = windowMs;
    this.#departures = new Departures(limit, windowMs);
  }

  /** Keeps the limit with others from now on. @param servers the most that there are */
  async share(shared: SharedBudget, servers: number): Promise<void> {
    this.#shared = shared;
    this.#servers = servers;
    this.#settledAt = undefined;
    await shared.join(this);
  }

  /**
   * Runs the request when its turn comes.
   * @throws HaloError HALO_RATE_LIMITED if its turn comes after the deadline
   */
  async run<T>(request: () => Promise<T>, patience: Patience): Promise<T> {
    patience.signal.throwIfAborted();
    await this.#turn(patience);
    try {
      return await request();
    } finally {
      this.#underWay -= 1;
      this.#advance();
    }
  }

  /** Holds every request back for this many milliseconds: a 429 is for all of them, not only the one that met it. */
  pause(milliseconds: number): void {
    this.#shared?.pause(milliseconds);
    this.paused(milliseconds);
  }

  /** Requests that could leave now. */
  get left(): number {
    this.#forget();
    const servers = this.#parts;
    const free = this.limit - this.#departures.weight(servers);
    return Math.max(0, Math.floor(free / servers) - this.#line.length);
  }

  known() {
    this.#forget();
    return { departures: this.#departures.ages(), pauseMs: Math.max(0, this.#pausedUntil - performance.now()) };
  }

  together(departures: readonly [number, string][], pauseMs: number, settleMs: number): void {
    const now = performance.now();
    for (const [age, member] of departures) this.#departures.add(member, false, now - age);
    this.#settledAt = now + settleMs;
    this.#heldUntil = 0;
    this.paused(pauseMs);
  }

  parted(): void {
    this.#settledAt = undefined;
    this.#heldUntil = 0;
    this.#recount();
  }

  departed(member: string): void {
    // For its own requests this server has the answer, or is about to.
    if (member.startsWith(`${this.#name}:`)) return;
    this.#departures.add(member, false);
    if (this.#line.length > 0) this.#recount();
  }

  paused(milliseconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + milliseconds);
    this.#recount();
  }

  /** After a change, the turn of some waiting requests may come too late. */
  #recount(): void {
    for (const waiting of [...this.#line]) {
      const late = this.#tooLate(this.#line.indexOf(waiting), waiting.patience);
      if (late !== undefined) waiting.fail(late);
    }
    this.#advance();
  }

  /** When this many requests could all have left, if nobody else asks; `left` of them could by the deadline. */
  lasting(requests: number, deadline: number): { until: number; left: number } {
    this.#forget();
    const servers = this.#parts;
    const free = Math.floor((this.limit - this.#departures.weight(servers, deadline)) / servers);
    const left = Math.max(0, free - this.#line.length);
    const windows = Math.max(0, Math.ceil((requests - left) / Math.max(1, Math.floor(this.limit / servers))));
    return { until: performance.now() + windows * this.windowMs, left };
  }

  /** Resolves when the request has left the line and counts as under way. */
  #turn(patience: Patience): Promise<void> {
    this.#forget();
    const late = this.#tooLate(this.#line.length, patience);
    if (late !== undefined) return Promise.reject(late);
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#line.splice(this.#line.indexOf(waiting), 1);
        patience.signal.removeEventListener('abort', giveUp);
      };
      const waiting: Waiting = {
        patience,
        go: () => {
          leave();
          resolve();
        },
        fail: (reason) => {
          leave();
          reject(reason);
        },
      };
      const giveUp = () => {
        waiting.fail(patience.signal.reason);
        this.#advance();
      };
      patience.signal.addEventListener('abort', giveUp, { once: true });
      this.#line.push(waiting);
      this.#advance();
    });
  }

  /** Lets requests leave whose turn it is, and wakes up again at the next turn. */
  #advance(): void {
    clearTimeout(this.#alarm);
    this.#forget();
    for (let next = this.#line[0]; next !== undefined && this.#underWay < CONCURRENT; next = this.#line[0]) {
      if (this.#asking) return;
      const wait = this.#momentOf(0) - performance.now();
      if (wait > 0) {
        this.#alarm = setTimeout(() => this.#advance(), Math.ceil(wait));
        return;
      }
      if (this.#shared?.isUp === true) {
        void this.#ask(this.#shared);
        return;
      }
      this.#leave(next, this.#newName(), this.#shared !== undefined);
    }
  }

  #leave(next: Waiting, member: string, alone: boolean): void {
    this.#departures.add(member, alone);
    this.#underWay += 1;
    next.go();
  }

  /** Asks the shared budget, over all servers, whether the first in line may leave. */
  async #ask(shared: SharedBudget): Promise<void> {
    this.#asking = true;
    const member = this.#newName();
    const answer = await shared.take(member, this.limit, this.windowMs).catch(() => undefined);
    this.#asking = false;
    if (answer === undefined) this.#advance();
    else if (answer.wait === 0) {
      // The others know of it; but until all know of all, it counts once for every server.
      const alone = this.#parts > 1;
      const [next] = this.#line;
      if (next === undefined) shared.giveBack(member);
      else this.#leave(next, member, alone);
      this.#advance();
    } else if (answer.paused) this.paused(answer.wait);
    else {
      this.#heldUntil = performance.now() + answer.wait;
      this.#recount();
    }
  }

  #newName(): string {
    if (this.#shared === undefined) return '';
    this.#count += 1;
    return `${this.#name}:${this.#count}`;
  }

  /** How many servers each departure of this one counts for now. */
  get #parts(): number {
    return this.#settledAt === undefined || performance.now() < this.#settledAt ? this.#servers : 1;
  }

  /** The earliest moment for the request at a place in the line, if those before it leave as early as they can. */
  #momentOf(place: number): number {
    const earliest = Math.max(performance.now(), this.#pausedUntil, this.#heldUntil);
    const alone = this.#departures.momentOf(place, earliest, this.#parts);
    if (this.#parts === 1 || this.#settledAt === undefined) return alone;
    return Math.min(alone, this.#departures.momentOf(place, Math.max(earliest, this.#settledAt), 1));
  }

  #tooLate(place: number, { deadline, mayWait }: Patience): HaloError | undefined {
    const moment = this.#momentOf(place);
    if (moment <= deadline || mayWait?.(moment) === true) return undefined;
    const why =
      moment <= this.#pausedUntil
        ? 'Halo asked for a pause'
        : this.#settledAt === undefined
          ? `The store that the servers share is lost, and this one's part of the limit of ${this.limit} requests to Halo in 5 minutes is used up`
          : `The limit of ${this.limit} requests to Halo in 5 minutes is used up`;
    return new HaloError('HALO_RATE_LIMITED', `${why}; come back ${comeBack(moment - performance.now())}.`);
  }

  #forget(): void {
    this.#departures.forget();
    if (this.#settledAt !== undefined && this.#parts === 1) this.#departures.together();
  }
}
