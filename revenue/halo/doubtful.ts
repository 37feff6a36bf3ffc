/** Which contracts a list leaves in doubt, so that they are read one by one. */
import { type Contract, contractsOf, type RecurringInvoice, runOf, worthOf } from '../index.js';

/** The fields of a contract that decide what it is worth and that Halo sends with a single contract only. */
const DETAILS = ['rollingcontract', 'previouscontract', 'dontinvoice', 'billforrecurringprepayamount'];

/** True for a row of the list that holds none of the fields which only a single contract has. */
export const isThin = (row: Record<string, unknown>): boolean => DETAILS.every((field) => row[field] === undefined);

const hasEnded = ({ end }: Contract, asOf: string) => end !== undefined && end < asOf;
const hasStarted = ({ archived, start }: Contract, asOf: string) => !archived && (start === undefined || start <= asOf);

const mayBeWorthMoney = (contract: Contract) => {
  const { over_60_years: worth, unreadable } = worthOf(contract);
  return unreadable || !worth.eq(0);
};

/** The contracts that a live recurring invoice bills. */
const billedBy = (templates: readonly RecurringInvoice[], asOf: string) =>
  new Set(templates.filter((template) => runOf(template, asOf).state === 'active').flatMap(contractsOf));

/**
 * The contracts of a list that have to be read one by one before they can be judged: those that run and that no live
 * recurring invoice bills (is it to be invoiced? is there prepay?), and those past their end that are still billed or
 * that Halo itself does not call expired (does it roll on?). All others are the same whatever those fields say.
 * @param lapsed ids of contracts that Halo's own flag calls expired
 */
export function doubtful(
  contracts: readonly Contract[],
  lapsed: ReadonlySet<number>,
  templates: readonly RecurringInvoice[],
  asOf: string,
): number[] {
  const billed = billedBy(templates, asOf);
  const unsure = contracts.filter((contract) => {
    if (!hasStarted(contract, asOf)) return false;
    if (!hasEnded(contract, asOf)) return !billed.has(contract.id);
    return billed.has(contract.id) || !lapsed.has(contract.id);
  });
  return unsure.map(({ id }) => id);
}

/**
 * The contracts that may be the renewal of one which runs, is worth something and is billed by nothing: later started
 * ones of the same client. Only a single contract says which one it renews.
 */
export function renewals(
  contracts: readonly Contract[],
  templates: readonly RecurringInvoice[],
  asOf: string,
): number[] {
  const billed = billedBy(templates, asOf);
  const started = contracts.filter((contract) => hasStarted(contract, asOf));
  const unbilled = started.filter(
    (contract) =>
      !billed.has(contract.id) &&
      !contract.not_invoiced &&
      mayBeWorthMoney(contract) &&
      (contract.rolling || !hasEnded(contract, asOf)),
  );
  const later = (contract: Contract) =>
    unbilled.some(
      ({ id, client, start }) =>
        client === contract.client && id !== contract.id && (contract.start ?? '') >= (start ?? ''),
    );
  return started.filter(later).map(({ id }) => id);
}
