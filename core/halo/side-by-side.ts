import { CONCURRENT } from './limiter.js';

/**
 * Does the same work for each of many items, a few at a time, so that a long list never waits in line as a whole and
 * what comes for one item is released before the next is requested.
 * @throws what the first failing item throws; work under way then goes on
 */
export async function sideBySide<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const source = items[Symbol.iterator]();
  // Shared by all takers: if one of them ends, it stays open for the others.
  const line: Iterable<T> = { [Symbol.iterator]: () => ({ next: () => source.next() }) };
  const take = async () => {
    for (const item of line) await work(item);
  };
  await Promise.all(Array.from({ length: CONCURRENT }, take));
}
