/** The invariants of the specification's section 8, over random books. PROPERTY_RUNS sets the number of runs. */
import { describe, expect } from 'vitest';
import { breakdown, judgeInvoice, keepInvoice } from '../../revenue/index.js';
import { bookOf } from './book.js';
import { creditOf } from './books.js';
import { add, ask, billed, expectSame, filled, moneyOf, property, RATE, runRate, units } from './property.js';
import type { Fields } from './rows.js';
import { defaults } from './vectors.js';

describe('two axes, and time', () => {
  property('7 a window is the sum of its parts', (raw, params) => {
    const whole = billed(ask(raw, params));
    const parts = [{ to: '2026-02-14' }, { from: '2026-02-15' }].map((cut) => ask(raw, { ...params, ...cut }));
    for (const code of ['AUD', 'USD', 'JPY', 'KWD']) {
      const sum = add(parts.map(({ totals }) => moneyOf(totals[code], code)));
      const kept = Object.entries(sum).filter(([field, value]) => !RATE.test(field) && value !== 0);
      expect(Object.fromEntries(kept)).toEqual(whole[code] ?? {});
    }
  });
  property('8 without invoices the run rate stands; without templates what was billed does', (raw, params) => {
    const all = ask(raw, params);
    expect(runRate(ask({ ...raw, invoices: [] }, params))).toEqual(runRate(all));
    expect(billed(ask({ ...raw, recurring_invoices: [] }, params))).toEqual(billed(all));
  });
  property('12 posting everything moves exactly what was unposted', (raw, params) => {
    const before = ask(raw, params).totals;
    const after = ask({ ...raw, invoices: raw.invoices.map((row) => ({ ...row, posted: true })) }, params).totals;
    for (const [code, figures] of Object.entries(before)) {
      expect(units(after[code]?.total_net, code)).toBe(
        units(figures.total_net, code) + units(figures.unposted_net, code),
      );
      expect(units(after[code]?.unposted_net, code)).toBe(0);
    }
  });
  property('13 a year is twelve months, but for half a unit each', (raw, params) => {
    for (const row of raw.recurring_invoices) {
      const alone = { ...raw, recurring_invoices: [row], invoices: [] }; // which make no difference: 8
      for (const [code, { arr, mrr }] of Object.entries(ask(alone, params).totals)) {
        expect(Math.abs(units(arr, code) - 12 * units(mrr, code))).toBeLessThanOrEqual(6.5);
      }
    }
  });
  property('adding a template raises the run rate by exactly its own', (raw, params) => {
    const [last, ...others] = [...raw.recurring_invoices].reverse();
    const own = { ...raw, recurring_invoices: last === undefined ? [] : [last] };
    const parts = [ask({ ...raw, recurring_invoices: others }, params), ask(own, params)];
    for (const [code, { mrr, arr }] of Object.entries(ask(raw, params).totals)) {
      const sum = (name: 'mrr' | 'arr') =>
        parts.reduce((total, { totals }) => total + units(totals[code]?.[name], code), 0);
      expect([sum('mrr'), sum('arr')]).toEqual([units(mrr, code), units(arr, code)]);
    }
  });
});

describe('credits and doubt', () => {
  property('14 crediting every line of every invoice leaves nothing in any class', (raw, params) => {
    const originals = raw.invoices.filter((row) => !row.creditlinkedtoinvoiceid && isSale(row));
    const credits = originals.map((row, index) => creditOf(row, 20_001 + index));
    for (const [, fields] of Object.entries(filled(ask({ ...raw, invoices: [...originals, ...credits] }, params)))) {
      const left = Object.entries(fields as object).filter(([field]) => /net$|by_kind|unposted/.test(field));
      expect(left).toEqual([]);
    }
  });
  property('no figure of an incomplete fetch is unmarked', (raw, params) => {
    const from = breakdown(bookOf(raw, { complete: false, reason: ['a page failed'] }), { ...defaults, ...params });
    expect(from.method.complete).toBe(false);
    expect(from.statement).toMatch(/^INCOMPLETE \(a page failed/);
    for (const { flags } of from.clients) expect(flags.map(({ code }) => code)).toContain('incomplete_data');
  });
  property('one client alone is as it is among all', (raw, params) => {
    const all = ask(raw, params);
    for (const client of all.clients)
      expectSame(ask(raw, { ...params, client_id: client.client_id }).clients, [client]);
  });
});

/** An invoice with a net of zero or more: one below zero would itself be a credit note, and can't be credited. */
function isSale(row: Fields): boolean {
  const kept = keepInvoice(row);
  return kept !== undefined && judgeInvoice(kept).kind !== 'credit';
}
