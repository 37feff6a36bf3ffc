/** The tables of months and of groups, each with its sums below it. */
import { table } from '../../../core/index.js';
import { decimal, decimalsOf, money, sum, ZERO } from '../../../revenue/index.js';
import type { RevenueAnswer } from './output.js';

type Client = RevenueAnswer['clients'][number];

/** @param total what the sums are called: they are no totals where something could not be read */
export const splitText = (split: Split, total: string): string[] => [...months(split, total), ...groups(split, total)];

/** The sums of a table's money columns by currency, as rows below it. */
function sumRows(
  rows: readonly Record<string, unknown>[],
  label: string,
  columns: readonly string[],
  total: string,
): Record<string, unknown>[] {
  const codes = [...new Set(rows.map(({ currency }) => String(currency)))];
  return codes.map((currency) => {
    const own = rows.filter((row) => row.currency === currency);
    const of = (column: string) => money(sum(own.map((row) => decimal(row[column]) ?? ZERO)), decimalsOf(currency));
    return { [label]: total, currency, ...Object.fromEntries(columns.map((column) => [column, of(column)])) };
  });
}

/** What is shown by month and by group; a row of a group may name its client. */
interface Split {
  months?: Client['months'];
  groups?: readonly (NonNullable<Client['groups']>[number] & { client?: string })[] | undefined;
}

const MONEY = ['recurring', 'non_recurring', 'mrr'] as const;

/**
 * All clients together, month by month and group by group: theirs, one by one, are in the structured answer. Contracts
 * and recurring invoices belong to one client each, which stands beside them.
 */
export function sumOf(clients: readonly Client[]): Split {
  const months: NonNullable<Client['months']> = {};
  const groups = new Map<string, NonNullable<Split['groups']>[number]>();
  for (const { name, months: own = {}, groups: rows = [] } of clients) {
    for (const [month, codes] of Object.entries(own))
      for (const [code, sums] of Object.entries(codes)) {
        const known = months[month]?.[code] ?? { recurring: '0', non_recurring: '0' };
        const both = {
          recurring: plus(known, sums, 'recurring', code),
          non_recurring: plus(known, sums, 'non_recurring', code),
        };
        months[month] = { ...months[month], [code]: both };
      }
    for (const row of rows) {
      const client = row.by === 'contract' || row.by === 'recurring_invoice' ? name : '';
      const key = JSON.stringify([row.by, row.key, row.currency, client]);
      const known = groups.get(key);
      const added = MONEY.map((column) => [
        column,
        known === undefined ? row[column] : plus(known, row, column, row.currency),
      ]);
      groups.set(key, { ...row, ...(client !== '' && { client }), ...Object.fromEntries(added) });
    }
  }
  const size = ({ recurring, non_recurring }: { recurring: string; non_recurring: string }) =>
    Number(recurring) + Number(non_recurring);
  return {
    ...(Object.keys(months).length > 0 && {
      months: Object.fromEntries(Object.entries(months).sort(([a], [b]) => (a < b ? -1 : 1))),
    }),
    groups: [...groups.values()].sort(
      (a, b) =>
        (a.by < b.by ? -1 : a.by > b.by ? 1 : 0) ||
        (a.currency < b.currency ? 1 : a.currency > b.currency ? -1 : 0) ||
        size(b) - size(a),
    ),
  };
}

const plus = <C extends string>(a: Record<C, string>, b: Record<C, string>, column: C, code: string): string =>
  money(sum([decimal(a[column]) ?? ZERO, decimal(b[column]) ?? ZERO]), decimalsOf(code));

function months({ months: all }: Split, total: string): string[] {
  if (all === undefined) return [];
  const rows = Object.entries(all).flatMap(([month, codes]) =>
    Object.entries(codes).map(([currency, sums]) => ({ month, currency, ...sums })),
  );
  const filled = rows.filter(({ currency, recurring, non_recurring }) => {
    const nothing = money(ZERO, decimalsOf(currency));
    return recurring !== nothing || non_recurring !== nothing;
  });
  if (filled.length === 0) return [];
  const sums = sumRows(filled, 'month', ['recurring', 'non_recurring'], total);
  return [`Months:\n${table([...filled, ...sums])}`];
}

function groups({ groups: all = [] }: Split, total: string): string[] {
  if (all.length === 0) return [];
  // What is grouped by one thing is the whole; of several each has its own.
  const rows = [...new Set(all.map(({ by }) => by))].flatMap((by) => {
    const own = all.filter((group) => group.by === by);
    const sums = sumRows(own, 'name', MONEY, total);
    return [...own, ...sums.map((row) => ({ by, key: '', ...row }))];
  });
  return [`Groups:\n${table(rows)}`];
}
