import { randomUUID } from 'node:crypto';
import { memoryStore, type WriteStore } from '../call/confirm/store.js';
import type { Link } from './link.js';
import { named } from './seal.js';
import type { Shelf } from './shelf.js';

/**
 * What confirmations are remembered in, over all servers: plans encrypted, as they hold what people wrote, and without a
 * key in this server's memory alone; what was sent and used up under digests, so that it is sent once either way.
 *
 * While the store is lost nothing new is begun. What is told of a change that was sent stays told here: the place that
 * it took keeps others from sending it again.
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
        // Where it comes through after all, what comes behind it takes it back.
        link.send('dropText', placeOf(key), own);
        throw error;
      }
    },
    drop: (key) => quietly(link.command('DEL', placeOf(key))),
  };
}

const textOf = (found: unknown) => (typeof found === 'string' ? found : undefined);
