/** Months and groups of all clients of a ledger together: exact sums of the clients' own. */
import { homeFirst } from '../values/currency.js';
import { each, flatMapped, type Steps } from '../values/steps.js';
import type { Account, GroupFigures } from './accounts.js';
import { byGroup } from './groups.js';
import type { Ledger } from './ledger.js';

/** A group's row for all clients together; a contract or recurring invoice belongs to one client. */
export interface GroupTogether extends GroupFigures {
  readonly client?: { readonly id: number; readonly name: string };
}

/** What was billed, by month, then currency. */
export function monthsTogether({ clients }: Pick<Ledger, 'clients'>): Account['months'] {
  const all: Account['months'] = new Map();
  for (const { months } of clients)
    for (const [month, codes] of months)
      for (const [code, { recurring, non_recurring }] of codes) {
        const row = all.get(month) ?? new Map();
        const known = row.get(code);
        all.set(
          month,
          row.set(code, {
            recurring: known?.recurring.plus(recurring) ?? recurring,
            non_recurring: known?.non_recurring.plus(non_recurring) ?? non_recurring,
          }),
        );
      }
  return all;
}

/** Ordered by the kind of group, then currency (home first), then the amount billed (largest first); ties by key. In steps. */
export function* groupsTogether({ clients, home }: Pick<Ledger, 'clients' | 'home'>): Steps<GroupTogether[]> {
  const all = new Map<string, GroupTogether>();
  for (const { client: id, name, groups } of clients)
    yield* each(groups, (group) => {
      const client = group.by === 'item_group' ? undefined : { id, name };
      const key = JSON.stringify([group.by, group.key, group.code, client?.id]);
      const known = all.get(key);
      if (known === undefined) all.set(key, { ...group, ...(client !== undefined && { client }) });
      else {
        if (group.name < known.name) known.name = group.name;
        for (const column of ['recurring', 'non_recurring', 'mrr'] as const)
          known[column] = known[column].plus(group[column]);
      }
    });
  const order = byGroup(homeFirst(home));
  const ranked = yield* flatMapped(all.values(), (row) => ({ row, billed: row.recurring.plus(row.non_recurring) }));
  return ranked
    .sort(
      (a, b) => (a.row.by === b.row.by && a.row.code === b.row.code && b.billed.cmp(a.billed)) || order(a.row, b.row),
    )
    .map(({ row }) => row);
}
