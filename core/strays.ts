import { AsyncLocalStorage } from 'node:async_hooks';

/** So many failures with nobody waiting, and the plugin's tools answer no more. */
const MOST = 3;

/**
 * Knows whose code runs, so that what fails with nobody waiting for it (a promise left alone, a timer that throws) is
 * laid at the right plugin's door; after three of them the plugin counts as broken.
 */
export class Strays {
  readonly #running = new AsyncLocalStorage<string>();
  readonly #counts = new Map<string, number>();

  /** Runs a plugin's code; what it starts and leaves behind counts as its own, too. */
  run<T>(plugin: string, work: () => T): T {
    return this.#running.run(plugin, work);
  }

  /** Counts a stray failure, asked from within its handler: whose it is, and how many that plugin has by now. */
  count(): { plugin: string; strays: number } | undefined {
    const plugin = this.#running.getStore();
    if (plugin === undefined) return undefined;
    const strays = (this.#counts.get(plugin) ?? 0) + 1;
    this.#counts.set(plugin, strays);
    return { plugin, strays };
  }

  /** True for a plugin that has had its three. */
  isBroken(plugin: string): boolean {
    return (this.#counts.get(plugin) ?? 0) >= MOST;
  }
}
