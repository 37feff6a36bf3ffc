/** Which rows of the invoice list are documents, and which of their lines exist (R1-R5, R7-R9). */
import type Big from 'big.js';
import { ZERO } from '../values/money.js';
import { atOnce, each, type Steps } from '../values/steps.js';
import { netOf } from './amounts.js';
import type { HeaderNet, Invoice, Line, RecurringInvoice } from './rows.js';
import { ALL_READ, LINES, leavesClass } from './unread.js';

/** What a row of the invoice list is. Only a `document` is revenue. */
export type Standing = 'document' | 'template' | 'void' | 'supplier' | 'recognition';

const STANDINGS: readonly { readonly standing: Standing; readonly when: (invoice: Invoice) => boolean }[] = [
  { standing: 'template', when: ({ is_template }) => is_template }, // R2: templates share the table, with ids below 0
  { standing: 'void', when: ({ voided }) => voided }, // R3
  { standing: 'supplier', when: ({ is_bill }) => is_bill }, // R4: cost
  { standing: 'recognition', when: ({ is_recognition }) => is_recognition }, // R8: the original was counted when invoiced
];

/** R2-R4 and R8, first match wins. Posted or not (R5) is a separate question. */
export function standing(invoice: Invoice): Standing {
  return STANDINGS.find(({ when }) => when(invoice))?.standing ?? 'document';
}

interface Versioned {
  readonly id: number;
  readonly modified: string;
}

/** R1: one row per id, the last modified. Of equal stamps the fuller row wins, in whatever order they came. */
export const newest = <R extends Versioned>(rows: readonly R[]): R[] => atOnce(newestIn(rows));

/** The same in steps. No map by id: that of a hundred thousand rows takes as much memory as some thousand rows. */
export function* newestIn<R extends Versioned>(rows: readonly R[]): Steps<R[]> {
  const sorted = [...rows].sort((a, b) => a.id - b.id);
  yield;
  let kept = 0;
  yield* each(sorted, (row) => {
    const other = sorted[kept - 1];
    if (kept > 0 && other?.id === row.id) {
      if (isNewer(row, other)) sorted[kept - 1] = row;
    } else {
      sorted[kept] = row;
      kept += 1;
    }
  });
  sorted.length = kept;
  return sorted;
}

function isNewer<R extends { modified: string }>(row: R, other: R): boolean {
  if (row.modified !== other.modified) return row.modified > other.modified;
  const [text, otherText] = [JSON.stringify(row), JSON.stringify(other)];
  return text.length === otherText.length ? text > otherText : text.length > otherText.length;
}

/** The rows that others of them credit, by id; looked up among `linked` too. */
export function creditedAmong(rows: readonly Invoice[], linked: readonly Invoice[] = []): Map<number, Invoice> {
  const named = new Set<number>();
  for (const { credited_invoice } of rows) if (credited_invoice > 0) named.add(credited_invoice);
  const byId = new Map<number, Invoice>();
  for (const some of [linked, rows]) for (const row of some) if (named.has(row.id)) byId.set(row.id, row);
  return byId;
}

/** R7: headings and inactive lines do not exist. */
export function livingLines(row: Pick<Lined, 'lines'>): Line[] {
  return row.lines.filter(({ heading, inactive }) => !heading && !inactive);
}

interface Lined {
  readonly lines: readonly Line[];
  readonly header: HeaderNet;
}

/** A2: there are no lines, or only headings under a header that states a net. */
export function isHeaderOnly({ lines, header }: Lined): boolean {
  return lines.length === 0 || (header.certain && lines.every(({ heading }) => heading));
}

/** Whether a row's net is unknown: its header has to state it and can't, or an existing line can't be read. */
export function isUnread(row: Lined & { readonly unread: readonly string[] }): boolean {
  // Headings say nothing about money, like no lines at all.
  if (row.lines.every(({ heading }) => heading)) return !row.header.certain;
  return row.unread.includes(LINES) || livingLines(row).some(({ unreadable }) => unreadable);
}

/** The fields of a line that can't be read, as a reader sees them: `net_amount of line 12`. */
export const unreadOfLine = ({ id, unread }: Line): string[] => unread.map((field) => `${field} of line ${id}`);

