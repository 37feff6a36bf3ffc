/** What posted documents say about prices: each recurring line with the days that it pays for (T1, T4, T6). */
import type Big from 'big.js';
import type { Facts } from '../ledger/facts.js';
import { standing } from '../rows/documents.js';
import type { Invoice, Line, RecurringInvoice } from '../rows/rows.js';
import { clientOfLine } from '../rules/attribution.js';
import type { Piece } from '../rules/credits.js';
import { codeOf } from '../rules/currency.js';
import type { Period } from '../values/periods.js';
import type { Steps } from '../values/steps.js';
import { isShort, monthlyOf, type Service, serviceOf } from './service.js';

/** One line of a document: an amount per month, for these days. */
export interface Price {
  readonly document: number;
  readonly date: string;
  /** The line's own id, 0 for a document without lines. */
  readonly line: number;
  /** What it is a price of: a template, an agreement billed directly, or the document alone. */
  readonly source: string;
  /** Negative, or 0 if no template billed it. */
  readonly template: number;
  /** The template's line, 0 if none is named. */
  readonly template_line: number;
  /** The contract billed without a template, else 0. */
  readonly contract: number;
  readonly owner: number;
  readonly owner_name: string | undefined;
  /** Undefined if /Currency does not know it. */
  readonly currency: string | undefined;
  readonly amount: Big;
  readonly quantity: Line['quantity'];
  /** A part of a period that the next whole line takes over (T4). */
  readonly pro_rata: boolean;
  /** Its days end before its billing period does. */
  readonly short: boolean;
  readonly named: boolean;
  readonly period: Period | undefined;
  readonly unreadable: boolean;
  readonly from: string;
  /**
   * These four may change: a credit ends or corrects a price, and a part of a period takes the price that follows it.
   */
  to: string;
  monthly: Big;
  /** The credit note that ended or corrected it. */
  credit: number;
  /** A credit ended it: it does not go on. */
  cut: boolean;
}

/** What a credit note takes off one line, or off a whole document. */
export interface Claim {
  readonly credit: number;
  readonly date: string;
  readonly document: number;
  /** The line that it names, 0 for the whole document. */
  readonly line: number;
  /** With the sign that counts: below zero for a credit of something positive. */
  readonly amount: Big;
  readonly currency: string | undefined;
  readonly unreadable: boolean;
}

export interface Billed {
  readonly prices: readonly Price[];
  readonly claims: readonly Claim[];
  /** Documents with a recurring line that has no period from anywhere. */
  readonly timeless: ReadonlyMap<number, string>;
  /** Credit notes for something recurring that do not name what they credit. */
  readonly loose: ReadonlyMap<number, string>;
}

