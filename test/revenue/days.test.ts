/** What answers say about a day that is not today. */
import { describe, expect, test } from 'vitest';
import { saidOfDay, saidOfWindow } from '../../revenue/index.js';
import type { DayQuestion } from '../../revenue/ledger/days.js';

const TODAY = '2026-11-28';
const REFUSED: DayQuestion[] = ['revenue_trend', 'revenue_bridge', 'retention'];
const SAID: DayQuestion[] = [
  ...(['billing_forecast', 'billing_leaks', 'renewals_calendar', 'price_uplift', 'ar_ageing'] as const),
  ...(['statement_of_account', 'uninvoiced_time', 'deferred_revenue', 'prepaid_balances'] as const),
];

describe('a day', () => {
  test.each([...REFUSED, ...SAID])('%s says nothing of today', (question) => {
    expect(saidOfDay(question, TODAY, TODAY)).toBe('');
    expect(saidOfDay(question, TODAY)).toBe('');
  });

  test.each(REFUSED)('%s refuses one to come, as nothing was billed by then', (question) => {
    expect(() => saidOfDay(question, '2026-11-29', TODAY)).toThrow(
      'as_of 2026-11-29 is in the future. Give a past day',
    );
  });

  test.each(SAID)('%s says what one to come rests on', (question) => {
    expect(saidOfDay(question, '2026-11-29', TODAY)).toMatch(/^2026-11-29 is in the future: .+\.$/);
  });

  test.each([
    ...REFUSED,
    ...(['billing_forecast', 'billing_leaks', 'renewals_calendar', 'price_uplift', 'uninvoiced_time'] as const),
  ])('%s says what a past one rests on', (question) => {
    expect(saidOfDay(question, '2026-11-27', TODAY)).toMatch(/^2026-11-27 is past: .+today.*\.$/);
  });
});

test.each([
  ['2026-01-01', '2026-11-28', ''],
  ['2026-01-01', '2026-12-31', 'The window is not over: it holds what is known on 2026-11-28.'],
  ['2026-12-01', '2026-12-31', 'The window is in the future: it holds what is known on 2026-11-28.'],
])('a window from %s to %s', (from, to, said) => {
  expect(saidOfWindow({ from, to }, TODAY)).toBe(said);
  expect(saidOfWindow({ from, to })).toBe('');
});
