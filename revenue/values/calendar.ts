/** Calendar days and months, `YYYY-MM-DD`. The same few results are needed again and again, so they are cached. */
import { Temporal } from 'temporal-polyfill';

const { PlainDate } = Temporal;

/** The most results of one kind that are cached; beyond that, all of them are dropped. */
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
