/** The books of billing_leaks and renewals_calendar with their expected answers, from the engine's own rows. */
import { describe, expect, test } from 'vitest';
import { paramsOf } from '../../../plugins/insights/ask.js';
import { leaksOf } from '../../../plugins/insights/leaks.js';
import { renewalsOf } from '../../../plugins/insights/renewals.js';
import { bookOf } from '../../revenue/book.js';
import { listBooks } from '../../revenue/insight-books.js';

const asked = ({ as_of, days = 90, client_id }: { as_of: string; days?: number; client_id?: number }) =>
  paramsOf({ as_of, renewal_horizon_days: days, ...(client_id !== undefined && { client_id }) }, as_of);

describe('billing_leaks', () => {
  test.each(listBooks('billing_leaks').map((one) => [one.name, one] as const))(
    '%s',
    (_name, { args, expect: rows, book }) => {
      const { leaks } = leaksOf(bookOf(book), asked(args));
      const said = leaks.map(({ kind, entity, monthly_value = null, currency = null }) => [
        kind,
        entity,
        monthly_value,
        currency,
      ]);
      expect(said.sort()).toEqual([...rows].sort());
    },
  );
});

describe('renewals_calendar', () => {
  test.each(listBooks('renewals_calendar').map((one) => [one.name, one] as const))(
    '%s',
    (_name, { args, expect: rows, book }) => {
      const { renewals } = renewalsOf(bookOf(book), asked(args));
      expect(
        renewals.map(({ end, entity, monthly_value = null, currency = null }) => [
          end,
          entity,
          monthly_value,
          currency,
        ]),
      ).toEqual(rows);
    },
  );
});
