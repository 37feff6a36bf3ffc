import { describe, expect, test } from 'vitest';
import { billedRunRate, endOfMonth, type Facts, factsOf, monthsIn } from '../../../revenue/index.js';
import { bookOf, type Raw } from '../book.js';
import { trendBooks } from '../insight-books.js';
import { ACME, AUD, type Fields, generated, invoice, template } from '../rows.js';

const AS_OF = '2026-11-28';
const factsOfRaw = (raw: Raw): Facts => factsOf(bookOf(raw), AS_OF);
/** A client's value at a month's end, `0.00` if there is none. */
const at = (facts: Facts, month: string, code = 'GBP') => {
  const total = billedRunRate(facts, endOfMonth(`${month}-01`)).totals.get(code);
  return { billed: (total?.billed ?? 0).toString(), mrr: total?.billed.plus(total.not_billed).toString() ?? '0' };
};

describe('the billed run rate of a day is what the trend says of it', () => {
  // The look-back of one day is 13 months, so a two-year bill from before that is not seen.
  test.each(trendBooks.filter(({ name }) => !name.startsWith('T37')))('$name', ({ book, expect: expected }) => {
    const facts = factsOfRaw(book);
    for (const [when, amount] of Object.entries(expected.mrr ?? {})) {
      const [month = '', code] = when.split('/');
      expect({ when, mrr: Number(at(facts, month, code).mrr) }).toEqual({ when, mrr: Number(amount) });
    }
    for (const [month, amount] of Object.entries(expected.billed ?? {}))
      expect(Number(at(facts, month).billed)).toBe(Number(amount));
  });
});

describe('the look-back of 13 months', () => {
  const run = (id: number, from: string, to: string, net: number, fields: Fields = {}) =>
    invoice(id, {
      ...{ invoice_date: from, period_start_date: from, period_end_date: to, recurring_invoice_id: -5001 },
      lines: [generated(id * 10, net)],
      ...fields,
    });
  const yearly = template(-5001, { period: 3, schedule: { period: 3 } });
  const threeYearly = template(-5001, { period: 7, schedule: { period: 7 } });
  const book = (recurring: Fields, invoices: Fields[]) =>
    factsOfRaw({ clients: [ACME], currencies: [AUD], recurring_invoices: [recurring], invoices });

  test('holds a year that was billed a month ahead', () => {
    const rate = billedRunRate(book(yearly, [run(1, '2025-06-01', '2026-05-31', 1200)]), '2026-05-31');
    expect(rate.totals.get('AUD')?.billed.toFixed(2)).toBe('100.00');
    expect(rate).toMatchObject({ from: '2025-04-30', cut: [], unread: [] });
  });

  test('says which templates it is too short for', () => {
    const rate = billedRunRate(book(threeYearly, [run(1, '2024-07-01', '2027-06-30', 3600)]), '2026-05-31');
    expect(rate).toMatchObject({ cut: [-5001], clients: [] });
  });

  test('a client alone has its own, by months with whole prices', () => {
    const facts = book(template(-5001), [
      run(1, '2026-05-01', '2026-05-31', 100),
      run(2, '2026-05-01', '2026-05-31', 40, { client_id: 102, recurring_invoice_id: -5002 }),
    ]);
    expect(billedRunRate(facts, '2026-05-31', { client: 102 }).clients).toMatchObject([
      { client: 102, currency: 'AUD', documents: [2] },
    ]);
    expect(monthsIn({ from: '2026-05-01', to: '2026-05-31' })).toEqual(['2026-05']);
  });
});
