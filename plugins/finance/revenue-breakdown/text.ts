import { type AnswerText, table } from '../../../core/index.js';
import { decimalsOf, money, ZERO } from '../../../revenue/index.js';
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
    ...clients.flatMap((client) => [...months(client, one), ...groups(client, one)]),
    flagText(flags, one),
  ];
  if (one) parts.push(...clients.map(evidence));
  return { head: '', data: parts.filter(Boolean).join('\n\n') };
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

type Client = RevenueAnswer['clients'][number];

function months({ name, months: all }: Client, one: boolean): string[] {
  if (all === undefined) return [];
  const rows = Object.entries(all).flatMap(([month, codes]) =>
    Object.entries(codes).map(([currency, sums]) => ({ month, currency, ...sums })),
  );
  const filled = rows.filter(({ currency, recurring, non_recurring }) => {
    const nothing = money(ZERO, decimalsOf(currency));
    return recurring !== nothing || non_recurring !== nothing;
  });
  return filled.length > 0 ? [`${one ? 'Months' : `Months of ${name}`}:\n${table(filled)}`] : [];
}

function groups({ name, groups: all = [] }: Client, one: boolean): string[] {
  return all.length > 0 ? [`${one ? 'Groups' : `Groups of ${name}`}:\n${table(all)}`] : [];
}

const SEVERITIES = ['high', 'medium', 'info'] as const;

/** Flags of one kind in one line; those that only inform come where one client was asked for. */
function flagText(flags: readonly Flag[], one: boolean): string {
  const lines = SEVERITIES.filter((severity) => one || severity !== 'info').flatMap((severity) => {
    const own = flags.filter((flag) => flag.severity === severity);
    const codes = [...new Set(own.map(({ code }) => code))];
    return codes.map((code) => {
      const some = own.filter((flag) => flag.code === code);
      return `${severity}\t${code}\t${entities(some)}\t${some[0]?.message ?? ''}`;
    });
  });
  return lines.length > 0 ? `Flags:\n${lines.join('\n')}` : '';
}

function entities(flags: readonly Flag[]): string {
  const shown = flags
    .slice(0, 4)
    .map(
      ({ entity, amount, currency, fields }) =>
        `${entity}${fields === undefined ? '' : ` (${fields.slice(0, 3).join(', ')})`}${amount === null ? '' : ` ${amount}${currency === undefined ? '' : ` ${currency}`}`}`,
    );
  return `${shown.join(', ')}${flags.length > 4 ? ` and ${flags.length - 4} more` : ''}`;
}

/** The rows that prove the figures of one client; the whole is in the structured answer. */
function evidence({ evidence: buckets }: Client): string {
  const parts = Object.entries(buckets)
    .filter(([, { count }]) => count > 0)
    .map(([name, { count, sum, items }]) => {
      const some = items.slice(0, 5).map((item) => pick(item));
      const more = count > some.length ? `; ${some.length} of ${count} shown` : '';
      return `${name}: ${
        typeof sum === 'string'
          ? sum
          : Object.entries(sum)
              .map(([code, value]) => `${value} ${code}`)
              .join(', ')
      }${more}\n${table(some)}`;
    });
  return parts.length > 0 ? `Evidence:\n${parts.join('\n')}` : '';
}

function pick(item: Record<string, unknown>): Record<string, unknown> {
  const { line_ids: _lines, ...rest } = item;
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => typeof value !== 'object'));
}
