/** Turns the ledger's exact decimals into the strings of the answer. */
import type { Billed, ClientBreakdown, CurrencyFigures, Group, Month } from './breakdown-types.js';
import { decimalsOf } from './currency.js';
import type { Account, Figures } from './ledger.js';
import { KINDS, type Kind } from './lineclass.js';
import { money, percent, ZERO } from './money.js';
import { monthsIn } from './months.js';
import { type Params, ROW_GROUPS } from './params.js';
import { wantsGroups } from './posting.js';

/** Home first, then by code. */
export function byCode(home: string): (a: string, b: string) => number {
  return (a, b) => Number(b === home) - Number(a === home) || (a < b ? -1 : a > b ? 1 : 0);
}

/** The figures of one currency; what is under contract, and what is contracted, by C-e. */
export function showFigures(figures: Figures, code: string): CurrencyFigures {
  const show = (amount: Figures['mrr']) => money(amount, decimalsOf(code));
  const billed = ({ invoiced, credited }: Figures['billed']['recurring']): Billed => ({
    invoiced: show(invoiced),
    credited: show(credited),
    net: show(invoiced.plus(credited)),
  });
  const { recurring, non_recurring } = figures.billed;
  const total = totalNet(figures);
  return {
    mrr: show(figures.mrr),
    arr: show(figures.arr),
    mrr_under_contract: show(figures.under_contract),
    mrr_not_under_contract: show(figures.mrr.minus(figures.under_contract)),
    contract_only_mrr: show(figures.contract_only),
    contracted_mrr: show(figures.under_contract.plus(figures.contract_only)),
    recurring: billed(recurring),
    non_recurring: {
      ...billed(non_recurring),
      by_kind: Object.fromEntries(KINDS.map((kind) => [kind, show(figures.by_kind[kind])])) as Record<Kind, string>,
    },
    total_net: show(total),
    recurring_share_pct: percent(recurring.invoiced.plus(recurring.credited), total),
    unposted_net: show(figures.unposted),
  };
}

/** Everything billed, recurring and not, less credits. */
export function totalNet({ billed }: Figures): Figures['mrr'] {
  const { recurring, non_recurring } = billed;
  return recurring.invoiced.plus(recurring.credited).plus(non_recurring.invoiced).plus(non_recurring.credited);
}

/** The months to show: every one of the window, or none where they were not asked for. */
export function monthsToShow(params: Params): string[] {
  return params.group_by.includes('month') || params.month_basis === 'service_period' ? monthsIn(params) : [];
}

/** One client of the answer. */
export function showClient(
  account: Account,
  inactive: boolean,
  params: Params,
  home: string,
  months: readonly string[],
): ClientBreakdown {
  const codes = [...account.figures.keys()].sort(byCode(home));
  return {
    client_id: account.client,
    name: account.name ?? (account.client === 0 ? 'No client' : `Client ${account.client}`),
    inactive,
    currencies: Object.fromEntries(codes.map((code) => [code, showFigures(account.in(code), code)])),
    ...(months.length > 0 ? { months: showMonths(account, codes, months) } : {}),
    ...(wantsGroups({ params }) ? { groups: showGroups(account, home) } : {}),
    flags: account.flags.list(),
    evidence: account.evidence.buckets(codes[0] ?? home),
  };
}

function showMonths(
  account: Account,
  codes: readonly string[],
  months: readonly string[],
): Record<string, Record<string, Month>> {
  const of = (month: string, code: string): Month => {
    const { recurring, non_recurring } = account.months.get(month)?.get(code) ?? {
      recurring: ZERO,
      non_recurring: ZERO,
    };
    const decimals = decimalsOf(code);
    return { recurring: money(recurring, decimals), non_recurring: money(non_recurring, decimals) };
  };
  return Object.fromEntries(
    months.map((month) => [month, Object.fromEntries(codes.map((code) => [code, of(month, code)]))]),
  );
}

function showGroups(account: Account, home: string): Group[] {
  const order = byCode(home);
  const rank = (key: Group['key']) => (key === null ? 2 : typeof key === 'string' ? 1 : 0);
  return [...account.groups.values()]
    .sort(
      (a, b) =>
        ROW_GROUPS.indexOf(a.by) - ROW_GROUPS.indexOf(b.by) ||
        order(a.code, b.code) ||
        rank(a.key) - rank(b.key) ||
        compare(a.key, b.key),
    )
    .map(({ by, key, name, code, recurring, non_recurring, mrr }) => {
      const show = (amount: Figures['mrr']) => money(amount, decimalsOf(code));
      return {
        by,
        key,
        name,
        currency: code,
        recurring: show(recurring),
        non_recurring: show(non_recurring),
        mrr: show(mrr),
      };
    });
}

function compare(a: Group['key'], b: Group['key']): number {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a) - Math.abs(b);
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}
