/**
 * Properties of any history. PROPERTY_RUNS sets the number of runs, few by default; fast-check prints the seed of a
 * failure.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  billedRunRate,
  breakdown,
  bridgeOf,
  Exact,
  endOfMonth,
  historyOf,
  MOVES,
  paramsOf,
  type Trend,
  trendOf,
} from '../../../revenue/index.js';
import { bookOf } from '../book.js';
import type { RawBook } from '../books.js';
import { expectSame, shuffle } from '../property.js';
import { AS_OF, history, WINDOW } from './histories.js';

/** Each takes a tenth of a second. */
const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 20) };

const params = paramsOf(WINDOW, AS_OF);
const trend = (raw: RawBook, asked: Partial<typeof params> = {}) => trendOf(bookOf(raw), { ...params, ...asked });
const property = (name: string, check: (raw: RawBook) => void) =>
  it(name, () => fc.assert(fc.property(history, check), RUNS), 60_000 + 500 * RUNS.numRuns);
const ZERO = new Exact(0);
const add = (amounts: readonly (typeof ZERO)[]) => amounts.reduce((sum, amount) => sum.plus(amount), ZERO);
const plain = ({ months, movements, totals }: Trend) =>
  JSON.parse(JSON.stringify({ months, movements, totals: [...totals] }));

describe('T1-T10 over random histories of three years', () => {
  property('opening + movements = closing, for every month, client and currency', (raw) => {
    const { history: found, movements, months, totals } = trend(raw);
    for (const { client, currency, mrr, billed } of found.series) {
      const own = movements.filter((move) => move.client === client && move.currency === currency);
      for (let index = found.first; index < found.months.length; index++) {
        const moved = own.filter(({ month }) => month === found.months[index]);
        const opening = mrr[index - 1] ?? ZERO;
        expect(opening.plus(add(moved.map(({ amount }) => amount))).toFixed()).toBe(mrr[index]?.toFixed());
        for (const move of moved) expect(move.mrr.toFixed()).toBe(mrr[index]?.toFixed());
        expect(billed[index]).toBeDefined();
      }
    }
    for (const [code, total] of totals) {
      let balance = total.opening_mrr;
      for (const row of months.filter(({ currency }) => currency === code)) {
        balance = balance.plus(add(MOVES.map((kind) => row.moves[kind])));
        expect(row.mrr.toFixed()).toBe(balance.toFixed());
        expect(row.billed_mrr.plus(row.not_billed).toFixed()).toBe(balance.toFixed());
      }
      expect(total.closing_mrr.toFixed()).toBe(balance.toFixed());
    }
  });

  property(
    'churn is from above zero and at most the balance; each movement has a cause and documents, and its causes add up',
    (raw) => {
      const { history: found, movements } = trend(raw);
      for (const { kind, amount, month, client, currency, causes, cause, documents, other } of movements) {
        const series = found.series.find((one) => one.client === client && one.currency === currency);
        const before = series?.mrr[found.months.indexOf(month) - 1] ?? ZERO;
        if (kind === 'churn') {
          expect(before.gt(0)).toBe(true);
          expect(amount.neg().toFixed()).toBe(before.toFixed());
        }
        if (kind === 'new')
          expect(series?.mrr.slice(0, found.months.indexOf(month)).some((one) => one.gt(0))).toBe(false);
        expect(amount.gt(0)).toBe(['new', 'expansion', 'reactivation'].includes(kind));
        expect(documents.length).toBeGreaterThan(0);
        expect(other !== undefined).toBe(cause === 'moved');
        if (causes.length > 0) expect(add(causes.map((one) => one.amount)).toFixed()).toBe(amount.toFixed());
      }
    },
  );

  property('rows in another order, and rows that come twice, change nothing', (raw) => {
    const twice = {
      ...raw,
      invoices: shuffle([...raw.invoices, ...raw.invoices], 7),
      recurring_invoices: raw.recurring_invoices.toReversed(),
    };
    expectSame(plain(trend(twice)), plain(trend(raw)));
  });

  property('one client alone has its part of all: balances and movements', (raw) => {
    const all = trend(raw);
    for (const client of [101, 102, 103]) {
      const one = trend(raw, { client_id: client });
      expectSame(JSON.stringify(one.movements), JSON.stringify(all.movements.filter((move) => move.client === client)));
      expectSame(
        JSON.stringify(one.history.series),
        JSON.stringify(all.history.series.filter((row) => row.client === client)),
      );
    }
  });

  property('a longer window has the same months: its history does not depend on where it begins', (raw) => {
    const months = (from: string) => trend(raw, { from }).months.filter(({ month }) => month >= '2026-01');
    const short = months('2026-01-01').map(({ month, currency, mrr, billed_mrr }) => [
      month,
      currency,
      mrr.toFixed(),
      billed_mrr.toFixed(),
    ]);
    const long = months('2025-01-01').map(({ month, currency, mrr, billed_mrr }) => [
      month,
      currency,
      mrr.toFixed(),
      billed_mrr.toFixed(),
    ]);
    const worth = (rows: string[][]) => rows.filter(([, , mrr, billed]) => Number(mrr) !== 0 || Number(billed) !== 0);
    expectSame(worth(short as string[][]), worth(long as string[][]));
  });

  property('voids and drafts are nothing: without them the trend is the same', (raw) => {
    const invoices = raw.invoices.filter(({ voided, posted }) => !voided && posted);
    expectSame(plain(trend({ ...raw, invoices })), plain(trend(raw)));
  });

  property('the billed run rate of a day is what the trend says of it, where the look-back holds it', (raw) => {
    const { ledger, months } = trend(raw);
    const rate = billedRunRate(ledger.facts, endOfMonth('2026-03-01'));
    if (rate.cut.length > 0) return;
    // One without its own period may cover a year.
    const yearOn = (day: string) => `${Number(day.slice(0, 4)) + 1}${day.slice(4)}`;
    const sees = raw.invoices.every(({ invoice_date: day, period_end_date: end }) => {
      return String(day) >= rate.from || String(end ?? yearOn(String(day))) < rate.from;
    });
    if (!sees) return;
    for (const { currency, billed_mrr } of months.filter(({ month }) => month === '2026-03'))
      expect((rate.totals.get(currency)?.billed ?? ZERO).toFixed()).toBe(billed_mrr.toFixed());
  });
});

