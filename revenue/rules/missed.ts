/** Runs of a recurring invoice that should have happened and did not. */
import type { RecurringInvoice } from '../rows/rows.js';
import { daysAfter, monthsAfter } from '../values/calendar.js';
import { repeats } from '../values/periods.js';

/** The most runs that are counted. */
const MOST = 10_000;

/**
 * The days, from its next date up to its end and before a given day, on which it should have run; its last day
 * included. Empty if it has no next date or period.
 */
export function runsMissed({ next, period, end }: RecurringInvoice, before: string): string[] {
  if (next === undefined || !repeats(period)) return [];
  const { months } = period;
  const days: string[] = [];
  for (let run = next; run < before && days.length < MOST; ) {
    if (end !== undefined && run > end) break;
    days.push(run);
    // Counted from the first day, so that the 31st comes back after a short month.
    run = months === null ? daysAfter(next, 7 * days.length) : monthsAfter(next, months * days.length);
  }
  return days;
}
