/**
 * Halo's billing periods: one enum for templates, contracts and lines, not ordered by length (3 is yearly, 4 is
 * quarterly). Sources: Halo's own report SQL for 1-5, 8 and 7, 9; one integration's notes for 0 and 6.
 */
import type Big from 'big.js';

export interface Period {
  readonly code: number;
  readonly name: string;
  /** Whole months, or null where there are none (weekly, one-time). */
  readonly months: number | null;
  /** Periods in 60 years, always an integer: weekly is 52 a year. 0 for one-time. */
  readonly in60Years: number;
  /** The factor from an amount per period to one per month, as a fraction for people. */
  readonly factor: string;
}

const DAYS_FREE: readonly Period[] = [
  { code: 0, name: 'one-time', months: null, in60Years: 0, factor: '0' },
  { code: 1, name: 'weekly', months: null, in60Years: 52 * 60, factor: '52/12' },
];

const MONTHS: readonly (readonly [code: number, name: string, months: number])[] = [
  [2, 'monthly', 1],
  [3, 'yearly', 12],
  [4, 'quarterly', 3],
  [5, 'six-monthly', 6],
  [6, 'five-yearly', 60],
  [7, 'three-yearly', 36],
  [8, 'two-yearly', 24],
  [9, 'four-yearly', 48],
];

const PERIODS: readonly Period[] = [
  ...DAYS_FREE,
  ...MONTHS.map(([code, name, months]) => ({
    code,
    name,
    months,
    in60Years: 720 / months,
    factor: months === 1 ? '1' : `1/${months}`,
  })),
];

const BY_CODE = new Map(PERIODS.map((period) => [period.code, period]));

/** The period of one of Halo's codes; undefined for a code that Halo does not define. */
export const periodOf = (code: number): Period | undefined => BY_CODE.get(code);

/** Whether a period repeats, so that an amount per period has a monthly value. */
export function repeats(period: Period | undefined): period is Period {
  return period !== undefined && period.in60Years > 0;
}

/** Months and years in the shortest span that holds a whole number of every repeating period. */
export const MONTHS_IN_60_YEARS = 720;
export const YEARS_IN_60_YEARS = 60;

/** An amount per period as an amount per month: weekly x 52/12, yearly x 1/12. Not rounded; 0 for one-time. */
export function perMonth(amount: Big, period: Period | undefined): Big {
  return over60Years(amount, period).div(MONTHS_IN_60_YEARS);
}

/** An amount per period over 60 years: exact, so that a later division is the only one. */
export function over60Years(amount: Big, period: Period | undefined): Big {
  return amount.times(period?.in60Years ?? 0);
}
