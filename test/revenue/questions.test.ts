/** What holds for every question on the books, over random books: one client is its share of all, and parts add up. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deferredOf, forecastOf, marginOf, retentionOf, upliftOf } from '../../revenue/index.js';
import { bookOf } from './book.js';
import { type RawBook, RUNS, rawBook } from './books.js';
import { costsOf, pricesOf } from './next.js';
import { add, moneyOf, units } from './property.js';

const AS_OF = '2026-06-30';
const CLIENTS = [101, 102, 103];
const property = (name: string, check: (raw: RawBook) => void) =>
  it(name, () => fc.assert(fc.property(rawBook, check), RUNS), 60_000 + 200 * RUNS.numRuns);
const NOTHING = /^-?0(\.0+)?$/;

interface ByClient {
  clients: readonly { client_id: number; currencies: Record<string, object> }[];
  totals: Record<string, object>;
  complete: boolean;
  statement: string;
}

/** Figures of whoever has any, by client, currency and path. */
function figuresOf({ clients }: ByClient, of?: number) {
  const rows = clients
    .filter(({ client_id: id }) => of === undefined || id === of)
    .flatMap(({ client_id: id, currencies }) =>
      Object.entries(currencies).flatMap(([code, figures]) =>
        Object.entries(moneyOf(figures as never, code)).map(([path, amount]) => [`${id} ${code} ${path}`, amount]),
      ),
    );
  return Object.fromEntries(rows.filter(([, amount]) => amount !== 0));
}

const QUESTIONS: [string, (raw: RawBook, client_id?: number) => ByClient][] = [
  [
    'gross_margin',
    (raw, client_id) => marginOf(bookOf(raw), costsOf(raw), { from: '2025-07-01', to: AS_OF, client_id }),
  ],
  ['deferred_revenue', (raw, client_id) => deferredOf(bookOf(raw), { as_of: AS_OF, since: '2021-01-01', client_id })],
];

describe.each(QUESTIONS)('%s', (_name, ask) => {
  property('one client alone is its share of all, and is named', (raw) => {
    const all = ask(raw);
    for (const client of CLIENTS) {
      const one = ask(raw, client);
      expect(figuresOf(one)).toEqual(figuresOf(all, client));
      expect(one.clients.map(({ client_id: id }) => id)).toEqual([client]);
      if (one.complete) expect(one.statement).toContain(`, Client ${client}`);
    }
    expect(all.statement).not.toMatch(/, Client \d/);
  });

  property('clients add up to the totals', (raw) => {
    const { clients, totals } = ask(raw);
    for (const [code, total] of Object.entries(totals)) {
      const own = clients.map(({ currencies }) => moneyOf(currencies[code] as never, code));
      const { margin_pct: _m, cost_known_pct: _c, ...sums } = add(own);
      for (const [path, amount] of Object.entries(moneyOf(total as never, code)))
        expect([path, sums[path] ?? 0]).toEqual([path, amount]);
    }
  });
});

describe('billing_forecast', () => {
  const ask = (raw: RawBook, client_id?: number) =>
    forecastOf(bookOf(raw), pricesOf(raw), { as_of: AS_OF, months: 6, client_id });
  const sumBy = (runs: readonly { currency: string; net: string }[]) => {
    const sums: Record<string, number> = {};
    for (const { currency, net } of runs) sums[currency] = (sums[currency] ?? 0) + units(net, currency);
    return Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0));
  };
  const shown = (by: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(by)
        .map(([code, amount]) => [code, units(amount, code)] as const)
        .filter(([, amount]) => amount !== 0),
    );

  property('its runs are its months, its totals and the rest of this month', (raw) => {
    const { runs, months, totals, rest_of_month, from, to } = ask(raw);
    for (const [month, by] of Object.entries(months))
      expect(shown(by)).toEqual(sumBy(runs.filter(({ date }) => date.startsWith(month))));
    expect(shown(totals)).toEqual(sumBy(runs.filter(({ date }) => date >= from && date <= to)));
    expect(shown(rest_of_month)).toEqual(sumBy(runs.filter(({ date }) => date < from)));
    expect(runs.map(({ date }) => date)).toEqual(runs.map(({ date }) => date).sort());
  });

  property('one client has its runs, and what is said of them', (raw) => {
    const all = ask(raw);
    for (const client of CLIENTS) {
      const one = ask(raw, client);
      expect(one.runs).toEqual(all.runs.filter(({ client_id: id }) => id === client));
      const told = ({ flags }: typeof one) => flags.filter(({ client_id: id }) => id === client);
      expect(told(one)).toEqual(told(all));
      expect(one.flags.every(({ client_id: id }) => [undefined, client].includes(id))).toBe(true);
      expect(one.evidence.overdue?.items).toEqual(
        all.evidence.overdue?.truncated
          ? one.evidence.overdue?.items
          : all.evidence.overdue?.items.filter(({ client_id: id }) => id === client),
      );
    }
  });
});

