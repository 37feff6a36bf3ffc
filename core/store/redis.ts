import { randomBytes } from 'node:crypto';
import type { Log } from '../logger.js';
import type { StoreOptions } from '../settings.js';
import { StoreBudget } from './budget.js';
import { Link } from './link.js';
import { Limits, type Rate, type Rates } from './rates.js';
import { keyFor, named } from './seal.js';
import type { Shelf } from './shelf.js';
import type { SignIns, Store } from './store.js';
import { keyMark, storeShelf } from './texts.js';
import { storeOfWrites } from './writes.js';

/** Includes the version of the stored format, so that servers of different versions don't misread each other. */
const PREFIX = 'halo-mcp:1:';

/** Connects to the store and keeps trying: it need not be up. */
export function connectStore({ url, key }: StoreOptions, log: Log): Store {
  const budgets: StoreBudget[] = [];
  /** Since when the store has remembered everything, in milliseconds of the epoch. */
  let since = Date.now();
  const ageOf = () => Date.now() - since;
  const link = new Link(
    url,
    PREFIX,
    {
      async onUp(ageMs) {
        since = Date.now() - ageMs;
        await Promise.all(budgets.map((one) => one.rejoin()));
        mark?.check();
      },
      onLost() {
        for (const one of budgets) one.parted();
      },
      onMessage(text) {
        const [digest = '', what = '', value = ''] = text.split(' ');
        for (const one of budgets) one.hear(digest, what, value);
      },
    },
    log,
  );
  const mark = key && keyMark(link, PREFIX, key, log);
  const shelf = (purpose: string) =>
    key === undefined ? undefined : storeShelf(link, PREFIX, purpose, key, () => mark?.tell());
  if (key === undefined)
    log.warn(
      {},
      "HALO_MCP_STORE_KEY is not set: the servers share Halo's budget and what was sent, but each has a token, names, confirmations and sign-ins of its own.",
    );
  return {
    get isUp() {
      return link.isUp;
    },
    get cause() {
      return link.cause;
    },
    budgetOf({ tokenUrl, clientId }) {
      const budget = new StoreBudget(link, PREFIX, named([tokenUrl, clientId]), ageOf);
      budgets.push(budget);
      return budget;
    },
    shelf,
    rates: (purpose, rate) => storeRates(link, purpose, rate, key),
    writes: {
      store: storeOfWrites(link, PREFIX, () => since, shelf('plan')),
      key: key === undefined ? randomBytes(32) : keyFor(key, 'confirmations'),
    },
    signIns: signInsOf(shelf('sign-in'), key),
    close: () => link.close(),
  };
}

const signInsOf = (shelf: Shelf | undefined, key: Buffer | undefined): SignIns | undefined =>
  shelf && key && { shelf, key: keyFor(key, 'sign-in tokens') };

/** Limits that all servers count together; while the store is lost, each counts alone. */
function storeRates(link: Link, purpose: string, rate: Rate, key: Buffer | undefined): Rates {
  const alone = new Limits(rate);
  const names = key && keyFor(key, `${purpose} names`);
  const everyMs = 60_000 / rate.perMinute;
  return {
    async take(caller) {
      try {
        return Number(await link.run('takeRate', `${PREFIX}${purpose}:${named([caller], names)}`, everyMs, rate.burst));
      } catch {
        return alone.take(caller);
      }
    },
  };
}
