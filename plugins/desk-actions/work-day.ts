import { HaloError, type Zone } from '../../core/index.js';

/**
 * The middle of a day of a zone, as Halo writes moments: in UTC, and without a mark. Whatever the clocks do on that day,
 * and whoever reads it a few hours off, it is that day.
 * @throws HaloError BAD_ARGUMENTS for a day that the zone leapt over
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
