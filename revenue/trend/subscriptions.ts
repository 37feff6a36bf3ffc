/** The prices of a book, prepared for questions about any day. */
import type { Facts } from '../ledger/facts.js';
import { collectIn } from '../values/collect.js';
import { each, flatMapped, type Steps } from '../values/steps.js';
import { applyCredits, type Named } from './credited.js';
import { withoutDuplicates } from './duplicates.js';
import { settleParts } from './parts.js';
import { type Billed, type Dated, type Price, readPrices } from './prices.js';
import { type Subscription, subscriptionOf } from './subscription.js';

export interface Subscriptions {
  readonly all: readonly Subscription[];
  /** Prices that were credited in full. */
  readonly gone: readonly Price[];
  /** For periods billed more than once: the bills that do not count. */
  readonly duplicates: readonly Price[];
  /** Credits that change no price. */
  readonly named: readonly Named[];
  /** Prices affected by credit notes that could not be read. */
  readonly doubtful: ReadonlySet<Price>;
  readonly timeless: Billed['timeless'];
  readonly loose: Billed['loose'];
}

/** Reads all prices of a book from the documents dated within these limits, and applies credits to them; in steps. */
export function* subscriptionsIn(facts: Facts, dated: Dated = {}): Steps<Subscriptions> {
  const templates = new Map(facts.templates.map((template) => [template.id, template]));
  const { prices, claims, timeless, loose } = yield* readPrices(facts, dated);
  const unread = new Set(claims.filter(({ unreadable }) => unreadable).map(({ document }) => document));
  const credited = yield* applyCredits(prices, claims, templates);
  const { kept, duplicates } = yield* withoutDuplicates(credited.prices);
  const all = yield* flatMapped(yield* collectIn(kept, ({ source }) => source), ([source, some]) =>
    subscriptionOf(source, some, templates.get(some[0]?.template ?? 0)),
  );
  yield* each(all, settleParts);
  return {
    all,
    gone: credited.gone,
    duplicates,
    named: credited.named,
    doubtful: new Set(prices.filter(({ document }) => unread.has(document))),
    timeless,
    loose,
  };
}
