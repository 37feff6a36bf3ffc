import type { Caps } from './page.js';

/** What Halo does with a filter; `unknown` if that could not be found out. */
export type Verdict = 'obeyed' | 'ignored' | 'unknown';

const DAY_MS = 86_400_000;
const KEPT_MS: Record<Verdict, number> = { obeyed: DAY_MS, ignored: DAY_MS, unknown: 300_000 };

/** Filters are few: more than this come from a plugin that keeps inventing new ones. */
const MOST = 1000;

/** What was learned of one Halo by asking it: how long its pages are, and which filters it obeys. */
export class Learned {
  /** The page size that an endpoint caps at, by its path. */
  readonly caps: Caps = new Map();
  readonly #verdicts = new Map<string, { verdict: Verdict; until: number }>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** What is known of a filter: kept for a day, or for five minutes if the verdict is `unknown`. */
  verdict(place: string): Verdict | undefined {
    const known = this.#verdicts.get(place);
    return known === undefined || this.now() > known.until ? undefined : known.verdict;
  }

  /** @param keptMs how long it holds, if not for the usual time */
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
