/** The invariants of the specification's section 8, over random books. PROPERTY_RUNS sets the number of runs. */
import { describe, expect } from 'vitest';
import type { CurrencyFigures, GroupOfAll } from '../../revenue/index.js';
import { add, ask, moneyOf, property, units } from './property.js';

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
      expect(add(clients)).toEqual(moneyOf(figures, code));
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
    const groups = ['item_group', 'contract', 'recurring_invoice', 'project'] as const;
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
  property(
    'months and groups of all are the sums of those of clients; who is asked for alone has its own',
    (raw, params) => {
      const groups = ['month', 'item_group', 'contract', 'recurring_invoice', 'project'] as const;
      const { clients, ...all } = ask(raw, { ...params, group_by: groups });
      const alone = params.client_id !== undefined;
      expect([all.months === undefined, all.groups === undefined]).toEqual([alone, alone]);
      if (alone) return;
      for (const [month, codes] of Object.entries(all.months ?? {}))
        for (const [code, figures] of Object.entries(codes)) {
          const own = clients.map((client) => moneyOf(client.months?.[month]?.[code] as never, code));
          expect(add(own)).toEqual(moneyOf(figures as never, code));
        }
      const keyOf = ({ by, key, currency, client_id }: GroupOfAll) => JSON.stringify([by, key, currency, client_id]);
      const rows = clients.flatMap(({ client_id, groups: own = [] }) =>
        own.map((row) => ({ ...row, ...(row.by !== 'item_group' && { client_id }) })),
      );
      expect(new Set(all.groups?.map(keyOf))).toEqual(new Set(rows.map(keyOf)));
      for (const group of all.groups ?? []) {
        const own = rows.filter((row) => keyOf(row) === keyOf(group));
        for (const column of ['recurring', 'non_recurring', 'mrr'] as const)
          expect(own.reduce((sum, row) => sum + units(row[column], row.currency), 0)).toBe(
            units(group[column], group.currency),
          );
      }
    },
  );
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
