import { describe, expect, it } from 'vitest';
import { Exact, movements } from '../../revenue/index.js';

describe('movements', () => {
  const moved = (balances: number[], decimals = 2) =>
    movements(
      balances.map((balance) => new Exact(balance)),
      decimals,
    ).map((some) => some.map(({ kind, amount }) => ({ kind, amount: amount.toFixed() })));
  const kinds = (balances: number[]) => moved(balances).map((some) => some.map(({ kind }) => kind).join('+') || 'none');
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
      [5, -5, 5, -5, -7, -2],
      ['new_business', 'contraction+churn', 'expansion+reactivation', 'contraction+churn', 'contraction', 'expansion'],
    ],
    [[-5], ['contraction']],
  ])('the balances %j move as the rules name it', (balances, expected) => expect(kinds(balances)).toEqual(expected));
  it('are rounded in their own currency, so that they add up to balances', () => {
    expect(moved([0.4, 0.6, 2.5], 0)).toEqual([
      [],
      [{ kind: 'new_business', amount: '1' }],
      [{ kind: 'expansion', amount: '2' }],
    ]);
  });
  it('T6 churn is at most the balance; below zero it is a contraction', () => {
    expect(moved([100, -30, 100])).toEqual([
      [{ kind: 'new_business', amount: '100' }],
      [
        { kind: 'contraction', amount: '-30' },
        { kind: 'churn', amount: '-100' },
      ],
      [
        { kind: 'expansion', amount: '30' },
        { kind: 'reactivation', amount: '100' },
      ],
    ]);
  });
});
