/** Which parameters are valid. */
import { describe, expect, it } from 'vitest';
import { GROUPS, RevenueInputError } from '../../revenue/index.js';
import { answer } from './rows.js';

describe('what can’t be asked', () => {
  it.each([
    [
      { from: '2026-07-01', to: '2026-06-30' },
      'The window ends (2026-06-30) before it starts (2026-07-01). Swap from and to.',
    ],
    [
      { from: '2026-07-02', to: '2026-07-01', today: '2026-07-01' },
      'from (2026-07-02) is after to (2026-07-01), which is today unless given. Give an earlier from or a later to.',
    ],
    [{ from: '2026-02-30' }, 'from "2026-02-30" is not a day. Give it as YYYY-MM-DD.'],
    [{ as_of: 'today' }, 'as_of "today" is not a day. Give it as YYYY-MM-DD.'],
    [{ to: '2026-06-30T00:00:00' }, 'is not a day'],
    [{ from: '2021-06-30', to: '2026-06-30' }, 'longer than 60 months'],
    [
      { group_by: ['site'] },
      'group_by "site" is unknown. Choose among client, month, item_group, contract, recurring_invoice, project.',
    ],
    [{ attribute_to: 'payer' }, 'attribute_to "payer" is unknown'],
    [{ currency_policy: 'add' }, 'currency_policy "add" is unknown'],
    [{ month_basis: 'cash' }, 'month_basis "cash" is unknown'],
    [{ from: '2021-07-01', to: '2026-07-01' }, 'The window 2021-07-01 to 2026-07-01 is longer than 60 months. Ask for'],
    [{ attribute_to: 'payer' }, 'Choose among service_client, billed_client.'],
    [{ currency_policy: 'add' }, 'Choose among separate, convert.'],
    [{ month_basis: 'cash' }, 'Choose among billed, service_period.'],
    [{ renewal_horizon_days: -1 }, 'renewal_horizon_days -1 is not a number of days. Give 0 or more whole days.'],
    [{ renewal_horizon_days: 36_501 }, 'renewal_horizon_days 36501 is more than 100 years. Give 36500 at most.'],
    [{ renewal_horizon_days: 1.5 }, 'renewal_horizon_days 1.5 is not a number of days.'],
    [{ rates: { USD: 0 } }, 'The rate of USD is "0". Give home units per unit, above 0.'],
  ])('a question with %o is refused in a sentence with its way out', (params, message) => {
    const ask = () => answer({}, params as object);
    expect(ask).toThrow(RevenueInputError);
    expect(ask).toThrow(message);
  });
  it('names itself, and gives the way out by itself too', () => {
    const error = new RevenueInputError('There is no rate for USD.', 'Give rates.USD.');
    expect([error.name, error.message, error.wayOut]).toEqual([
      'RevenueInputError',
      'There is no rate for USD. Give rates.USD.',
      'Give rates.USD.',
    ]);
  });
  it('one day is a window, no horizon is one, and either choice is known', () => {
    const day = { from: '2026-06-30', to: '2026-06-30', renewal_horizon_days: 0 };
    expect(() => answer({}, day)).not.toThrow();
    for (const group of GROUPS) expect(() => answer({}, { group_by: [group] })).not.toThrow();
    expect(() => answer({}, { attribute_to: 'billed_client', month_basis: 'service_period' })).not.toThrow();
    expect(() => answer({}, { currency_policy: 'convert', rates: { ' usd ': '0.5' } })).not.toThrow();
  });
  it('sixty months is the longest', () => {
    expect(() => answer({}, { from: '2021-07-01', to: '2026-06-30' })).not.toThrow();
  });
});
