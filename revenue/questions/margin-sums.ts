/** What was billed at known and at unknown cost, and that cost. */
import type Big from 'big.js';
import type { Share } from '../ledger/shares.js';
import type { Piece } from '../rules/credits.js';
import { leaf, type Shown } from '../values/exchange.js';
import { settle, sum, ZERO } from '../values/money.js';

/** Exact sums of rounded leaves. */
export interface Sums {
  known: Big;
  unknown: Big;
  cost: Big;
}

export const none = (): Sums => ({ known: ZERO, unknown: ZERO, cost: ZERO });

export function addTo(all: Sums, one: Sums): Sums {
  all.known = all.known.plus(one.known);
  all.unknown = all.unknown.plus(one.unknown);
  all.cost = all.cost.plus(one.cost);
  return all;
}

export const netOf = ({ known, unknown }: Sums): Big => known.plus(unknown);

/** Splits a share's rounded amount by whether the cost is known; each cost is rounded once. */
export function sumsOf(
  { amount, pieces }: Pick<Share, 'amount' | 'pieces'>,
  shown: Shown,
  costOf: (piece: Piece) => Big | undefined,
): Sums {
  const told = pieces.map((piece) => ({ exact: piece.amount.times(shown.rate), cost: costOf(piece) }));
  const exact = (isKnown: boolean) =>
    sum(told.filter(({ cost }) => (cost !== undefined) === isKnown).map((one) => one.exact));
  const [known, unknown] = settle(amount, [exact(true), exact(false)], shown.decimals);
  return {
    known: known ?? ZERO,
    unknown: unknown ?? ZERO,
    cost: leaf(sum(told.map(({ cost }) => cost ?? ZERO)), shown),
  };
}
