import { type Contract, contractsOf, type RecurringInvoice, runOf } from './revenue/index.js';

/** The fields of a contract that decide what it is worth and that Halo sends with a single contract only. */
const DETAILS = ['rollingcontract', 'previouscontract', 'dontinvoice', 'billforrecurringprepayamount'];

/** True for a row of the list that holds none of the fields which only a single contract has. */
export const isThin = (row: Record<string, unknown>): boolean => DETAILS.every((field) => row[field] === undefined);

/**
 * The contracts of a list that have to be read one by one before they can be judged: those that run and that no live
 * recurring invoice bills (is it to be invoiced? is there prepay?), those past their end that are still billed or that
 * Halo itself does not call expired (does it roll on?), and beside each of them the started ones of the same client
 * (is one its renewal?). All others are the same whatever those fields say.
 * @param lapsed ids of contracts that Halo's own flag calls expired
 */
export function doubtful(
  contracts: readonly Contract[],
  lapsed: ReadonlySet<number>,
  templates: readonly RecurringInvoice[],
  asOf: string,
): number[] {
  const billed = new Set(templates.filter((template) => runOf(template, asOf).state === 'active').flatMap(contractsOf));
  const running = contracts.filter(
    (contract) => !contract.archived && (contract.start === undefined || contract.start <= asOf),
  );
  const unsure = running.filter((contract) => {
    const ended = contract.end !== undefined && contract.end < asOf;
    return ended ? billed.has(contract.id) || !lapsed.has(contract.id) : !billed.has(contract.id);
  });
  const clients = new Set(
    unsure.filter((contract) => contract.end === undefined || contract.end >= asOf).map(({ client }) => client),
  );
  const renewals = running.filter(({ client }) => clients.has(client));
  return [...new Set([...unsure, ...renewals].map(({ id }) => id))];
}