describe('price_uplift', () => {
  const ask = (raw: RawBook, client_id?: number) =>
    upliftOf(
      { book: bookOf(raw), prices: pricesOf(raw), list: undefined, changes: new Map() },
      { as_of: AS_OF, min_months: 6, percent: '5', client_id },
    );

  property('candidates add up to the totals, the largest first; one client has its own', (raw) => {
    const all = ask(raw);
    for (const [code, total] of Object.entries(all.totals)) {
      const own = all.candidates.filter(({ currency }) => currency === code);
      const sum = (key: 'monthly_value' | 'uplift_month' | 'uplift_year') =>
        own.reduce((before, row) => before + units(row[key], code), 0);
      expect([own.length, sum('monthly_value'), sum('uplift_month'), sum('uplift_year')]).toEqual([
        total.candidates,
        units(total.monthly_value, code),
        units(total.uplift_month, code),
        units(total.uplift_year, code),
      ]);
    }
    for (const { since, months_since } of all.candidates) {
      expect(since <= '2025-12-30').toBe(true);
      expect(months_since).toBeGreaterThanOrEqual(6);
    }
    for (const client of CLIENTS)
      expect(ask(raw, client).candidates).toEqual(all.candidates.filter(({ client_id: id }) => id === client));
  });
});

describe('retention', () => {
  const ask = (raw: RawBook, more: object = {}) =>
    retentionOf(bookOf(raw), { from: '2025-12', to: '2026-06', as_of: '2026-07-10', ...more });
  const parts = (answer: ReturnType<typeof ask>) => [answer, ...(answer.others ?? [])];
  const of = (answer: ReturnType<typeof ask>, code: string) => parts(answer).find(({ currency }) => currency === code);

  property('clients add up to the cohort, to what is left of it, and to what is new', (raw) => {
    const each = CLIENTS.map((client_id) => ask(raw, { client_id }));
    for (const { currency: code, ...all } of parts(ask(raw))) {
      const sum = (key: 'start' | 'end_same_clients' | 'new_mrr') =>
        each.reduce((before, one) => before + units(of(one, code)?.[key], code), 0);
      const count = (key: 'clients_start' | 'clients_kept' | 'new_clients') =>
        each.reduce((before, one) => before + (of(one, code)?.[key] ?? 0), 0);
      expect([sum('start'), sum('end_same_clients'), sum('new_mrr')]).toEqual([
        units(all.start, code),
        units(all.end_same_clients, code),
        units(all.new_mrr, code),
      ]);
      expect([count('clients_start'), count('clients_kept'), count('new_clients')]).toEqual([
        all.clients_start,
        all.clients_kept,
        all.new_clients,
      ]);
    }
  });

  property(
    'whose worth changed is told with what changed it, the largest first, and the cohort proves the start',
    (raw) => {
      const answer = ask(raw);
      for (const { start, end, change, currency } of answer.changed) {
        expect(units(start, currency) + units(change, currency)).toBe(units(end, currency));
        expect(units(start, currency)).toBeGreaterThan(0);
        expect(change).not.toMatch(NOTHING);
      }
      for (const part of parts(answer)) {
        const sizes = answer.changed
          .filter(({ currency }) => currency === part.currency)
          .map(({ change }) => Math.abs(Number(change)));
        expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
        expect(units(answer.evidence.cohort?.sum[part.currency], part.currency)).toBe(units(part.start, part.currency));
      }
    },
  );

  property('at a rate of one the currencies are one cohort', (raw) => {
    const rates = { USD: '1', JPY: '1', KWD: '1' };
    const one = ask(raw, { currency_policy: 'convert', rates });
    expect(one.others).toBeUndefined();
    expect(one.currency).toBe('AUD');
    const start = parts(ask(raw)).reduce((sum, part) => sum + Number(part.start), 0);
    // A client that owes in one currency and is owed in another is worth the sum of both.
    const mixed = parts(ask(raw)).length > 1;
    if (!mixed) expect(Number(one.start)).toBeCloseTo(start, 2);
    expect(one.clients_start).toBeLessThanOrEqual(3);
  });
});
