import { AsyncLocalStorage } from 'node:async_hooks';

/** How many requests went out to Halo for one piece of work. */
export interface Spent {
  requests: number;
}

const counting = new AsyncLocalStorage<Spent>();

/** Does the work, and counts what leaves for Halo meanwhile; a request that several wait for is whose who asked first. */
export function spending<T>(work: (spent: Spent) => Promise<T>): Promise<T> {
  const spent = { requests: 0 };
  return counting.run(spent, () => work(spent));
}

/** One request leaves. */
export function spend(): void {
  const spent = counting.getStore();
  if (spent !== undefined) spent.requests += 1;
}
