import { UTC, type Zone } from '../zone.js';
import { readDay, readInstant, type Told, UNREADABLE } from './value.js';

/**
 * What Halo means by a date. `instant`: a moment in UTC, whose day depends on the zone. `day`: a plain day that never
 * shifts, whatever time follows it. `either`: a plain day if it is at midnight, otherwise a moment.
 */
export type Sense = 'instant' | 'day' | 'either';

/**
 * The sense of Halo's dates, by field, if it is known. All others are `either`: days that people pick come at midnight,
 * and what Halo writes by its clock hardly ever does.
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

/** True if the time after a day says nothing: it is missing, or midnight without a zone of its own. */
const isBare = (value: unknown) => /^.{10}([T ]00:00(:00(\.0+)?)?)?Z?$/.test(String(value).trim());

/**
 * The day that a date means: for a moment the day in the zone, otherwise the day that was written. A day without any
 * time is that day, whatever its field.
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
