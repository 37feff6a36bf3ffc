/** Recurring versus non-recurring revenue, traced to its evidence: the ledger turned into the answer. */
import { type Ledger, postIn } from '../ledger/ledger.js';
import type { Params } from '../ledger/params.js';
import type { Book } from '../rows/book.js';
import { atOnce, type Steps } from '../values/steps.js';
import { type BilledOn, billedOn } from './billed-on.js';
import type { Breakdown, Method } from './breakdown-types.js';
import { monthsToShow, showClient, showFigures, showFlag, showTogether } from './report.js';
import { state } from './statement.js';
import { type When, whenOf } from './when.js';

/** The version of the rules; increased when a figure may change. */
export const METHOD_VERSION = 2;

/**
 * Recurring and non-recurring revenue on two axes that are never added: the run rate at `as_of` and what was billed in
 * the window.
 * @throws RevenueInputError as `post` does
 */
export const breakdown = (book: Book, params: Params): Breakdown => atOnce(breakdownIn(book, params));

/** The same in steps, so that a large book does not block other work. */
export function* breakdownIn(book: Book, params: Params): Steps<Breakdown> {
  return yield* reportIn(yield* postIn(book, params));
}

/** Turns a ledger into its answer: exact amounts become decimal strings, flags become sentences. */
export const report = (ledger: Ledger): Breakdown => atOnce(reportIn(ledger));

function* reportIn(ledger: Ledger): Steps<Breakdown> {
  const { params, clients, totals, flags } = ledger;
  const months = monthsToShow(params);
  const shown: Breakdown['clients'] = [];
  for (const client of clients) {
    shown.push(showClient(client, params, ledger.home, months));
    yield;
  }
  const told: Breakdown['flags'] = [];
  for (const { client, ...flag } of flags) {
    told.push({ ...showFlag(flag), ...(client !== undefined && { client_id: client }) });
    yield;
  }
  const when = whenOf(ledger);
  yield;
  const billed = when.carried_back ? yield* billedOn(ledger) : undefined;
  return {
    method: methodOf(ledger, when, billed),
    clients: shown,
    totals: Object.fromEntries([...totals].map(([code, figures]) => [code, showFigures(figures, code)])),
    ...(yield* showTogether(ledger, months)),
    flags: told,
    statement: state(ledger, when, billed),
  };
}

function methodOf(ledger: Ledger, { carried_back, projection, ends_before }: When, billed?: BilledOn): Method {
  const { book, facts, params, complete, reasons, rates } = ledger;
  const { as_of, from, to, attribute_to, currency_policy, month_basis, include_unposted } = params;
  return {
    version: METHOD_VERSION,
    as_of,
    from,
    to,
    attribute_to,
    currency_policy,
    month_basis,
    include_unposted,
    weekly: '52/12',
    rounding: 'half away from zero per document',
    complete,
    ...(complete ? {} : { reason: [...reasons] }),
    ...(billed !== undefined && { carried_back, billed_run_rate: billed.rates }),
    ...(projection && { projection, ends_before }),
    ...(book.invoices_of === undefined ? {} : { invoices_of: [...book.invoices_of] }),
    ...(currency_policy === 'convert' ? { rates } : {}),
    fetched: {
      recurring_invoices: facts.templates.length,
      invoices: facts.invoices.length,
      contracts: facts.contracts.size,
      pages: book.pages,
    },
  };
}
