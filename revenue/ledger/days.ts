/**
 * What each question can know of a day that is not today. Halo keeps schedules, prices and states as they are today, and
 * knows nothing of days to come: an answer about another day is refused, or says what it rests on. The breakdown's own
 * sentence (`answer/statement.ts`) names figures, too.
 */
import type { Span } from '../values/months.js';
import { RevenueInputError } from './params.js';

interface Known {
  /** What the answer rests on for a past day; none if all of it is dated. */
  readonly past?: string;
  readonly future: string | 'refused';
}

const CARRIED_BACK = "today's recurring invoices are carried back";

const TODAYS_STATE =
  "whether a recurring invoice goes on is judged by today's, so one disabled since counts only where its next date shows that it has run since";

const QUESTIONS = {
  revenue_trend: { past: TODAYS_STATE, future: 'refused' },
  revenue_bridge: {
    past: `${CARRIED_BACK}, at today's prices and quantities and without those since disabled`,
    future: 'refused',
  },
  retention: { past: TODAYS_STATE, future: 'refused' },
  billing_forecast: {
    past: `${CARRIED_BACK}, at today's prices and quantities and without those since disabled; revenue_breakdown has what was billed`,
    future: "a projection of today's recurring invoices, as if every run from today to that day is made",
  },
  billing_leaks: {
    past: "contracts, recurring invoices and clients are today's, looked at by their dates: Halo does not say when one was disabled, archived or made inactive, so a leak may have begun later; a disabled recurring invoice that ran on or after that day counts as active",
    future: "a projection of today's contracts and recurring invoices by their dates, as if none is renewed or changed",
  },
  renewals_calendar: {
    past: "contracts and recurring invoices are today's, looked at by their dates: Halo does not say when one was renewed, archived or disabled",
    future: "a projection of today's contracts and recurring invoices by their dates, as if none is renewed or changed",
  },
  price_uplift: {
    past: `${CARRIED_BACK}, at today's quantities and without those since disabled`,
    future: "a projection of today's prices, as if none is raised",
  },
  ar_ageing: { future: 'what is known today, aged to that day, as if nothing more is invoiced, credited or paid' },
  statement_of_account: { future: 'what is known today, as if nothing more is invoiced, credited or paid' },
  uninvoiced_time: {
    past: "invoices count by their dates, while drafts, milestones and order lines are today's",
    future: 'what is known today, aged to that day, as if nothing more is worked or invoiced',
  },
  deferred_revenue: { future: 'of what is known today, without the runs to come' },
  prepaid_balances: { future: 'what is known today, as if nothing more is bought or used, less what expires' },
} as const satisfies Record<string, Known>;

export type DayQuestion = keyof typeof QUESTIONS;

/**
 * The sentence on a day that is not today; '' for today.
 * @throws RevenueInputError if the question can't be answered for it
 */
export function saidOfDay(question: DayQuestion, day: string, today = day): string {
  const known: Known = QUESTIONS[question];
  if (day < today) return known.past === undefined ? '' : `${day} is past: ${known.past}.`;
  if (day === today) return '';
  if (known.future === 'refused')
    throw new RevenueInputError(`as_of ${day} is in the future.`, 'Give a past day, or leave it out.');
  return `${day} is in the future: ${known.future}.`;
}

/** The sentence on a window of what was billed that ends after today; '' for any other. */
export function saidOfWindow({ from, to }: Span, today = to): string {
  if (to <= today) return '';
  return `The window ${from > today ? 'is in the future' : 'is not over'}: it holds what is known on ${today}.`;
}
