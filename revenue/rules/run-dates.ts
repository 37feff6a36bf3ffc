/** The days on which a recurring invoice runs. */
import type { RecurringInvoice } from '../rows/rows.js';
import { daysAfter, monthsAfter, monthsBetween } from '../values/calendar.js';
import type { Span } from '../values/months.js';
import { type Period, repeats } from '../values/periods.js';

/** The most runs that are listed: 60 years of weeks. */
const MOST = 3200;

/**
 * The days of the runs from `first` up to `last`, both included. They are counted from the start if the next run fits
 * that count, so that the 31st and 29 February come back after shorter months; else from the next run.
 */
export function runDates(first: string, start: string | undefined, period: Period, last: string): string[] {
  const dates: string[] = [];
  const { months } = period;
  const anchor = months === null ? undefined : anchorOf(first, start, months);
  for (let run = 0; run < MOST; run += 1) {
    const date =
      months === null || anchor === undefined
        ? daysAfter(first, 7 * run)
        : monthsAfter(anchor.day, (anchor.runs + run) * months);
    if (date > last) break;
    dates.push(date);
  }
  return dates;
}

/** Whether it ran on a day or later, by its next date; false if that, its period or its start is unknown. */
export function hasRunSince({ next, period, start }: RecurringInvoice, day: string): boolean {
  if (next === undefined || start === undefined || !repeats(period)) return false;
  return runsBefore(next, start, period, { from: day, to: daysAfter(next, -1) }).length > 0;
}

/**
 * A recurring invoice as it stood on a day, as far as that is known: one that is disabled today and has run since was
 * active. What else was changed since, and when one was disabled that has not run since, Halo does not say.
 */
export const asItStood = (template: RecurringInvoice, day: string, today = day): RecurringInvoice =>
  day < today && template.disabled && hasRunSince(template, day) ? { ...template, disabled: false } : template;

/** The days of the runs made in a span, by the next one: none from then on, and none before the start. */
export function runsBefore(next: string, start: string | undefined, period: Period, { from, to }: Span): string[] {
  const { months } = period;
  const anchor = months === null ? undefined : anchorOf(next, start, months);
  const dates: string[] = [];
  for (let run = 1; run < MOST; run += 1) {
    const date =
      months === null || anchor === undefined
        ? daysAfter(next, -7 * run)
        : monthsAfter(anchor.day, (anchor.runs - run) * months);
    if (date < from || (start !== undefined && date < start)) break;
    if (date <= to) dates.unshift(date);
  }
  return dates;
}

/** The day that runs are counted from, and the number of runs before the next one. */
function anchorOf(first: string, start: string | undefined, months: number): { day: string; runs: number } {
  if (start !== undefined && start < first) {
    const between = monthsBetween(start, first).months;
    // In a month too short for the start's day, the run comes before a whole month has passed.
    for (const whole of [between, between + 1]) {
      const runs = whole / months;
      if (Number.isInteger(runs) && monthsAfter(start, whole) === first) return { day: start, runs };
    }
  }
  return { day: first, runs: 0 };
}
