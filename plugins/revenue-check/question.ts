import type { Sample } from './sample.js';

/** `ok`: answered as the rules assume. `warn`: different, or unclear from these rows. `none`: no rows to tell from. */
export const MARKS = ['ok', 'warn', 'none'] as const;
export type Mark = (typeof MARKS)[number];

/** How this tenant answers. Holds counts and Halo's own codes; never a name, a reference or an amount. */
export interface Answer {
  mark: Mark;
  detail: string;
  /** What revenue_breakdown does about it, if it is not as assumed. */
  way_out?: string;
  counts: Record<string, number>;
}

/** One question about Halo that only a live tenant can settle. */
export interface Question {
  id: string;
  title: string;
  ask(sample: Sample): Answer;
}

/** An answer if there is nothing to tell it from. */
export const noRows = (detail: string, counts: Record<string, number> = {}): Answer => ({
  mark: 'none',
  detail,
  counts,
});

/** An answer. Each way says what is done about one thing that is not as assumed; with no ways, all is as assumed. */
export function answer(detail: string, counts: Record<string, number>, ...ways: (string | false)[]): Answer {
  const way_out = ways.filter(Boolean).join(' ');
  return way_out === '' ? { mark: 'ok', detail, counts } : { mark: 'warn', detail, way_out, counts };
}

/** `3 of 5 lines` */
export const outOf = (some: number, all: number, noun: string): string => `${some} of ${counted(all, noun)}`;

/** `1 line`, `5 lines` */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** How often each value occurs, numbers in order before words. */
export function tally(values: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  const order = (a: string, b: string) => Number(a) - Number(b) || (a < b ? -1 : 1);
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => order(a, b)));
}

/** `2 (31), 3 (4)` */
export const listed = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(([value, count]) => `${value} (${count})`)
    .join(', ');

/** The counts, under names that say what is counted: `{ code_2: 31 }`. */
export const prefixed = (prefix: string, counts: Record<string, number>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(counts).map(([value, count]) => [`${prefix} ${value}`.replaceAll(' ', '_'), count]),
  );
