/** Rows of `groups`: a leaf by item group, contract or recurring invoice, always in the same order. */
import type Big from 'big.js';
import { collect } from '../values/collect.js';
import type { Shown } from '../values/exchange.js';
import { settle, sum } from '../values/money.js';
import type { Account, GroupFigures } from './accounts.js';
import { ROW_GROUPS, type RowGroup } from './params.js';
import type { Posting } from './posting.js';

/** An exact amount of a leaf, and what it can be grouped by. */
export interface Groupable {
  readonly exact: Big;
  readonly contract: number;
  readonly template: number;
  readonly project: number;
  readonly item_group: number | string | null;
  readonly item_group_name: string | undefined;
}

/** Whether any group that has its own rows was asked for. */
export function wantsGroups({ params }: Pick<Posting, 'params'>): boolean {
  return ROW_GROUPS.some((group) => params.group_by.includes(group));
}

/** Adds a rounded part of a leaf to the rows of each requested group, by largest remainder. */
export function postGroups(
  account: Account,
  column: 'recurring' | 'non_recurring' | 'mrr',
  amount: Big,
  items: readonly Groupable[],
  shown: Shown,
  posting: Posting,
): void {
  for (const by of ROW_GROUPS) {
    if (!posting.params.group_by.includes(by)) continue;
    const rows = rowsOf(by, items, posting);
    const amounts = settle(
      amount,
      rows.map(({ exact }) => exact),
      shown.decimals,
    );
    for (const [index, { key, name }] of rows.entries()) {
      const group = account.group(by, key, name, shown.code);
      group[column] = group[column].plus(amounts[index] ?? 0);
    }
  }
}

function rowsOf(by: RowGroup, items: readonly Groupable[], posting: Posting) {
  return [...collect(items, (item) => keyOf(by, item))]
    .sort(([a], [b]) => compareKeys(a, b))
    .map(([key, some]) => ({ key, name: nameOf(by, key, some, posting), exact: sum(some.map(({ exact }) => exact)) }));
}

function keyOf(by: RowGroup, item: Groupable): number | string | null {
  if (by === 'item_group') return item.item_group;
  return { contract: item.contract, project: item.project, recurring_invoice: item.template }[by] || null;
}

function nameOf(by: RowGroup, key: number | string | null, items: readonly Groupable[], { facts }: Posting): string {
  const words = by.replaceAll('_', ' ');
  if (key === null) return `No ${words}`;
  const named =
    by === 'contract'
      ? facts.contracts.get(Number(key))?.ref
      : by === 'project'
        ? facts.projects.get(Number(key))
        : by === 'item_group'
          ? items.map(({ item_group_name }) => item_group_name).sort()[0]
          : undefined;
  return named ?? `${words.charAt(0).toUpperCase()}${words.slice(1)} ${key}`;
}

/** Ids by size, then names, then what has no key. */
function compareKeys(a: GroupFigures['key'], b: GroupFigures['key']): number {
  const rank = (key: GroupFigures['key']) => (key === null ? 2 : typeof key === 'string' ? 1 : 0);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a) - Math.abs(b);
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

/** The order in which groups are shown: by kind of group, then the currencies in the given order, then keys. */
export function byGroup(byCode: (a: string, b: string) => number): (a: GroupFigures, b: GroupFigures) => number {
  return (a, b) =>
    ROW_GROUPS.indexOf(a.by) - ROW_GROUPS.indexOf(b.by) || byCode(a.code, b.code) || compareKeys(a.key, b.key);
}
