import { AsyncLocalStorage } from 'node:async_hooks';

/** Whoever's code runs: a plugin, by the name it bears; as the config names it until that is known. */
export interface Owner {
  name: string;
}

const running = new AsyncLocalStorage<Owner | undefined>();

/** Runs code as a plugin's own: what it prints, throws or rejects later, from its timers too, is told with its name. */
export const runAs = <T>(owner: Owner, work: () => T): T => running.run(owner, work);

/** Runs code as the server's own, though a plugin called for it. */
export const asServer = <T>(work: () => T): T => running.run(undefined, work);

/** The plugin whose code runs right now; undefined for the server's own. */
export const whose = (): Owner | undefined => running.getStore();
