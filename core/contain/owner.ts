import { AsyncLocalStorage } from 'node:async_hooks';

/** The plugin whose code runs. Its name is the config's until its own is known. */
export interface Owner {
  name: string;
  /** How often it failed outside a call: an unhandled rejection, a timer that throws. */
  strays: number;
}

/** After this many, the plugin's tools stop answering. */
const MOST_STRAYS = 3;

const running = new AsyncLocalStorage<Owner | undefined>();

/** Runs code as a plugin's own: what it prints, throws or rejects, even from timers, is logged under its name. */
export const runAs = <T>(owner: Owner, work: () => T): T => running.run(owner, work);

/** Runs code as the server's own, even if a plugin called for it. */
export const asServer = <T>(work: () => T): T => running.run(undefined, work);

/** The plugin whose code is running; undefined for the server's own code. */
export const whose = (): Owner | undefined => running.getStore();

/** True for a plugin that has failed too often outside its calls. */
export const isBroken = ({ strays }: Owner): boolean => strays >= MOST_STRAYS;
