/** Posts contracts: what is agreed and in force, yet billed by no active recurring invoice (C-c, C-d). */
import type Big from 'big.js';
import { AMOUNTS, type ContractState, worthOf } from '../rows/contracts.js';
import type { Contract } from '../rows/rows.js';
import { clientOfAgreement } from '../rules/attribution.js';
import { currencyOf } from '../rules/currency.js';
import { contractsOf, templateState } from '../rules/runrate.js';
import { daysAfter } from '../values/calendar.js';
import { leaf } from '../values/exchange.js';
import { MONTHS_IN_60_YEARS } from '../values/periods.js';
import type { Account } from './accounts.js';
import { entityOf } from './entity.js';
import { flagAmount, type Posting } from './posting.js';

/** Posts all contracts. */
export function postContracts(posting: Posting): void {
  const { facts, params } = posting;
  const active = facts.templates.filter((template) => templateState(template, params.as_of) === 'active');
  const billed = new Set(active.flatMap(contractsOf));
  const horizon = daysAfter(params.as_of, params.renewal_horizon_days);
  for (const contract of facts.contracts.values()) {
    const state = facts.contract_states.get(contract.id) ?? 'in_force';
    postContract(contract, state, billed.has(contract.id), horizon, posting);
  }
}

function postContract(
  contract: Contract,
  state: ContractState,
  isBilled: boolean,
  horizon: string,
  posting: Posting,
): void {
  const { facts, params, exchange, accounts } = posting;
  const client = clientOfAgreement(contract, facts.clients, params.attribute_to);
  const account = accounts.of(client, client === contract.client ? contract.client_name : undefined);
  const entity = entityOf('contract', contract.id);
  const code = exchange.code(currencyOf(contract, facts.clients.get(contract.client)?.currency));
  if (code === undefined) {
    if (state === 'in_force') account.flags.raise('incomplete_data', entity, undefined, contract.unread);
    return;
  }
  account.in(exchange.label(code));
  const worth = worthOf(contract);
  const plain = exchange.plain(code);
  const told = !worth.unreadable && !worth.unknown;
  const monthly = told ? { ...plain, amount: leaf(worth.over_60_years, plain, MONTHS_IN_60_YEARS) } : undefined;
  if (state === 'superseded') account.flags.raise('contract_superseded', entity, monthly);
  if (state !== 'in_force') return;
  if (endsSoon(contract, params.as_of, horizon)) account.flags.raise('contract_ending_soon', entity, monthly);
  const counts = !isBilled && !contract.not_invoiced;
  const unread = counts ? contract.unread : contract.unread.filter((field) => !AMOUNTS.includes(field));
  if (unread.length > 0) account.flags.raise('incomplete_data', entity, undefined, unread);
  if (!counts) return;
  // It is to be billed, for nobody knows how much.
  if (worth.unreadable) {
    account.flags.raise('contract_no_recurring_invoice', entity);
    return;
  }
  if (worth.unknown_period) account.flags.raise('unknown_period', entity, flagAmount(worth.net, plain));
  if (worth.over_60_years.eq(0)) {
    if (!worth.net.eq(0)) account.flags.raise('contract_no_recurring_invoice', entity);
    return;
  }
  postUnbilled(contract, worth.over_60_years, account, code, posting);
}

function postUnbilled(
  contract: Contract,
  over60Years: Big,
  account: Account,
  code: string,
  { exchange }: Posting,
): void {
  const shown = exchange.show(code);
  const mrr = leaf(over60Years, shown, MONTHS_IN_60_YEARS);
  const figures = account.in(shown.code);
  account.used.add(shown.code);
  figures.contract_only = figures.contract_only.plus(mrr);
  account.flags.raise('contract_no_recurring_invoice', entityOf('contract', contract.id), { ...shown, amount: mrr });
  account.evidence.add('contract_only', mrr, shown.code, () => ({
    id: contract.id,
    ...(contract.ref === undefined ? {} : { ref: contract.ref }),
    period: contract.period?.name ?? 'unknown',
    net: worthOf(contract).net.times(shown.rate),
    mrr,
  }));
}

function endsSoon({ end, rolling }: Contract, asOf: string, horizon: string): boolean {
  return end !== undefined && !rolling && end >= asOf && end <= horizon;
}
