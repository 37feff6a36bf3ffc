import type { Caps } from './page.js';

/** What Halo does with a filter; `unknown` where it could not be found out. */
export type Verdict = 'obeyed' | 'ignored' | 'unknown';

const DAY_MS = 86_400_000;
const KEPT_MS: Record<Verdict, number> = { obeyed: DAY_MS, ignored: DAY_MS, unknown: 300_000 };

/** Filters are few: more than this are those of a plugin that makes up new ones all the time. */
const MOST = 1000;

/** What was learned of one Halo by asking it: how long its pages are, and which filters it obeys. */
export class Learned {
  /** By its path, the page size that an endpoint caps at. */
  readonly caps: Caps = new Map();
  readonly #verdicts = new Map<string, { verdict: Verdict; until: number }>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** What is known of a filter: a day long, a verdict of `unknown` for five minutes. */
  verdict(place: string): Verdict | undefined {
    const known = this.#verdicts.get(place);
    return known === undefined || this.now() > known.until ? undefined : known.verdict;
  }

  /** @param keptMs how long it holds, where it is not as long as is usual */
  learn(place: string, verdict: Verdict, keptMs = KEPT_MS[verdict]): void {
    this.#verdicts.delete(place);
    this.#verdicts.set(place, { verdict, until: this.now() + keptMs });
    const [oldest] = this.#verdicts.keys();
    if (this.#verdicts.size > MOST && oldest !== undefined) this.#verdicts.delete(oldest);
  }

  forget(place: string): void {
    this.#verdicts.delete(place);
  }
}
