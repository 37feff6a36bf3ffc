import { familyOf } from './family.js';
import { Flight } from './flight.js';
import { frozen } from './json.js';
import { Kept } from './kept.js';
import type { Patience } from './limiter.js';

/** Equal reads in flight as one, by their route; and, if it is asked for, as one for good. */
export class Reads {
  readonly #flights = new Map<string, Flight<unknown>>();
  #kept: Kept | undefined;

  /** From now on answers are kept. */
  keep(): void {
    this.#kept ??= new Kept();
  }

  /**
   * @param ask sends the request, if no equal one is on its way
   * @param readOnly true if the caller only reads the answer: such callers share it, frozen; the others get their own
   */
  get(
    route: string,
    ask: (shared: Patience) => Promise<unknown>,
    patience: Patience,
    readOnly: boolean,
  ): Promise<unknown> {
    const read = (only: boolean) => this.#flightOf(route, ask, patience).join(patience, only);
    return this.#kept === undefined ? read(readOnly) : this.#kept.get(route, readOnly, () => read(false));
  }

  /** After a write: what may have seen the old state is not joined any more, and nothing is kept. */
  forget(path: string): void {
    this.#kept?.clear();
    const family = familyOf(path);
    for (const route of this.#flights.keys()) if (familyOf(route) === family) this.#flights.delete(route);
  }

  #flightOf(route: string, ask: (shared: Patience) => Promise<unknown>, patience: Patience): Flight<unknown> {
    const flying = this.#flights.get(route);
    if (flying !== undefined) return flying;
    const own: Flight<unknown> = new Flight<unknown>(
      ask,
      patience,
      () => {
        if (this.#flights.get(route) === own) this.#flights.delete(route);
      },
      { copy: structuredClone, share: frozen },
    );
    this.#flights.set(route, own);
    return own;
  }
}
