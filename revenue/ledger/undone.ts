/** Documents that credits undo completely. */
import type Big from 'big.js';
import { livingLines, standing } from '../rows/documents.js';
import type { Invoice } from '../rows/rows.js';
import { round, ZERO } from '../values/money.js';
import type { Facts } from './facts.js';

/** Smaller amounts are the dust of a division. */
const PLACES = 6;

/** The ids of posted documents that posted credits undo completely, by header or line by line. */
export function creditedInFull(facts: Facts): ReadonlySet<number> {
  const posted = facts.invoices.filter((invoice) => invoice.posted && standing(invoice) === 'document');
  const credits = posted.filter(namesCredited);
  if (credits.length === 0) return new Set();
  const holders = holdersOf(posted, credits);
  const taken = new Map<number, Big>();
  for (const credit of credits) {
    const { credit: isCredit, pieces } = facts.classed(credit);
    if (!isCredit) continue;
    for (const { amount, line } of pieces) {
      const id = credit.credited_invoice || holders.get(line.credited_line) || 0;
      if (id !== 0 && id !== credit.id) taken.set(id, (taken.get(id) ?? ZERO).plus(amount));
    }
  }
  const undone = posted.filter((invoice) => {
    const off = taken.get(invoice.id);
    if (off === undefined) return false;
    const { net } = facts.classed(invoice);
    return net.gt(0) && round(net.plus(off), PLACES).lte(0);
  });
  return new Set(undone.map(({ id }) => id));
}

const namesCredited = ({ credited_invoice, lines }: Invoice) =>
  credited_invoice > 0 || lines.some(({ credited_line }) => credited_line > 0);

/** Maps each line that some credit names to its document; 0 if several have it. */
function holdersOf(posted: readonly Invoice[], credits: readonly Invoice[]): Map<number, number> {
  const named = new Set(credits.flatMap(({ lines }) => lines.map(({ credited_line }) => credited_line)));
  const holders = new Map<number, number>();
  for (const invoice of posted)
    for (const { id } of livingLines(invoice))
      if (id > 0 && named.has(id)) holders.set(id, holders.has(id) ? 0 : invoice.id);
  return holders;
}
