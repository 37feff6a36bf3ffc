/** Which contracts are in force, and what those are worth that nothing bills (C-a, C-d). */
import type Big from 'big.js';
import { sum, ZERO } from './money.js';
import { MONTHS_IN_60_YEARS, over60Years, repeats } from './periods.js';
import type { Contract } from './rows.js';

export type ContractState = 'in_force' | 'archived' | 'not_started' | 'ended' | 'superseded';

/**
 * C-a for all contracts at once, since a contract is superseded by another: a started one whose `previouscontract` it
 * is. A rolling contract does not end.
 */
export function contractStates(contracts: readonly Contract[], asOf: string): Map<number, ContractState> {
  const started = ({ start }: Contract) => start === undefined || start <= asOf;
  const replaced = new Set(contracts.filter((c) => started(c) && c.previous !== c.id).map(({ previous }) => previous));
  const state = (contract: Contract): ContractState => {
    if (contract.archived) return 'archived';
    if (!started(contract)) return 'not_started';
    if (contract.end !== undefined && contract.end < asOf && !contract.rolling) return 'ended';
    return replaced.has(contract.id) ? 'superseded' : 'in_force';
  };
  return new Map(contracts.map((contract) => [contract.id, state(contract)]));
}

export interface ContractWorth {
  /** What is charged per period, the prepay not included. */
  readonly net: Big;
  /** In 60 years, exact: the period charge and the billed recurring prepay, each by its own period (C-d). */
  readonly over_60_years: Big;
  /** The same per month, not rounded. */
  readonly mrr: Big;
  /** A charge whose period can't be normalised is left out, never guessed. */
  readonly unknown_period: boolean;
  /** An amount was sent and can't be read: the figures here are no more than what could. */
  readonly unreadable: boolean;
  /** Halo says no amount at all, so that what it is worth is not known; it is not nothing. */
  readonly unknown: boolean;
}

/** The fields that say what a contract is worth. */
export const AMOUNTS: readonly string[] = ['periodchargeamount', 'prepayrecurringcharge'];

/** What a contract is worth by itself, whether or not something bills it. */
export function worthOf(contract: Contract): ContractWorth {
  const charges = [
    { amount: contract.charge ?? ZERO, period: contract.period },
    { amount: contract.prepay ?? ZERO, period: contract.prepay_period },
  ].filter(({ amount }) => !amount.eq(0));
  const over_60_years = sum(charges.map(({ amount, period }) => over60Years(amount, period)));
  return {
    net: contract.charge ?? ZERO,
    over_60_years,
    mrr: over_60_years.div(MONTHS_IN_60_YEARS),
    unreadable: contract.unread.some((field) => AMOUNTS.includes(field)),
    unknown: contract.charge === undefined && contract.prepay === undefined,
    unknown_period: charges.some(({ period }) => !repeats(period)),
  };
}
