/** Which contracts are in force, and what the unbilled ones are worth (C-a, C-d). */
import type Big from 'big.js';
import { sum, ZERO } from '../values/money.js';
import { MONTHS_IN_60_YEARS, over60Years, repeats } from '../values/periods.js';
import type { Contract } from './rows.js';

export type ContractState = 'in_force' | 'archived' | 'not_started' | 'ended' | 'superseded';

/**
 * C-a for all contracts at once, since one contract may supersede another: it is itself running (active, started, not
 * ended), and its `previouscontract` is the other, directly or through more contracts. A rolling contract does not end,
 * whatever end is printed (L6).
 */
export function contractStates(contracts: readonly Contract[], asOf: string): Map<number, ContractState> {
  const byId = new Map(contracts.map((contract) => [contract.id, contract]));
  const replaced = new Set(contracts.filter((one) => standsAt(one, asOf) === 'in_force').flatMap(predecessorsIn(byId)));
  // Of one that Halo calls renewed the renewal may be out of sight; one that is in the data speaks for itself.
  const named = new Set(contracts.map(({ previous }) => previous));
  const state = (contract: Contract): ContractState => {
    const own = standsAt(contract, asOf);
    const gone = replaced.has(contract.id) || (contract.renewed === true && !named.has(contract.id));
    return own === 'in_force' && gone ? 'superseded' : own;
  };
  return new Map(contracts.map((contract) => [contract.id, state(contract)]));
}

/** How a contract stands on a day, ignoring all others. */
export function standsAt(
  { archived, start, end, rolling }: Contract,
  asOf: string,
): Exclude<ContractState, 'superseded'> {
  if (archived) return 'archived';
  if (start !== undefined && start > asOf) return 'not_started';
  return end !== undefined && end < asOf && !rolling ? 'ended' : 'in_force';
}

const STANDING: readonly string[] = ['active', 'start_date', 'end_date', 'rollingcontract'];

/** The fields that can't be read of those that say when a contract is in force. */
export const standingUnread = (contract: Contract | undefined): string[] =>
  contract?.unread.filter((field) => STANDING.includes(field)) ?? [];

/** The contracts that one renews, the nearest first; one that leads back to itself is none of its own. */
export const predecessorsIn =
  (contracts: ReadonlyMap<number, Contract>) =>
  ({ id, previous }: Contract): number[] => {
    const found = new Set<number>();
    for (let before = previous; before > 0 && before !== id && !found.has(before); ) {
      found.add(before);
      before = contracts.get(before)?.previous ?? 0;
    }
    return [...found];
  };

export interface ContractWorth {
  /** The charge per period, without the prepay. */
  readonly net: Big;
  /** In 60 years, exact: the period charge and the billed recurring prepay, each by its own period (C-d). */
  readonly over_60_years: Big;
  /** The same per month, not rounded. */
  readonly mrr: Big;
  /** A charge whose period can't be normalised is left out, never guessed. */
  readonly unknown_period: boolean;
  /** An amount was sent but can't be read: the figures here cover only what could be. */
  readonly unreadable: boolean;
  /** Halo states no amount at all: the worth is unknown, not zero. */
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
