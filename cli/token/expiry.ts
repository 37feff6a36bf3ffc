import { UsageError } from '../print.js';

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Ten years. */
const LONGEST_MS = 3_650 * UNITS.d;

/**
 * When a token made now expires, in ISO 8601; null for never.
 * @throws UsageError if it is not a duration, or is too long
 */
export function expiryOf(text: string, now: number): string | null {
  if (text === 'never') return null;
  const [, count = '', unit = ''] = /^([1-9]\d{0,6})([mhd])$/.exec(text.trim()) ?? [];
  const milliseconds = Number(count) * (UNITS[unit as 'm'] ?? 0);
  if (milliseconds > 0 && milliseconds <= LONGEST_MS) return new Date(now + milliseconds).toISOString();
  throw new UsageError(
    `--expires ${text.slice(0, 40)} is not a duration: write 90d, 12h or 30m, at most 3650d, or never.`,
  );
}
