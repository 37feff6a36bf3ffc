import { expect, test } from 'vitest';
import { keepRecurringInvoice, type RecurringInvoice } from '../../revenue/index.js';
import { hasRunSince } from '../../revenue/rules/run-dates.js';

const monthly = (startdate: string, nextcreationdate?: string) =>
  keepRecurringInvoice({
    id: -1,
    client_id: 1,
    schedule: { period: 2, startdate, nextcreationdate },
  }) as RecurringInvoice;

test.each([
  ['2026-01-15', '2026-04-15', '2026-03-15', true],
  ['2026-01-15', '2026-04-15', '2026-03-16', false],
  // Runs at the ends of months, which its next date does not tell.
  ['2026-01-31', '2026-02-28', '2026-01-31', true],
  ['2025-12-31', '2026-04-30', '2026-03-31', true],
  ['2026-04-15', '2026-04-15', '2026-01-01', false],
  ['2026-01-15', undefined, '2026-01-15', false],
])('monthly from %s, next on %s: has it run since %s? %s', (start, next, day, has) => {
  expect(hasRunSince(monthly(start, next), day)).toBe(has);
});
