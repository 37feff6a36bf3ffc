import Big from 'big.js';
import { describe, expect, it } from 'vitest';
import { keepRecurringInvoice, movements, readPeriod, templateWorth } from '../../revenue/index.js';
import { Exact, money, round, settle, shareOut } from '../../revenue/values/money.js';
import { AUD, type Fields, template } from './rows.js';
import { arithmetic_vectors, metric_vectors, period_vectors } from './vectors.js';

describe('period vectors', () => {
  it.each(period_vectors.map((vector) => [vector.id, vector.title, vector] as const))(
    '%s %s',
    (_id, _title, vector) => {
      const { net_per_period, period } = vector.input;
      const row = template(-5001, { period, schedule: { period }, lines: [{ id: 1, net_amount: net_per_period }] });
      const kept = keepRecurringInvoice(row);
      if (kept === undefined) throw new Error('no template');
      expect(templateWorth(kept, '2026-06-30', [])).toMatchObject(vector.expected);
    },
  );
});

describe('arithmetic vectors', () => {
  const apart = (minor: number, weights: readonly number[]) =>
    divided(String(minor), weights, 0).map((share) => Number(share));
  const operations: Record<string, (input: (typeof arithmetic_vectors)[number]['input']) => unknown> = {
    allocate_to: ({ minor, n }) => apart(minor, Array(n).fill(1)),
    allocate: ({ minor, ratios }) => apart(minor, ratios),
    round: ({ value, decimals }) => money(new Exact(value), decimals),
  };
  it.each(arithmetic_vectors.map((vector) => [vector.id, vector] as const))('%s', (_id, vector) => {
    expect(operations[vector.op]?.(vector.input)).toEqual(vector.expected);
  });
});

/** A total divided by weights, largest remainder. */
function divided(total: string, weights: readonly number[], decimals: number): string[] {
  const exact = shareOut(
    new Exact(total),
    weights.map((weight) => new Exact(weight)),
  );
  return settle(new Exact(total), exact, decimals).map(String);
}

describe('metric vectors', () => {
  /** The month of one template with this line. */
  const mrr = (period: number, line: Fields) => {
    const kept = keepRecurringInvoice(template(-5001, { period, schedule: { period }, lines: [{ id: 1, ...line }] }));
    if (kept === undefined) throw new Error('no template');
    return templateWorth(kept, '2026-06-30', []).mrr ?? 'none';
  };
  const moved = (balances: (string | number)[]) =>
    movements(
      balances.map((balance) => new Exact(balance)),
      2,
    ).flatMap((some) => some.map(({ kind, amount }) => [kind, money(amount, 2)]));
  const answers: Record<string, () => unknown> = {
    M01: () => {
      const { plan_a, plan_b } = input('M01');
      const a = mrr(2, { unit_price: plan_a.monthly, qty_order: plan_a.n });
      const b = mrr(3, { unit_price: plan_b.yearly, qty_order: plan_b.n });
      return { mrr: money(new Exact(a).plus(b), 2) };
    },
    M04: () => {
      const balances = ['166.67', '226.67', '166.67', '0', '150'];
      return {
        movements: moved(balances),
        balance: balances.map((balance) => new Big(balance).toFixed(2)),
      };
    },
    M05: () => ({
      net_delta: input('M05').gross_delta.map((unit_price: number) =>
        mrr(2, { unit_price, qty_order: 1, discount_perc: input('M05').discount_pct }),
      ),
    }),
    M06: () => {
      const [before, after] = [input('M06').bronze_monthly, input('M06').gold_monthly];
      return { mrr_after: mrr(2, { net_amount: after }), movement: moved([before, after])[1]?.[1] };
    },
  };
  // biome-ignore lint/suspicious/noExplicitAny: each vector has inputs of its own shape
  const input = (id: string): any => metric_vectors.find((vector) => vector.id === id)?.input;
  it.each(metric_vectors.map((vector) => [vector.id, vector] as const))('%s', (id, vector) => {
    const { note: _, ...expected } = vector.expected as Record<string, unknown>;
    expect(answers[id]?.()).toEqual(expected);
  });
});

