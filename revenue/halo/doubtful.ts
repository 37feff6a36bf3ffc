/** The contracts that a list leaves in doubt, so that they must be read one by one. */
import { isNothing } from '../../core/index.js';
import {
  type Billing,
  billingIn,
  type Contract,
  contractStates,
  daysAfter,
  isBilled,
  type Params,
  type RecurringInvoice,
  type Steps,
  worthOf,
} from '../index.js';

/** The part of a question that decides which contracts matter. */
export type Question = Pick<Params, 'as_of' | 'renewal_horizon_days'>;

/** The fields that decide what a contract is worth and that Halo sends only with a single contract. */
const DETAILS = ['rollingcontract', 'previouscontract', 'dontinvoice', 'billforrecurringprepayamount'];

/** True for a row of the list that lacks all the fields that only a single contract has. */
export const isThin = (row: Record<string, unknown>): boolean => DETAILS.every((field) => isNothing(row[field]));

const hasEnded = ({ end }: Contract, asOf: string) => end !== undefined && end < asOf;
const hasStarted = ({ archived, start }: Contract, asOf: string) => !archived && (start === undefined || start <= asOf);

/** Ends within the horizon, unless it rolls on. */
const endsSoon = ({ end, rolling }: Contract, { as_of, renewal_horizon_days: days }: Question) =>
  end !== undefined && !rolling && end >= as_of && end <= daysAfter(as_of, days);

const mayBeWorthMoney = (contract: Contract) => {
  const { over_60_years: worth, unreadable } = worthOf(contract);
  return unreadable || !worth.eq(0);
};

const billingAt = (
  templates: readonly RecurringInvoice[],
  contracts: readonly Contract[],
  asOf: string,
): Steps<Billing> => billingIn(templates, contracts, contractStates(contracts, asOf), asOf);

/**
 * The contracts of a list that have to be read one by one before they can be judged: those that run and are unbilled
 * (are they to be invoiced? is there prepay?) or end soon (do they roll on?), and those past their end that are still
 * billed or that Halo itself does not call expired. For all others those fields make no difference. In steps.
 * @param lapsed ids of contracts that Halo's own flag calls expired
 */
export function* doubtful(
  contracts: readonly Contract[],
  lapsed: ReadonlySet<number>,
  templates: readonly RecurringInvoice[],
  question: Question,
): Steps<number[]> {
  const { as_of: asOf } = question;
  const billing = yield* billingAt(templates, contracts, asOf);
  const unsure = contracts.filter((contract) => {
    if (!hasStarted(contract, asOf)) return false;
    const billed = isBilled(billing, contract.id);
    if (!hasEnded(contract, asOf)) return !billed || endsSoon(contract, question);
    return billed || !lapsed.has(contract.id);
  });
  return unsure.map(({ id }) => id);
}

/**
 * The contracts for which it matters whether another renews them: those that run, are worth something and are unbilled;
 * and those that end soon. In steps.
 */
export function* renewed(
  contracts: readonly Contract[],
  templates: readonly RecurringInvoice[],
  question: Question,
): Steps<Set<number>> {
  const { as_of: asOf } = question;
  const billing = yield* billingAt(templates, contracts, asOf);
  const asked = contracts.filter(
    (contract) =>
      hasStarted(contract, asOf) &&
      (endsSoon(contract, question) ||
        (!isBilled(billing, contract.id) &&
          !contract.not_invoiced &&
          mayBeWorthMoney(contract) &&
          (contract.rolling || !hasEnded(contract, asOf)))),
  );
  return new Set(asked.map(({ id }) => id));
}

/**
 * The possible renewals of some contracts: later ones of the same client. Only a single contract says which one it
 * renews.
 */
export function successors(contracts: readonly Contract[], of: ReadonlySet<number>): number[] {
  const before = new Map<number, Contract[]>();
  for (const one of contracts) {
    if (!of.has(one.id)) continue;
    const own = before.get(one.client);
    if (own === undefined) before.set(one.client, [one]);
    else own.push(one);
  }
  const follows = (contract: Contract) =>
    before
      .get(contract.client)
      ?.some(({ id, start }) => id !== contract.id && (contract.start ?? '') >= (start ?? '')) === true;
  return contracts.filter((contract) => !contract.archived && follows(contract)).map(({ id }) => id);
}

/** Ids ordered by what their contracts are worth by themselves. */
export function worthFirst(contracts: readonly Contract[], ids: readonly number[]): number[] {
  const worth = new Map(contracts.map((contract) => [contract.id, contract]));
  const of = (id: number) => {
    const contract = worth.get(id);
    return contract === undefined ? 0 : Number(worthOf(contract).over_60_years.abs());
  };
  return [...ids].sort((a, b) => of(b) - of(a) || a - b);
}
