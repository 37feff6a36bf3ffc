import type { Balance, Doc } from '../tenant/book.js';
import type { Line } from '../tenant/money.js';
import type { Row } from '../types.js';

/** The client whose documents an accounts package taxes: until they are synced their tax is 0, and so are all of these. */
const UNTAXED_CLIENT = 31;

const isUntaxed = ({ client }: Doc): boolean => client === UNTAXED_CLIENT;

/** What is known of a document's money where the accounts package has the last word. */
export function unsynced(doc: Doc, balance: Balance): Balance {
  if (!isUntaxed(doc)) return balance;
  const { net, paid } = balance;
  const due = paid === 0 ? net : balance.paidOn === undefined ? net - Math.min(paid, net) : 0;
  return { ...balance, tax: 0, total: net, due, paid: net - due };
}

/** A balance of 0 on a document that nobody ever paid: nothing came back from the accounts package. */
export const unpaidOf = ({ paid }: Balance): Row => (paid === 0 ? { amountdue: 0, amount_remaining: 0 } : {});

/** The lines without tax where the document has none, and with costs as a role that may not see them gets them. */
export const thinLines = (rows: readonly Row[], lines: readonly Line[], doc?: Doc): Row[] =>
  rows.map(({ unit_cost: _, ...row }, index) => ({
    ...row,
    ...COSTS[(lines[index]?.id ?? 0) % COSTS.length],
    ...(doc !== undefined && isUntaxed(doc) ? { tax_amount: 0 } : {}),
  }));

/** Not there, and the two numbers that mean that nobody knows it. */
const COSTS: readonly Row[] = [{}, { unit_cost: -1 }, { unit_cost: 0 }];
