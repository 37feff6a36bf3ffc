/** What the questions besides the breakdown point out, each with its severity and the sentence shown to a reader. */
import { FLAGS, type Severity } from '../ledger/flags.js';

const HIGH = {
  payment_day_unknown: 'Paid, but no payment says when, so more may have been open on that day.',
  run_unscheduled: 'Active but without a next date, so it is unknown when it bills; it is in no month.',
} as const;

const MEDIUM = {
  payment_unallocated: 'Money received that is assigned to no invoice; it is unallocated.',
  balance_differs: 'The closing balance differs from what is open; amount is the difference.',
  due_date_missing: 'No due date and no terms: it is open, but not aged.',
  hours_unpriced: 'Time to be charged that has no price in Halo; it is counted in hours and never priced by a guess.',
  hours_without_account:
    'No charge, agreement or prepaid hours are recorded: hours worked are taken, also those that agreements cover.',
  unbilled_unpriced: 'It is still to be billed, but its amount is unknown.',
  time_not_placed: 'The ticket of this time could not be read, so its client is unknown.',
  cost_unknown: 'Lines without a cost: their net is not part of any margin.',
  cost_suspect: 'The cost is more than three times the price: it may be for another period than the price.',
  labour_cost_unknown: 'The hourly cost of an agent is not known, so no labour cost is taken off.',
  prepay_below_zero: 'More was used than was bought.',
  prepay_blocks_differ:
    'The blocks do not add up to the balance: Halo expired a different amount than was left in the block.',
  prepay_expiring: 'Prepaid time or money expires within the horizon.',
  auto_quantity: 'Quantities follow users, devices or licences: the next run may bill a different number.',
  meter_unknown: 'A metered line: what its next run bills is unknown, so it is left out.',
  contract_ends: 'Its contract ends before the last run that is forecast.',
  service_period_missing: 'No service period is stated, so it counts as earned when it was billed.',
} as const;

const INFO = {
  balance_from_total: 'Halo says that nothing is due and that nothing was paid: all of it is taken as open.',
  due_by_terms: 'No due date: the terms are taken as days from the invoice date.',
  credit_left_from_due: 'Halo does not say what is left of the credit: its open balance is taken.',
  time_on_draft: 'Charged on a draft: neither billed nor unbilled.',
  charged_invoice_missing: 'The invoice that it names is not there; it counts as not invoiced.',
  accrued: 'Billed in arrears: earned before it was billed, and shown separately from what is deferred.',
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
