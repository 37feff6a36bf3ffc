/** Puts it together: recurring versus non-recurring revenue, traced to its evidence. Pure: no I/O, no clock. */

import { postContracts } from './agreed.js';
import { Duplicates, flagNoPosted } from './anomalies.js';
import { postInvoice } from './billed.js';
import type { Breakdown, ClientBreakdown, CurrencyFigures, Method } from './breakdown-types.js';
import { NO_CURRENCY } from './currency.js';
import { LastBilled } from './drift.js';
import { exchangeOf } from './exchange.js';
import { type Book, factsOf } from './facts.js';
import { bySeverity, FlagSet, unreadList } from './flags.js';
import { type Account, addFigures, Ledger, noFigures } from './ledger.js';
import { checkParams, type Params } from './params.js';
import type { Posting } from './posting.js';
import { byCode, monthsToShow, showClient, showFigures, totalNet } from './report.js';
import { postTemplate } from './running.js';
import { state } from './statement.js';

/** The version of the rules; it goes up when a figure may change. */
export const METHOD_VERSION = 1;

/**
 * Recurring and non-recurring revenue on two axes that are never added: the run rate at `as_of` and what was billed in
 * the window.
 * @throws RevenueInputError for an input that can't be answered: a day that is none, a window backwards or above 60
 * months, an unknown choice, a currency without a rate under `convert`.
 */
export function breakdown(book: Book, params: Params): Breakdown {
  checkParams(params);
  const posting = openBooks(book, params);
  post(posting);
  return report(book, posting);
}

function openBooks(book: Book, params: Params): Posting {
  const facts = factsOf(book, params.as_of);
  const ledger = new Ledger((client) => facts.clients.get(client)?.name, params.evidence_cap);
  return { facts, params, ledger, exchange: exchangeOf(facts.currencies, params) };
}

function post(posting: Posting): void {
  const { facts, params } = posting;
  const lastBilled = new LastBilled(posting);
  const duplicates = new Duplicates(posting);
  for (const invoice of facts.invoices) {
    postInvoice(invoice, posting);
    lastBilled.see(invoice);
    duplicates.see(invoice);
  }
  flagNoPosted(posting);
  for (const template of facts.templates) postTemplate(template, lastBilled, posting);
  if (params.include_contracts) postContracts(posting);
}

function report(book: Book, posting: Posting): Breakdown {
  const { facts, params, exchange } = posting;
  const accounts = chosenAccounts(posting);
  const reasons = book.complete ? [] : [...(book.reason ?? ['something could not be fetched'])];
  for (const account of accounts) {
    if (!book.complete) account.flags.raise('incomplete_data', 'book');
    if (account.figures.has(NO_CURRENCY)) account.flags.raise('incomplete_data', 'currency');
    if (account.used.size > 1) account.flags.raise('mixed_currencies', `client:${account.client}`);
  }
  const months = monthsToShow(params);
  const clients = accounts.map((account) =>
    showClient(account, facts.clients.get(account.client)?.inactive ?? false, params, exchange.home, months),
  );
  const unread = clients.flatMap(({ flags }) => flags).filter((flag) => flag.code === 'incomplete_data');
  const rows = unread.filter(({ entity }) => entity !== 'book');
  if (rows.length > 0) reasons.push(`not readable whole: ${unreadList(rows)}`);
  const complete = book.complete && rows.length === 0;
  const totals = totalsOf(accounts, exchange.home);
  const client = params.client_id === undefined ? undefined : clients[0]?.name;
  return {
    method: methodOf(book, posting, complete, reasons),
    clients,
    totals,
    flags: allFlags(
      clients,
      !book.complete,
      Object.keys(totals).length > 1 && accounts.every(({ used }) => used.size < 2),
    ),
    statement: state({ params, totals, client, complete, reasons }),
  };
}

/** The client asked for, or all that any row belongs to: by total, the largest first; ties by id. */
function chosenAccounts({ params, ledger, exchange }: Posting): Account[] {
  if (params.client_id !== undefined) {
    const account = ledger.account(params.client_id);
    if (account.figures.size === 0) account.in(exchange.home);
    return [account];
  }
  const all = [...ledger.accounts.values()];
  const codes = [...new Set(all.flatMap(({ figures }) => [...figures.keys()]))].sort(byCode(exchange.home));
  const total = (account: Account, code: string) => totalNet(account.figures.get(code) ?? noFigures());
  return all.sort((a, b) => {
    const decisive = codes.find((code) => !total(a, code).eq(total(b, code)));
    return decisive === undefined ? a.client - b.client : total(b, decisive).cmp(total(a, decisive));
  });
}

function totalsOf(accounts: readonly Account[], home: string): Record<string, CurrencyFigures> {
  const codes = [...new Set(accounts.flatMap(({ figures }) => [...figures.keys()]))].sort(byCode(home));
  return Object.fromEntries(
    codes.map((code) => {
      const total = noFigures();
      for (const account of accounts) addFigures(total, account.figures.get(code) ?? noFigures());
      return [code, showFigures(total, code)];
    }),
  );
}

function methodOf(book: Book, { facts, params }: Posting, complete: boolean, reason: string[]): Method {
  const { as_of, from, to, attribute_to, currency_policy, month_basis, include_unposted } = params;
  const rates = Object.entries(params.rates ?? {}).map(([code, rate]) => [code.toUpperCase(), String(rate)]);
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
    ...(complete ? {} : { reason }),
    ...(currency_policy === 'convert' ? { rates: Object.fromEntries(rates) } : {}),
    fetched: {
      recurring_invoices: facts.templates.length,
      invoices: facts.invoices.length,
      contracts: facts.contracts.size,
      pages: book.pages,
    },
  };
}

function allFlags(clients: readonly ClientBreakdown[], incomplete: boolean, mixed: boolean): Breakdown['flags'] {
  const ofBook = new FlagSet();
  if (incomplete) ofBook.raise('incomplete_data', 'book');
  if (mixed) ofBook.raise('mixed_currencies', 'book');
  const ofClients = clients.flatMap(({ client_id, flags }) =>
    flags.filter(({ entity }) => entity !== 'book').map((flag) => ({ ...flag, client_id })),
  );
  return [...ofBook.list(), ...ofClients].sort(bySeverity);
}
