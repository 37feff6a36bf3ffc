/** What moved a client's run rate from one balance to the next. Pure. */
import type Big from 'big.js';
import { round, ZERO } from '../values/money.js';

export type MovementKind = 'new_business' | 'expansion' | 'contraction' | 'churn' | 'reactivation' | 'none';

/**
 * Names each change of a client's run rate, in time. Churn is only when nothing is left; what comes back after it is
 * reactivation. Each balance is rounded first, so that movements add up to balances.
 */
export function movements(balances: readonly Big[], decimals: number): { kind: MovementKind; amount: Big }[] {
  let before = ZERO;
  let hadAny = false;
  return balances.map((balance) => {
    const after = round(balance, decimals);
    const kind = kindOf(before, after, hadAny);
    const amount = after.minus(before);
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
