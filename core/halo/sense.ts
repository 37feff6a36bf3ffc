import { UTC, type Zone } from '../zone.js';
import { readDay, readInstant, type Told, UNREADABLE } from './value.js';

/**
 * What Halo means by a date. `instant`: a moment in UTC, whose day is the zone's to say. `day`: a plain day, whatever
 * time stands beside it, and it never shifts. `either`: a plain day where it stands at midnight, else a moment.
 */
export type Sense = 'instant' | 'day' | 'either';

/**
 * The sense of each date of Halo that is known, by its field. What is not here is `either`: days that people pick come
 * at midnight, and what Halo writes by its clock hardly ever does.
 */
const SENSES: Record<Exclude<Sense, 'either'>, readonly string[]> = {
  instant: [
    ...['dateoccurred', 'dateclosed', 'lastactiondate', 'last_update', 'fixbydate', 'respondbydate', 'responsedate'],
    ...['first_responsedate', 'datetime', 'actiondatecreated', 'actionarrivaldate', 'last_updated'],
    ...['last_modified', 'lastlogindate'],
  ],
  day: [
    ...['invoice_date', 'duedate', 'dateposted', 'period_start_date', 'period_end_date'],
    ...['nextcreationdate', 'next_invoice_date', 'periodicinvoicenextdate'],
    ...['start_date', 'end_date', 'startdate', 'enddate', 'targetdate', 'deadlinedate'],
    ...['warranty_start', 'warranty_end', 'supplier_purchasedate', 'commissiondate'],
  ],
};

const KNOWN = new Map(
  Object.entries(SENSES).flatMap(([sense, fields]) => fields.map((field) => [field, sense as Sense])),
);

/** The sense of a date by the name of its field. */
export const senseOf = (field: string): Sense => KNOWN.get(field) ?? 'either';

/** The time beside a day says nothing: none is there, or midnight without a zone of its own. */
const isBare = (value: unknown) => /^.{10}([T ]00:00(:00(\.0+)?)?)?Z?$/.test(String(value).trim());

/**
 * A date's day, as it is meant: of a moment the zone's, else the day that was written. A day without any time is that
 * day, whatever its field.
 */
export function readDayIn(value: unknown, sense: Sense, zone: Zone = UTC): Told<string> {
  const written = readDay(value);
  if (typeof written !== 'string' || sense === 'day' || String(value).trim().length === 10) return written;
  if (sense === 'either' && isBare(value)) return written;
  const moment = readInstant(value);
  // In UTC the written day is the day, however odd the time.
  if (moment === UNREADABLE && zone.isUtc) return written;
  return typeof moment === 'string' ? zone.dayOf(moment) : moment;
}
