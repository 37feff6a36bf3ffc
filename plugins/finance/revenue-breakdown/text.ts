import { type AnswerText, table } from '../../../core/index.js';
import { decimalsOf, money, sumsLabel, ZERO } from '../../../revenue/index.js';
import type { RevenueAnswer } from './output.js';
import { splitText } from './split-text.js';

type Flag = RevenueAnswer['flags'][number];

/**
 * The answer as a person reads it: the statement, one table of clients (and totals if there are several), the flags by
 * severity. Months, groups and evidence are added for one client, or if they were asked for.
 */
export function revenueText(
  { statement, clients, totals, _months: months, _groups: groups, flags, method }: RevenueAnswer,
  one: boolean,
  format: 'table' | 'csv',
): AnswerText {
  const rows = clients.flatMap(({ name, currencies }) =>
    Object.entries(currencies).map(([code, figures]) => row(name, code, figures)),
  );
  const total = sumsLabel({ complete: method.complete === true });
  const sums = one ? [] : Object.entries(totals).map(([code, figures]) => row(total, code, figures));
  const parts = [
    statement,
    format === 'csv' ? 'The table of clients is in the CSV file.' : table([...rows, ...sums]),
    kindText(totals),
    elsewhereText(clients, one),
    ...(one
      ? clients.flatMap((client) => splitText({ ...client, totals: client.currencies }, total))
      : splitText({ months, groups, totals }, total)),
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

/** What the non-recurring money was for. K2: Halo does not mark items issued on tickets, so they count as labour. */
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

/** B2: why a client's figures differ from its list of invoices, one line per other client. */
function elsewhereText(clients: readonly Client[], one: boolean): string {
  const lines = clients.flatMap(({ client_id: id, name, elsewhere = [] }) =>
    elsewhere
      // If both clients are in the answer, one line is enough.
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

const SEVERITIES = ['high', 'medium', 'info'] as const;

/** Flags of one kind in one line; informational ones only if one client was asked for. */
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

/** Flags of one kind with different messages get a line each, up to this many. */
const FEW = 4;

/** Flags of one kind, grouped by message; all together if there are too many messages. */
function alike(flags: readonly Flag[]): (readonly Flag[])[] {
  const said = new Set(flags.map(({ message }) => message));
  return said.size > FEW ? [flags] : [...said].map((one) => flags.filter(({ message }) => message === one));
}

const sentences = (flags: readonly Flag[]): string =>
  [...new Set(flags.map(({ message }) => message))].slice(0, FEW).join(' ');

const namesOf = (clients: readonly Client[]) => new Map(clients.map(({ client_id, name }) => [client_id, name]));

/** References of what the evidence names: a contract's ref, an invoice's number. */
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

/** The most characters in the text of one client's answer: its rows of figures have about two per token. */
const ROOM = 5000;

/**
 * The rows that prove one client's figures, as many as there is room for, and how to see the others.
 * @param taken the text in front of them
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

/** Whether credit notes take something off what a bucket proves: they have a bucket of their own. */
const isCredited = (bucket: string, currencies: Client['currencies']): boolean =>
  (bucket === 'recurring' || bucket === 'non_recurring') &&
  Object.values(currencies).some((figures) => /[1-9]/.test(figures[bucket].credited));

/** The rows of each kind that are always shown. */
const FEWEST = 5;

function evidenceOf(
  { client_id: id, currencies, evidence: buckets }: Client,
  most: number,
  method: RevenueAnswer['method'],
): string {
  const held = Object.entries(buckets).filter(([, { count }]) => count > 0);
  if (held.length === 0) return '';
  const parts = held.map(([name, { count, sum, items }]) => {
    const some = items.slice(0, most).map((item) => pick(item));
    const more = count > some.length ? `; ${some.length} of ${count} shown` : '';
    const before = isCredited(name, currencies) ? ', before credits' : '';
    return `${name}${before}: ${sumText(sum)}${more}\n${table(some)}`;
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
        .join(', ') || "no sum, as an amount can't be read";

function pick(item: Record<string, unknown>): Record<string, unknown> {
  const { line_ids: _lines, ...rest } = item;
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => typeof value !== 'object'));
}
