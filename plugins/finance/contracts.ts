import { filter, type Halo, listTool, type Row } from '../../core/index.js';
import { currenciesOf, emptyWhereForbidden, today } from '../../revenue/halo/index.js';
import {
  beside,
  type ContractRow,
  columns,
  isActive,
  isEndUnread,
  judged,
  more,
  notBegun,
  statusOf,
} from './contract-row.js';
import { BESIDE, JUDGED } from './judged.js';
import { withRolling } from './rolling.js';
import { type Current, currentContracts, supersededOf } from './superseded.js';

/** All clients, for their currencies; none if this login may not read them. */
async function clientsOf(halo: Halo): Promise<readonly Row[]> {
  const query = { includeactive: true, includeinactive: true };
  return halo.all('/Client', { key: 'clients', query }).then(({ rows }) => rows, emptyWhereForbidden);
}

const endingBefore = filter.custom({
  args: { ending_before: filter.Day.optional() },
  resolve({ ending_before: day }) {
    if (day === undefined) return undefined;
    const test = (row: ContractRow) => {
      // An unreadable end may be before any day.
      if (isEndUnread(row)) return undefined;
      const { contract, today: now } = row[JUDGED] ?? {};
      const end = contract?.end ?? '9999';
      // What rolls on past its printed end has not ended.
      return end < day && !(contract?.rolling === true && end < (now ?? end));
    };
    return { test, mode: 'here', label: 'ending_before', keeps: true };
  },
});

/** Contracts. Halo can't filter them by status or date. */
export const listContracts = listTool({
  name: 'list_contracts',
  title: 'Agreements and renewals',
  description:
    'Which contracts (agreements, support deals, prepaid hours) our clients have with us: all that are in force for a term, or end or renew by a date. Not to be added to recurring invoices.',
  scopes: ['read:contracts'],
  examples: [{ page_size: 3 }, { client_name: 'Northwind', status: 'all' }],
  from: { path: '/ClientContract', key: 'contracts' },
  filters: {
    client: filter.client(),
    search: filter.search(),
    status: filter.choice(
      'status',
      ['active', 'expired', 'all'],
      'active',
      (row: ContractRow, wanted) => {
        const status = statusOf(row);
        return status === undefined ? undefined : status === wanted;
      },
      (wanted) => ({ includeinactive: wanted !== 'active' || undefined }),
    ),
    ending: endingBefore,
  },
  columns,
  more,
  doubts: (rows: readonly ContractRow[]) =>
    rows.some((row) => isActive(row) === true && row[BESIDE]?.superseded === undefined)
      ? 'For some contracts it is unknown whether they were renewed, so some of the active ones may be superseded.'
      : undefined,
  prepare: ({ halo }) => currentContracts(halo),
  async complete(rows, { halo, zone }, shown, prepared) {
    const day = today({ zone });
    const current = (await prepared()) as Current | undefined;
    return beside(await withRolling(rows, halo, day), {
      ...{ currencies: await currenciesOf(rows, halo), day },
      ...(shown.currency && { clients: await clientsOf(halo) }),
      ...(current !== undefined && { superseded: await supersededOf(rows, current, day) }),
    });
  },
  read: judged,
  also: ['/Client'],
  hint: 'status is active unless given: not archived and not past its end, or rolling on.',
  note: ({ columns: asked }, rows) =>
    [notBegun(rows), isUnnamed(rows) && !isAsked(asked) && SEVERAL].filter(Boolean).join(' ') || undefined,
});

const SEVERAL = 'Amounts are in the currency of each client; the column currency has it.';
const isAsked = (asked: unknown) => Array.isArray(asked) && asked.includes('currency');
/** Amounts in more than one currency, or in one that nothing names. */
const isUnnamed = (rows: readonly ContractRow[]) =>
  rows.some((row) => (row[BESIDE]?.currencies.length ?? 0) > 1 && row[JUDGED]?.worth.mrr !== undefined);
