/** Posts contracts: what is agreed and in force, but billed by no active recurring invoice (C-c, C-d). */
import type Big from 'big.js';
import { AMOUNTS, type ContractState, worthOf } from '../rows/contracts.js';
import { openInTemplate } from '../rows/documents.js';
import type { Contract } from '../rows/rows.js';
import { clientOfAgreement } from '../rules/attribution.js';
import { billsOf, doubtsOf, IDLE, isBilled, isBilledThroughPredecessor } from '../rules/billing.js';
import { currencyOf } from '../rules/currency.js';
import { daysAfter } from '../values/calendar.js';
import { leaf } from '../values/exchange.js';
import { sum } from '../values/money.js';
import { MONTHS_IN_60_YEARS } from '../values/periods.js';
import type { Steps } from '../values/steps.js';
import type { Account } from './accounts.js';
import { entityOf } from './entity.js';
import { flagAmount, isConcerned, type Posting } from './posting.js';

/** Posts all contracts, one per step. */
export function* postContracts(posting: Posting): Steps<void> {
  const { facts, params } = posting;
  const horizon = daysAfter(params.as_of, params.renewal_horizon_days);
  for (const contract of facts.contracts.values()) {
    if (!isConcerned(clientOfAgreement(contract, facts.clients, params.attribute_to), params)) continue;
    postContract(contract, facts.contract_states.get(contract.id) ?? 'in_force', horizon, posting);
    yield;
  }
}

function postContract(contract: Contract, state: ContractState, horizon: string, posting: Posting): void {
  const { facts, params, exchange, accounts } = posting;
  const client = clientOfAgreement(contract, facts.clients, params.attribute_to);
  const account = accounts.of(client, client === contract.client ? contract.client_name : undefined);
  const entity = entityOf('contract', contract.id);
  const code = exchange.code(currencyOf(contract, facts.clients.get(contract.client)?.currency));
  // A contract that may roll on may be in force after its end.
  const unsure = state === 'ended' && contract.unread.includes('rollingcontract');
  if (code === undefined) {
    if (state === 'in_force' || unsure) account.flags.raise('incomplete_data', entity, undefined, contract.unread);
    return;
  }
  account.in(exchange.label(code));
  const worth = worthOf(contract);
  const plain = exchange.plain(code);
  const told = !worth.unreadable && !worth.unknown;
  const monthly = told ? { ...plain, amount: leaf(worth.over_60_years, plain, MONTHS_IN_60_YEARS) } : undefined;
  if (state === 'superseded') account.flags.raise('contract_superseded', entity, monthly);
  if (unsure) account.flags.raise('incomplete_data', entity, undefined, contract.unread);
  if (state !== 'in_force') return;
  if (endsSoon(contract, params.as_of, horizon)) account.flags.raise('contract_ending_soon', entity, monthly);
  if (isBilledThroughPredecessor(facts.billing, contract.id)) flagPredecessor(contract, account, code, posting);
  const counts = !isBilled(facts.billing, contract.id) && !contract.not_invoiced;
  const untold = counts && worth.unknown === true ? ['periodchargeamount'] : [];
  const unread = counts ? [...contract.unread, ...untold] : contract.unread.filter((field) => !AMOUNTS.includes(field));
  if (unread.length > 0) account.flags.raise('incomplete_data', entity, undefined, unread);
  // It has nothing to bill, whatever its period is.
  const isFree = told && worth.net.eq(0) && worth.over_60_years.eq(0) && !worth.unknown_period;
  // Whoever the template belongs to, and even if that client's rows are not posted.
  for (const template of contract.not_invoiced || isFree
    ? []
    : doubtsOf(facts.billing, contract.id, facts.unread_templates))
    account.flags.raise(
      'incomplete_data',
      entityOf('recurring_invoice', template.id),
      undefined,
      openInTemplate(template, exchange.code(template.currency)),
    );
  if (!counts) return;
  // It is to be billed, but how much is unknown.
  if (worth.unreadable || worth.unknown) {
    account.flags.raise('contract_no_recurring_invoice', entity, undefined, [], whyUnbilled(contract, posting));
    return;
  }
  if (worth.unknown_period) account.flags.raise('unknown_period', entity, flagAmount(worth.net, plain));
  if (worth.over_60_years.eq(0)) {
    if (!worth.net.eq(0))
      account.flags.raise('contract_no_recurring_invoice', entity, undefined, [], whyUnbilled(contract, posting));
    return;
  }
  postUnbilled(contract, worth.over_60_years, account, code, posting);
}

function postUnbilled(contract: Contract, over60Years: Big, account: Account, code: string, posting: Posting): void {
  const { exchange } = posting;
  const shown = exchange.show(code);
  const mrr = leaf(over60Years, shown, MONTHS_IN_60_YEARS);
  const figures = account.in(shown.code);
  account.used.add(shown.code);
  figures.contract_only = figures.contract_only.plus(mrr);
  const amount = { ...shown, amount: mrr };
  account.flags.raise(
    'contract_no_recurring_invoice',
    entityOf('contract', contract.id),
    amount,
    [],
    whyUnbilled(contract, posting),
  );
  account.evidence.add('contract_only', mrr, shown.code, () => ({
    id: contract.id,
    ...(contract.ref === undefined ? {} : { ref: contract.ref }),
    period: contract.period?.name ?? 'unknown',
    net: worthOf(contract).net.times(shown.rate),
    mrr,
  }));
}

/** The links that bill nothing, each with its reason; undefined if no template names the contract. */
function whyUnbilled({ id }: Contract, { facts }: Posting): string | undefined {
  const said = (facts.billing.get(id) ?? []).map(({ template, idle }) => `${template.id} (${idle && IDLE[idle]})`);
  return said.length === 0 ? undefined : `linked, but bills nothing: ${said.join(', ')}`;
}

/** Flags the contract with how much more per month it should bill; without an amount if that is unknown. */
function flagPredecessor(contract: Contract, account: Account, code: string, { facts, exchange }: Posting): void {
  const worth = worthOf(contract);
  const bills = billsOf(facts.billing, contract.id);
  const known =
    !(worth.unreadable || worth.unknown || worth.unknown_period) &&
    bills.every(({ template, unreadable }) => !unreadable && exchange.code(template.currency) === code);
  const plain = exchange.plain(code);
  const billed = sum(bills.map(({ over_60_years: amount }) => leaf(amount, plain, MONTHS_IN_60_YEARS)));
  const missing = leaf(worth.over_60_years, plain, MONTHS_IN_60_YEARS).minus(billed);
  const named = bills.map(({ template, through }) => `${template.id} names contract ${through}`);
  account.flags.raise(
    'template_on_predecessor',
    entityOf('contract', contract.id),
    known ? { ...plain, amount: missing } : undefined,
    [],
    named.join(', '),
  );
}

function endsSoon({ end, rolling }: Contract, asOf: string, horizon: string): boolean {
  return end !== undefined && !rolling && end >= asOf && end <= horizon;
}
