/** Days of time zones: where they begin and end, even if clocks change or a day is missing. */
import { describe, expect, it } from 'vitest';
import { isZone, UTC, zoneOf } from '../../core/zone.js';

const HOUR = 3_600_000;
const hours = (zone: string, day: string) => {
  const { first, last } = zoneOf(zone).edgesOf(day);
  return (Date.parse(`${last}Z`) + 1000 - Date.parse(`${first}Z`)) / HOUR;
};

describe('the day of a moment', () => {
  it.each([
    ['UTC', '2026-01-01T00:00:00Z', '2026-01-01'],
    ['America/St_Johns', '2026-01-01T03:29:59Z', '2025-12-31'],
    ['America/St_Johns', '2026-01-01T03:30:00Z', '2026-01-01'],
    ['Asia/Kolkata', '2025-12-31T18:29:59Z', '2025-12-31'],
    ['Asia/Kolkata', '2025-12-31T18:30:00Z', '2026-01-01'],
    ['Asia/Kathmandu', '2025-12-31T18:15:00Z', '2026-01-01'],
    ['Pacific/Kiritimati', '2025-12-31T10:00:00Z', '2026-01-01'],
    ['Pacific/Pago_Pago', '2026-01-01T10:59:59Z', '2025-12-31'],
    ['Europe/London', '2026-06-30T23:30:00Z', '2026-07-01'],
    ['Europe/London', '2026-01-30T23:30:00Z', '2026-01-30'],
  ])('in %s %s lies on %s', (zone, moment, day) => expect(zoneOf(zone).dayOf(moment)).toBe(day));
});

describe('the edges of a day', () => {
  it.each([
    ['UTC', '2026-01-01', '2026-01-01T00:00:00', '2026-01-01T23:59:59', 24],
    ['America/St_Johns', '2026-01-01', '2026-01-01T03:30:00', '2026-01-02T03:29:59', 24],
    ['Asia/Kolkata', '2026-01-01', '2025-12-31T18:30:00', '2026-01-01T18:29:59', 24],
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00', '2026-03-29T21:59:59', 23],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00', '2026-10-25T22:59:59', 25],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00', '2026-03-09T03:59:59', 23],
    ['America/New_York', '2026-11-01', '2026-11-01T04:00:00', '2026-11-02T04:59:59', 25],
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00', '2026-04-05T13:29:59', 24.5],
    ['Pacific/Kiritimati', '2026-01-01', '2025-12-31T10:00:00', '2026-01-01T09:59:59', 24],
    // It begins at one o'clock.
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00', '2018-11-05T01:59:59', 23],
    // Clocks went back just after midnight: the last hour of the day before came twice.
    ['America/St_Johns', '2010-11-06', '2010-11-06T02:30:00', '2010-11-07T03:29:59', 25],
    // After the day that Samoa left out.
    ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00', '2011-12-31T09:59:59', 24],
    ['Pacific/Apia', '2011-12-29', '2011-12-29T10:00:00', '2011-12-30T09:59:59', 24],
  ])('in %s %s is from %s to %s', (zone, day, first, last, long) => {
    expect(zoneOf(zone).edgesOf(day)).toEqual({ first, last });
    expect(hours(zone, day)).toBe(long);
  });

  it('holds no moment on a day that never was', () => expect(hours('Pacific/Apia', '2011-12-30')).toBe(0));

  it('puts each hour of two years into the day that holds it', () => {
    for (const name of ['America/St_Johns', 'Europe/London', 'Asia/Kolkata', 'Pacific/Chatham']) {
      const zone = zoneOf(name);
      const lost: string[] = [];
      for (let at = Date.UTC(2025, 0, 1); at < Date.UTC(2027, 0, 1); at += 5 * HOUR) {
        const { first, last } = zone.edgesOf(zone.dayOf(at));
        const moment = new Date(at).toISOString().slice(0, 19);
        if (moment < first || moment > last) lost.push(moment);
      }
      expect(lost, name).toEqual([]);
    }
  });
});

describe('today', () => {
  const now = Date.parse('2026-11-29T02:00:00Z');
  it.each([
    ['UTC', '2026-11-29'],
    ['America/St_Johns', '2026-11-28'],
    ['Pacific/Auckland', '2026-11-29'],
    ['America/Los_Angeles', '2026-11-28'],
  ])('in %s is %s', (zone, day) => expect(zoneOf(zone).today(now)).toBe(day));
});

describe('names of zones', () => {
  it.each(['Europe/London', 'america/st_johns', 'UTC', 'Etc/GMT+12', 'Asia/Calcutta', 'Asia/Kolkata'])(
    'the name %s is that of a time zone',
    (name) => expect(isZone(name)).toBe(true),
  );
  it.each(['', 'Mars/Olympus', '+03:30', 'GMT Standard Time', 'Europe/Londno', '../etc/passwd'])(
    '"%s" is not a time zone',
    (name) => expect(isZone(name)).toBe(false),
  );
  it.each(['UTC', 'Etc/UTC', 'GMT', 'Etc/Greenwich'])(
    'the zone %s is taken for UTC, with its edges of days',
    (name) => {
      expect(zoneOf(name).isUtc).toBe(true);
      expect(zoneOf(name).edgesOf('2026-01-01')).toEqual(UTC.edgesOf('2026-01-01'));
    },
  );
  it('London is not UTC, though its winter is', () => expect(zoneOf('Europe/London').isUtc).toBe(false));
});
