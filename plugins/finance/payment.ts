import { flagOf, isNothing, numberOf, type Row, readDay } from '../../core/index.js';
import { decimal, Exact } from '../../revenue/index.js';

/** Whether an invoice is paid; `unknown` if Halo sent something unreadable, or too little to tell. */
export const PAYMENTS = ['paid', 'partly', 'unpaid', 'unknown'] as const;
export type Payment = (typeof PAYMENTS)[number];

type Amount = ReturnType<typeof decimal>;

/** Halo's own number for paid; -1 and 0 are unpaid, 1 is probably part paid. A hint only: money decides. */
const PAID = 2;

const UNPAID: ReadonlySet<unknown> = new Set([-1, 0]);

/** What is paid and what is open on an invoice. `open` is undefined if unknown. */
export interface Balance {
  payment: Payment;
  open: Amount;
}

/**
 * The balance of an invoice that is not a credit note. `amountdue` is the open balance, but may be 0 on an invoice that
 * was never paid (a draft, or one not posted or not synced): then, with nothing paid and no word from Halo that it is,
 * all of it is open. An unreadable amount is never taken for 0.
 */
export function balanceOf(row: Row): Balance {
  const [total, due, paid] = [decimal(row.total), decimal(row.amountdue), decimal(row.amountpaid)];
  const unreadable = (field: string, read: Amount) => read === undefined && !isNothing(row[field]);
  if (unreadable('amountdue', due) || unreadable('amountpaid', paid)) return { payment: 'unknown', open: due };
  const nothing = new Exact(0);
  // More was paid than was asked for.
  if (due?.lt(0)) return { payment: 'paid', open: due };
  if (due?.gt(0)) return { payment: paid?.gt(0) ? 'partly' : 'unpaid', open: due };
  if (paid?.gt(0)) {
    // A balance of 0 closes it, even if a credit paid the rest.
    if (due !== undefined) return { payment: 'paid', open: due };
    if (total === undefined) return { payment: 'unknown', open: undefined };
    return paid.gte(total) ? { payment: 'paid', open: nothing } : { payment: 'partly', open: total.minus(paid) };
  }
  if (saysPaid(row)) return { payment: 'paid', open: due ?? nothing };
  if (flagOf(row.voided)) return { payment: 'unknown', open: due };
  // A balance of 0 with no payment stated may be one that Halo does not maintain.
  const isToldUnpaid = paid !== undefined || UNPAID.has(numberOf(row.paymentstatus));
  if (due !== undefined && !isToldUnpaid && total?.eq(0) !== true) return { payment: 'unknown', open: due };
  // Halo's number for unpaid may also be on a partly paid invoice.
  if (total === undefined || (due === undefined && paid === undefined)) return { payment: 'unknown', open: undefined };
  return total.gt(0) ? { payment: 'unpaid', open: total } : { payment: 'paid', open: due ?? nothing };
}

/** Halo says that it is paid: by its status, or, if it sends no amounts, by the payment date. */
const saysPaid = (row: Row): boolean =>
  numberOf(row.paymentstatus) === PAID ||
  (isNothing(row.amountdue) && isNothing(row.amountpaid) && typeof readDay(row.datepaid) === 'string');
