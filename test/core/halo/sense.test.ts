/** What Halo means by each date: a moment, whose day depends on the zone, or a plain day, which never shifts. */
import { describe, expect, it } from 'vitest';
import { readDayIn, senseOf } from '../../../core/halo/sense.js';
import { UNREADABLE } from '../../../core/halo/value.js';
import { UTC, zoneOf } from '../../../core/zone.js';

const ST_JOHNS = zoneOf('America/St_Johns');
const AUCKLAND = zoneOf('Pacific/Auckland');

describe('the day of a date of Halo', () => {
  it.each([
    // A moment: its day depends on the zone.
    ['dateoccurred', '2026-01-01T02:00:00', ST_JOHNS, '2025-12-31'],
    ['dateoccurred', '2026-01-01T00:00:00', ST_JOHNS, '2025-12-31'],
    ['dateoccurred', '2026-01-01T03:30:00.5', ST_JOHNS, '2026-01-01'],
    ['dateoccurred', '2025-12-31T11:00:00', AUCKLAND, '2026-01-01'],
    ['dateoccurred', '2026-01-01T02:00:00', UTC, '2026-01-01'],
    ['dateclosed', '2026-01-01T02:00:00Z', ST_JOHNS, '2025-12-31'],
    ['datetime', '2026-01-01T02:00:00+05:30', ST_JOHNS, '2025-12-31'],
    ['dateoccurred', '2026-01-01', ST_JOHNS, '2026-01-01'],
    // A plain day, whatever its time.
    ['invoice_date', '2026-01-01T00:00:00', ST_JOHNS, '2026-01-01'],
    ['invoice_date', '2026-01-01T02:00:00', ST_JOHNS, '2026-01-01'],
    ['duedate', '2025-12-31T23:00:00', AUCKLAND, '2025-12-31'],
    ['end_date', '2026-12-31T23:59:59', AUCKLAND, '2026-12-31'],
    // Unknown: a day at midnight, otherwise a moment.
    ['datecreated', '2026-01-01T00:00:00', ST_JOHNS, '2026-01-01'],
    ['datecreated', '2026-01-01T00:00:01', ST_JOHNS, '2025-12-31'],
    ['made_up', '2026-01-01T02:00:00', ST_JOHNS, '2025-12-31'],
  ])('%s %s in its zone is %s', (field, value, zone, day) => expect(readDayIn(value, senseOf(field), zone)).toBe(day));

  it.each(['dateoccurred', 'invoice_date', 'made_up'])('%s: none and open are no day, and noise is told', (field) => {
    const of = (value: unknown) => readDayIn(value, senseOf(field), ST_JOHNS);
    expect([of(null), of(''), of('1900-01-01T00:00:00'), of('2099-12-31T00:00:00')]).toEqual(Array(4).fill(undefined));
    expect([of('soon'), of(20260101), of('2026-02-30T10:00:00')]).toEqual(Array(3).fill(UNREADABLE));
  });

  it('a moment without a valid time has a day only in UTC', () => {
    expect(readDayIn('2026-01-01T99:99:99', 'instant', ST_JOHNS)).toBe(UNREADABLE);
    expect(readDayIn('2026-01-01T99:99:99', 'instant', UTC)).toBe('2026-01-01');
  });
});
