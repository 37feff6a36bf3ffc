/** For how long a document's recurring lines pay, and what they come to per month. */
import type Big from 'big.js';
import {
  daysAfter,
  daysBetween,
  type Invoice,
  monthsAfter,
  monthsBetween,
  type Period,
  perMonth,
  repeats,
  type Span,
  wholeMonths,
} from '../../revenue/index.js';

/**
 * The service period of a document. Where Halo names none, it runs from the document's date for one billing period;
 * undefined where there is none of these either.
 */
export function serviceOf(invoice: Invoice, period: Period | undefined): (Span & { named: boolean }) | undefined {
  const { period_start: from, period_end: to, date } = invoice;
  if (from !== undefined && to !== undefined && from <= to) return { from, to, named: true };
  if (date === undefined || !repeats(period)) return undefined;
  const next = period.months === null ? daysAfter(date, 7) : monthsAfter(date, period.months);
  return { from: date, to: daysAfter(next, -1), named: false };
}

/**
 * An amount per month. Whole months share it equally; else a weekly one goes by its weeks, and any other by its
 * billing period, so that a part period is never scaled up. Without one, a part month counts as a month.
 */
export function perMonthOf(amount: Big, service: Span, period: Period | undefined): Big {
  const months = wholeMonths(service);
  if (months !== undefined) return amount.div(months);
  if (!repeats(period)) return amount.div(startedMonths(service));
  return period.months === null ? perMonth(amount.div(weeksIn(service)), period) : perMonth(amount, period);
}

function startedMonths({ from, to }: Span): number {
  const { months, days } = monthsBetween(from, daysAfter(to, 1));
  return months + (days > 0 ? 1 : 0);
}

/** At least one, and whole. */
function weeksIn({ from, to }: Span): number {
  return Math.max(1, Math.round(daysBetween(from, daysAfter(to, 1)) / 7));
}
