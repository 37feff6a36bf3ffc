import { type AnswerText, table } from '../../../core/index.js';
import { decimal, decimalsOf, money, sum, ZERO } from '../../../revenue/index.js';
import type { RevenueAnswer } from './output.js';

type Flag = RevenueAnswer['flags'][number];

/**
 * The answer as a person reads it: the statement, one table of clients (and the totals where there are several), the
 * flags by severity. Months, groups and evidence come where one client was asked for, or where they were asked for.
 */
export function revenueText(
  { statement, clients, totals, flags, method }: RevenueAnswer,
  one: boolean,
  format: 'table' | 'csv',
): AnswerText {
  const rows = clients.flatMap(({ name, currencies }) =>
    Object.entries(currencies).map(([code, figures]) => row(name, code, figures)),
  );
  const sums = one
    ? []
    : Object.entries(totals).map(([code, figures]) =>
        row(method.complete === true ? 'TOTAL' : 'READ SO FAR', code, figures),
      );
  const parts = [
    statement,
    format === 'csv' ? 'The table of clients is in the CSV file.' : table([...rows, ...sums]),
    kindText(totals),
    elsewhereText(clients, one),
    ...(one
      ? clients.flatMap((client) => [...months(client), ...groups(client)])
      : [...months(sumOf(clients)), ...groups(sumOf(clients))]),
    flagText(flags, one, namesOf(clients), refsOf(clients)),
  ];
  const said = parts.filter(Boolean).join('\n\n');
  const proof = one ? clients.map((client) => evidence(client, said.length, method)) : [];
  return { head: '', data: [said, ...proof].filter(Boolean).join('\n\n') };
}

function row(client: string, currency: string, figures: RevenueAnswer['totals'][string]) {
  return {
    client,
    currency,
    mrr: figures.mrr,
    arr: figures.arr,
    recurring: figures.recurring.net,
    non_recurring: figures.non_recurring.net,
    total: figures.total_net,
    'recurring %': figures.recurring_share_pct ?? '',
  };
}

/** What the non-recurring money was for. K2: Halo marks items issued on tickets in no way, so they stand in labour. */
function kindText(totals: RevenueAnswer['totals']): string {
  const rows = Object.entries(totals).flatMap(([currency, { non_recurring: side }]) => {
    const nothing = money(ZERO, decimalsOf(currency));
    const kinds = Object.entries(side.by_kind).filter(([, amount]) => amount !== nothing);
    return kinds.length === 0 ? [] : [`${currency} ${kinds.map(([kind, amount]) => `${kind} ${amount}`).join(', ')}`];
  });
  if (rows.length === 0) return '';
  const issued = rows.some((row) => / labour /.test(row)) ? ' (labour holds items issued on tickets, too)' : '';
  return `Non-recurring by kind: ${rows.join('; ')}${issued}.`;
}

/** B2: why a client's figures and its list of invoices differ, a line for each other client. */
function elsewhereText(clients: readonly Client[], one: boolean): string {
  const lines = clients.flatMap(({ client_id: id, name, elsewhere = [] }) =>
    elsewhere
      // With both clients in the answer one line says it.
      .filter(({ way }) => one || way === 'counted_at')
      .map(({ way, currency, amount, client_id: other, name: whose }) =>
        way === 'counted_at'
          ? `${amount} ${currency} billed to ${one ? 'this client' : `${name} (${id})`} is counted at ${whose} (${other}).`
          : `${amount} ${currency} counted here is billed to ${whose} (${other}).`,
      ),
  );
  return lines.join('\n');
}

type Client = RevenueAnswer['clients'][number];

