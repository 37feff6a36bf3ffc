/** What the change of an amount owes to its quantity. */
import type Big from 'big.js';
import type { Line } from '../rows/rows.js';
import { Exact, ZERO } from '../values/money.js';

type Quantity = Line['quantity'];

/**
 * The change that the new quantity alone makes at the old unit price: 0 if no quantity says so, undefined if one can't be
 * read, since then nobody can tell it from a change in price.
 */
export function byQuantity(amount: Big, was: Quantity, is: Quantity): Big | undefined {
  if (was === null || is === null) return undefined;
  if (was === undefined || is === undefined || was === 0) return ZERO;
  return amount.times(new Exact(is).minus(was)).div(was);
}

/** The quantity of what stands alone: several have no unit price in common. */
export const quantityOf = (some: readonly { readonly quantity: Quantity }[]): Quantity =>
  some.length === 1 ? some[0]?.quantity : undefined;
