/** What moved a client's run rate from one balance to the next (T6). Pure. */
import type Big from 'big.js';
import { round, ZERO } from '../values/money.js';

export type MovementKind = 'new_business' | 'expansion' | 'contraction' | 'churn' | 'reactivation';

/** A change of a balance; contraction and churn are below zero. */
export interface Movement {
  readonly kind: MovementKind;
  readonly amount: Big;
}

/**
 * Names each change of a client's run rate, in order; none if a balance stays the same. Churn only starts above zero,
 * only happens when nothing is left, and is at most the balance: anything beyond it is a contraction, and coming back
 * up to zero is an expansion. What returns after churn is a reactivation. Each balance is rounded first, so that
 * movements add up to balances.
 */
export function movements(balances: readonly Big[], decimals: number): Movement[][] {
  let before = ZERO;
  let hadAny = false;
  return balances.map((balance) => {
    const after = round(balance, decimals);
    const moved = movementsBetween(before, after, hadAny);
    hadAny ||= after.gt(0);
    before = after;
    return moved;
  });
}

function movementsBetween(before: Big, after: Big, hadAny: boolean): Movement[] {
  const moved: Movement[] =
    before.gt(0) && after.gt(0)
      ? [changed(after.minus(before))]
      : [
          changed(below(after).minus(below(before))),
          { kind: 'churn', amount: above(before).neg() },
          { kind: hadAny ? 'reactivation' : 'new_business', amount: above(after) },
        ];
  return moved.filter(({ amount }) => !amount.eq(0));
}

const changed = (amount: Big): Movement => ({ kind: amount.gt(0) ? 'expansion' : 'contraction', amount });

const above = (balance: Big) => (balance.gt(0) ? balance : ZERO);
const below = (balance: Big) => (balance.lt(0) ? balance : ZERO);
