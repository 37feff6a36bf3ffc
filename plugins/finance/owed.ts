/** What unpaid invoices come to. */
import { dayOf } from '../../core/index.js';
import { decimalsOf, Exact, money } from '../../revenue/index.js';
import type { InvoiceRow } from './invoice-row.js';
import { JUDGED } from './judged.js';
import { balanceOf } from './payment.js';

type Amount = InstanceType<typeof Exact>;

/** Sums of one currency, gross. */
interface Owed {
  owed: Amount;
  overdue: Amount;
  drafts: Amount;
}

/**
 * A line on what is owed, gross, by currency: open balances of posted invoices, how much of it is past its due day, and
 * drafts apart. Credits and payments on account are not taken off: Halo's list does not say what is left of them.
 * @param whole false where the rows are one page of more: then nothing is summed
 */
export function owedOf(rows: readonly InvoiceRow[], whole: boolean): string {
  if (!whole) return 'What is owed in all is summed where the list is one page: name a client, or ask ar_ageing.';
  const sums = new Map<string, Owed>();
  let open = 0;
  for (const row of rows) {
    const { invoice, currency, today } = row[JUDGED] ?? {};
    const balance = balanceOf(row).open;
    if (invoice === undefined || currency === undefined || balance === undefined || invoice.unread.includes('posted')) {
      open += 1;
      continue;
    }
    const zero = new Exact(0);
    const sum = sums.get(currency) ?? { owed: zero, overdue: zero, drafts: zero };
    const due = dayOf(row.duedate);
    if (!invoice.posted) sum.drafts = sum.drafts.plus(balance);
    else {
      sum.owed = sum.owed.plus(balance);
      if (due !== undefined && today !== undefined && due < today) sum.overdue = sum.overdue.plus(balance);
    }
    sums.set(currency, sum);
  }
  const told = [...sums].map(([code, { owed, overdue, drafts }]) => {
    const shown = (amount: Amount) => money(amount, decimalsOf(code));
    const apart = drafts.eq(0) ? '' : `, drafts apart ${shown(drafts)}`;
    return `${code} ${shown(owed)}, of it overdue ${shown(overdue)}${apart}`;
  });
  const missing = open === 0 ? '' : ` ${open} of them can't be summed, so it is not all.`;
  return `Owed, gross and before credits: ${told.length > 0 ? told.join('; ') : 'not known'}.${missing}`;
}
