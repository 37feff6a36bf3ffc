/** Exact decimals and the only place where money is rounded or divided into parts. */
import Big from 'big.js';

/**
 * The engine's own decimal constructor: divisions keep 40 places, so that rounding afterwards is rounding once, and
 * other users of big.js don't share its settings.
 */
export const Exact = Big();
Exact.DP = 40;
Exact.RM = Big.roundHalfUp; // big.js's name for "half away from zero": -1.5 gives -2

export const ZERO: Big = new Exact(0);

/** Places up to which two remainders are compared; beyond them is only the dust of a non-terminating division. */
const TIE_PLACES = 25;

/** Rounds half away from zero (T-SQL ROUND), so that an amount and its credit cancel. */
export function round(amount: Big, decimals: number): Big {
  return amount.round(decimals, Big.roundHalfUp);
}

export function sum(amounts: Iterable<Big>): Big {
  let total = ZERO;
  for (const amount of amounts) total = total.plus(amount);
  return total;
}

/** A decimal string with the currency's own number of decimals; never `-0.00`. */
export function money(amount: Big, decimals: number): string {
  if (amount === ZERO) return NOTHING[decimals] ?? '0';
  const text = amount.toFixed(decimals, Big.roundHalfUp);
  return MINUS_ZERO.test(text) ? text.slice(1) : text;
}

const MINUS_ZERO = /^-[0.]+$/;
/** Zero at 0 to 4 decimals: most figures of an answer. */
const NOTHING = [0, 1, 2, 3, 4].map((decimals) => ZERO.toFixed(decimals));

/** `part / whole` as a percentage with 2 decimals, or null when the whole is zero or less. */
export function percent(part: Big, whole: Big): string | null {
  return whole.lte(0) ? null : money(part.times(100).div(whole), 2);
}

/**
 * Gives each exact part its share of an already rounded total, in units of the currency, by largest remainder on
 * magnitudes (so that a credit splits as its invoice did). Of equal remainders the earlier part gets the unit.
 * The shares add up to `total` exactly; a part of zero gets nothing unless all are zero.
 */
export function settle(total: Big, parts: readonly Big[], decimals: number): Big[] {
  if (parts.length === 1) return [total];
  const clean = parts.map((part) => round(part, TIE_PLACES));
  const shares = clean.map((part) => part.round(decimals, Big.roundDown));
  const rest = total.minus(sum(shares));
  if (rest.eq(0) || parts.length === 0) return shares;
  const sign = rest.s;
  const unit = new Exact(10).pow(-decimals).times(sign);
  const ranked = clean
    .map((part, index) => ({ index, left: part.minus(shares[index] ?? ZERO).times(sign), part }))
    .sort((a, b) => b.left.cmp(a.left) || a.index - b.index);
  const filled = ranked.filter(({ part }) => !part.eq(0));
  const order = filled.length > 0 ? filled : ranked;
  for (let units = rest.div(unit).toNumber(), turn = 0; units > 0; units--, turn++) {
    const index = order[turn % order.length]?.index ?? 0;
    shares[index] = (shares[index] ?? ZERO).plus(unit);
  }
  return shares;
}

/** The exact, unrounded shares of a total by signed weights; weights that cancel out leave everything with the first. */
export function shareOut(total: Big, weights: readonly Big[]): Big[] {
  const whole = sum(weights);
  if (whole.eq(0)) return weights.map((_, index) => (index === 0 ? total : ZERO));
  return weights.map((weight) => total.times(weight).div(whole));
}
