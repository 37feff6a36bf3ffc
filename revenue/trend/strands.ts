/**
 * What each subscription is worth to each of its clients, month by month (T1, T2), and which takes over from which
 * (T8).
 */
import type Big from 'big.js';
import { daysAfter, daysBetween } from '../values/calendar.js';
import { collect } from '../values/collect.js';
import { decimalsOf } from '../values/currency.js';
import { round, sum, ZERO } from '../values/money.js';
import { each, flatMapped, type Steps } from '../values/steps.js';
import { type InForce, pricesOn, type Subscription } from './subscription.js';

/** What one client pays per month for one subscription, at the end of a month. */
export interface Cell {
  readonly billed: Big;
  /** Billed, plus what continues unbilled. */
  readonly mrr: Big;
  readonly prices: readonly InForce[];
}

/** One subscription of one client in one currency. */
export interface Strand {
  readonly subscription: Subscription;
  readonly owner: number;
  readonly name: string | undefined;
  /** Undefined if /Currency does not know it: then none of its figures are shown. */
  readonly currency: string | undefined;
  /** The first and last days that it is billed for. */
  readonly first: string;
  readonly last: string;
  /** One for each requested month end. */
  readonly cells: Cell[];
}

/** How soon after one subscription's end another must begin to replace it. */
export const SWAP_DAYS = 31;

export const NOTHING: Cell = { billed: ZERO, mrr: ZERO, prices: [] };

/** What all subscriptions are worth on some days, in steps. */
export function* strandsIn(subscriptions: readonly Subscription[], days: readonly string[]): Steps<Strand[]> {
  const strands = yield* flatMapped(subscriptions, (subscription) => strandsOf(subscription, days));
  for (const own of collect(strands, ({ owner, currency }) => `${owner} ${currency}`).values())
    yield* each(own, (ending) => bridgeSwap(ending, own, days));
  return strands;
}

function strandsOf(subscription: Subscription, days: readonly string[]): Strand[] {
  const owners = collect(subscription.prices, ({ owner, currency }) => `${owner} ${currency}`);
  const strands = [...owners].map(([key, prices]): [string, Strand] => {
    const [one] = prices;
    const strand: Strand = {
      subscription,
      owner: one?.owner ?? 0,
      name: prices.find(({ owner_name }) => owner_name !== undefined)?.owner_name,
      currency: one?.currency,
      first: prices.reduce((day, { from }) => (from < day ? from : day), one?.from ?? ''),
      last: prices.reduce((day, { to }) => (to > day ? to : day), ''),
      cells: days.map(() => NOTHING),
    };
    return [key, strand];
  });
  const byKey = new Map(strands);
  const begins = subscription.prices[0]?.from ?? '';
  for (const [index, day] of days.entries()) {
    if (day < begins) continue;
    const inForce = pricesOn(subscription, day);
    for (const [key, some] of collect(inForce, ({ price }) => `${price.owner} ${price.currency}`)) {
      const strand = byKey.get(key);
      if (strand !== undefined) strand.cells[index] = cellOf(some, strand.currency);
    }
  }
  return strands.map(([, strand]) => strand);
}

/** What is billed is rounded once, and so is the sum with what continues. */
function cellOf(prices: readonly InForce[], currency: string | undefined): Cell {
  const decimals = decimalsOf(currency ?? '');
  const billed = sum(prices.flatMap(({ price, billed }) => (billed ? [price.monthly] : [])));
  const mrr = sum(prices.map(({ price }) => price.monthly));
  return { billed: round(billed, decimals), mrr: round(mrr, decimals), prices };
}

/**
 * T8: between the end of one and the start of the next, the price of the first continues, so that it is one movement.
 */
function bridgeSwap(ending: Strand, strands: readonly Strand[], days: readonly string[]): void {
  const { last, subscription } = ending;
  if (subscription.tails.some(({ price }) => price.owner === ending.owner && price.currency === ending.currency))
    return;
  let next: string | undefined;
  for (const other of strands)
    if (other !== ending && other.first > last && (next === undefined || other.first < next)) next = other.first;
  if (next === undefined || daysBetween(last, next) > SWAP_DAYS) return;
  const begin = next;
  const within = days.flatMap((day, index) => (day > last && day < begin ? [index] : []));
  if (within.length === 0) return;
  const going = pricesOn(subscription, last)
    .filter(({ price }) => price.owner === ending.owner && price.currency === ending.currency)
    .map(({ price }) => ({ price, billed: false }));
  for (const index of within) ending.cells[index] = cellOf(going, ending.currency);
}

/** Whether one begins when the other ends, or close to it. */
export function takesOverFrom(beginning: Strand, ending: Strand): boolean {
  const next = daysAfter(ending.last, 1);
  const [a, b] = next < beginning.first ? [next, beginning.first] : [beginning.first, next];
  return beginning.currency === ending.currency && daysBetween(a, b) <= SWAP_DAYS;
}
