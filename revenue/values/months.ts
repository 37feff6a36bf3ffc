/** The service-period spread (section 5.7), as steps in time whose amounts add up to what was spread. */
import type Big from 'big.js';
import { daysAfter, daysBetween, monthsAfter, monthsBetween } from './calendar.js';
import { Exact, round } from './money.js';

/** A window of inclusive days, or a service period. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/**
 * A step of a spread: it counts on `day`; by its end, `part` of the whole (0 to 1) and the amount `done` are spread.
 */
export interface Step {
  readonly day: string;
  readonly part: Big;
  readonly done: Big;
}

/** The month of a day, `YYYY-MM`. */
export function monthOf(day: string): string {
  return day.slice(0, 7);
}

/** The first day of a day's month. */
export const firstOf = (day: string): string => `${monthOf(day)}-01`;

/** Every month that a window touches, in order. */
export function monthsIn({ from, to }: Span): string[] {
  const months: string[] = [];
  for (let first = firstOf(from); first <= to; first = monthsAfter(first, 1)) months.push(monthOf(first));
  return months;
}

/** The last day of a day's month. */
export function endOfMonth(day: string): string {
  return daysAfter(monthsAfter(firstOf(day), 1), -1);
}

/** The months in a window if nothing else is asked for. */
const USUAL_MONTHS = 12;

/** The last `count` complete months before a day: the default window. */
export function completeMonths(today: string, count = USUAL_MONTHS): Span {
  const first = firstOf(today);
  return { from: monthsAfter(first, -count), to: daysAfter(first, -1) };
}

/**
 * The window asked for. A missing start makes it twelve months long; a missing end is the end of the last complete
 * month, or today if the window starts after that.
 */
export function windowOf(from: string | undefined, to: string | undefined, today: string): Span {
  const usual = completeMonths(today);
  if (from === undefined && to !== undefined) return { from: monthsAfter(daysAfter(to, 1), -USUAL_MONTHS), to };
  if (from !== undefined && to === undefined) return { from, to: from <= usual.to ? usual.to : today };
  return { from: from ?? usual.from, to: to ?? usual.to };
}

/**
 * How long before a window an invoice earned in it may be dated (Halo's longest period), and how long after (a year in
 * arrears).
 */
const LONGEST_SERVICE_MONTHS = 60;
const LONGEST_ARREARS_MONTHS = 12;

/**
 * The invoice dates to fetch for a window. By service period, an invoice dated long before the window may still be
 * earned in it, and so may one in arrears after it.
 */
export function invoiceWindow({ from, to }: Span, basis: 'billed' | 'service_period'): Span {
  if (basis === 'billed') return { from, to };
  return { from: monthsAfter(from, -LONGEST_SERVICE_MONTHS), to: monthsAfter(to, LONGEST_ARREARS_MONTHS) };
}

/** The number of months in a service period; undefined if they are not whole. */
export function wholeMonths({ from, to }: Span): number | undefined {
  const { months, days } = monthsBetween(from, daysAfter(to, 1));
  return days === 0 && months > 0 ? months : undefined;
}

/**
 * Spreads a rounded amount over a service period. n whole months give n equal parts, each counted on its first day,
 * with the remainder on the earliest; any other period goes by days with cumulative rounding, cut at months and at the
 * window's edges. A window's share depends on the days alone, so adjoining windows add up.
 */
export function spread(amount: Big, period: Span, decimals: number, window: Span): Step[] {
  const months = wholeMonths(period);
  return months === undefined ? byDays(amount, period, decimals, window) : byMonths(amount, period, months, decimals);
}

function byMonths(amount: Big, period: Span, months: number, decimals: number): Step[] {
  const each = amount.div(months).round(decimals, 0);
  const unit = new Exact(10).pow(-decimals).times(amount.s);
  const extra = amount.minus(each.times(months)).div(unit).toNumber();
  return Array.from({ length: months }, (_, index) => ({
    day: monthsAfter(period.from, index),
    part: new Exact(index + 1).div(months),
    done: each.times(index + 1).plus(unit.times(Math.min(index + 1, extra))),
  }));
}

function byDays(amount: Big, period: Span, decimals: number, window: Span): Step[] {
  const days = daysBetween(period.from, daysAfter(period.to, 1));
  return cuts(period, window).map((from, index, all) => {
    const next = all[index + 1];
    const done = next === undefined ? days : daysBetween(period.from, next);
    const part = new Exact(done).div(days);
    return { day: from, part, done: round(amount.times(done).div(days), decimals) };
  });
}

/**
 * The days on which a step starts: the period's first day, the first of each month, and the window's edges within it.
 */
function cuts(period: Span, window: Span): string[] {
  const after = daysAfter(window.to, 1);
  const firsts = monthsIn(period).map((month) => `${month}-01`);
  const within = [...firsts, window.from, after].filter((day) => day > period.from && day <= period.to);
  return [...new Set([period.from, ...within])].sort();
}

/** The one step of an amount that is not spread. */
export function atOnce(day: string, amount: Big): Step[] {
  return [{ day, part: new Exact(1), done: amount }];
}
