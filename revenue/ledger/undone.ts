/** Documents that credits undo completely. */
import type Big from 'big.js';
import { livingLines, standing } from '../rows/documents.js';
import type { Invoice } from '../rows/rows.js';
import { round, ZERO } from '../values/money.js';
import { each, type Steps } from '../values/steps.js';
import type { Facts } from './facts.js';

/** Smaller amounts are the dust of a division. */
const PLACES = 6;

/** The ids of posted documents that posted credits undo completely, by header or line by line; in steps. */
export function* creditedInFull(facts: Facts): Steps<ReadonlySet<number>> {
  const { invoices } = facts;
  const credits: Invoice[] = [];
  yield* each(invoices, (invoice) => {
    if (namesCredited(invoice) && isPosted(invoice)) credits.push(invoice);
  });
  const undone = new Set<number>();
  if (credits.length === 0) return undone;
  const holders = yield* holdersOf(invoices, credits);
  const taken = new Map<number, Big>();
  yield* each(credits, (credit) => {
    const { credit: isCredit, pieces } = facts.classed(credit);
    if (!isCredit) return;
    for (const { amount, line } of pieces) {
      const id = credit.credited_invoice || holders.get(line.credited_line) || 0;
      if (id !== 0 && id !== credit.id) taken.set(id, (taken.get(id) ?? ZERO).plus(amount));
    }
  });
  yield* each(invoices, (invoice) => {
    const off = taken.get(invoice.id);
    if (off === undefined || !isPosted(invoice)) return;
    const { net } = facts.classed(invoice);
    if (net.gt(0) && round(net.plus(off), PLACES).lte(0)) undone.add(invoice.id);
  });
  return undone;
}

const isPosted = (invoice: Invoice) => invoice.posted && standing(invoice) === 'document';

const namesCredited = ({ credited_invoice, lines }: Invoice) =>
  credited_invoice > 0 || lines.some(({ credited_line }) => credited_line > 0);

/** Maps each line that some credit names to its posted document; 0 if several have it. */
function* holdersOf(invoices: readonly Invoice[], credits: readonly Invoice[]): Steps<Map<number, number>> {
  const named = new Set(credits.flatMap(({ lines }) => lines.map(({ credited_line }) => credited_line)));
  const holders = new Map<number, number>();
  yield* each(invoices, (invoice) => {
    if (!invoice.lines.some(({ id }) => id > 0 && named.has(id)) || !isPosted(invoice)) return;
    for (const { id } of livingLines(invoice))
      if (id > 0 && named.has(id)) holders.set(id, holders.has(id) ? 0 : invoice.id);
  });
  return holders;
}
