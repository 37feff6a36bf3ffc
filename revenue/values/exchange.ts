/** Turns a row's exact money into the posted leaf: one rate, one division, one rounding. */
import type Big from 'big.js';
import { round } from './money.js';

/** How a row's money is shown. */
export interface Shown {
  readonly code: string;
  readonly decimals: number;
  readonly rate: Big;
}

/** Rounds a row's exact amount once, in the currency that it is shown in, after the one division that it may need. */
export function leaf(amount: Big, { rate, decimals }: Pick<Shown, 'rate' | 'decimals'>, divisor = 1): Big {
  const exact = amount.times(rate);
  return round(divisor === 1 ? exact : exact.div(divisor), decimals);
}
