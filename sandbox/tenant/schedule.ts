import { addMonths, type Clock, DAY } from './clock.js';
import type { Template } from './template-table.js';

/** Months between two runs. 1 is weekly, 0 is one-time, and 12 is an unknown code. */
const MONTHS: Record<number, number> = { 2: 1, 3: 12, 4: 3, 5: 6, 6: 60, 7: 36, 8: 24, 9: 48 };

export const PERIOD_NAMES: Record<number, string> = {
  0: 'One time',
  1: 'Weekly',
  2: 'Monthly',
  3: 'Yearly',
  4: 'Quarterly',
  5: '6 Monthly',
  6: '5 Yearly',
  7: '3 Yearly',
  8: '2 Yearly',
  9: '4 Yearly',
};

/** A service period, both days included. */
export interface Period {
  from: number;
  to: number;
}

export interface Schedule {
  start: number;
  /** Last day. */
  end?: number;
  /** Every run so far, oldest first. */
  runs: readonly Period[];
  next: number;
}

export function scheduleOf(template: Template, clock: Clock): Schedule {
  const start = clock.month(template.start, template.day);
  const end = template.end === undefined ? undefined : clock.month(template.end + 1, 0);
  const stop = Math.min(
    end ?? Number.POSITIVE_INFINITY,
    template.stalled === undefined ? clock.today : clock.month(1 - template.stalled) - DAY,
  );
  const runs: Period[] = [];
  let next: number | undefined = start;
  while (next !== undefined && next <= Math.min(stop, clock.today)) {
    const after = step(template.period, start, runs.length + 1);
    if (after !== undefined) runs.push({ from: next, to: after - DAY });
    next = after;
  }
  return { start, ...(end === undefined ? {} : { end }), runs, next: next ?? clock.month(1) };
}

/** The nth run's day. */
function step(period: number, start: number, nth: number): number | undefined {
  if (period === 1) return start + nth * 7 * DAY;
  const months = MONTHS[period];
  return months === undefined ? undefined : addMonths(start, months * nth);
}
