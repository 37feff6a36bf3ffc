/** Small random books, each held against sums in whole cents that are written here a second time, without the engine. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paramsOf } from '../../plugins/insights/ask.js';
import { leaksOf } from '../../plugins/insights/leaks.js';
import { renewalsOf } from '../../plugins/insights/renewals.js';
import { forecastOf } from '../../revenue/index.js';
import { bookOf, type Raw } from './book.js';
import { RUNS } from './books.js';
import { pricesOf } from './next.js';
import { units } from './property.js';
import { ACME, AUD, answer, client, contract, type Fields, invoice, template } from './rows.js';

const AS_OF = '2026-06-30';
const MONTHS = ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06', '2026-07', '2026-08', '2026-09'];
/** The first and the last day of a month of those above, by its place. */
const first = (month: number) => `${MONTHS[month]}-01`;
const last = (month: number) => new Date(Date.UTC(2026, month + 1, 0)).toISOString().slice(0, 10);

const property = <T>(name: string, arbitrary: fc.Arbitrary<T>, check: (value: T) => void) =>
  it(name, () => fc.assert(fc.property(arbitrary, check), RUNS), 60_000 + 100 * RUNS.numRuns);
const cents = (amount: string | undefined) => units(amount, 'AUD');
const add = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + amount, 0);
const rows = (raw: Raw): Raw => ({ clients: [ACME], currencies: [AUD], ...raw });
const ask = (raw: Raw, more = {}) => answer(raw, { from: '2026-01-01', to: '2026-09-30', as_of: AS_OF, ...more });

/** Lines of a recurring invoice: a price in cents and how many of them, none among them. */
const priced = fc.array(
  fc.record({ price: fc.integer({ min: 0, max: 5000 }), count: fc.integer({ min: 0, max: 3 }), net: fc.boolean() }),
  { minLength: 1, maxLength: 3 },
);
type Priced = typeof priced extends fc.Arbitrary<infer T> ? T : never;
const worth = (lines: Priced) => add(lines.map(({ price, count }) => price * count));
/** Halo sends the net, or the price and the quantity alone. */
const linesOf = (lines: Priced, from: number, more: Fields = {}): Fields[] =>
  lines.map(({ price, count, net }, index) => ({
    ...{ id: from + index, unit_price: price / 100, qty_order: count, ...more },
    ...(net && { net_amount: (price * count) / 100 }),
  }));

/** A template by the months in which it starts and ends: the end may lie before the start. */
const scheduled = fc.record({
  start: fc.nat(8),
  end: fc.option(fc.nat(8), { nil: undefined }),
  disabled: fc.constantFrom(false, false, false, true),
  lines: priced,
});
type Scheduled = typeof scheduled extends fc.Arbitrary<infer T> ? T : never;
const templateOf = (one: Scheduled, index: number, more: Fields = {}): Fields =>
  template(-5001 - index, {
    disabled: one.disabled,
    lines: linesOf(one.lines, 10 * (index + 1)),
    schedule: {
      startdate: first(one.start),
      end_date: one.end === undefined ? null : last(one.end),
      nextcreationdate: '2026-07-01',
    },
    ...more,
  });
/** On the last day of June, the month at place 5. */
const JUNE = 5;
const runs = ({ start, end, disabled }: Scheduled) => !disabled && start <= JUNE && (end === undefined || end >= JUNE);

describe('recurring invoices that end before they start, and lines of nothing', () => {
  const books = fc.array(scheduled, { minLength: 1, maxLength: 4 });
  const rawOf = (some: readonly Scheduled[]) =>
    rows({ recurring_invoices: some.map((one, index) => templateOf(one, index)) });

  property('the run rate is that of what runs', books, (some) => {
    const mrr = add(some.filter(runs).map(({ lines }) => worth(lines)));
    const { totals } = ask(rawOf(some));
    expect([cents(totals.AUD?.mrr), cents(totals.AUD?.arr)]).toEqual([mrr, 12 * mrr]);
  });

  property('what is to come is a run on the first of each month, from the start to the end', books, (some) => {
    const raw = rawOf(some);
    const { months, overdue } = forecastOf(bookOf(raw), pricesOf(raw), { as_of: AS_OF, months: 3 });
    for (const month of [6, 7, 8]) {
      const due = some.filter(
        ({ start, end, disabled }) => !disabled && start <= month && (end === undefined || end >= month),
      );
      expect(cents(months[MONTHS[month] ?? '']?.AUD)).toBe(add(due.map(({ lines }) => worth(lines))));
    }
    expect(overdue).toEqual({});
  });
});

