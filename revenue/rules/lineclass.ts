/**
 * Recurring or not is a property of the line (section 5.5): C2-C11 as a table, first match wins. C1, the credit note,
 * needs other documents and is in credits.ts.
 */
import { isHeaderOnly } from '../rows/documents.js';
import type { Invoice, Line } from '../rows/rows.js';
import { type Period, repeats } from '../values/periods.js';

/** In the order in which equal remainders are settled. */
export const CLASSES = ['recurring', 'non_recurring'] as const;
export type LineClass = (typeof CLASSES)[number];
export type RuleId = 'C1' | 'C2' | 'C3' | 'C4' | 'C5' | 'C6' | 'C7' | 'C8' | 'C9' | 'C10' | 'C11';

/** What a non-recurring amount was for, in the order in which equal remainders are settled. */
export const KINDS = ['labour', 'product', 'project', 'prepay', 'deposit', 'adhoc', 'unclassified'] as const;
export type Kind = (typeof KINDS)[number];

/** A class, the rule that decided it, and what a non-recurring line was for. */
export interface Verdict {
  readonly class: LineClass;
  readonly rule: RuleId;
  readonly kind: Kind | undefined;
}

/** The billing period of a contract in the data; undefined if the contract is not there. */
export type ContractPeriod = (contractId: number) => Period | undefined;

/** The reason behind each rule, for a reader. */
export const RULES: Readonly<Record<RuleId, string>> = {
  C1: 'a credit takes the class of what it credits',
  C2: 'one-time charge inside a recurring invoice',
  C3: 'came from a line of a recurring invoice',
  C4: 'pro-rata part of a recurring charge',
  C5: 'ticket work: labour or an issued item',
  C6: 'names the recurring invoice that made it',
  C7: 'sales order, project, deposit or prepaid hours',
  C8: 'recurring item typed onto the invoice by hand',
  C9: 'made by a recurring invoice, and its line says nothing else',
  C10: 'billed from a contract for a service period',
  C11: 'nothing says that it recurs',
};

interface Rule {
  readonly id: RuleId;
  readonly class: LineClass;
  readonly when: (line: Line, invoice: Invoice, contractPeriod: ContractPeriod) => boolean;
}

export const LINE_RULES: readonly Rule[] = [
  { id: 'C2', class: 'non_recurring', when: (line) => line.one_time }, // Halo's own marker inside a template
  { id: 'C3', class: 'recurring', when: (line) => line.template_line > 0 }, // came from a template line
  { id: 'C4', class: 'recurring', when: (line) => line.pro_rata > 0 }, // a separate line of the recurring charge
  { id: 'C5', class: 'non_recurring', when: (line) => line.ticket > 0 }, // labour merged onto a run is not recurring
  { id: 'C6', class: 'recurring', when: (line) => line.template !== 0 },
  { id: 'C7', class: 'non_recurring', when: (line, invoice) => boughtOnce(line, invoice) !== undefined },
  { id: 'C8', class: 'recurring', when: (line) => line.recurring_item }, // a first part-month typed by hand
  { id: 'C9', class: 'recurring', when: (line, invoice) => invoice.template !== 0 && !line.template_sent },
  { id: 'C10', class: 'recurring', when: billedFromAgreement },
  { id: 'C11', class: 'non_recurring', when: () => true }, // doubt never inflates recurring
];

/** C2-C11 for a line of a document. */
export function classify(line: Line, invoice: Invoice, contractPeriod: ContractPeriod): Verdict {
  const rule = LINE_RULES.find(({ when }) => when(line, invoice, contractPeriod));
  if (rule === undefined || rule.class === 'recurring') {
    return { class: rule?.class ?? 'non_recurring', rule: rule?.id ?? 'C11', kind: undefined };
  }
  return { class: rule.class, rule: rule.id, kind: kindOf(line, invoice) };
}

/** Whether the line itself says that it came from a template (C3, C4, C6). */
export function hasOwnLink(line: Line): boolean {
  return line.template_line > 0 || line.pro_rata > 0 || line.template !== 0;
}

/** The contract of a document's line: its own if one was sent, else the header's; 0 for none. */
export function contractOf(line: Line, invoice: Invoice): number {
  return line.contract_sent ? line.contract : invoice.contract;
}

/** C7: an hours block, a project, a deposit, a product. */
function boughtOnce(line: Line, invoice: Invoice): Kind | undefined {
  if (line.deposit || invoice.is_deposit) return 'deposit';
  if (line.prepay > 0) return 'prepay';
  if (line.milestone > 0) return 'project';
  return line.sales_line > 0 ? 'product' : undefined;
}

/** C10: a contract with a recurring billing period, billed for a service period. */
function billedFromAgreement(line: Line, invoice: Invoice, contractPeriod: ContractPeriod): boolean {
  const contract = contractOf(line, invoice);
  if (contract === 0 || invoice.period_start === undefined || invoice.period_end === undefined) return false;
  return repeats(contractPeriod(contract) ?? line.period);
}

/** K1: a one-time purchase says more about a line than the ticket it came from; the class is not considered. */
function kindOf(line: Line, invoice: Invoice): Kind {
  const known = boughtOnce(line, invoice) ?? (line.ticket > 0 ? 'labour' : undefined);
  if (known !== undefined) return known;
  return isHeaderOnly(invoice) && !invoice.template_sent ? 'unclassified' : 'adhoc';
}
