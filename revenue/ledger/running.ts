/** Posts recurring invoices: the run rate at `as_of`, with its evidence and flags. */
import type Big from 'big.js';
import { unreadOfLines } from '../rows/documents.js';
import type { RecurringInvoice } from '../rows/rows.js';
import { billTo, clientOfAgreement } from '../rules/attribution.js';
import { contractOfLine, type Recurring, recurringOf } from '../rules/runrate.js';
import { collect } from '../values/collect.js';
import { leaf, type Shown } from '../values/exchange.js';
import { round, settle, sum } from '../values/money.js';
import { MONTHS_IN_60_YEARS, type Period, perMonth, repeats, YEARS_IN_60_YEARS } from '../values/periods.js';
import type { Account } from './accounts.js';
import { driftsFrom, isMeterUntold, type LastBilled } from './drift.js';
import { entityOf } from './entity.js';
import { type Groupable, postGroups } from './groups.js';
import { flagAmount, isConcerned, type Posting } from './posting.js';
import { flagRun } from './running-flags.js';

/** Posts one template. Only an active one with a repeating period has a run rate. */
export function postTemplate(template: RecurringInvoice, lastBilled: LastBilled, posting: Posting): void {
  const { facts, params, exchange, accounts } = posting;
  const client = clientOfAgreement(template, facts.clients, params.attribute_to);
  if (!isConcerned(client, params)) return;
  const account = accounts.of(client, client === template.client ? template.client_name : undefined);
  const code = exchange.code(template.currency);
  const run = recurringOf(template, params.as_of);
  if (code === undefined) {
    if (run.state === 'active')
      account.flags.raise('incomplete_data', entityOf('recurring_invoice', template.id), undefined, [
        ...template.unread,
        ...unreadOfLines(template),
      ]);
    leaveOut(template, run, 'unknown_currency', account, undefined);
    return;
  }
  account.in(exchange.label(code));
  const { period } = template;
  const counts = run.state === 'active' && repeats(period);
  const shown = counts ? exchange.show(code) : exchange.plain(code);
  flagRun(template, run, shown, account, posting);
  if (counts) postRun({ template, run, period, shown, account }, lastBilled, posting);
  else leaveOut(template, run, run.state === 'active' ? periodReason(period) : run.state, account, shown);
}

function periodReason(period: Period | undefined): string {
  return period === undefined ? 'unknown_period' : 'one_time_period';
}

/** A template that counts. */
interface Counting {
  readonly template: RecurringInvoice;
  readonly run: Recurring;
  readonly period: Period;
  readonly shown: Shown;
  readonly account: Account;
}

/** M3, with what the last invoice billed next to it (M7). */
function postRun(counting: Counting, lastBilled: LastBilled, posting: Posting): void {
  const { template, run, account, shown } = counting;
  const mrr = leaf(run.over_60_years, shown, MONTHS_IN_60_YEARS);
  const figures = account.in(shown.code);
  account.used.add(shown.code);
  figures.mrr = figures.mrr.plus(mrr);
  figures.arr = figures.arr.plus(leaf(run.over_60_years, shown, YEARS_IN_60_YEARS));
  const parts = partsOf(counting);
  figures.under_contract = figures.under_contract.plus(underContract(mrr, parts, shown, posting));
  postGroups(account, 'mrr', mrr, parts, shown, posting);
  const billed = lastBilled.of(template, shown);
  prove(counting, mrr, billed);
  const entity = entityOf('recurring_invoice', template.id);
  if (isMeterUntold(template)) account.flags.raise('incomplete_data', entity, undefined, ['id of a metered line']);
  if (billed !== undefined && !run.unreadable && driftsFrom(mrr, billed)) {
    account.flags.raise('template_drift', entity, { ...shown, amount: billed.minus(mrr) });
  }
  if (billTo(template, posting.facts.clients) !== template.client) {
    account.flags.raise('billed_to_other_client', entity, run.unreadable ? undefined : flagAmount(run.net, shown));
  }
}

/** The exact monthly amount of each line that counts. */
function partsOf({ template, run, period, shown }: Counting): Groupable[] {
  const monthly = (net: Big) => perMonth(net.times(shown.rate), period);
  if (run.header_only) {
    const { id, contract } = template;
    return [
      { exact: monthly(run.net), contract, template: id, project: 0, item_group: null, item_group_name: undefined },
    ];
  }
  return run.lines
    .filter(({ left_out }) => left_out === undefined)
    .map(({ line }) => ({
      exact: monthly(line.net),
      contract: contractOfLine(line, template),
      template: template.id,
      project: 0,
      item_group: line.item_group,
      item_group_name: line.item_group_name,
    }));
}

/** The share of a template's leaf that is under a contract: its parts by contract, by largest remainder. */
function underContract(mrr: Big, parts: readonly Groupable[], shown: Shown, posting: Posting): Big {
  const contracts = [...collect(parts, ({ contract }) => contract)].sort(
    ([a], [b]) => (a || Infinity) - (b || Infinity),
  );
  const amounts = settle(
    mrr,
    contracts.map(([, some]) => sum(some.map(({ exact }) => exact))),
    shown.decimals,
  );
  return sum(amounts.filter((_, index) => isUnderContract(contracts[index]?.[0] ?? 0, posting)));
}

/**
 * A link is trusted unless the contract is in the data and known to be out of force. A link to a predecessor that is
 * out of force counts for its successor, if no template names that one (C-b).
 */
function isUnderContract(contract: number, { facts, params }: Posting): boolean {
  const state = params.include_contracts ? facts.contract_states.get(contract) : undefined;
  if (contract > 0 && (state === undefined || state === 'in_force')) return true;
  return contract > 0 && facts.taken_over.has(contract);
}

function prove({ template, run, period, shown, account }: Counting, mrr: Big, billed: Big | undefined): void {
  account.evidence.add('mrr', mrr, shown.code, () => ({
    id: template.id,
    ...(template.ref === undefined ? {} : { ref: template.ref }),
    period: period.name,
    factor: period.factor,
    ...(run.unreadable ? { unreadable: true } : { net: run.net.times(shown.rate), mrr }),
    line_ids: run.lines
      .filter(({ left_out, line }) => left_out === undefined && line.id !== 0)
      .map(({ line }) => line.id),
    ...(billed === undefined ? {} : { mrr_last_billed: billed }),
  }));
}

function leaveOut(
  template: RecurringInvoice,
  run: Recurring,
  reason: string,
  account: Account,
  shown: Shown | undefined,
): void {
  const decimals = shown?.decimals ?? 2;
  const net = run.unreadable ? undefined : round(run.net, decimals);
  account.evidence.add('excluded', net, shown?.code, () => ({
    id: template.id,
    reason,
    ...(net === undefined ? { unreadable: true } : { net }),
  }));
}
