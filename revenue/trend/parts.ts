/** T4: a part of a period is worth the price that it leads to, if it is recognisably a part of that. */
import type Big from 'big.js';
import { daysAfter } from '../values/calendar.js';
import { collect } from '../values/collect.js';
import { decimalsOf } from '../values/currency.js';
import { Exact, sum, ZERO } from '../values/money.js';
import type { Price } from './prices.js';
import { calendarMonths, lengthOf } from './service.js';
import { pricesOn, type Subscription } from './subscription.js';

/** How far the first part of a subscription may differ from its full price: months have 28 to 31 days. */
const TOLERATED = new Exact('0.1');

/**
 * A client that starts mid-month has its full price from then on, and so do seats added mid-month, although the part's
 * amount was rounded: a part takes the amount by which the whole line after it is higher.
 */
export function settleParts(subscription: Subscription): void {
  const parts = subscription.prices.filter(({ pro_rata, short }) => pro_rata || short);
  for (const group of collect(parts, ({ to, owner, currency }) => `${to} ${owner} ${currency}`).values()) {
    const [first] = group;
    if (first === undefined) continue;
    const own = ({ owner, currency }: Price) => owner === first.owner && currency === first.currency;
    const whole = (day: string) =>
      pricesOn(subscription, day).flatMap(({ price, billed }) =>
        billed && own(price) && !price.pro_rata && !group.includes(price) ? [price.monthly] : [],
      );
    const after = whole(daysAfter(first.to, 1));
    if (after.length === 0) continue;
    const rise = sum(after).minus(sum(whole(first.to)));
    const before = group.reduce((day, { from }) => (from < day ? from : day), first.from);
    const starts = !subscription.prices.some((price) => own(price) && price.from < before);
    settle(group, rise, starts);
  }
}

function settle(group: readonly Price[], rise: Big, starts: boolean): void {
  const monthly = sum(group.map((price) => price.monthly));
  if (monthly.eq(0) || rise.times(monthly).lte(0)) return;
  const near = monthly.minus(rise).abs().lte(rise.abs().times(TOLERATED));
  if (!(starts && near) && !isPartOf(group, rise)) return;
  const factor = rise.div(monthly);
  for (const price of group) price.monthly = price.monthly.times(factor);
}

/** Whether the amounts are that price for their days, by any of the ways to count a month, up to rounding. */
function isPartOf(group: readonly Price[], rise: Big): boolean {
  const [first] = group;
  if (first === undefined || group.some(({ from }) => from !== first.from)) return false;
  const amount = sum(group.map((price) => price.amount));
  const days = new Exact(lengthOf(first));
  const rounding = new Exact(10)
    .pow(-decimalsOf(first.currency ?? ''))
    .div(2)
    .times(group.length);
  const shares = [calendarMonths(first), days.div(30), days.times(12).div(365), days.times(12).div(366)];
  return shares.some((share) => amount.minus(rise.times(share)).abs().lte(rounding)) && !days.eq(ZERO);
}