/** Agreements, each a renewal of the one before, a month apart at least: with gaps, overlaps, and ends before starts. */
const chain = fc.array(
  fc.record({
    start: fc.nat(8),
    months: fc.integer({ min: -1, max: 6 }),
    active: fc.constantFrom(true, true, true, false),
    charge: fc.integer({ min: 1, max: 90_000 }),
    bill: fc.option(scheduled, { nil: undefined, freq: 1 }),
  }),
  { minLength: 1, maxLength: 4 },
);
type Chain = typeof chain extends fc.Arbitrary<infer T> ? T : never;

describe('agreements renewed again and again, some after a gap', () => {
  const endOf = ({ start, months }: Chain[number]) => Math.max(0, Math.min(8, start + months));
  const rawOf = (some: Chain): Raw =>
    rows({
      contracts: some.map((one, index) =>
        contract(301 + index, {
          ...{ start_date: first(one.start), end_date: last(endOf(one)), active: one.active },
          ...{ periodchargeamount: one.charge / 100, previouscontract: index === 0 ? 0 : 300 + index },
        }),
      ),
      recurring_invoices: some.flatMap(({ bill }, index) =>
        bill === undefined ? [] : [templateOf(bill, index, { contract_id: 301 + index })],
      ),
    });
  const stands = (one: Chain[number]) => one.active && one.start <= JUNE && endOf(one) >= JUNE;
  /** In force: the last one that stands. */
  const inForce = (some: Chain) => some.findLastIndex(stands);
  /** Billed by the template that names it, or where there is none by the nearest before that one names. */
  const bills = (some: Chain, index: number) => {
    const named = some.slice(0, index + 1).findLast(({ bill }) => bill !== undefined)?.bill;
    return named !== undefined && runs(named) && worth(named.lines) > 0;
  };
  const unbilled = (some: Chain) => {
    const index = inForce(some);
    return index < 0 || bills(some, index) ? undefined : index;
  };

  property('one of them counts at most: the last that stands, where nothing bills it', chain, (some) => {
    const from = ask(rawOf(some));
    const index = unbilled(some);
    expect(cents(from.totals.AUD?.contract_only_mrr)).toBe(index === undefined ? 0 : some[index]?.charge);
    const flagged = from.flags.filter(({ code }) => code === 'contract_no_recurring_invoice');
    expect(flagged.map(({ entity }) => entity)).toEqual(index === undefined ? [] : [`contract:${301 + index}`]);
    const { totals } = from;
    expect(cents(totals.AUD?.mrr_under_contract) + cents(totals.AUD?.contract_only_mrr)).toBe(
      cents(totals.AUD?.contracted_mrr),
    );
  });

  property('a leak is that one, once, at its charge', chain, (some) => {
    const params = paramsOf({ as_of: AS_OF }, AS_OF);
    const { leaks } = leaksOf(bookOf(rawOf(some)), params);
    const found = leaks.filter(({ kind }) => kind === 'contract_no_recurring_invoice');
    const index = unbilled(some);
    expect(found.map(({ entity, monthly_value }) => [entity, cents(monthly_value)])).toEqual(
      index === undefined ? [] : [[`contract:${301 + index}`, some[index]?.charge]],
    );
  });

  property('what ends soon is the one in force, and no total counts what is renewed already', chain, (some) => {
    const params = paramsOf({ as_of: AS_OF, renewal_horizon_days: 92 }, AS_OF);
    const { renewals, totals } = renewalsOf(bookOf(rawOf(some)), params);
    const index = inForce(some);
    const listed = renewals.filter(({ kind }) => kind === 'contract').map(({ entity }) => entity);
    expect(listed).toEqual(index < 0 ? [] : [`contract:${301 + index}`]);
    const goesOn = index >= 0 && some.slice(index + 1).some(({ active, ...one }) => active && one.start > JUNE);
    if (goesOn) expect(totals.AUD?.contracts.count ?? 0).toBe(0);
  });
});

