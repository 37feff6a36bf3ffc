/** What is said of prepaid balances in one currency. */
import type Big from 'big.js';
import { decimalsOf } from '../values/currency.js';
import { money, sum } from '../values/money.js';
import { type Figures, show } from './prepaid-figures.js';
import { balanceOf, type Unit } from './prepaid-run.js';

/** States what is left, if anything, and separately what was overused: the one never offsets the other. */
export function sentence(
  code: string,
  all: Figures,
  each: readonly Figures[],
  whose: string,
  { as_of, expiring_within }: { as_of: string; expiring_within: number },
): string {
  const { hours, expiring_hours } = show(all, code);
  const [time, paid] = [sidesOf(each, 'hours'), sidesOf(each, 'money')];
  const decimals = decimalsOf(code);
  const parts = [
    `${code} clients: ${money(time.left, 2)} prepaid hours${whose} are left on ${as_of} (${hours.bought} bought, ${hours.used} used, ${hours.expired} expired)`,
  ];
  if (!all.soon.hours.eq(0)) parts.push(`${expiring_hours} of them expire within ${expiring_within} days`);
  if (time.beyond.gt(0))
    parts.push(`${overdrawn(time.clients)} ${money(time.beyond, 2)} hours more than there were${apart(time, 2)}`);
  if (!all.money.bought.eq(0) || !all.money.used.eq(0))
    parts.push(`prepaid money of ${money(paid.left, decimals)} ${code} is left`);
  if (paid.beyond.gt(0))
    parts.push(
      `${overdrawn(paid.clients)} ${money(paid.beyond, decimals)} ${code} more than there was${apart(paid, decimals)}`,
    );
  return `${parts.join('; ')}.`;
}

const overdrawn = (count: number): string => `${count === 1 ? '1 client' : `${count} clients`} used`;

/** The total holds both; nobody's balance is lower because another is overdrawn. */
const apart = ({ left, beyond }: Sides, decimals: number): string =>
  left.eq(0)
    ? ''
    : `, which takes nothing from what others have left (${money(left.minus(beyond), decimals)} in total)`;

interface Sides {
  readonly left: Big;
  readonly beyond: Big;
  readonly clients: number;
}

function sidesOf(each: readonly Figures[], unit: Unit): Sides {
  const balances = each.map((one) => balanceOf(one[unit]));
  const below = balances.filter((balance) => balance.lt(0));
  return {
    left: sum(balances.filter((balance) => balance.gt(0))),
    beyond: sum(below).times(-1),
    clients: below.length,
  };
}
