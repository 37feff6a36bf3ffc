/** The one home of money facts: what recurs, what does not, what each is worth. Pure functions over Halo's rows. */

export { breakdown } from './answer/breakdown.js';
export type * from './answer/breakdown-types.js';
export type { Bucket, BucketName, EvidenceItem } from './answer/evidence.js';
export { type MovementKind, movements } from './answer/movements.js';
export { type Book, type Facts, factsOf } from './ledger/facts.js';
export { FLAGS, type Flag, type FlagCode, type Severity, unreadList } from './ledger/flags.js';
export { checkParams, GROUPS, type GroupBy, type Params, RevenueInputError } from './ledger/params.js';
export { type ContractState, worthOf } from './rows/contracts.js';
export { isUnread, type Standing, standing } from './rows/documents.js';
export {
  type InvoiceKind,
  invoiceKind,
  invoiceNet,
  type Known,
  type LineVerdict,
  lineVerdicts,
} from './rows/invoice.js';
export { keepClient, keepContract, keepCurrency, keepInvoice, keepRecurringInvoice } from './rows/keep.js';
export { decimal, isSent } from './rows/row.js';
export type { Client, Contract, Invoice, Line, RecurringInvoice } from './rows/rows.js';
export { LINES } from './rows/unread.js';
export { clientOfLine } from './rules/attribution.js';
export type { ClassedDocument, Piece, Sources } from './rules/credits.js';
export { type Currency, type CurrencyRef, codeOf, decimalsOf } from './rules/currency.js';
export { type Kind, type LineClass, RULES, type RuleId } from './rules/lineclass.js';
export { contractsOf, type LineReason, type Run, runOf, type TemplateState } from './rules/runrate.js';
export { contractWorth, type TemplateWorth, templateWorth } from './rules/worth.js';
export { daysAfter, daysBetween, monthsAfter, monthsBetween } from './values/calendar.js';
export { Exact, money, percent, sum } from './values/money.js';
export { completeMonths, invoiceWindow, monthsIn, type Span, wholeMonths } from './values/months.js';
export { type Period, perMonth, readPeriod, repeats } from './values/periods.js';
