import { CONCURRENT } from './limiter.js';

/**
 * Does the same for each of many items, a few of them at a time, so that a long list never waits in line as a whole and
 * what comes for one item is let go before the next is asked for.
 * @throws what the first item that fails throws; what is under way then goes on
 */
export async function sideBySide<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const source = items[Symbol.iterator]();
  // Shared by all who take: what ends one of them does not close it for the others.
  const line: Iterable<T> = { [Symbol.iterator]: () => ({ next: () => source.next() }) };
  const take = async () => {
    for (const item of line) await work(item);
  };
  await Promise.all(Array.from({ length: CONCURRENT }, take));
}
