/** A request that left for Halo. */
interface Departure {
  /** `performance.now()` */
  at: number;
  /** What it is called among several servers; nothing where there is one. */
  member: string;
  /** True where it left while this server knew nothing of the others. */
  alone: boolean;
}

/**
 * What left in the window that Halo counts in, in order. A server that knows nothing of the others takes its part of
 * what was free when it last knew: there each of its departures, and each that is to come, stands for one of every
 * server.
 */
export class Departures {
  #all: Departure[] = [];

  constructor(
    private readonly limit: number,
    private readonly windowMs: number,
  ) {}

  /** @param alone whether the others know nothing of it */
  add(member: string, alone: boolean, at = performance.now()): void {
    if (member !== '' && this.#all.some((one) => one.member === member)) return;
    const index = this.#all.findLastIndex((one) => one.at <= at);
    this.#all.splice(index + 1, 0, { at, member, alone });
  }

  /**
   * The earliest moment for a request with so many before it, if those leave as early as they can.
   * @param servers how many each departure alone stands for
   */
  momentOf(place: number, earliest: number, servers: number): number {
    // Less than one for each of them: then one at a time.
    const most = Math.max(this.limit, servers);
    let over = this.weight(servers) + servers * (place + 1) - most;
    if (over <= 0) return earliest;
    for (const one of this.#all) {
      over -= one.alone ? servers : 1;
      if (over <= 0) return Math.max(earliest, one.at + this.windowMs);
    }
    return this.windowMs + this.momentOf(place - Math.floor(most / servers), earliest, servers);
  }

  /** What has left, as it counts against the limit; or what of it still will at a moment. */
  weight(servers: number, moment = Number.NEGATIVE_INFINITY): number {
    const since = moment - this.windowMs;
    return this.#all.reduce((sum, { at, alone }) => sum + (at <= since ? 0 : alone ? servers : 1), 0);
  }

  /** Milliseconds since each left, and what it is called. */
  ages(): [milliseconds: number, member: string][] {
    const now = performance.now();
    return this.#all.map(({ at, member }) => [now - at, member]);
  }

  /** All of them are known to the others again. */
  together(): void {
    for (const one of this.#all) one.alone = false;
  }

  /** Drops what has left the window. */
  forget(): void {
    const since = performance.now() - this.windowMs;
    const first = this.#all.findIndex(({ at }) => at > since);
    this.#all.splice(0, first === -1 ? this.#all.length : first);
  }
}
