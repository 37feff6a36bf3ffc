import { z } from 'zod';
import { HaloError } from '../errors.js';
import type { Query } from '../halo/client.js';
import type { Row } from '../halo/pages.js';
import { readDayIn, type Sense, senseOf } from '../halo/sense.js';
import { isDay, UNREADABLE } from '../halo/value.js';
import { DAY_PATTERN } from '../output/kinds.js';
import { UTC, type Zone } from '../zone.js';

const NO_DAY = 'must be a day such as 2026-11-28';

/** The years of days and months as arguments: around any others no date could be reckoned with as text. */
const YEARS = { first: '1900', last: '2200' };
const isNear = (text: string) => text >= YEARS.first && text.slice(0, 4) <= YEARS.last;
const near = (what: string) => `must be a ${what} of the years ${YEARS.first} to ${YEARS.last}`;

/** A day as an argument. */
export const Day = z.string().regex(new RegExp(DAY_PATTERN), NO_DAY).refine(isDay, NO_DAY).refine(isNear, near('day'));

/** A month as an argument. */
export const Month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month, YYYY-MM')
  .refine(isNear, near('month'));

/** What a filter of days is made of: one of `query` and `moments`. */
export interface DaysFilter {
  /** The first of these that a row has counts. */
  field: string | readonly string[];
  /** What Halo means by these dates; by default what is known of each field. */
  sense?: Sense;
  query?: WriteDays;
  moments?: WriteDays;
}

/** Writes the ends of a span as an endpoint expects them. */
type WriteDays = (from: string | undefined, to: string | undefined) => Query;

/** The ends of a span of days, as passed to the function that writes the query. */
type Ends = (from: string | undefined, to: string | undefined) => [string | undefined, string | undefined];

const asDays: Ends = (from, to) => [from, to];

const momentsIn =
  (zone: Zone): Ends =>
  (from, to) => [from && zone.edgesOf(from).first.replace(/T00:00:00$/, ''), to && zone.edgesOf(to).last];

/** The UTC days that contain those of the zone: rows outside the span are left out here. */
const daysAround =
  (zone: Zone): Ends =>
  (from, to) => [from && zone.edgesOf(from).first.slice(0, 10), to && zone.edgesOf(to).last.slice(0, 10)];

/**
 * `from` and `to`, inclusive days in the zone of the config. `moments` writes them for an endpoint that compares
 * moments: it gets the first and the last second in UTC, `2026-11-28T03:30:00` (a bare day if that is its first
 * second). `query` is for one that compares days, and gets days: for moments, the UTC days that contain the span.
 */
export function daysFilter({ field, sense, ...asks }: DaysFilter) {
  const { query: write = asks.moments } = asks;
  if (typeof write !== 'function')
    throw new Error('filter.days: "query" must be a function, (from, to) => the parameters that Halo takes.');
  const fields = typeof field === 'string' ? [field] : field;
  const isMoment = fields.some((name) => (sense ?? senseOf(name)) !== 'day');
  const ends = (zone: Zone) => (asks.moments !== undefined ? momentsIn(zone) : isMoment ? daysAround(zone) : asDays);
  return {
    args: { from: Day.optional(), to: Day.optional() },
    resolve(
      { from: first, to: last }: { from?: string | undefined; to?: string | undefined },
      { zone = UTC }: { zone?: Zone },
    ) {
      if (first === undefined && last === undefined) return undefined;
      if (first !== undefined && last !== undefined && last < first)
        throw new HaloError('BAD_ARGUMENTS', `"to" (${last}) is before "from" (${first}).`, 'Swap them.');
      const test = (row: Row) => {
        const day = fields
          .map((name) => readDayIn(row[name], sense ?? senseOf(name), zone))
          .find((d) => d !== undefined);
        // It may lie inside or outside: the row counts if Halo is known to filter; otherwise the reader is told.
        if (day === UNREADABLE || day === undefined) return undefined;
        return (first === undefined || day >= first) && (last === undefined || day <= last);
      };
      const query = (...days: [string | undefined, string | undefined]) => write(...ends(zone)(...days));
      // Nothing happened in 1950 or in 2098: an answer to these shows that Halo ignores the day.
      const nothing = [
        ...(first === undefined ? [] : [query('2098-01-01', last && '2098-01-31')]),
        ...(last === undefined ? [] : [query(first && '1950-01-01', '1950-01-31')]),
      ];
      return { query: query(first, last), test, fields, mode: 'unsure' as const, label: 'days', nothing };
    },
  };
}
