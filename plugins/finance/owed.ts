/** What unpaid invoices come to. */
import { dayOf, type Row, readDay, UNREADABLE } from '../../core/index.js';
import { decimalsOf, Exact, keepOpenItem, money, openNow } from '../../revenue/index.js';
import type { InvoiceRow } from './invoice-row.js';
import { JUDGED } from './judged.js';
import { balanceOf } from './payment.js';

type Amount = InstanceType<typeof Exact>;

/** Sums in one currency, gross. */
class Owed {
  owed = new Exact(0);
  overdue = new Exact(0);
  drafts = new Exact(0);
  credits = new Exact(0);
  /** What each client owes, less its credits. */
  readonly net = new Map<unknown, Amount>();

  add(client: unknown, amount: Amount): void {
    this.net.set(client, (this.net.get(client) ?? new Exact(0)).plus(amount));
  }
}

/** What is left of a credit note, below zero; undefined if unknown. */
export function creditLeft(row: Row): Amount | undefined {
  const item = keepOpenItem(row);
  return item === undefined ? undefined : openNow({ ...item, credits: item.credits || 1 })?.open;
}

/**
 * A line on what is owed, gross, by currency: the open balances of posted invoices, how much is past due, drafts
 * separately, and, if the rows include credits, what remains once each client's open credits are deducted. Money on
 * account is on no document, so the line says that it is not part of it.
 * @param whole false if the rows are only one page of several: then nothing is summed
 */
export function owedOf(rows: readonly InvoiceRow[], whole: boolean): string {
  if (!whole)
    return 'What is owed in total is summed only where one page is sure to hold all of it: name a client, or ask ar_ageing.';
  const sums = new Map<string, Owed>();
  let open = 0;
  for (const row of rows) {
    const { invoice, currency, credit, today } = row[JUDGED] ?? {};
    const balance = credit ? creditLeft(row) : balanceOf(row).open;
    const unread = invoice?.unread.includes('posted') || (!credit && readDay(row.duedate) === UNREADABLE);
    if (invoice === undefined || currency === undefined || credit === undefined || balance === undefined || unread) {
      open += 1;
      continue;
    }
    const sum = sums.get(currency) ?? new Owed();
    sums.set(currency, sum);
    if (!invoice.posted) {
      if (!credit) sum.drafts = sum.drafts.plus(balance);
      continue;
    }
    sum.add(invoice.client, balance);
    if (credit) sum.credits = sum.credits.minus(balance);
    else {
      const due = dayOf(row.duedate);
      sum.owed = sum.owed.plus(balance);
      if (due !== undefined && today !== undefined && due < today) sum.overdue = sum.overdue.plus(balance);
    }
  }
  const told = [...sums].map(([code, sum]) => sentence(code, sum));
  const missing = open === 0 ? '' : ` ${open} of them can't be summed, so this is incomplete.`;
  return `Owed, gross and before credits: ${told.length > 0 ? told.join('; ') : 'not known'}.${missing} ${ON_ACCOUNT}`;
}

const ON_ACCOUNT = 'Payments on account are not deducted; ar_ageing deducts them.';

function sentence(code: string, { owed, overdue, drafts, credits, net }: Owed): string {
  const shown = (amount: Amount) => money(amount, decimalsOf(code));
  const sumOf = (amounts: readonly Amount[]) => amounts.reduce((sum, one) => sum.plus(one), new Exact(0));
  const [debtors, creditors] = [
    [...net.values()].filter((one) => one.gt(0)),
    [...net.values()].filter((one) => one.lt(0)),
  ];
  const after =
    creditors.length === 0 ? '' : ` (and ${shown(sumOf(creditors).neg())} in credit at ${counted(creditors.length)})`;
  const each = net.size > 1 ? ', client by client' : '';
  return [
    `${code} ${shown(owed)}, of it overdue ${shown(overdue)}`,
    ...(drafts.eq(0) ? [] : [`drafts apart ${shown(drafts)}`]),
    ...(credits.eq(0) ? [] : [`less open credits of ${shown(credits)}${each}: ${shown(sumOf(debtors))}${after}`]),
  ].join(', ');
}

const counted = (clients: number) => `${clients} ${clients === 1 ? 'client' : 'clients'}`;
