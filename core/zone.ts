/*
 * Days of a time zone. Halo gives moments in UTC; the zone decides which day one falls on, and when a day begins and
 * ends: a day lasts 23 or 25 hours where clocks change, may begin at one o'clock, and may be missing at the date line.
 */

/** A time zone and its calendar. */
export interface Zone {
  /** Its IANA name: `America/St_Johns`. */
  readonly name: string;
  /** True if its days are those of UTC, all year. */
  readonly isUtc: boolean;
  /** Today's date there. @param now milliseconds of the epoch */
  today(now?: number): string;
  /** The day there, `YYYY-MM-DD`, of a moment in ISO 8601 with Z or in milliseconds. */
  dayOf(moment: string | number): string;
  /** The first and last second of a day there, as `2026-11-28T03:30:00` in UTC, which is how Halo writes moments. */
  edgesOf(day: string): { first: string; last: string };
}

/** UTC itself, the zone of Halo's moments. */
export const UTC: Zone = Object.freeze({
  name: 'UTC',
  isUtc: true,
  today: (now: number = Date.now()) => isoOf(now).slice(0, 10),
  dayOf: (moment: string | number) => (typeof moment === 'string' ? moment : isoOf(moment)).slice(0, 10),
  edgesOf: (day: string) => ({ first: `${day}T00:00:00`, last: `${day}T23:59:59` }),
});

/** True for a name of a time zone known here. An offset such as `+03:30` is none: it has no summer time. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The machine's time zone; UTC if that is unknown. */
export function machineZone(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return timeZone !== undefined && isZone(timeZone) ? timeZone : 'UTC';
}

const made = new Map<string, Zone>();

/** The zone of that name. @throws RangeError if {@link isZone} is false */
export function zoneOf(name: string): Zone {
  // One object for all callers, including plugins, so it is frozen.
  const known = made.get(name) ?? Object.freeze(isPlainUtc(name) ? { ...UTC, name } : zoneOfIntl(name));
  made.set(name, known);
  return known;
}

/** IANA's names for UTC itself. */
const isPlainUtc = (name: string) =>
  /^(etc\/)?(utc|uct|gmt|universal|zulu|greenwich|gmt[+-]?0)$/i.test(name) && isZone(name);

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
/** No clock is further from UTC than this. */
const FURTHEST_MS = 15 * HOUR_MS;

function zoneOfIntl(name: string): Zone {
  const calendar = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: name, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  /** The local clock time, as if it were UTC. */
  const wall = (moment: number): number => {
    const shown = Object.fromEntries(calendar.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
  const dayAt = (moment: number) => isoOf(wall(moment)).slice(0, 10);
  /** The moments at which it may turn midnight: by the clock before a change, and by the one after. */
  const midnights = (utc: number) =>
    [utc - FURTHEST_MS, utc + FURTHEST_MS].map((near) => utc - (wall(near) - near)).sort((a, b) => a - b);
  return {
    name,
    isUtc: false,
    today: (now = Date.now()) => dayAt(now),
    dayOf: (moment) => dayAt(typeof moment === 'string' ? Date.parse(moment) : moment),
    edgesOf(day) {
      const midnight = Date.parse(`${day}T00:00:00Z`);
      // If clocks change around midnight a day may occur twice: this range covers both.
      const first = midnights(midnight).find((moment) => dayAt(moment) >= day);
      const next = midnights(midnight + 24 * HOUR_MS).findLast((moment) => dayAt(moment - SECOND_MS) <= day);
      return { first: secondOf(first ?? midnight), last: secondOf((next ?? midnight + 24 * HOUR_MS) - SECOND_MS) };
    },
  };
}

const isoOf = (moment: number) => new Date(moment).toISOString();
const secondOf = (moment: number) => isoOf(moment).slice(0, 19);

/** True if the clocks of both show the same time all year. */
export function isSameClock(one: string, other: string, now = Date.now()): boolean {
  const year = new Date(now).getUTCFullYear();
  const edges = (name: string) =>
    [0, 3, 6, 9].map((month) => zoneOf(name).edgesOf(isoOf(Date.UTC(year, month, 15)).slice(0, 10)).first).join();
  return one === other || edges(one) === edges(other);
}
