/** Ratios and movements where there is nothing to divide by, or nothing that moved. */
import { describe, expect, it } from 'vitest';
import {
  afterDiscount,
  agreementHours,
  blendedRunRate,
  effectiveRate,
  grossChurn,
  grossRetention,
  margin,
  movements,
  netChurn,
  netRetention,
  recurringShare,
} from '../../../../plugins/finance/revenue/index.js';

const moved = { start: 200, expansion: 30, contraction: 10, churn: '20.5', reactivation: 5 };

it('each ratio takes what it names, and nothing else', () => {
  expect(netRetention(moved)).toBe('99.75');
  expect(grossRetention(moved)).toBe('84.75');
  expect(grossChurn(moved)).toBe('15.25');
  expect(netChurn(moved)).toBe('-2.25');
  for (const ratio of [netRetention, grossRetention]) expect(ratio({ start: 200 })).toBe('100.00');
  for (const ratio of [grossChurn, netChurn]) expect(ratio({ start: 200 })).toBe('0.00');
});

it('gross retention is never above 100, net retention may be', () => {
  expect(grossRetention({ start: 100, contraction: -10 })).toBe('100.00');
  expect(netRetention({ start: 100, expansion: 10 })).toBe('110.00');
});

it('there is no ratio of nothing, nor of less than nothing', () => {
  for (const start of [0, -5]) {
    for (const ratio of [netRetention, grossRetention, grossChurn, netChurn])
      expect(ratio({ ...moved, start })).toBeNull();
    expect(recurringShare(10, start)).toBeNull();
    expect(effectiveRate(10, 5, start)).toBeNull();
    expect(margin(start, 0, 0)).toBeNull();
  }
});

describe('movements', () => {
  const kinds = (balances: number[]) => movements(balances).map(({ kind }) => kind);
  it.each([
    [
      [0, 50, 50, 0, 0, 20],
      ['none', 'new_business', 'none', 'churn', 'none', 'reactivation'],
    ],
    [
      [10, 10.004, 10.005, 9],
      ['new_business', 'none', 'expansion', 'contraction'],
    ],
    [
      [5, -5, 5],
      ['new_business', 'churn', 'reactivation'],
    ],
  ])('%j', (balances, expected) => expect(kinds(balances)).toEqual(expected));
  it('are rounded in their own currency, so that they add up to balances', () => {
    expect(movements([0.4, 0.6, 2.5], 0)).toEqual([
      { kind: 'none', amount: '0' },
      { kind: 'new_business', amount: '1' },
      { kind: 'expansion', amount: '2' },
    ]);
  });
});

it('amounts per hour, per month and after a discount', () => {
  expect(effectiveRate(100, 10, 4)).toBe('22.50');
  expect(margin(200, 50, 30)).toBe('60.00');
  expect(recurringShare(50, 1000)).toBe('60.00');
  expect(afterDiscount(200, '12.5')).toBe('175.00');
  expect(afterDiscount(200, 12.5, 3)).toBe('175.000');
  expect(agreementHours(1000, 100, '0.5')).toEqual({ agreement_hours: '10.00', target_hours: '5.00' });
  expect(blendedRunRate([{ count: 2, amount: '30', months: 3 }])).toBe('20.00');
  expect(blendedRunRate([])).toBe('0.00');
});
