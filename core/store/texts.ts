import type { Log } from '../logger.js';
import type { Link } from './link.js';
import { keyFor, named, sealWith } from './seal.js';
import type { Kept, Shelf } from './shelf.js';

/**
 * A shelf in the store for one purpose. Its texts are encrypted, under names that reveal nothing. A text that does not
 * open counts as absent, and is reported once: the servers' keys may differ.
 */
export function storeShelf(link: Link, prefix: string, purpose: string, key: Buffer, onForeign: () => void): Shelf {
  const seal = sealWith(keyFor(key, purpose));
  const names = keyFor(key, `${purpose} names`);
  const placeOf = (name: string) => `${prefix}${purpose}:${named([name], names)}`;
  const opened = (sealed: unknown, place: string): string | undefined => {
    if (typeof sealed !== 'string') return undefined;
    const text = seal.open(sealed, place);
    if (text === undefined) onForeign();
    return text;
  };
  return {
    async get(name): Promise<Kept | undefined> {
      const place = placeOf(name);
      const [sealed, milliseconds] = (await link.run('getWithEnd', place)) as [string?, number?];
      const text = opened(sealed, place);
      return text === undefined ? undefined : { text, milliseconds: Math.max(0, milliseconds ?? 0) };
    },
    async set(name, text, milliseconds) {
      const place = placeOf(name);
      await link.command('SET', place, seal.close(text, place), 'PX', Math.max(1, Math.floor(milliseconds)));
    },
    async take(name) {
      const place = placeOf(name);
      return opened(await link.run('takeText', place), place);
    },
    async drop(name) {
      await link.command('DEL', placeOf(name));
    },
  };
}

/** Compares the servers' keys by a mark in the store, and warns once if they differ. */
export function keyMark(link: Link, prefix: string, key: Buffer, log: Log): { tell: () => void; check: () => void } {
  let told = false;
  const tell = () => {
    if (told) return;
    told = true;
    log.warn(
      {},
      'Another server put something into the store with another HALO_MCP_STORE_KEY. Give all of them the same one: until then each keeps its token, names, confirmations and sign-ins for itself.',
    );
  };
  const own = named(['mark'], keyFor(key, 'mark'));
  const check = () => {
    link.early('markText', `${prefix}key`, own, MARK_MS).then(
      (found) => {
        if (typeof found === 'string' && found !== own) tell();
      },
      () => undefined,
    );
  };
  return { tell, check };
}

/** How long the first server's key counts as everyone's. */
const MARK_MS = 86_400_000;
