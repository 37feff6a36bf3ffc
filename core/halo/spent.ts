import { AsyncLocalStorage } from 'node:async_hooks';
import type { CallSpan, EndRequest } from '../trace/trace.js';

/** How many requests went out to Halo for one piece of work. */
export interface Spent {
  requests: number;
  /** The call that it belongs to, if it is traced. */
  span?: CallSpan | undefined;
}

const counting = new AsyncLocalStorage<Spent>();

/** Does the work and counts what it sends to Halo; a request that several wait for counts for whoever asked first. */
export function spending<T>(work: (spent: Spent) => Promise<T>, span?: CallSpan): Promise<T> {
  const spent = { requests: 0, span };
  return counting.run(spent, () => work(spent));
}

/** Counts a request that leaves, by its method and its path's family. @returns what to call with its answer's status */
export function spend(method: string, family: string): EndRequest {
  const spent = counting.getStore();
  if (spent !== undefined) spent.requests += 1;
  return spent?.span?.request(method, family) ?? (() => undefined);
}
