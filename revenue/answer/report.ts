/** Turns the ledger's exact decimals into the strings of the answer. */
import type Big from 'big.js';
import { type Figures, type GroupFigures, netOfClass, totalNet } from '../ledger/accounts.js';
import { labelOf } from '../ledger/entity.js';
import { FLAGS, type Raised } from '../ledger/flags.js';
import { wantsGroups } from '../ledger/groups.js';
import type { ClientLedger, Ledger } from '../ledger/ledger.js';
import type { Params } from '../ledger/params.js';
import { groupsTogether, monthsTogether } from '../ledger/together.js';
import { KINDS, type Kind, type LineClass } from '../rules/lineclass.js';
import { decimalsOf } from '../values/currency.js';
import { money, percent, ZERO } from '../values/money.js';
import { monthsIn } from '../values/months.js';
import { flatMapped, type Steps } from '../values/steps.js';
import type {
  Billed,
  Breakdown,
  ClientBreakdown,
  CurrencyFigures,
  Elsewhere,
  Flag,
  Group,
  Month,
  Months,
} from './breakdown-types.js';
import { showEvidence } from './evidence.js';

/** The figures of one currency; `under contract` and `contracted` by C-e. */
export function showFigures(figures: Figures, code: string): CurrencyFigures {
  const show = (amount: Big) => money(amount, decimalsOf(code));
  const billed = (side: Figures['billed'][LineClass]): Billed => ({
    invoiced: show(side.invoiced),
    credited: show(side.credited),
    net: show(netOfClass(side)),
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
    recurring_share_pct: percent(netOfClass(recurring), total),
    unposted_net: show(figures.unposted),
  };
}

/** A flag with its severity, its sentence and its amount. */
export function showFlag({ code, entity, amount, fields, detail }: Raised): Flag {
  const { severity, message } = FLAGS[code];
  return {
    code,
    severity,
    entity: labelOf(entity),
    amount: amount === undefined ? null : money(amount.amount, amount.decimals),
    ...(amount === undefined ? {} : { currency: amount.code }),
    message: detail === undefined ? message : `${message.slice(0, -1)} (${detail}).`,
    ...(fields.length === 0 ? {} : { fields: [...fields] }),
  };
}

/** The months to show: all of the window, or none if they were not asked for. */
export function monthsToShow(params: Params): string[] {
  return params.group_by.includes('month') || params.month_basis === 'service_period' ? monthsIn(params) : [];
}

const showElsewhere = ({ way, client, name, code, amount }: ClientLedger['elsewhere'][number]): Elsewhere => ({
  ...{ way, client_id: client, name, currency: code },
  amount: money(amount, decimalsOf(code)),
});

/** One client of the answer. */
export function showClient(
  ledger: ClientLedger,
  params: Params,
  home: string,
  months: readonly string[],
): ClientBreakdown {
  const codes = [...ledger.figures.keys()];
  return {
    client_id: ledger.client,
    name: ledger.name,
    ...(ledger.inactive !== undefined && { inactive: ledger.inactive }),
    currencies: Object.fromEntries([...ledger.figures].map(([code, figures]) => [code, showFigures(figures, code)])),
    ...(months.length > 0 ? { months: showMonths(ledger, codes, months) } : {}),
    ...(wantsGroups({ params }) ? { groups: ledger.groups.map(showGroup) } : {}),
    flags: ledger.flags.map(showFlag),
    ...(ledger.elsewhere.length > 0 ? { elsewhere: ledger.elsewhere.map(showElsewhere) } : {}),
    evidence: showEvidence(ledger.evidence, codes[0] ?? home),
  };
}

/** Months and groups of all clients together; empty if one client was asked for, as its row has them. In steps. */
export function* showTogether(ledger: Ledger, months: readonly string[]): Steps<Pick<Breakdown, 'months' | 'groups'>> {
  const { params, totals } = ledger;
  if (params.client_id !== undefined) return {};
  return {
    ...(months.length > 0 && { months: showMonths({ months: monthsTogether(ledger) }, [...totals.keys()], months) }),
    ...(wantsGroups({ params }) && {
      groups: yield* flatMapped(yield* groupsTogether(ledger), ({ client, ...group }) => ({
        ...showGroup(group),
        ...(client !== undefined && { client_id: client.id, client: client.name }),
      })),
    }),
  };
}

function showMonths(
  { months: billed }: Pick<ClientLedger, 'months'>,
  codes: readonly string[],
  months: readonly string[],
): Months {
  const of = (month: string, code: string): Month => {
    const { recurring, non_recurring } = billed.get(month)?.get(code) ?? {
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

function showGroup({ by, key, name, code, recurring, non_recurring, mrr }: GroupFigures): Group {
  const show = (amount: Big) => money(amount, decimalsOf(code));
  return {
    by,
    key,
    name,
    currency: code,
    recurring: show(recurring),
    non_recurring: show(non_recurring),
    mrr: show(mrr),
  };
}
