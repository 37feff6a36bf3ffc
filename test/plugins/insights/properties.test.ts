/** Properties of any book. PROPERTY_RUNS is four times the number of runs; fast-check prints the seed of a failure. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paramsOf } from '../../../plugins/insights/ask.js';
import { concentrationOf, hhiOf, topShare } from '../../../plugins/insights/concentration.js';
import { leaksOf } from '../../../plugins/insights/leaks.js';
import { answerTrend } from '../../../revenue/halo/index.js';
import { breakdown, Exact, MOVES } from '../../../revenue/index.js';
import { bookOf } from '../../revenue/book.js';
import { type RawBook, RUNS, rawBook } from '../../revenue/books.js';
import { expectSame, units } from '../../revenue/property.js';

const params = paramsOf({ from: '2025-07-01', to: '2026-06-30' }, '2026-07-01');
/** The book is the engine's, whose own properties run the full number. */
const runs = { numRuns: Math.ceil(RUNS.numRuns / 4) };
const property = (name: string, check: (raw: RawBook) => void) =>
  it(name, () => fc.assert(fc.property(rawBook, check), runs), 60_000 + 100 * runs.numRuns);
const add = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + amount, 0);

describe('revenue_trend', () => {
  property(
    'movements of a month add up to the change of the balance, and those of clients to those of months',
    (raw) => {
      const { months, movements, totals } = answerTrend(bookOf(raw), params);
      for (const [code, total] of Object.entries(totals)) {
        const of = (amount: string) => units(amount, code);
        let balance = of(total.opening_mrr);
        for (const row of months.filter(({ currency }) => currency === code)) {
          const clients = movements.filter(({ month, currency }) => month === row.month && currency === code);
          balance += add(MOVES.map((kind) => of(row[kind])));
          expect(of(row.mrr)).toBe(balance);
          expect(of(row.billed_mrr) + of(row.not_billed)).toBe(balance);
          for (const kind of MOVES)
            expect(add(clients.filter((move) => move.kind === kind).map(({ amount }) => of(amount)))).toBe(
              of(row[kind]),
            );
        }
        expect(of(total.closing_mrr)).toBe(balance);
      }
    },
  );

  property('months of what was billed add up to the breakdown', (raw) => {
    const { months } = answerTrend(bookOf(raw), params);
    for (const [code, { recurring, non_recurring }] of Object.entries(breakdown(bookOf(raw), params).totals)) {
      const own = months.filter(({ currency }) => currency === code);
      expect(add(own.map((row) => units(row.recurring, code)))).toBe(units(recurring.net, code));
      expect(add(own.map((row) => units(row.non_recurring, code)))).toBe(units(non_recurring.net, code));
    }
  });

  property('rows that come twice, or in another order, change nothing', (raw) => {
    const twice = { ...raw, invoices: [...raw.invoices.toReversed(), ...raw.invoices] };
    expectSame(answerTrend(bookOf(twice), params), answerTrend(bookOf(raw), params));
  });

  property('what was billed has no need of its recurring invoice: only what goes on unbilled ends with it', (raw) => {
    const disabled = raw.recurring_invoices.map((row) => ({ ...row, disabled: true }));
    const trend = (recurring_invoices: RawBook['recurring_invoices']) =>
      answerTrend(bookOf({ ...raw, recurring_invoices }), params).months;
    const without = trend(disabled);
    expect(without.every(({ not_billed }) => Number(not_billed) === 0)).toBe(true);
    for (const { month, currency, billed_mrr } of trend(raw.recurring_invoices)) {
      const same = without.find((row) => row.month === month && row.currency === currency);
      expect(Number(billed_mrr)).toBe(Number(same?.billed_mrr ?? 0));
    }
  });
});

describe('client_concentration', () => {
  property('shares add up to 100 within rounding, HHI lies between 0 and 10000, and shares never rise', (raw) => {
    const { clients, totals, complete } = concentrationOf(bookOf(raw), params, 500);
    expect(complete).toBe(true);
    for (const [code, total] of Object.entries(totals)) {
      const own = clients.filter(({ currency }) => currency === code);
      const shares = own.map(({ share_pct }) => Number(share_pct));
      if (own.length === 0) expect(total).toMatchObject({ hhi: null, top_1_pct: null, clients: 0 });
      else {
        expect(Math.abs(add(shares) - 100)).toBeLessThanOrEqual(0.005 * own.length + 1e-9);
        expect(total.hhi).toBeGreaterThanOrEqual(Math.floor(10_000 / own.length));
        expect(total.hhi).toBeLessThanOrEqual(10_000);
        expect(shares).toEqual(shares.toSorted((a, b) => b - a));
        expect(own.at(-1)?.cumulative_pct).toBe('100.00');
        expect(total.top_pct).toBe('100.00');
      }
      const net = add(own.map(({ total_net }) => units(total_net, code)));
      expect(net + units(total.below_zero_net, code)).toBe(units(total.total_net, code));
    }
  });

  const amounts = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 40 });
  it('is bounded for any amounts: 10000/n to 10000, and the top share grows to 100', () => {
    fc.assert(
      fc.property(amounts, (cents) => {
        const nets = cents.toSorted((a, b) => b - a).map((cent) => new Exact(cent).div(100));
        const hhi = hhiOf(nets) ?? Number.NaN;
        expect(hhi).toBeGreaterThanOrEqual(Math.floor(10_000 / nets.length));
        expect(hhi).toBeLessThanOrEqual(10_000);
        const tops = nets.map((_, index) => Number(topShare(nets, index + 1)));
        expect(tops).toEqual(tops.toSorted((a, b) => a - b));
        expect(tops.at(-1)).toBe(100);
      }),
      runs,
    );
  });
});

describe('billing_leaks', () => {
  property('names a contract at most once by kind, and kinds of the engine are its flags', (raw) => {
    const { leaks, totals, complete } = leaksOf(bookOf(raw), params);
    const keys = leaks.map(({ kind, entity }) => `${kind} ${entity}`);
    expect(keys).toEqual([...new Set(keys)]);
    if (!complete) expect(totals).toEqual({});
    const flagged = breakdown(bookOf(raw), params).flags.map(({ code, entity }) => `${code} ${entity}`);
    const own = keys.filter((key) => !key.startsWith('disabled_ri_live_contract'));
    expect(own.filter((key) => !flagged.includes(key))).toEqual([]);
  });
});
