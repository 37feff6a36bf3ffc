/** A request that left for Halo. */
interface Departure {
  /** `performance.now()` */
  at: number;
  /** Its name among several servers; empty if there is only one. */
  member: string;
  /** True if it left while this server knew nothing of the others. */
  alone: boolean;
}

/**
 * The requests that left in the window over which Halo counts, in order. A server that knows nothing of the others
 * takes its part of what was free when it last knew: then each of its departures, past and to come, counts once for
 * every server.
 */
export class Departures {
  #all: Departure[] = [];
  /** A running count; counting at each request would be slow, as there may be a hundred thousand departures. */
  #alone = 0;
  readonly #members = new Set<string>();

  constructor(
    private readonly limit: number,
    private readonly windowMs: number,
  ) {}

  /** @param alone whether the other servers don't know of it */
  add(member: string, alone: boolean, at = performance.now()): void {
    if (this.#members.has(member)) return;
    if (member !== '') this.#members.add(member);
    if (alone) this.#alone += 1;
    const index = this.#all.findLastIndex((one) => one.at <= at);
    this.#all.splice(index + 1, 0, { at, member, alone });
  }

  /**
   * The earliest moment for a request with this many before it, if those leave as early as they can.
   * @param servers how many each departure alone counts as
   */
  momentOf(place: number, earliest: number, servers: number): number {
    // If there is less than one for each server: one at a time.
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
  weight(servers: number, moment?: number): number {
    if (moment === undefined) return this.#all.length + this.#alone * (servers - 1);
    const since = moment - this.windowMs;
    return this.#all.reduce((sum, { at, alone }) => sum + (at <= since ? 0 : alone ? servers : 1), 0);
  }

  /** How many milliseconds ago each left, and its name. */
  ages(): [milliseconds: number, member: string][] {
    const now = performance.now();
    return this.#all.map(({ at, member }) => [now - at, member]);
  }

  /** All of them are known to the others again. */
  together(): void {
    if (this.#alone === 0) return;
    for (const one of this.#all) one.alone = false;
    this.#alone = 0;
  }

  /** Drops what has left the window. */
  forget(): void {
    const since = performance.now() - this.windowMs;
    const first = this.#all.findIndex(({ at }) => at > since);
    for (const { alone, member } of this.#all.splice(0, first === -1 ? this.#all.length : first)) {
      this.#members.delete(member);
      if (alone) this.#alone -= 1;
    }
  }
}
