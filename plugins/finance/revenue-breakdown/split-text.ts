/** The tables of months and of groups, each with its totals below it. */
import { table } from '../../../core/index.js';
import { decimalsOf, money, ZERO } from '../../../revenue/index.js';
import type { RevenueAnswer } from './output.js';

/** What is shown by month and by group, of one client or of all together, and what it comes to. */
interface Split {
  months?: RevenueAnswer['_months'];
  groups?: RevenueAnswer['_groups'];
  totals: RevenueAnswer['totals'];
}

/** @param total what the totals are called: they are none where something could not be read */
export const splitText = (split: Split, total: string): string[] => [...months(split, total), ...groups(split, total)];

/** Each currency of a table is the whole of its currency, by month as by any group. */
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
