/** What can be asked of the breakdown (section 4), and the sentences that refuse what can't. */
import type Big from 'big.js';
import { decimal, isDay } from '../rows/row.js';
import type { AttributeTo } from '../rules/attribution.js';
import { monthsAfter } from '../values/calendar.js';
import { completeMonths } from '../values/months.js';

export const GROUPS = ['client', 'month', 'item_group', 'contract', 'recurring_invoice', 'project'] as const;
export type GroupBy = (typeof GROUPS)[number];

/** The groups that have rows of their own in `groups`. */
export const ROW_GROUPS = [
  'item_group',
  'contract',
  'recurring_invoice',
  'project',
] as const satisfies readonly GroupBy[];
export type RowGroup = (typeof ROW_GROUPS)[number];

export interface Params {
  /** The window of what was billed, inclusive days, `YYYY-MM-DD`. */
  from: string;
  to: string;
  /** The instant of the run rate. */
  as_of: string;
  /** The day of the question; `as_of` if not given. A later `as_of` is a projection. */
  today?: string | undefined;
  /** Answers only this client. */
  client_id?: number | undefined;
  group_by: readonly GroupBy[];
  attribute_to: AttributeTo;
  currency_policy: 'separate' | 'convert';
  /** Home units per unit of the currency, by ISO code. Halo's own rate is not used: its direction is unverified. */
  rates?: Readonly<Record<string, string | number>> | undefined;
  include_contracts: boolean;
  include_unposted: boolean;
  month_basis: 'billed' | 'service_period';
  renewal_horizon_days: number;
  /** Items shown in each evidence bucket; count and sum always cover all. */
  evidence_cap?: number | undefined;
}

const LONGEST_WINDOW_MONTHS = 60;
/** A hundred years: no agreement ends later, and days beyond the year 9999 could not be compared. */
const MOST_DAYS = 36_500;

/** An input that can't be answered. The message is one sentence on what is wrong and one on the way out. */
export class RevenueInputError extends Error {
  override readonly name = 'RevenueInputError';
  constructor(
    readonly problem: string,
    readonly wayOut: string,
  ) {
    super(`${problem} ${wayOut}`);
  }
}

/** The choices of each argument. */
export const CHOICES = {
  attribute_to: ['service_client', 'billed_client'],
  currency_policy: ['separate', 'convert'],
  month_basis: ['billed', 'service_period'],
} as const;

/** The defaults. */
export const DEFAULTS = {
  group_by: ['client'],
  attribute_to: 'service_client',
  currency_policy: 'separate',
  include_contracts: true,
  include_unposted: false,
  month_basis: 'billed',
  renewal_horizon_days: 90,
  evidence_cap: 25,
} as const satisfies Partial<Params>;

/** A complete question for the engine: all clients, the last 12 complete months, today, and the other defaults. */
export function paramsOf(asked: Partial<Params>, today: string): Params {
  return { ...DEFAULTS, ...completeMonths(today), as_of: today, today, ...asked };
}

/** @throws RevenueInputError for an invalid day, a window that is backwards or too long, or an unknown choice. */
export function checkParams(params: Params): void {
  for (const name of ['from', 'to', 'as_of'] as const) {
    if (!isDay(params[name])) {
      throw new RevenueInputError(`${name} "${params[name]}" is not a day.`, 'Give it as YYYY-MM-DD.');
    }
  }
  checkWindow(params);
  for (const group of params.group_by) oneOf('group_by', group, GROUPS);
  for (const [name, known] of Object.entries(CHOICES)) oneOf(name, params[name as keyof typeof CHOICES], known);
  const days = params.renewal_horizon_days;
  if (!Number.isInteger(days) || days < 0) {
    throw new RevenueInputError(`renewal_horizon_days ${days} is not a number of days.`, 'Give 0 or more whole days.');
  }
  if (days > MOST_DAYS) {
    throw new RevenueInputError(`renewal_horizon_days ${days} is more than 100 years.`, `Give ${MOST_DAYS} at most.`);
  }
}

/**
 * @param to how the span's last day is named, and the day that it is if it is not given
 * @throws RevenueInputError for a span that ends before it starts
 */
export function checkOrder(first: string, last: string, to: { name: string; today: string | undefined }): void {
  if (first <= last) return;
  throw last === to.today
    ? new RevenueInputError(
        `from (${first}) is after ${to.name} (${last}), which is today unless given.`,
        `Give an earlier from or a later ${to.name}.`,
      )
    : new RevenueInputError(`The window ends (${last}) before it starts (${first}).`, `Swap from and ${to.name}.`);
}

function checkWindow({ from, to, today }: Params): void {
  checkOrder(from, to, { name: 'to', today });
  const limit = monthsAfter(from, LONGEST_WINDOW_MONTHS);
  if (to >= limit) {
    throw new RevenueInputError(
      `The window ${from} to ${to} is longer than ${LONGEST_WINDOW_MONTHS} months.`,
      'Ask for a shorter one, or for several in turn.',
    );
  }
}

function oneOf(name: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) {
    throw new RevenueInputError(`${name} "${value}" is unknown.`, `Choose among ${known.join(', ')}.`);
  }
}

/** The caller's rates by upper-case code. @throws RevenueInputError for a rate that is not above 0. */
export function readRates(rates: Params['rates']): Map<string, Big> {
  return new Map(
    Object.entries(rates ?? {}).map(([code, value]) => {
      const rate = decimal(value);
      if (rate === undefined || rate.lte(0)) {
        throw new RevenueInputError(`The rate of ${code} is "${value}".`, 'Give home units per unit, above 0.');
      }
      return [code.trim().toUpperCase(), rate];
    }),
  );
}

/** The last day that is known: nothing can be late on a future day. */
export const knownDay = ({ as_of, today = as_of }: Pick<Params, 'as_of' | 'today'>): string =>
  as_of < today ? as_of : today;
