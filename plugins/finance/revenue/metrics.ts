/** Ratios and movements over run rates. Pure; amounts in, decimal strings out; sources in test/revenue/vectors.json. */
import type Big from 'big.js';
import { Exact, money, percent, round, sum, ZERO } from './money.js';

export type Amount = Big | string | number;

const exact = (amount: Amount | undefined): Big => new Exact(amount === undefined ? 0 : String(amount));

/** Run rate at the start of a period and what moved it, all as positive amounts. */
export interface Movement {
  start: Amount;
  expansion?: Amount;
  contraction?: Amount;
  churn?: Amount;
  reactivation?: Amount;
}

/** Net revenue retention: (start + expansion - contraction - churn) / start. Null when start is not above 0. */
export function netRetention({ start, expansion, contraction, churn }: Movement): string | null {
  return percent(exact(start).plus(exact(expansion)).minus(exact(contraction)).minus(exact(churn)), exact(start));
}

/** Gross revenue retention: as net, without expansion, and never above 100. */
export function grossRetention({ start, contraction, churn }: Movement): string | null {
  const kept = exact(start).minus(exact(contraction)).minus(exact(churn));
  return percent(kept.gt(exact(start)) ? exact(start) : kept, exact(start));
}

/** Gross run-rate churn: (churn + contraction) / start. */
export function grossChurn({ start, contraction, churn }: Movement): string | null {
  return percent(exact(churn).plus(exact(contraction)), exact(start));
}

/** Net run-rate churn: gross churn less expansion and reactivation. */
export function netChurn({ start, contraction, churn, expansion, reactivation }: Movement): string | null {
  const lost = exact(churn).plus(exact(contraction)).minus(exact(expansion)).minus(exact(reactivation));
  return percent(lost, exact(start));
}

export type MovementKind = 'new_business' | 'expansion' | 'contraction' | 'churn' | 'reactivation' | 'none';

/**
 * Names each change of a client's run rate, in time. Churn is only when nothing is left; what comes back after it is
 * reactivation. Each balance is rounded first, so that movements add up to balances.
 */
export function movements(balances: readonly Amount[], decimals = 2): { kind: MovementKind; amount: string }[] {
  let before = ZERO;
  let hadAny = false;
  return balances.map((balance) => {
    const after = round(exact(balance), decimals);
    const kind = kindOf(before, after, hadAny);
    const amount = money(after.minus(before), decimals);
    hadAny ||= after.gt(0);
    before = after;
    return { kind, amount };
  });
}

function kindOf(before: Big, after: Big, hadAny: boolean): MovementKind {
  if (after.eq(before)) return 'none';
  if (after.lte(0)) return 'churn';
  if (before.lte(0)) return hadAny ? 'reactivation' : 'new_business';
  return after.gt(before) ? 'expansion' : 'contraction';
}

/** An amount less a discount in percent. */
export function afterDiscount(amount: Amount, discountPercent: Amount, decimals = 2): string {
  const kept = new Exact(100).minus(exact(discountPercent)).div(100);
  return money(exact(amount).times(kept), decimals);
}

/** MRR x 12 as a share of twelve months' revenue. */
export function recurringShare(mrr: Amount, revenue12Months: Amount): string | null {
  return percent(exact(mrr).times(12), exact(revenue12Months));
}

/** Hours that an agreement pays for at the standard rate, and the target: a fraction of them. */
export function agreementHours(
  mrr: Amount,
  standardRate: Amount,
  factor: Amount,
): { agreement_hours: string; target_hours: string } {
  const hours = exact(mrr).div(exact(standardRate));
  return { agreement_hours: money(hours, 2), target_hours: money(hours.times(exact(factor)), 2) };
}

/** Billed less addition costs, per hour of labour. */
export function effectiveRate(billed: Amount, additionCosts: Amount, labourHours: Amount): string | null {
  const hours = exact(labourHours);
  return hours.lte(0) ? null : money(exact(billed).minus(exact(additionCosts)).div(hours), 2);
}

/** (billed - addition costs - labour) / billed. */
export function margin(billed: Amount, additionCosts: Amount, labourCost: Amount): string | null {
  return percent(exact(billed).minus(exact(additionCosts)).minus(exact(labourCost)), exact(billed));
}

/** The run rate of several recurring amounts, each with its number of months. */
export function blendedRunRate(plans: readonly { count: Amount; amount: Amount; months: number }[]): string {
  const exactTotal = sum(plans.map(({ count, amount, months }) => exact(count).times(exact(amount)).div(months)));
  return money(exactTotal, 2);
}
