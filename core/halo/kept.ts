import { frozen } from './json.js';

/** More than one page of a list that is chosen here ever reads: its walk, and a request for each row to complete. */
const MOST = 300;

/** Answers by their route, for a run that reads the same pages of Halo again and again; the oldest make room. */
export class Kept {
  readonly #answers = new Map<string, unknown>();

  /**
   * The kept answer, or else the one that `read` brings. An error is not kept.
   * @param readOnly true for a caller that only reads the answer: such callers share it, frozen; the others get a copy
   */
  async get(route: string, readOnly: boolean, read: () => Promise<unknown>): Promise<unknown> {
    if (!this.#answers.has(route)) {
      this.#answers.set(route, frozen(await read()));
      const [oldest] = this.#answers.keys();
      if (this.#answers.size > MOST && oldest !== undefined) this.#answers.delete(oldest);
    }
    const answer = this.#answers.get(route);
    return readOnly ? answer : structuredClone(answer);
  }

  /** Drops all: something was changed. */
  clear(): void {
    this.#answers.clear();
  }
}
