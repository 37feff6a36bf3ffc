/** What the questions besides the breakdown point out, each with its severity and the sentence shown to a reader. */
import { FLAGS, type Severity } from '../ledger/flags.js';

const HIGH = {
  payment_day_unknown: 'Paid, but no payment says when: what was open on that day may be more.',
  run_unscheduled: 'It is active and has no next date, so that nobody knows when it bills; it is in no month.',
} as const;

const MEDIUM = {
  payment_unallocated: 'Money that came and stands for no invoice; it is unallocated.',
  balance_differs: 'The closing balance differs from what is open; amount is the difference.',
  due_date_missing: 'No due date and no terms: it is open, and not aged.',
  hours_unpriced: 'Time to be charged that has no price in Halo; it is counted in hours and never priced by a guess.',
  unbilled_unpriced: 'It waits to be billed, and nothing says how much it is.',
  time_not_placed: 'The ticket of this time could not be read, so whose it is is not known.',
  cost_unknown: 'Lines without a cost: their net is in no margin.',
  cost_suspect: 'The cost is more than three times the price: it may be for another period than the price.',
  labour_cost_unknown: 'The hourly cost of an agent is not known, so no labour cost is taken off.',
  prepay_below_zero: 'More was used than was bought.',
  prepay_blocks_differ:
    'What is left by block is not the balance: Halo let another amount expire than was left of the block.',
  prepay_expiring: 'Prepaid time or money expires within the horizon.',
  auto_quantity: 'Quantities follow users, devices or licences: the next run may bill another number.',
  meter_unknown: 'A metered line: what its next run bills is not known, and it is left out.',
  contract_ends: 'Its contract ends before the last run that is forecast.',
  service_period_missing: 'No service period is named, so that it is taken as earned when it was billed.',
} as const;

const INFO = {
  balance_from_total: 'Halo says that nothing is due and that nothing was paid: all of it is taken as open.',
  due_by_terms: 'No due date: the terms are taken as days from the invoice date.',
  credit_left_from_due: 'Halo does not say what is left of the credit: its open balance is taken.',
  time_on_draft: 'Charged on a draft: neither billed nor unbilled.',
  charged_invoice_missing: 'The invoice that it names is not there; it counts as not invoiced.',
  accrued: 'Billed in arrears: earned before it was billed, and told apart from what is deferred.',
} as const;

/** Every code that an answer may flag: the breakdown's, and those of the other questions. */
const SAID = {
  ...of('high', HIGH),
  ...of('medium', MEDIUM),
  ...of('info', INFO),
};

export type SayCode = keyof typeof HIGH | keyof typeof MEDIUM | keyof typeof INFO | keyof typeof FLAGS;

/** The severity and sentence of a code. */
export const saying = (code: SayCode): { severity: Severity; message: string } =>
  code in SAID ? SAID[code as keyof typeof SAID] : FLAGS[code as keyof typeof FLAGS];

function of<Codes extends string>(severity: Severity, all: Readonly<Record<Codes, string>>) {
  const rows = Object.entries<string>(all).map(([code, message]) => [code, { severity, message }]);
  return Object.fromEntries(rows) as Record<Codes, { severity: Severity; message: string }>;
}
