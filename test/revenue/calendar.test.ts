import { expect, it } from 'vitest';
import { daysAfter, daysBetween, monthsAfter, monthsBetween } from '../../revenue/index.js';

it.each([
  ['2026-01-31', 1, '2026-02-28'],
  ['2024-01-31', 1, '2024-02-29'],
  ['2026-03-31', -1, '2026-02-28'],
  ['2026-06-15', 60, '2031-06-15'],
  ['2026-06-15', -12, '2025-06-15'],
  ['2026-06-15', 0, '2026-06-15'],
])('%s and %d months is %s', (day, months, after) => expect(monthsAfter(day, months)).toBe(after));

it.each([
  ['2026-02-28', 1, '2026-03-01'],
  ['2024-02-28', 1, '2024-02-29'],
  ['2026-01-01', -1, '2025-12-31'],
])('%s and %d days is %s', (day, days, after) => expect(daysAfter(day, days)).toBe(after));

it.each([
  ['2026-01-01', '2027-01-01', 365, { months: 12, days: 0 }],
  ['2026-01-31', '2026-02-28', 28, { months: 0, days: 28 }],
  ['2026-06-15', '2026-07-20', 35, { months: 1, days: 5 }],
  ['2026-06-15', '2026-06-15', 0, { months: 0, days: 0 }],
])('from %s to %s there are %d days, or %o', (from, to, days, months) => {
  expect(daysBetween(from, to)).toBe(days);
  expect(monthsBetween(from, to)).toEqual(months);
});

it('is right after more sums than are kept, and again for the first of them', () => {
  const days = Array.from({ length: 10_050 }, (_, index) => daysAfter('2000-01-01', index));
  expect(days.at(-1)).toBe(new Date(Date.UTC(2000, 0, 10_050)).toISOString().slice(0, 10));
  expect(daysAfter('2000-01-01', 1)).toBe('2000-01-02');
});

it('does not take an invalid day', () => {
  expect(() => daysAfter('2026-02-30', 1)).toThrow(RangeError);
});