describe('rounding', () => {
  it.each([
    ['-1.5', 0, '-2'],
    ['-1.005', 2, '-1.01'],
    ['-0.004', 2, '0.00'],
    ['0.0005', 3, '0.001'],
    ['2.675', 2, '2.68'],
  ])('%s at %d decimals is %s: half away from zero, never minus zero', (value, decimals, expected) => {
    expect(money(new Exact(value), decimals)).toBe(expected);
  });

  it('settles a credit as it settled the invoice', () => {
    const parts = ['33.335', '33.335', '33.34'].map((part) => new Exact(part));
    const shares = settle(new Exact('100.01'), parts, 2).map(String);
    const credited = settle(
      new Exact('-100.01'),
      parts.map((part) => part.times(-1)),
      2,
    ).map(String);
    expect(shares).toEqual(['33.34', '33.33', '33.34']);
    expect(credited).toEqual(shares.map((share) => `-${share}`));
  });

  it('gives nothing to a part of zero and settles parts of opposite signs', () => {
    expect(settle(new Exact('0.01'), [new Exact(0), new Exact('0.005')], 2).map(String)).toEqual(['0', '0.01']);
    expect(settle(new Exact('0'), [new Exact('0.005'), new Exact('-0.005')], 2).map(String)).toEqual(['0', '0']);
    expect(settle(new Exact('799.99'), [new Exact('999.995'), new Exact('-200.005')], 2).map(String)).toEqual([
      '999.99',
      '-200',
    ]);
  });

  it('gives several units over to the parts that have anything, and to the first ones where none has', () => {
    expect(settle(new Exact('33.36'), [new Exact('33.3333'), new Exact(0)], 2).map(String)).toEqual(['33.36', '0']);
    expect(settle(new Exact('0.03'), [new Exact(0), new Exact(0)], 2).map(String)).toEqual(['0.02', '0.01']);
    expect(settle(new Exact('0.03'), [], 2)).toEqual([]);
  });

  it('leaves everything with the first part where weights cancel out', () => {
    expect(divided('0.07', [5, -5, 0], 2)).toEqual(['0.07', '0', '0']);
  });

  it('leaves the settings of big.js alone', () => {
    expect([Big.DP, Big.RM]).toEqual([20, 1]);
    expect(round(new Exact(1).div(3), 2).toString()).toBe('0.33');
  });
});

describe('periods', () => {
  it.each([
    ['one-time', ['one time', 'One-off', 'once', 0]],
    ['weekly', ['week', 'Weekly', 1]],
    ['monthly', ['month', 'Monthly', 2]],
    ['yearly', ['year', 'Yearly', 'Annual', 'Annually', '12 Monthly', ' 3 ', 3]],
    ['quarterly', ['quarter', 'Quarterly', '3-Monthly', '4']],
    ['six-monthly', ['6-Monthly', 'six monthly', '6 months', 'Half Yearly', 'semi-annual', 'semi-annually', 5]],
    ['five-yearly', ['5-Yearly', 'five yearly', '5 years', 6]],
    ['three-yearly', ['3 Yearly', 'three yearly', '3 years', 7]],
    ['two-yearly', ['2 Yearly', 'two yearly', '2 years', 8]],
    ['four-yearly', ['4 Yearly', 'four yearly', '4 years', 9]],
  ])('%s is %j', (name, words) => {
    for (const word of words) expect([word, readPeriod(word)?.name]).toEqual([word, name]);
  });
  it.each([
    [0, '0'],
    [1, '52/12'],
    [2, '1'],
    [3, '1/12'],
    [4, '1/3'],
    [6, '1/60'],
  ])('code %d gives an amount per month by the factor %s', (code, factor) => {
    expect(readPeriod(code)?.factor).toBe(factor);
  });
  it.each([42, -1, '', null, undefined, 'Fortnightly', 'constructor', 2.5, true])(
    '%s is none, never guessed',
    (value) => {
      expect(readPeriod(value)).toBeUndefined();
    },
  );
});

it('a template’s lines show shares that add up to its month', () => {
  const lines = [1, 2, 3].map((id) => ({ id, net_amount: 100 }));
  const kept = keepRecurringInvoice(template(-5001, { period: 3, schedule: { period: 3 }, lines }));
  if (kept === undefined) throw new Error('no template');
  const worth = templateWorth(kept, '2026-06-30', [{ id: 1, code: AUD.code, home: true, modified: '' }]);
  expect(worth).toMatchObject({ currency: 'AUD', mrr: '25.00', arr: '300.00' });
  expect(worth.lines.map(({ mrr }) => mrr)).toEqual(['8.34', '8.33', '8.33']);
});
