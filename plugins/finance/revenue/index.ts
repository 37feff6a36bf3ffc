/** The one home of money facts: what recurs, what does not, what each is worth. Pure functions over Halo's rows. */

export { clientOfLine } from './attribution.js';
export { breakdown } from './breakdown.js';
export type * from './breakdown-types.js';
export { daysAfter, daysBetween, monthsAfter, monthsBetween } from './calendar.js';
export { type ContractState, worthOf } from './contracts.js';
export type { ClassedDocument, Piece, Sources } from './credits.js';
export { type Currency, type CurrencyRef, codeOf, decimalsOf } from './currency.js';
export { isUnread, type Standing, standing } from './documents.js';
export type { Bucket, BucketName, EvidenceItem } from './evidence.js';
export { type Book, type Facts, factsOf } from './facts.js';
export { FLAGS, type Flag, type FlagCode, type Severity, unreadList } from './flags.js';
export {
  type InvoiceKind,
  invoiceKind,
  invoiceNet,
  type Known,
  type LineVerdict,
  lineVerdicts,
} from './invoice.js';
export { keepClient, keepContract, keepCurrency, keepInvoice, keepRecurringInvoice } from './keep.js';
export { type Kind, type LineClass, RULES, type RuleId } from './lineclass.js';
export { Exact, money, percent, sum } from './money.js';
export { completeMonths, invoiceWindow, monthsIn, type Span, wholeMonths } from './months.js';
export { type MovementKind, movements } from './movements.js';
export { checkParams, GROUPS, type GroupBy, type Params, RevenueInputError } from './params.js';
export { type Period, perMonth, readPeriod, repeats } from './periods.js';
export { decimal, isSent } from './row.js';
export type { Client, Contract, Invoice, Line, RecurringInvoice } from './rows.js';
export { contractsOf, type LineReason, type Run, runOf, type TemplateState } from './runrate.js';
export { LINES } from './unread.js';
export { contractWorth, type TemplateWorth, templateWorth } from './worth.js';
