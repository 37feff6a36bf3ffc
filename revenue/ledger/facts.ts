/** A book prepared for the rules: each row once, in id order, with what has to be looked up. */
import type { Book } from '../rows/book.js';
import { type ContractState, contractStates } from '../rows/contracts.js';
import { newest, newestIn } from '../rows/documents.js';
import type { Client, Contract, Invoice, RecurringInvoice } from '../rows/rows.js';
import { type Billing, billingIn, unreadAmong } from '../rules/billing.js';
import { type ClassedDocument, classDocument, type Sources, sourcesIn } from '../rules/credits.js';
import type { Currency } from '../values/currency.js';
import { atOnce, type Steps } from '../values/steps.js';

export interface Facts {
  readonly templates: readonly RecurringInvoice[];
  /** All rows of the invoice list, each once. */
  readonly invoices: readonly Invoice[];
  readonly contracts: ReadonlyMap<number, Contract>;
  readonly contract_states: ReadonlyMap<number, ContractState>;
  /** What bills each contract, whoever the template belongs to. */
  readonly billing: Billing;
  /** Active templates that can't be fully read, so that they may bill what they don't seem to. */
  readonly unread_templates: readonly RecurringInvoice[];
  /** Contracts continued by a successor that their templates bill. */
  readonly taken_over: ReadonlySet<number>;
  readonly clients: ReadonlyMap<number, Client>;
  readonly currencies: readonly Currency[];
  /** Names of projects, by id. */
  readonly projects: ReadonlyMap<number, string>;
  /** The classes of a document's lines. Only the last result is kept, so that ten thousand documents don't pile up. */
  classed(invoice: Invoice): ClassedDocument;
}

/** Reads a book as of a day. Row order makes no difference, and neither do rows that came twice. */
export const factsOf = (book: Book, asOf: string): Facts => atOnce(factsIn(book, asOf));

/** The same in steps. */
export function* factsIn(book: Book, asOf: string): Steps<Facts> {
  const invoices = yield* newestIn(book.invoices);
  yield;
  const contracts = newest(book.contracts);
  const byId = new Map(contracts.map((contract) => [contract.id, contract]));
  yield;
  const sources = yield* sourcesInBook(invoices, book.linked_invoices ?? [], byId);
  const templates = yield* newestIn(book.recurring_invoices);
  const states = contractStates(contracts, asOf);
  yield;
  const billing = yield* billingIn(templates, contracts, states, asOf);
  let last: { invoice: Invoice; classed: ClassedDocument } | undefined;
  return {
    templates,
    invoices,
    contracts: byId,
    contract_states: states,
    billing,
    unread_templates: unreadAmong(templates, asOf),
    taken_over: new Set([...billing.values()].flat().flatMap(({ through }) => through ?? [])),
    clients: new Map(newest(book.clients).map((client) => [client.id, client])),
    currencies: newest(book.currencies),
    projects: book.projects ?? new Map(),
    classed(invoice) {
      if (last?.invoice !== invoice) last = { invoice, classed: classDocument(invoice, sources) };
      return last.classed;
    },
  };
}

/** What a credit note can point at: listed documents, and those fetched because one names them. */
function* sourcesInBook(
  invoices: readonly Invoice[],
  linked: readonly Invoice[],
  contracts: ReadonlyMap<number, Contract>,
): Steps<Sources> {
  const others = new Map(newest(linked).map((invoice) => [invoice.id, invoice]));
  if (others.size > 0) for (const { id } of invoices) others.delete(id);
  const all = others.size > 0 ? [...invoices, ...others.values()] : invoices;
  return yield* sourcesIn(all, (id) => contracts.get(id)?.period);
}
