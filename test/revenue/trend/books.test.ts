/** The trend over small books of one or two clients, with the expected answers. */
import { describe, expect, test } from 'vitest';
import { decimalsOf, money, paramsOf, trendOf } from '../../../revenue/index.js';
import { bookOf } from '../book.js';
import { trendBooks } from '../insight-books.js';

const AS_OF = '2026-11-28';

describe('a book of the trend', () => {
  test.each(trendBooks)('$name', ({ book, args, expect: expected }) => {
    const { months, movements, totals, unread } = trendOf(bookOf(book), paramsOf(args, AS_OF));
    const at = (when: string) => {
      const [month, code = 'GBP'] = when.split('/');
      return months.find((row) => row.month === month && row.currency === code);
    };
    const show = (when: string, of: 'mrr' | 'billed_mrr') => {
      const decimals = decimalsOf(when.split('/')[1] ?? 'GBP');
      const row = at(when);
      return row === undefined ? money(0 as never, decimals) : money(row[of], decimals);
    };
    const shown = (of: 'mrr' | 'billed_mrr', wanted: Record<string, string> = {}) =>
      Object.fromEntries(Object.keys(wanted).map((when) => [when, show(when, of)]));
    expect(shown('mrr', expected.mrr)).toEqual(expected.mrr ?? {});
    expect(shown('billed_mrr', expected.billed)).toEqual(expected.billed ?? {});
    const moved = movements.map(({ month, client, kind, amount, currency }) => [
      ...[month, client, kind, money(amount, decimalsOf(currency))],
    ]);
    if (expected.mv !== undefined) expect(moved.toReversed()).toEqual(expected.mv);
    for (const [code, total] of totals) {
      const sum = Object.values(total.moves).reduce((all, amount) => all.plus(amount), total.opening_mrr);
      expect({ code, closing: sum.toFixed() }).toEqual({ code, closing: total.closing_mrr.toFixed() });
    }
    expect(unread).toEqual([]);
  });
});