/** The same of all lines of a row. */
export const unreadOfLines = ({ lines }: Pick<Lined, 'lines'>): string[] => lines.flatMap(unreadOfLine);

/**
 * The fields of a document that leave open what it counts as; empty if nothing is open.
 * @param code of its currency
 */
export function openIn(invoice: Invoice, code: string | undefined): string[] {
  const fields = [
    ...invoice.unread,
    ...unreadOfLines(invoice),
    ...(invoice.date === undefined ? ['invoice_date'] : []),
    ...(code === undefined ? ['currency_code'] : []),
  ];
  return fields.length === 0 && isUnread(invoice) ? ['net_amount'] : [...new Set(fields)];
}

/**
 * The same of a template: the fields that leave open what it bills.
 * @param code of its currency
 */
export const openInTemplate = (template: RecurringInvoice, code: string | undefined): string[] => [
  ...new Set([...template.unread, ...unreadOfLines(template), ...(code === undefined ? ['currency_code'] : [])]),
];

/** True if a field that decides what a document counts as, or whether it counts at all, can't be read. */
export const isClassUnread = ({ unread, lines }: Pick<Invoice, 'unread' | 'lines'>): boolean =>
  leavesClass(unread) || lines.some((line) => leavesClass(line.unread));

/** The lines of a document sorted into those that count and those that R8 and R9 leave out. */
export interface SortedLines {
  readonly counted: Line[];
  readonly recognised: Line[];
  /** R9: lines that apply a credit note that is in the data. */
  readonly settled: Line[];
  /** R9: lines that apply a credit note that is not in the data; they are counted. */
  readonly unsettled: Line[];
}

/**
 * Sorts the lines of a document.
 * @param hasCreditNote whether the credit note of that id is in the data
 */
export function sortLines(invoice: Invoice, hasCreditNote: (id: number) => boolean): SortedLines {
  const sorted: SortedLines = { counted: [], recognised: [], settled: [], unsettled: [] };
  for (const line of isHeaderOnly(invoice) ? [headerLine(invoice)] : livingLines(invoice)) {
    const applies = line.applies_credit > 0 && line.applies_credit !== invoice.id;
    if (line.recognised) sorted.recognised.push(line);
    else if (applies && hasCreditNote(line.applies_credit)) sorted.settled.push(line);
    else {
      sorted.counted.push(line);
      if (applies) sorted.unsettled.push(line);
    }
  }
  return sorted;
}

/** The net of a row as it stands, ignoring classes. */
export function plainNet(row: Lined): Big {
  return isHeaderOnly(row) ? row.header.net : netOf(livingLines(row));
}

/** A credit note is linked to an invoice, or its net is below zero. */
export function isCredit(invoice: Invoice, counted: readonly Line[]): boolean {
  return invoice.credited_invoice > 0 || netOf(counted).lt(0);
}

/** The same for a row as it stands. */
export const isCreditNote = (invoice: Invoice): boolean => invoice.credited_invoice > 0 || plainNet(invoice).lt(0);

/**
 * The one line that a header-only document stands for. A real header link decides by itself (C9); without one, the
 * header's ticket and sales order count as a line's would.
 */
function headerLine(invoice: Invoice): Line {
  const own = invoice.template === 0;
  return {
    ...BLANK,
    net: invoice.header.net,
    unreadable: !invoice.header.certain,
    ticket: own ? invoice.ticket : 0,
    sales_line: own ? invoice.sales_order : 0,
  };
}

const BLANK: Line = {
  id: 0,
  net: ZERO,
  differs: undefined,
  unreadable: false,
  unread: ALL_READ,
  heading: false,
  inactive: false,
  one_time: false,
  template: 0,
  template_sent: false,
  template_line: 0,
  pro_rata: 0,
  ticket: 0,
  sales_line: 0,
  milestone: 0,
  deposit: false,
  prepay: 0,
  recurring_item: false,
  contract: 0,
  contract_sent: false,
  period: undefined,
  applies_credit: 0,
  credited_line: 0,
  recognised: false,
  original_client: 0,
  meter: false,
  auto_quantity: false,
  quantity: undefined,
  start: undefined,
  end: undefined,
  autorenew: false,
  item_group: null,
  item_group_name: undefined,
};
