/** What only shows when documents are compared: a period billed twice, a tenant that never posts. */

import { netOf } from '../rows/amounts.js';
import { isUnread, standing } from '../rows/documents.js';
import type { Invoice } from '../rows/rows.js';
import { clientOfDocument, clientOfLine } from '../rules/attribution.js';
import { collect } from '../values/collect.js';
import { remembering } from '../values/remember.js';
import { entityOf } from './entity.js';
import type { Facts } from './facts.js';
import { flagAmount, type Posting } from './posting.js';

/**
 * Finds two posted documents of one client and template for the same service period, or for the same date and net. The
 * first one it sees is not flagged. T5: documents that were credited in full don't count.
 */
export class Duplicates {
  /** By client and template: what was billed, as `when` has it. */
  readonly #billed = new Map<string, Set<string>>();

  /** @param undone ids of documents that were credited in full */
  constructor(
    private readonly posting: Posting,
    private readonly undone: ReadonlySet<number>,
  ) {}

  /** Takes one row of the invoice list. */
  see(invoice: Invoice): void {
    const { facts, params } = this.posting;
    const { date } = invoice;
    if (!invoice.posted || date === undefined || date < params.from || date > params.to) return;
    if (this.undone.has(invoice.id)) return;
    if (standing(invoice) !== 'document' || templateOf(invoice) === 0 || facts.classed(invoice).credit) return;
    const key = `${invoice.client} ${templateOf(invoice)}`;
    const billed = this.#billed.get(key) ?? new Set();
    this.#billed.set(key, billed);
    const what = whenBilled(invoice, this.posting);
    if (billed.has(what)) flagDuplicate(invoice, this.posting);
    billed.add(what);
  }
}

/** The service period; if the document has none, its day and its net. */
function whenBilled(invoice: Invoice, { facts }: Posting): string {
  const { period_start: from, period_end: to } = invoice;
  if (from !== undefined && to !== undefined) return periodText(from, to);
  return `${invoice.date} ${facts.classed(invoice).net.toFixed()}`;
}

/** Many documents share a few periods, and so the text. */
const periodText = remembering((from: string, to: string) => `${from} to ${to}`);

/** The template of a document: the header's, else the one that all its linked lines name. */
function templateOf(invoice: Invoice): number {
  if (invoice.template !== 0) return invoice.template;
  const named = new Set(invoice.lines.map(({ template }) => template).filter((id) => id !== 0));
  return named.size === 1 ? ([...named][0] ?? 0) : 0;
}

function flagDuplicate(invoice: Invoice, { facts, params, exchange, accounts }: Posting): void {
  const code = exchange.code(invoice.currency);
  const { lines } = facts.classed(invoice);
  for (const [client, some] of collect(lines.counted, (line) => clientOfLine(line, invoice, params.attribute_to))) {
    const amount = code === undefined || isUnread(invoice) ? undefined : flagAmount(netOf(some), exchange.plain(code));
    accounts.of(client).flags.raise('duplicate_invoice_suspected', entityOf('invoice', invoice.id), amount);
  }
}

const isDocument = (invoice: Invoice): boolean => standing(invoice) === 'document';

/** Whether there are documents, and none of them is posted; of a book in which some are, it looks at few. */
function nonePosted<Row extends { readonly posted: boolean }>(
  rows: readonly Row[],
  counts: (row: Row) => boolean,
): boolean {
  return !rows.some((row) => row.posted && counts(row)) && rows.some(counts);
}

/** The sentence of every answer that counts only posted documents, if none is: its zeros are no facts. '' otherwise. */
export const saidOfPosting = <Row extends { readonly posted: boolean }>(
  rows: readonly Row[],
  counts: (row: Row) => boolean,
): string => (nonePosted(rows, counts) ? 'None of the invoices looked at is posted, and only posted ones count.' : '');

/** The same of a book. */
export const saidOfPostingIn = ({ invoices }: Pick<Facts, 'invoices'>): string => saidOfPosting(invoices, isDocument);

/** R5: if no document is posted at all, the tenant does not post, and everything it billed is in `unposted_net`. */
export function flagNoPosted({ facts, params, accounts }: Posting, othersPost = false): void {
  if (othersPost || !nonePosted(facts.invoices, isDocument)) return;
  const documents = facts.invoices.filter(isDocument);
  for (const client of new Set(documents.map((invoice) => clientOfDocument(invoice, params.attribute_to)))) {
    accounts.of(client).flags.raise('no_posted_invoices', entityOf('client', client));
  }
}