/** The sums of a table's money columns by currency, as rows below it. */
function sumRows(
  rows: readonly Record<string, unknown>[],
  label: string,
  columns: readonly string[],
): Record<string, unknown>[] {
  const codes = [...new Set(rows.map(({ currency }) => String(currency)))];
  return codes.map((currency) => {
    const own = rows.filter((row) => row.currency === currency);
    const total = (column: string) => money(sum(own.map((row) => decimal(row[column]) ?? ZERO)), decimalsOf(currency));
    return { [label]: 'TOTAL', currency, ...Object.fromEntries(columns.map((column) => [column, total(column)])) };
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
function sumOf(clients: readonly Client[]): Split {
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

function months({ months: all }: Split): string[] {
  if (all === undefined) return [];
  const rows = Object.entries(all).flatMap(([month, codes]) =>
    Object.entries(codes).map(([currency, sums]) => ({ month, currency, ...sums })),
  );
  const filled = rows.filter(({ currency, recurring, non_recurring }) => {
    const nothing = money(ZERO, decimalsOf(currency));
    return recurring !== nothing || non_recurring !== nothing;
  });
  if (filled.length === 0) return [];
  const sums = sumRows(filled, 'month', ['recurring', 'non_recurring']);
  return [`Months:\n${table([...filled, ...sums])}`];
}

function groups({ groups: all = [] }: Split): string[] {
  if (all.length === 0) return [];
  // What is grouped by one thing is the whole; of several each has its own.
  const rows = [...new Set(all.map(({ by }) => by))].flatMap((by) => {
    const own = all.filter((group) => group.by === by);
    const sums = sumRows(own, 'name', MONEY);
    return [...own, ...sums.map((row) => ({ by, key: '', ...row }))];
  });
  return [`Groups:\n${table(rows)}`];
}

const SEVERITIES = ['high', 'medium', 'info'] as const;

/** Flags of one kind in one line; those that only inform come where one client was asked for. */
function flagText(
  flags: readonly Flag[],
  one: boolean,
  names: ReadonlyMap<number, string>,
  refs: ReadonlyMap<string, string>,
): string {
  const lines = SEVERITIES.filter((severity) => one || severity !== 'info').flatMap((severity) => {
    const own = flags.filter((flag) => flag.severity === severity);
    const codes = [...new Set(own.map(({ code }) => code))];
    return codes.flatMap((code) =>
      alike(own.filter((flag) => flag.code === code)).map(
        (some) => `${severity}\t${code}\t${entities(some, one, names, refs)}\t${sentences(some)}`,
      ),
    );
  });
  return lines.length > 0 ? `Flags:\n${lines.join('\n')}` : '';
}

/** Flags of one kind that say different things of their own have a line each, as long as they are few. */
const FEW = 4;

/** Flags of one kind, by what they say; all together where they say too many things. */
function alike(flags: readonly Flag[]): (readonly Flag[])[] {
  const said = new Set(flags.map(({ message }) => message));
  return said.size > FEW ? [flags] : [...said].map((one) => flags.filter(({ message }) => message === one));
}

const sentences = (flags: readonly Flag[]): string =>
  [...new Set(flags.map(({ message }) => message))].slice(0, FEW).join(' ');

const namesOf = (clients: readonly Client[]) => new Map(clients.map(({ client_id, name }) => [client_id, name]));

/** References of what the evidence names: contracts by their ref, invoices by their number. */
function refsOf(clients: readonly Client[]): ReadonlyMap<string, string> {
  const refs = new Map<string, string>();
  for (const { evidence: buckets } of clients)
    for (const [bucket, { items }] of Object.entries(buckets))
      for (const { id, ref, number } of items) {
        if (bucket === 'contract_only' && typeof ref === 'string') refs.set(`contract:${id}`, ref);
        if (bucket === 'mrr' && typeof ref === 'string') refs.set(`recurring_invoice:${id}`, ref);
        if (typeof number === 'string') refs.set(`invoice:${id}`, number);
      }
  return refs;
}

function entities(
  flags: readonly Flag[],
  one: boolean,
  names: ReadonlyMap<number, string>,
  refs: ReadonlyMap<string, string>,
): string {
  const named = ({ entity, client_id: id }: Flag) => {
    const said = [one || id === undefined ? undefined : names.get(id), refs.get(entity)].filter(Boolean).join(' ');
    return said === '' ? entity : `${entity} ${said}`;
  };
  const shown = flags
    .slice(0, 4)
    .map(
      ({ amount, currency, fields, ...flag }) =>
        `${named({ amount, ...flag })}${fields === undefined ? '' : ` (${fields.slice(0, 3).join(', ')})`}${amount === null ? '' : ` ${amount}${currency === undefined ? '' : ` ${currency}`}`}`,
    );
  return `${shown.join(', ')}${flags.length > 4 ? ` and ${flags.length - 4} more` : ''}`;
}

/** So many characters the text of one client's answer may have: its rows of figures are about two to a token. */
const ROOM = 5000;

/**
 * The rows that prove the figures of one client, as many as there is room for, and how to see the others.
 * @param taken what the text holds before them
 */
function evidence(client: Client, taken: number, method: RevenueAnswer['method']): string {
  const longest = Math.max(0, ...Object.values(client.evidence).map(({ items }) => items.length));
  let shown = evidenceOf(client, FEWEST, method);
  for (let most = FEWEST + 1; most <= longest; most += 1) {
    const more = evidenceOf(client, most, method);
    if (taken + more.length > ROOM) break;
    shown = more;
  }
  return shown;
}

/** So many rows of each kind are shown whatever else there is to say. */
const FEWEST = 5;

function evidenceOf(
  { client_id: id, evidence: buckets }: Client,
  most: number,
  method: RevenueAnswer['method'],
): string {
  const held = Object.entries(buckets).filter(([, { count }]) => count > 0);
  if (held.length === 0) return '';
  const parts = held.map(([name, { count, sum, items }]) => {
    const some = items.slice(0, most).map((item) => pick(item));
    const more = count > some.length ? `; ${some.length} of ${count} shown` : '';
    return `${name}: ${sumText(sum)}${more}\n${table(some)}`;
  });
  const rest = held.some(([, { count, items }]) => count > Math.min(most, items.length))
    ? [
        `For the rest ask list_invoices (client_id ${id}, kind all, from ${method.from}, to ${method.to}) and list_recurring_invoices, or for a shorter window here.`,
      ]
    : [];
  return ['Evidence:', ...parts, ...rest].join('\n');
}

const sumText = (sum: string | Record<string, string>): string =>
  typeof sum === 'string'
    ? sum
    : Object.entries(sum)
        .map(([code, value]) => `${value} ${code}`)
        .join(', ');

function pick(item: Record<string, unknown>): Record<string, unknown> {
  const { line_ids: _lines, ...rest } = item;
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => typeof value !== 'object'));
}
