import { AsyncLocalStorage } from 'node:async_hooks';
import type { CallSpan, EndRequest } from '../trace/trace.js';

/** How many requests went out to Halo for one piece of work. */
export interface Spent {
  requests: number;
  /** The call that it is a part of, where somebody traces it. */
  span?: CallSpan | undefined;
}

const counting = new AsyncLocalStorage<Spent>();

/** Does the work, and counts what leaves for Halo meanwhile; a request that several wait for is whose who asked first. */
export function spending<T>(work: (spent: Spent) => Promise<T>, span?: CallSpan): Promise<T> {
  const spent = { requests: 0, span };
  return counting.run(spent, () => work(spent));
}

/** One request leaves: its method, and the family of its path. @returns what is called with the status of its answer */
export function spend(method: string, family: string): EndRequest {
  const spent = counting.getStore();
  if (spent !== undefined) spent.requests += 1;
  return spent?.span?.request(method, family) ?? (() => undefined);
}
