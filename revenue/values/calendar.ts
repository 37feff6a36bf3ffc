/** Calendar days and months, `YYYY-MM-DD`. The same few results are needed again and again. */
import { Temporal } from 'temporal-polyfill';
import { remembering } from './remember.js';

const { PlainDate } = Temporal;

/** The day that many days later. */
export const daysAfter = remembering((day: string, days: number) => PlainDate.from(day).add({ days }).toString());

/** The same day that many months later, or the month's last day if it is shorter. */
export const monthsAfter = remembering((day: string, months: number) => PlainDate.from(day).add({ months }).toString());

/** The number of days between two days, excluding the second. */
export const daysBetween = remembering((from: string, to: string) => PlainDate.from(from).until(to).days);

/** The whole months between two days, excluding the second, and the days left over. */
export const monthsBetween = remembering((from: string, to: string) => {
  const { months, days } = PlainDate.from(from).until(to, { largestUnit: 'months' });
  return { months, days };
});