/** Bills of one recurring invoice for two months each, and credits of a part of one, for days in both of its months. */
const credited = fc.array(
  fc.record({
    net: fc.integer({ min: 0, max: 90_000 }),
    count: fc.integer({ min: 0, max: 2 }),
    share: fc.constantFrom(0, 10, 25, 50, 100),
    byLine: fc.boolean(),
    positive: fc.boolean(),
    own: fc.boolean(),
    days: fc.integer({ min: 1, max: 58 }),
  }),
  { minLength: 1, maxLength: 3 },
);
type Credited = typeof credited extends fc.Arbitrary<infer T> ? T : never;

describe('credits whose service spans two months', () => {
  const dayIn = (month: number, days: number) => new Date(Date.UTC(2026, month, 1 + days)).toISOString().slice(0, 10);
  const amountOf = ({ net, count }: Credited[number]) => net * count;
  const creditOf = (one: Credited[number]) => Math.round((amountOf(one) * one.share) / 100);
  const rawOf = (some: Credited): Raw =>
    rows({
      recurring_invoices: [template(-5001, { period: 2, lines: [{ id: 11, net_amount: 1 }] })],
      invoices: some.flatMap((one, index) => {
        const line = { recurring_invoice_id: -5001, recurring_invoice_line_id: 11 };
        const [from, to] = [first(2 * index), last(2 * index + 1)];
        const id = index + 1;
        const bill = invoice(id, {
          ...{ invoice_date: from, period_start_date: from, period_end_date: to, recurring_invoice_id: -5001 },
          lines: [{ id: 10 * id, unit_price: one.net / 100, qty_order: one.count, ...line }],
        });
        if (one.share === 0) return [bill];
        const sign = one.positive ? 1 : -1;
        const credit = invoice(100 + id, {
          ...{ invoice_date: dayIn(2 * index, one.days), creditlinkedtoinvoiceid: id, recurring_invoice_id: 0 },
          ...(one.own && { period_start_date: dayIn(2 * index, 20), period_end_date: dayIn(2 * index, 45) }),
          lines: [
            {
              ...{ id: 1000 + id, net_amount: (sign * creditOf(one)) / 100, qty_order: sign },
              ...(one.byLine && { creditlinkedidid: 10 * id }),
            },
          ],
        });
        return [bill, credit];
      }),
    });

  property('what is billed is the bills less the credits, each on its own day', credited, (some) => {
    const from = ask(rawOf(some), { group_by: ['month'] });
    const billed = add(some.map(amountOf));
    const back = add(some.map(creditOf));
    const { recurring, non_recurring, total_net } = client(from).currencies.AUD ?? {};
    expect([cents(recurring?.invoiced), cents(recurring?.credited), cents(total_net)]).toEqual([
      billed,
      0 - back,
      billed - back,
    ]);
    expect(cents(non_recurring?.net)).toBe(0);
    for (const [month, place] of MONTHS.map((name, index) => [name, index] as const)) {
      const made = some.filter((_, index) => 2 * index === place);
      const credits = some.filter((one, index) => one.share > 0 && dayIn(2 * index, one.days).startsWith(month));
      expect(cents(from.months?.[month]?.AUD?.recurring)).toBe(add(made.map(amountOf)) - add(credits.map(creditOf)));
    }
  });

  property(
    'spread over their service, bills and credits come to the same, each month to its share',
    credited,
    (some) => {
      const from = ask(rawOf(some), { group_by: ['month'], month_basis: 'service_period' });
      const months = Object.values(from.months ?? {}).map((codes) => cents(codes.AUD?.recurring));
      expect(add(months)).toBe(add(some.map((one) => amountOf(one) - creditOf(one))));
      const plain = some.filter(({ share }) => share === 0);
      if (plain.length < some.length) return;
      for (const [index, one] of some.entries()) {
        const early = Math.ceil(amountOf(one) / 2);
        expect(months.slice(2 * index, 2 * index + 2)).toEqual([early, amountOf(one) - early]);
      }
    },
  );
});
