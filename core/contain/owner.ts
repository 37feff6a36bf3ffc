import { AsyncLocalStorage } from 'node:async_hooks';

/** Whoever's code runs: a plugin, by the name it bears; as the config names it until that is known. */
export interface Owner {
  name: string;
  /** How often it failed with nobody waiting for it: a promise left alone, a timer that throws. */
  strays: number;
}

/** After this many, the plugin's tools answer no more. */
const MOST_STRAYS = 3;

const running = new AsyncLocalStorage<Owner | undefined>();

/** Runs code as a plugin's own: what it prints, throws or rejects later, from its timers too, is told with its name. */
export const runAs = <T>(owner: Owner, work: () => T): T => running.run(owner, work);

/** Runs code as the server's own, though a plugin called for it. */
export const asServer = <T>(work: () => T): T => running.run(undefined, work);

/** The plugin whose code runs right now; undefined for the server's own. */
export const whose = (): Owner | undefined => running.getStore();

/** True for a plugin that has failed too often beside its calls. */
export const isBroken = ({ strays }: Owner): boolean => strays >= MOST_STRAYS;
