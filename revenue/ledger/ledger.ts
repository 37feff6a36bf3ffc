/** The ledger of one question: everything posted, exact, by client and currency. Pure: no I/O, no clock. */
import type Big from 'big.js';
import type { Book } from '../rows/book.js';
import { homeFirst, NO_CURRENCY } from '../values/currency.js';
import { atOnce, type Steps } from '../values/steps.js';
import {
  type Account,
  Accounts,
  addFigures,
  type Figures,
  type GroupFigures,
  noFigures,
  totalNet,
} from './accounts.js';
import { postContracts } from './agreed.js';
import { Duplicates, flagNoPosted } from './anomalies.js';
import { postInvoice } from './billed.js';
import { LastBilled } from './drift.js';
import type { ElsewhereSum } from './elsewhere.js';
import { BOOK, CURRENCY, entityOf } from './entity.js';
import { exchangeOf, type Rates } from './exchange.js';
import { type Facts, factsIn } from './facts.js';
import { FlagSet, type Raised, sortFlags } from './flags.js';
import { gapsOf } from './gaps.js';
import { byGroup } from './groups.js';
import { checkParams, type Params } from './params.js';
import type { Posting } from './posting.js';
import { postTemplate } from './running.js';
import { creditedInFull } from './undone.js';

/** Everything posted for one client, closed. */
export interface ClientLedger {
  readonly client: number;
  readonly name: string;
  /** Undefined if it can't be read. */
  readonly inactive: boolean | undefined;
  /** By currency, home first. */
  readonly figures: ReadonlyMap<string, Figures>;
  /** By month, then currency; only if something was billed. */
  readonly months: Account['months'];
  /** The requested groups, in the order in which they are shown. */
  readonly groups: readonly GroupFigures[];
  /** By severity. */
  readonly flags: readonly Raised[];
  readonly evidence: Account['evidence'];
  /** What is billed to this client and counted at another, or the other way round. */
  readonly elsewhere: readonly ElsewhereSum[];
}

export interface Ledger {
  readonly params: Params;
  readonly facts: Facts;
  readonly book: Pick<Book, 'complete' | 'reason' | 'pages' | 'invoices_of'>;
  /** The home currency, or `XXX` if none is known. */
  readonly home: string;
  /** The rates that were used under `convert`. */
  readonly rates: Rates;
  /**
   * The client asked for, or all that any row belongs to: largest total first (home currency before others); ties by
   * id.
   */
  readonly clients: readonly ClientLedger[];
  /** By currency, home first. */
  readonly totals: ReadonlyMap<string, Figures>;
  /** All flags, by severity; `client` is undefined if a flag concerns the whole book. */
  readonly flags: readonly (Raised & { readonly client: number | undefined })[];
  readonly complete: boolean;
  /** Why it is not complete. */
  readonly reasons: readonly string[];
}

/**
 * Posts a book: the run rate at `as_of` and what was billed in the window, on two axes that are never added.
 * @throws RevenueInputError for an input that can't be answered: an invalid day, a window backwards or above 60 months,
 * an unknown choice, a currency without a rate under `convert`.
 */
export const post = (book: Book, params: Params): Ledger => atOnce(postIn(book, params));

/** The same in steps of one row each: a book of a hundred thousand takes seconds in all. */
export function* postIn(book: Book, params: Params): Steps<Ledger> {
  checkParams(params);
  const facts = yield* factsIn(book, params.as_of);
  const accounts = new Accounts((client) => facts.clients.get(client)?.name, params.evidence_cap);
  const posting = { facts, params, accounts, exchange: exchangeOf(facts.currencies, params) };
  yield* postAll(posting, book);
  yield;
  return yield* close(book, posting);
}

function* postAll(posting: Posting, book: Book): Steps<void> {
  const { facts, params } = posting;
  const lastBilled = new LastBilled(posting);
  const duplicates = new Duplicates(posting, yield* creditedInFull(facts));
  for (const invoice of facts.invoices) {
    postInvoice(invoice, posting);
    lastBilled.see(invoice);
    duplicates.see(invoice);
    yield;
  }
  flagNoPosted(posting, book.others_post);
  for (const template of facts.templates) {
    postTemplate(template, lastBilled, posting);
    yield;
  }
  if (params.include_contracts) yield* postContracts(posting);
}

