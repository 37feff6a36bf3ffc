/** Days and months of the calendar, `YYYY-MM-DD`. The same few sums are asked for again and again, so each is kept. */
import { Temporal } from 'temporal-polyfill';

const { PlainDate } = Temporal;

/** Sums of one kind that are kept at once; then they are forgotten together. */
const MOST = 10_000;

function remembering<Of extends readonly (string | number)[], Answer>(
  work: (...of: Of) => Answer,
): (...of: Of) => Answer {
  const known = new Map<string, Answer>();
  return (...of) => {
    const key = of.join();
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size >= MOST) known.clear();
    const answer = work(...of);
    known.set(key, answer);
    return answer;
  };
}

/** The day so many days later. */
export const daysAfter = remembering((day: string, days: number) => PlainDate.from(day).add({ days }).toString());

/** The same day so many months later, or the month's last one where it is shorter. */
export const monthsAfter = remembering((day: string, months: number) => PlainDate.from(day).add({ months }).toString());

/** How many days lie between two days, the second one not counted. */
export const daysBetween = remembering((from: string, to: string) => PlainDate.from(from).until(to).days);

/** The whole months between two days, the second one not counted, and the days that are left. */
export const monthsBetween = remembering((from: string, to: string) => {
  const { months, days } = PlainDate.from(from).until(to, { largestUnit: 'months' });
  return { months, days };
});
