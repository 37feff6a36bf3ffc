/**
 * The money engine: what recurs, what does not, and what each is worth. Pure functions over Halo's rows. `post` returns
 * the exact ledger with typed ids; `report` turns it into the answer. Rooms, each importing only from those before it:
 * values (amounts, days, periods), rows (Halo's, reduced), rules (what each row is and is worth), ledger (what is
 * posted), trend (what posted documents say about prices), answer (what is shown), questions (other questions, each
 * from rows to its answer). Beside them, halo/ reads the book.
 */

export { breakdown, breakdownIn, report } from './answer/breakdown.js';
export type * from './answer/breakdown-types.js';
export type { Bucket, EvidenceItem } from './answer/evidence.js';
export { csvOf, sheetOf } from './answer/sheet.js';
export { type Figures, netOfClass, totalNet } from './ledger/accounts.js';
export { saidOfPostingIn } from './ledger/anomalies.js';
export { type DayQuestion, saidOfDay, saidOfWindow } from './ledger/days.js';
export { type Entity, entityOf, labelOf } from './ledger/entity.js';
export type { BucketName } from './ledger/evidence.js';
export { type Facts, factsOf } from './ledger/facts.js';
export { FLAGS, type FlagCode, type Raised, type Severity } from './ledger/flags.js';
export { gapsOf, sumsLabel, sumsTitle, type Unread, unstated } from './ledger/gaps.js';
export { type ClientLedger, type Ledger, post, postIn } from './ledger/ledger.js';
export {
  CHOICES,
  checkOrder,
  checkParams,
  DEFAULTS,
  GROUPS,
  type GroupBy,
  knownDay,
  type Params,
  paramsOf,
  RevenueInputError,
} from './ledger/params.js';
export { type AccountAnswer, accountIn, accountOf, ENTRIES } from './questions/account.js';
export { type Aged, type Ageing, ageingIn, ageingOf, BUCKETS } from './questions/ageing.js';
export { type Deferred, deferredIn, deferredOf } from './questions/deferred.js';
export { type ForecastAnswer, forecastIn, forecastOf } from './questions/forecast.js';
export { type Books, type Framed, naming, type Proof, type ShownFlag } from './questions/frame.js';
export { type ClassMargins, MARGIN_GROUPS, type Margin, marginIn, marginOf } from './questions/margin.js';
export { type OwedBooks, openNow, openOf } from './questions/owed.js';
export { type PrepaidBooks, prepaidIn, prepaidOf } from './questions/prepaid.js';
export type { PrepaidFigures } from './questions/prepaid-figures.js';
export { type AgreementRow, type Profit, type ProfitBooks, profitIn, profitOf } from './questions/profit.js';
export { type Retained, retainedOf, retentionIn, retentionOf } from './questions/retention.js';
export { takes } from './questions/takes.js';
export { type Uninvoiced, uninvoicedIn, uninvoicedOf, type WorkBooks } from './questions/uninvoiced.js';
export { SINCE, type UpliftAnswer, type UpliftBooks, upliftIn, upliftOf } from './questions/uplift.js';
export { AGES } from './questions/work-figures.js';
export type { Book } from './rows/book.js';
export {
  type ContractState,
  contractStates,
  predecessorsIn,
  standingUnread,
  standsAt,
  worthOf,
} from './rows/contracts.js';
export { type AgentCost, Costs, keepAgentCost } from './rows/costs.js';
export { isCredit, isUnread, openInTemplate, type Standing, standing } from './rows/documents.js';
export { keepClient, keepContract, keepCurrency, keepInvoice, keepRecurringInvoice } from './rows/keep.js';
export { keepingInvoices } from './rows/kept-invoice.js';
export { keepLicence, type Licence } from './rows/licences.js';
export { keepLines } from './rows/line.js';
export { keepOpenItem, keepPayment, moneyOf, type OpenItem, type Payment } from './rows/open-items.js';
export { type Unbilled, unbilledOfOrder, unbilledOfProject } from './rows/orders.js';
export { readPeriod } from './rows/period.js';
export { keepPrepay, type PrepayRow } from './rows/prepay.js';
export { keepListPrice, keepPriceChange, type ListPrice, type PriceChange, Prices } from './rows/prices.js';
/** Readers of single values, for a check that looks at Halo's raw rows. */
export * as readers from './rows/row.js';
export { decimal, isSent, readableFlag } from './rows/row.js';
export type { Client, Contract, Invoice, Line, RecurringInvoice } from './rows/rows.js';
export { LINES, leavesClass } from './rows/unread.js';
export {
  isEventUnread,
  keepWork,
  keepWorkEvent,
  keepWorkTicket,
  type Work,
  type WorkEvent,
  type WorkTicket,
} from './rows/work.js';
export { billTo, clientOfLine } from './rules/attribution.js';
export {
  type Billing,
  billingIn,
  billingOf,
  billsOf,
  IDLE,
  type Idle,
  isBilled,
  isBilledThroughPredecessor,
  type Link,
  linkOf,
} from './rules/billing.js';
export {
  type ClassedDocument,
  classDocument,
  type Piece,
  type Sources,
  sourcesIn,
  sourcesOf,
} from './rules/credits.js';
export { codeOf } from './rules/currency.js';
export {
  type InvoiceKind,
  type InvoiceVerdict,
  judgeInvoice,
  type Known,
  type LineVerdict,
  lineVerdicts,
} from './rules/invoice.js';
export { type Kind, type LineClass, RULES, type RuleId } from './rules/lineclass.js';
export { runsMissed } from './rules/missed.js';
export { type Movement, type MovementKind, movements } from './rules/movements.js';
export { asItStood, runDates } from './rules/run-dates.js';
export { contractsOf, type LineReason, type Run, runOf, type TemplateState } from './rules/runrate.js';
export {
  contractMonthly,
  contractWorth,
  type Monthly,
  monthlyOf,
  type TemplateWorth,
  templateMonthly,
  templateWorth,
} from './rules/worth.js';
export {
  type BilledRunRate,
  billedRunRate,
  type DayPrice,
  LOOK_BACK_MONTHS,
} from './trend/billed-run-rate.js';
export { type Bridge, type Bridged, type BridgeStep, bridgeIn, bridgeOf } from './trend/bridge.js';
export { CAUSES, type Cause } from './trend/causes.js';
export { WAYS, type Way } from './trend/drift.js';
export { type History, historyOf, MOVES, type Move, type Moved, type Series } from './trend/history.js';
export { type Trend, type TrendMonth, type TrendTotal, trendIn, trendOf } from './trend/trend.js';
export { daysAfter, daysBetween, monthsAfter, monthsBetween } from './values/calendar.js';
export { type Currency, type CurrencyRef, decimalsOf, homeFirst } from './values/currency.js';
export { Exact, money, percent, round, sum, ZERO } from './values/money.js';
export {
  completeMonths,
  endOfMonth,
  firstOf,
  invoiceWindow,
  monthOf,
  monthsIn,
  type Span,
  wholeMonths,
  windowOf,
} from './values/months.js';
export { type Period, perMonth, repeats } from './values/periods.js';
export { each, flatMapped, inOneGo, type Steps } from './values/steps.js';
