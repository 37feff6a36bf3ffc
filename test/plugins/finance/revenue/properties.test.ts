/** The invariants of the specification's section 8, over random books. PROPERTY_RUNS sets the number of runs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Breakdown,
  breakdown,
  type CurrencyFigures,
  decimalsOf,
  type Params,
} from '../../../../plugins/finance/revenue/index.js';
import { bookOf } from './book.js';
import { asked, creditOf, type RawBook, RUNS, rawBook } from './books.js';
import type { Fields } from './rows.js';
import { defaults } from './vectors.js';

const ask = (raw: RawBook, params: Partial<Params> = {}) => breakdown(bookOf(raw), { ...defaults, ...params });
const property = (name: string, check: (raw: RawBook, params: Partial<Params>) => void) =>
  it(name, () => fc.assert(fc.property(rawBook, asked, check), RUNS), 60_000 + 100 * RUNS.numRuns);

/** A figure in whole minor units, so that sums are exact. */
const units = (amount: string | undefined, code: string) => Math.round(Number(amount ?? 0) * 10 ** decimalsOf(code));

/** Every money field of some figures, by its path. */
function moneyOf(figures: CurrencyFigures | undefined, code: string): Record<string, number> {
  const flat: Record<string, number> = {};
  const walk = (value: unknown, path: string) => {
    if (typeof value === 'string' && !path.endsWith('_pct')) flat[path] = units(value, code);
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`);
  };
  walk(figures, '');
  return flat;
}

function add(all: Record<string, number>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const one of all) for (const [key, value] of Object.entries(one)) sum[key] = (sum[key] ?? 0) + value;
  return sum;
}

const RATE = /mrr|arr|contract/;
const only = (from: Breakdown, wanted: (field: string) => boolean) =>
  Object.fromEntries(
    Object.entries(from.totals)
      .map(([code, figures]) => [
        code,
        Object.fromEntries(
          Object.entries(moneyOf(figures, code)).filter(([field, value]) => wanted(field) && value !== 0),
        ),
      ])
      .filter(([, fields]) => Object.keys(fields as object).length > 0),
  );
const runRate = (from: Breakdown) => only(from, (field) => RATE.test(field));
const billed = (from: Breakdown) => only(from, (field) => !RATE.test(field));
/** Totals without the currencies in which there is nothing. */
const filled = (from: Breakdown) => only(from, () => true);
const shuffle = <T>(rows: readonly T[], seed: number) =>
  rows
    .map((row, index) => ({ row, key: Math.sin(seed + index) }))
    .sort((a, b) => a.key - b.key)
    .map(({ row }) => row);

describe('parts and wholes', () => {
  property('1 recurring + non-recurring = total; invoiced + credited = net; kinds = non-recurring', (raw, params) => {
    for (const [code, figures] of Object.entries(ask(raw, params).totals)) {
      const { recurring, non_recurring } = figures;
      const of = (amount: string) => units(amount, code);
      expect(of(recurring.net) + of(non_recurring.net)).toBe(of(figures.total_net));
      for (const { invoiced, credited, net } of [recurring, non_recurring])
        expect(of(invoiced) + of(credited)).toBe(of(net));
      expect(Object.values(non_recurring.by_kind).reduce((sum, amount) => sum + of(amount), 0)).toBe(
        of(non_recurring.net),
      );
    }
  });
  property('2 the sum over clients is the total, for every money field', (raw, params) => {
    const from = ask(raw, params);
    for (const [code, figures] of Object.entries(from.totals)) {
      const clients = from.clients.map(({ currencies }) => moneyOf(currencies[code], code));
      expect(add([...clients, moneyOf(figures, code)].map((fields) => fields))).toEqual(
        add([moneyOf(figures, code), moneyOf(figures, code)]),
      );
    }
  });
  property('3 the sum of months is the window', (raw, params) => {
    for (const client of ask(raw, { ...params, group_by: ['month'] }).clients) {
      for (const [code, { recurring, non_recurring }] of Object.entries(client.currencies)) {
        const months = Object.values(client.months ?? {}).map((codes) => codes[code]);
        const sum = (name: 'recurring' | 'non_recurring') =>
          months.reduce((total, month) => total + units(month?.[name], code), 0);
        expect([sum('recurring'), sum('non_recurring')]).toEqual([
          units(recurring.net, code),
          units(non_recurring.net, code),
        ]);
      }
    }
  });
  property('the groups of each kind add up to the client', (raw, params) => {
    const groups = ['item_group', 'contract', 'recurring_invoice'] as const;
    for (const client of ask(raw, { ...params, group_by: groups }).clients) {
      for (const [code, figures] of Object.entries(client.currencies)) {
        for (const by of groups) {
          const rows = (client.groups ?? []).filter((row) => row.by === by && row.currency === code);
          const sum = (name: 'recurring' | 'non_recurring' | 'mrr') =>
            rows.reduce((total, row) => total + units(row[name], code), 0);
          expect([sum('recurring'), sum('non_recurring'), sum('mrr')]).toEqual([
            units(figures.recurring.net, code),
            units(figures.non_recurring.net, code),
            units(figures.mrr, code),
          ]);
        }
      }
    }
  });
  property('mrr under contract + not = mrr; under + contract only = contracted', (raw, params) => {
    for (const [code, figures] of Object.entries(ask(raw, params).totals)) {
      const of = (name: keyof CurrencyFigures) => units(figures[name] as string, code);
      expect(of('mrr_under_contract') + of('mrr_not_under_contract')).toBe(of('mrr'));
      expect(of('mrr_under_contract') + of('contract_only_mrr')).toBe(of('contracted_mrr'));
    }
  });
  property('the sums of the evidence are the figures, however few items are shown', (raw, params) => {
    for (const { currencies, evidence } of ask(raw, { ...params, evidence_cap: 1 }).clients) {
      for (const [code, figures] of Object.entries(currencies)) {
        const sum = (name: keyof typeof evidence) => {
          const { sum } = evidence[name];
          if (typeof sum !== 'string') return units(sum[code], code);
          return Object.keys(currencies).length === 1 || evidence[name].items[0]?.currency === code
            ? units(sum, code)
            : 0;
        };
        expect(sum('mrr')).toBe(units(figures.mrr, code));
        expect(sum('contract_only')).toBe(units(figures.contract_only_mrr, code));
        expect(sum('recurring')).toBe(units(figures.recurring.invoiced, code));
        expect(sum('non_recurring')).toBe(units(figures.non_recurring.invoiced, code));
        expect(sum('credit')).toBe(
          units(figures.recurring.credited, code) + units(figures.non_recurring.credited, code),
        );
      }
    }
  });
});

describe('what changes nothing', () => {
  property('4 the order of rows and lines', (raw, params) => {
    const mixed = Object.fromEntries(
      Object.entries(raw).map(([name, rows]) => [
        name,
        shuffle(rows, 7).map((row) =>
          Array.isArray(row.lines) ? { ...row, lines: shuffle(row.lines as Fields[], 3) } : row,
        ),
      ]),
    ) as RawBook;
    expect(ask(mixed, params)).toEqual(ask(raw, params));
  });
  property('5 every row twice', (raw, params) => {
    const twice = Object.fromEntries(Object.entries(raw).map(([name, rows]) => [name, [...rows, ...rows]])) as RawBook;
    expect(ask(twice, params)).toEqual(ask(raw, params));
  });
  property('6 splitting a line', (raw, params) => {
    const split = (row: Fields): Fields => {
      const [first, ...rest] = (row.lines as Fields[] | undefined) ?? [];
      if (typeof first?.net_amount !== 'number') return row;
      const part = Math.trunc(first.net_amount * 300) / 1000;
      const remainder = Math.round((first.net_amount - part) * 1000) / 1000;
      return {
        ...row,
        lines: [
          { ...first, net_amount: part },
          { ...first, net_amount: remainder, id: 900_000 + Number(first.id) },
          ...rest,
        ],
      };
    };
    const credited = new Set(raw.invoices.map((row) => row.creditlinkedtoinvoiceid));
    const invoices = raw.invoices.map((row) =>
      row.creditlinkedtoinvoiceid || credited.has(row.id) ? row : split(row),
    );
    const parts = { ...raw, invoices, recurring_invoices: raw.recurring_invoices.map(split) };
    expect(ask(parts, params).totals).toEqual(ask(raw, params).totals);
  });
  property('9 the charge of a contract that a template bills', (raw, params) => {
    const billing = new Set(
      raw.recurring_invoices
        .filter(({ disabled }) => disabled === false)
        .flatMap(({ contract_id, lines }) => [
          contract_id,
          ...(lines as Fields[])
            .filter((line) => !line.isgroupdesc && !line.isinactive)
            .map((line) => line.contract_id),
        ]),
    );
    const contracts = raw.contracts.map((row) => (billing.has(row.id) ? { ...row, periodchargeamount: 12_345 } : row));
    expect(ask({ ...raw, contracts }, params).totals).toEqual(ask(raw, params).totals);
  });
  property('10 tax, where a net is there', (raw, params) => {
    const taxed = raw.invoices.map((row) => ({
      ...row,
      total: 1,
      tax_total: 7,
      lines: (row.lines as Fields[] | undefined)?.map((line) => ({ ...line, tax_amount: 99, tax_rate: 50 })),
    }));
    expect(ask({ ...raw, invoices: taxed }, params)).toEqual(ask(raw, params));
  });
  property('11 attribution, for the totals', (raw, params) => {
    const [served, paid] = (['service_client', 'billed_client'] as const).map(
      (attribute_to) => ask(raw, { ...params, attribute_to }).totals,
    );
    expect(paid).toEqual(served);
  });
  property('relabelling ids', (raw, params) => {
    const moved = raw.invoices.map((row) => ({
      ...row,
      id: Number(row.id) + 1000,
      ...(row.creditlinkedtoinvoiceid ? { creditlinkedtoinvoiceid: Number(row.creditlinkedtoinvoiceid) + 1000 } : {}),
    }));
    expect(ask({ ...raw, invoices: moved }, params).totals).toEqual(ask(raw, params).totals);
  });
});

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
      for (const [code, { arr, mrr }] of Object.entries(ask({ ...raw, recurring_invoices: [row] }, params).totals)) {
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
    const originals = raw.invoices.filter((row) => !row.creditlinkedtoinvoiceid && isSale({ ...raw, invoices: [row] }));
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
      expect(ask(raw, { ...params, client_id: client.client_id }).clients).toEqual([client]);
  });
});

/** An invoice whose net is not below zero: one that is would be a credit note itself, and can't be credited. */
function isSale(raw: RawBook): boolean {
  const all = ask(raw, { include_unposted: true, from: '2025-01-01', to: '2027-12-31' });
  return Object.values(all.totals).every(
    ({ recurring, non_recurring }) => Number(recurring.credited) === 0 && Number(non_recurring.credited) === 0,
  );
}
