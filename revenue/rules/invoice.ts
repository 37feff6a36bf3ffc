/** What one invoice is by the rules of the breakdown: its lines' classes, its kind and its net. */
import type Big from 'big.js';
import { netOf } from '../rows/amounts.js';
import { isClassUnread, isCredit, isUnread, plainNet, sortLines, standing } from '../rows/documents.js';
import type { Contract, Invoice, Line } from '../rows/rows.js';
import { type Currency, decimalsOf } from '../values/currency.js';
import { money } from '../values/money.js';
import { classDocument, type Piece, sourcesOf } from './credits.js';
import { codeOf } from './currency.js';
import type { Kind, LineClass, RuleId } from './lineclass.js';

/** What else is known: contracts decide C10, credited invoices C1. */
export interface Known {
  contracts?: readonly Contract[];
  /** The invoices that a credit note may name. */
  invoices?: readonly Invoice[];
}

export interface LineVerdict {
  line_id: number;
  class: LineClass;
  rule: RuleId;
  /** What a non-recurring line was for. */
  kind?: Kind;
  /** Exact net, with the sign that counts; null if it can't be read. */
  net: Big | null;
}

export type InvoiceKind = 'one_off' | 'recurring' | 'mixed' | 'credit';

/**
 * The class and rule of each line that counts. A credit line apportioned over the credited invoice (C1) appears once
 * per class.
 */
export function lineVerdicts(invoice: Invoice, known: Known = {}): LineVerdict[] {
  const merged = new Map<Line, Map<string, LineVerdict & { exact: Piece['amount'] }>>();
  for (const piece of classed(invoice, known).pieces) {
    const key = `${piece.class} ${piece.kind}`;
    const ofLine = merged.get(piece.line) ?? new Map();
    merged.set(piece.line, ofLine);
    const before = ofLine.get(key);
    const exact = before === undefined ? piece.amount : before.exact.plus(piece.amount);
    const kind = piece.kind === undefined ? {} : { kind: piece.kind };
    const net = piece.line.unreadable || before?.net === null ? null : exact.round(8);
    ofLine.set(key, { line_id: piece.line.id, class: piece.class, rule: piece.rule, ...kind, net, exact });
  }
  return [...merged.values()].flatMap((verdicts) => [...verdicts.values()]).map(({ exact: _, ...verdict }) => verdict);
}

/** What one invoice is and comes to. */
export interface InvoiceVerdict {
  /**
   * Judged by the lines that have money (or may have, if it can't be read), if any do: all recurring, none, or both; a
   * credit note is a kind of its own. Undefined if what decides it can't be read.
   */
  readonly kind: InvoiceKind | undefined;
  /** Whether it is a credit note; undefined if what says so can't be read. */
  readonly credit: boolean | undefined;
  /** Net of tax as a decimal string; null if it or its sign can't be read. It is the same whatever else is known. */
  readonly net: string | null;
  /** The code of its currency; undefined if /Currency does not know it. */
  readonly currency: string | undefined;
}

/** Judges an invoice, a row of any standing. */
export function judgeInvoice(
  invoice: Invoice,
  currencies: readonly Currency[] = [],
  known: Known = {},
): InvoiceVerdict {
  const document = classed(invoice, known);
  const credit = creditOf(invoice, document.credit);
  const currency = codeOf(invoice.currency, currencies);
  return { kind: kindOf(invoice, credit, document.pieces), credit, net: netOfAlone(invoice, currency), currency };
}

/**
 * Whether it is a credit note: linked to an invoice, or below zero. If what says so can't be read, nobody knows the sign
 * of an amount that Halo states above zero, as some store credits so.
 */
function creditOf(invoice: Invoice, counted: boolean): boolean | undefined {
  if (counted || (isUnread(invoice) && invoice.header.certain && invoice.header.net.lt(0))) return true;
  const open = invoice.unread.includes(CREDITS) || (isUnread(invoice) && !invoice.header.certain);
  return open ? undefined : false;
}

/** Names the invoice that a document credits, which makes it a credit note. */
const CREDITS = 'creditlinkedtoinvoiceid';

function kindOf(invoice: Invoice, credit: boolean | undefined, pieces: readonly Piece[]): InvoiceKind | undefined {
  if (credit) return 'credit';
  if (credit === undefined || isClassUnread(invoice)) return undefined;
  const worth = pieces.filter(({ amount, line }) => line.unreadable || !amount.eq(0));
  const classes = new Set((worth.length > 0 ? worth : pieces).map((piece) => piece.class));
  if (classes.size === 2) return 'mixed';
  return classes.has('recurring') ? 'recurring' : 'one_off';
}

/** By the invoice alone: a template, void, supplier bill or recognition (R2-R4, R8) is worth what it says. */
function netOfAlone(invoice: Invoice, code: string | undefined): string | null {
  const { credit, net: signed } = countedAlone(invoice);
  const net = standing(invoice) === 'document' ? signed : plainNet(invoice);
  const unread = isUnread(invoice) || (net.gt(0) && creditOf(invoice, credit) === undefined);
  return unread ? null : money(net, decimalsOf(code ?? ''));
}

/** Without the credit notes that its lines may apply (R9): these lines count. */
function countedAlone(invoice: Invoice) {
  const { counted } = sortLines(invoice, () => false);
  const credit = isCredit(invoice, counted);
  const net = netOf(counted);
  return { credit, net: credit && net.gt(0) ? net.neg() : net };
}

function classed(invoice: Invoice, known: Known) {
  const contracts = new Map((known.contracts ?? []).map((contract) => [contract.id, contract]));
  const others = (known.invoices ?? []).filter(({ id }) => id !== invoice.id);
  return classDocument(
    invoice,
    sourcesOf([invoice, ...others], (id) => contracts.get(id)?.period),
  );
}
