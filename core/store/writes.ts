import { randomUUID } from 'node:crypto';
import { memoryStore, type WriteStore } from '../call/confirm/store.js';
import type { Link } from './link.js';
import { named } from './seal.js';
import type { Shelf } from './shelf.js';

/**
 * Where confirmations are remembered, over all servers. Plans hold what people wrote: they are encrypted, or without a
 * key kept only in this server's memory. What was sent and used up is under digests, so it is sent once either way.
 *
 * While the store is lost, no change is begun. What can't be recorded of a change already sent is dropped: its place
 * still keeps others from sending it again.
 */
export function storeOfWrites(link: Link, prefix: string, since: () => number, plans: Shelf | undefined): WriteStore {
  const memory = memoryStore();
  const placeOf = (key: string) => `${prefix}write:${named([key])}`;
  const isPlan = (key: string) => key.startsWith('plan:');
  const quietly = async (work: Promise<unknown>) => void (await work.catch(() => undefined));
  return {
    shared: true,
    since,
    async get(key) {
      if (!isPlan(key)) return textOf(await link.command('GET', placeOf(key)));
      return plans === undefined ? memory.get(key) : (await plans.get(key))?.text;
    },
    async put(key, value, milliseconds) {
      if (!isPlan(key)) return quietly(link.command('SET', placeOf(key), value, 'PX', milliseconds));
      await (plans === undefined ? memory.put(key, value, milliseconds) : plans.set(key, value, milliseconds));
    },
    async claim(key, value, milliseconds) {
      const own = `${value} ${randomUUID()}`;
      try {
        return (await link.command('SET', placeOf(key), own, 'NX', 'PX', milliseconds)) === 'OK';
      } catch (error) {
        // If it gets through after all, the script sent after it takes it back.
        link.send('dropText', placeOf(key), own);
        throw error;
      }
    },
    drop: (key) => quietly(link.command('DEL', placeOf(key))),
  };
}

const textOf = (found: unknown) => (typeof found === 'string' ? found : undefined);
