/** The tables of months and of groups, each with its totals below. */
import { table } from '../../../core/index.js';
import { decimalsOf, money, ZERO } from '../../../revenue/index.js';
import type { RevenueAnswer } from './output.js';

/** The figures by month and by group, of one client or of all together, and their totals. */
interface Split {
  months?: RevenueAnswer['_months'];
  groups?: RevenueAnswer['_groups'];
  totals: RevenueAnswer['totals'];
}

/** @param total what to call the totals, which are not totals if something could not be read */
export const splitText = (split: Split, total: string): string[] => [...months(split, total), ...groups(split, total)];

/** The currencies of a table: its rows of one add up to that currency's total, by month and by group alike. */
const codesOf = (rows: readonly { currency: string }[]) => [...new Set(rows.map(({ currency }) => currency))];

function months({ months: all = {}, totals }: Split, total: string): string[] {
  const rows = Object.entries(all).flatMap(([month, codes]) =>
    Object.entries(codes).map(([currency, billed]) => ({ month, currency, ...billed })),
  );
  const filled = rows.filter(({ currency, recurring, non_recurring }) => {
    const nothing = money(ZERO, decimalsOf(currency));
    return recurring !== nothing || non_recurring !== nothing;
  });
  if (filled.length === 0) return [];
  const sums = codesOf(filled).map((currency) => ({ month: total, currency, ...billedOf(totals[currency]) }));
  return [`Months:\n${table([...filled, ...sums])}`];
}

function groups({ groups: all = [], totals }: Split, total: string): string[] {
  if (all.length === 0) return [];
  const rows = [...new Set(all.map(({ by }) => by))].flatMap((by) => {
    const own = all.filter((group) => group.by === by).map(({ client_id: _id, ...group }) => group);
    const sums = codesOf(own).map((currency) => {
      const figures = totals[currency];
      return { by, key: '', name: total, currency, ...billedOf(figures), mrr: figures?.mrr };
    });
    return [...own, ...sums];
  });
  return [`Groups:\n${table(rows)}`];
}

const billedOf = (figures: RevenueAnswer['totals'][string] | undefined) => ({
  recurring: figures?.recurring.net,
  non_recurring: figures?.non_recurring.net,
});
