import { flagOf, isNothing, type Row } from '../../core/index.js';
import { decimal, moneyOf, openOf } from '../../revenue/index.js';

/** Whether an invoice is paid; `unknown` if Halo sent something unreadable, or too little to tell. */
export const PAYMENTS = ['paid', 'partly', 'unpaid', 'unknown'] as const;
export type Payment = (typeof PAYMENTS)[number];

type Amount = ReturnType<typeof decimal>;

/** What is paid and what is open on an invoice. `open` is undefined if unknown, and both are for a void. */
export interface Balance {
  payment: Payment | undefined;
  open: Amount;
}

/** It is neither owed nor paid, whatever its amounts say. */
export const isVoid = (row: Row): boolean => flagOf(row.voided);

/** The balance of an invoice that is not a credit note. An unreadable amount is never taken for 0. */
export function balanceOf(row: Row): Balance {
  if (isVoid(row)) return { payment: undefined, open: undefined };
  const money = moneyOf(row);
  if (AMOUNTS.some((field) => decimal(row[field]) === undefined && !isNothing(row[field])))
    return { payment: 'unknown', open: money.due };
  const open = openOf(money)?.open;
  if (open === undefined) return { payment: 'unknown', open };
  if (open.gt(0)) return { payment: money.paid?.gt(0) ? 'partly' : 'unpaid', open };
  // Below zero, more was paid than was asked for; a credit may have paid the rest.
  const closed = open.lt(0) || money.due === undefined || money.paid?.gt(0) === true;
  // A balance of 0 with no payment stated may be one that Halo does not maintain.
  const isPaid = closed || money.status === 'paid' || money.total?.lte(0) === true;
  return { payment: isPaid ? 'paid' : 'unknown', open };
}

const AMOUNTS = ['amountdue', 'amountpaid'];