/** Limits which documents count, by date. */
export interface Dated {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Reads the prices from the documents of a book that are dated within these limits, in steps. */
export function* readPrices(facts: Facts, { from = '', to = '9999' }: Dated = {}): Steps<Billed> {
  const templates = new Map(facts.templates.map((template) => [template.id, template]));
  const metered = new Set(
    facts.templates.flatMap(({ lines }) => lines.filter(({ meter }) => meter).map(({ id }) => id)),
  );
  const prices: Price[] = [];
  const claims: Claim[] = [];
  const timeless = new Map<number, string>();
  const loose = new Map<number, string>();
  for (const invoice of facts.invoices) {
    yield;
    const { date } = invoice;
    if (standing(invoice) !== 'document' || !invoice.posted || date === undefined || date < from || date > to) continue;
    const recurring = facts.classed(invoice).pieces.filter(isRunRate);
    if (recurring.length === 0) continue;
    const currency = codeOf(invoice.currency, facts.currencies);
    const credits = creditOf(invoice, facts.classed(invoice).net);
    if (credits === 'loose') loose.set(invoice.id, date);
    for (const piece of recurring) {
      if (credits === 'loose') continue;
      if (credits === 'linked' || creditsLine(piece)) {
        claims.push(claimOf(piece, invoice, date, currency));
      } else if (!metered.has(piece.line.template_line)) {
        const price = priceOf(piece, invoice, date, currency, templates, facts, recurring);
        if (price === undefined) timeless.set(invoice.id, date);
        else if (price !== 'part') prices.push(price);
      }
    }
  }
  return { prices, claims, timeless, loose };
}

/** Recurring, and not metered usage. */
const isRunRate = ({ class: of, line }: Piece) => of === 'recurring' && !line.meter;

const creditsLine = ({ line, amount }: Piece) => line.credited_line > 0 && amount.lt(0);

/**
 * T6: a credit names what it credits, in its header or on a line. A document of a real template that does not is not a
 * credit, whatever its sign; a negative one that names neither is a credit of something unknown.
 */
function creditOf(invoice: Invoice, net: Big): 'linked' | 'loose' | 'none' {
  if (invoice.credited_invoice > 0) return 'linked';
  if (invoice.lines.some(({ credited_line }) => credited_line > 0) && net.lt(0)) return 'linked';
  const made = invoice.template !== 0 || invoice.lines.some(({ template }) => template !== 0);
  return net.lt(0) && !made ? 'loose' : 'none';
}

function claimOf({ line, amount }: Piece, invoice: Invoice, date: string, currency: string | undefined): Claim {
  return {
    credit: invoice.id,
    date,
    document: invoice.credited_invoice,
    line: line.credited_line,
    amount,
    currency,
    unreadable: line.unreadable,
  };
}

/** `part` for a pro-rata line that has no days of its own: the days of its bill belong to the whole lines. */
function priceOf(
  piece: Piece,
  invoice: Invoice,
  date: string,
  currency: string | undefined,
  templates: ReadonlyMap<number, RecurringInvoice>,
  facts: Facts,
  all: readonly Piece[],
): Price | 'part' | undefined {
  const { line, amount, template: id, contract } = piece;
  const template = templates.get(id);
  const usual = id === 0 ? facts.contracts.get(contract)?.period : template?.period;
  const pro_rata = line.pro_rata > 0;
  const { start, end, template_line } = line;
  // A pro-rata line's billing period says nothing about it.
  const service = pro_rata
    ? serviceOf({ start, end, template_line, period: undefined }, invoice, template, undefined)
    : serviceOf(line, invoice, template, usual);
  if (pro_rata && !hasDays(piece, service, all)) return 'part';
  if (service === undefined) return undefined;
  const owner = clientOfLine(line, invoice, 'service_client');
  const short = !pro_rata && service.named && isShort(service);
  return {
    document: invoice.id,
    date,
    line: line.id,
    source: sourceOf(piece, invoice),
    template: id,
    template_line: line.template_line || line.pro_rata,
    contract: contractOf(piece),
    owner,
    owner_name: facts.clients.get(owner)?.name ?? (owner === invoice.client ? invoice.client_name : undefined),
    currency,
    amount,
    quantity: line.quantity,
    pro_rata,
    short,
    named: service.named,
    period: service.period,
    unreadable: line.unreadable,
    from: service.from,
    to: service.to,
    monthly: monthlyOf(amount, service, pro_rata || short),
    credit: 0,
    cut: false,
  };
}

/**
 * T4: a pro-rata line is a price if it has a period: its own, or that of a bill without whole lines of its template.
 */
function hasDays({ line, template }: Piece, service: Service | undefined, all: readonly Piece[]): boolean {
  if (service === undefined || !service.named) return false;
  if (line.start !== undefined && line.end !== undefined) return true;
  return !all.some((other) => other.template === template && other.line.pro_rata === 0);
}

/** An agreement is billed directly if its line says so (C10). */
const contractOf = ({ template, contract, rule }: Piece): number => (template === 0 && rule === 'C10' ? contract : 0);

function sourceOf(piece: Piece, { id }: Invoice): string {
  if (piece.template !== 0) return `recurring_invoice:${piece.template}`;
  const contract = contractOf(piece);
  return contract > 0 ? `contract:${contract}` : `invoice:${id}`;
}