describe('B1 over random histories', () => {
  property('the bridge closes to the minor unit, begins with the trend’s balance and ends with the run rate', (raw) => {
    const book = bookOf(raw);
    const { bridge, steps } = bridgeOf(book, params);
    const totals = breakdown(book, params).totals;
    const closing = trend(raw).totals;
    for (const row of bridge) {
      const { currency, billed_mrr, not_billed, started, ended, price, quantity, other, mrr } = row;
      const sum = add([billed_mrr, not_billed, started, ended.neg(), price, quantity, other]);
      expect(sum.toFixed()).toBe(mrr.toFixed());
      expect(row.difference.toFixed()).toBe('0');
      expect(row.contracted_mrr.toFixed()).toBe(mrr.plus(row.contract_only_mrr).toFixed());
      expect(Number(mrr)).toBe(Number(totals[currency]?.mrr ?? 0));
      const total = closing.get(currency);
      if (total !== undefined) expect(billed_mrr.plus(not_billed).toFixed()).toBe(total.closing_mrr.toFixed());
      const named = steps.filter((step) => step.currency === currency).map(({ amount }) => amount);
      expect(add(named).toFixed()).toBe(mrr.minus(billed_mrr).toFixed());
    }
  });

  property('of one client it closes, too, and clients add up to all', (raw) => {
    const book = bookOf(raw);
    const all = bridgeOf(book, params).bridge;
    const each = [101, 102, 103].map((client_id) => bridgeOf(book, { ...params, client_id }).bridge);
    for (const row of each.flat()) expect(row.difference.toFixed()).toBe('0');
    for (const { currency, mrr, billed_mrr, not_billed } of all) {
      const own = each.flatMap((rows) => rows.filter((row) => row.currency === currency));
      expect(add(own.map((row) => row.mrr)).toFixed()).toBe(mrr.toFixed());
      expect(add(own.map((row) => row.billed_mrr)).toFixed()).toBe(billed_mrr.toFixed());
      expect(add(own.map((row) => row.not_billed)).toFixed()).toBe(not_billed.toFixed());
    }
  });
});

it('such histories have credits, swaps, gaps and what is not billed among them', () => {
  const seen = new Set<string>();
  for (const raw of fc.sample(history, { numRuns: 60, seed: 4 })) {
    const { movements, months, ledger } = trend(raw);
    for (const { cause } of movements) seen.add(cause);
    if (months.some(({ not_billed }) => !not_billed.eq(0))) seen.add('not billed');
    expect(historyOf(ledger.facts, WINDOW, { on: AS_OF }).months.length).toBeGreaterThan(24);
  }
  expect([...seen].sort()).toEqual(
    ['credit', 'ended', 'gap', 'moved', 'new', 'not billed', 'price', 'quantity', 'swap'].sort(),
  );
});