function* close(book: Book, posting: Posting): Steps<Ledger> {
  const { facts, params, exchange } = posting;
  const accounts = chosenAccounts(posting);
  yield;
  for (const account of accounts) {
    if (!book.complete) account.flags.raise('incomplete_data', BOOK);
    if (account.figures.has(NO_CURRENCY)) account.flags.raise('incomplete_data', CURRENCY);
    if (account.used.size > 1) account.flags.raise('mixed_currencies', entityOf('client', account.client));
  }
  const clients: ClientLedger[] = [];
  for (const account of accounts) {
    clients.push(closeAccount(account, posting));
    yield;
  }
  const totals = totalsOf(accounts, exchange.home);
  const mixed = totals.size > 1 && accounts.every(({ used }) => used.size < 2);
  yield;
  const flags = allFlags(clients, !book.complete, mixed);
  yield;
  const unread = clients.flatMap(({ flags }) => flags).filter(isUnreadRow);
  const reasons = gapsOf(book, unread);
  return {
    ...{ params, facts, home: exchange.home, rates: exchange.rates, clients, totals, flags, reasons },
    book: { complete: book.complete, reason: book.reason, pages: book.pages, invoices_of: book.invoices_of },
    complete: reasons.length === 0,
  };
}

const isUnreadRow = ({ code, entity }: Raised) => code === 'incomplete_data' && entity.kind !== 'book';

/** The currencies of some accounts, home first. */
const codesOf = (accounts: readonly Account[], home: string): string[] =>
  [...new Set(accounts.flatMap(({ figures }) => [...figures.keys()]))].sort(homeFirst(home));

/** The client asked for, or all that any row belongs to: largest total first; ties by id. */
function chosenAccounts({ params, accounts, exchange }: Posting): Account[] {
  if (params.client_id !== undefined) {
    const account = accounts.of(params.client_id);
    if (account.figures.size === 0) account.in(exchange.home);
    return [account];
  }
  const all = [...accounts.all.values()];
  const codes = codesOf(all, exchange.home);
  const totals = (account: Account) => codes.map((code) => totalNet(account.figures.get(code) ?? noFigures()));
  return all
    .map((account) => ({ account, totals: totals(account) }))
    .sort((a, b) => {
      const decisive = a.totals.findIndex((total, at) => !total.eq(b.totals[at] ?? total));
      if (decisive === -1) return a.account.client - b.account.client;
      return (b.totals[decisive] as Big).cmp(a.totals[decisive] as Big);
    })
    .map(({ account }) => account);
}

function closeAccount(account: Account, { facts, accounts, exchange }: Posting): ClientLedger {
  const { client, months, groups, flags, evidence } = account;
  return {
    client,
    name: account.name ?? (client === 0 ? 'No client' : `Client ${client}`),
    inactive: facts.clients.has(client) ? facts.clients.get(client)?.inactive : false,
    figures: new Map(codesOf([account], exchange.home).map((code) => [code, account.in(code)])),
    months,
    groups: [...groups.values()].sort(byGroup(homeFirst(exchange.home))),
    flags: flags.list(),
    evidence,
    elsewhere: accounts.elsewhere.of(client),
  };
}

function totalsOf(accounts: readonly Account[], home: string): Map<string, Figures> {
  return new Map(
    codesOf(accounts, home).map((code) => {
      const total = noFigures();
      for (const account of accounts) addFigures(total, account.figures.get(code) ?? noFigures());
      return [code, total];
    }),
  );
}

function allFlags(clients: readonly ClientLedger[], incomplete: boolean, mixed: boolean): Ledger['flags'] {
  const ofBook = new FlagSet();
  if (incomplete) ofBook.raise('incomplete_data', BOOK);
  if (mixed) ofBook.raise('mixed_currencies', BOOK);
  const ofClients = clients.flatMap(({ client, flags }) =>
    flags.filter(({ entity }) => entity.kind !== 'book').map((flag) => ({ ...flag, client })),
  );
  return sortFlags([...ofBook.list().map((flag) => ({ ...flag, client: undefined })), ...ofClients]);
}
