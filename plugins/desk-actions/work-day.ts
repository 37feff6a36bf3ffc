import { HaloError, type Zone } from '../../core/index.js';

/**
 * The middle of a day in a zone, as Halo writes moments: in UTC, without a suffix. Whatever the clocks do on that day,
 * and even if it is read a few hours off, it stays within the day.
 * @throws HaloError BAD_ARGUMENTS for a day that the zone skipped
 */
export function instantIn(zone: Zone, day: string): string {
  const { first, last } = zone.edgesOf(day);
  const middle = (Date.parse(`${first}Z`) + Date.parse(`${last}Z`)) / 2;
  const instant = new Date(Math.ceil(middle / 1000) * 1000).toISOString();
  if (zone.dayOf(instant) === day) return instant.slice(0, 19);
  throw new HaloError(
    'BAD_ARGUMENTS',
    `"day" is ${day}, which ${zone.name} never had.`,
    'Give the day before or after.',
  );
}
