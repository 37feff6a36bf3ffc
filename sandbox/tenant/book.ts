import type { Clock } from './clock.js';
import { DAY } from './clock.js';
import type { Contract } from './contracts.js';
import { credits } from './credits.js';
import type { Doc, Recurring } from './doc.js';
import { generatedDocs } from './generated.js';
import { line, sum } from './money.js';
import { manualDocs } from './one-off.js';
import { extraDocs, extraTemplates } from './scale.js';
import { scheduleOf } from './schedule.js';
import type { Template } from './template-table.js';
import type { Ticket } from './tickets.js';
import { posts, type TenantName, templatesOf } from './variants.js';

export type { Doc, Recurring, RecurringLine } from './doc.js';

export interface Book {
  /** Order of /RecurringInvoice. */
  recurring: readonly Recurring[];
  /** Newest id first. */
  docs: readonly Doc[];
}

const FIRST_DOC = 1001;
const FIRST_LINE = 9001;
const FIRST_TEMPLATE_LINE = 8001;

export interface Sizes {
  invoices: number;
  recurring: number;
}

interface Sources {
  clock: Clock;
  contracts: readonly Contract[];
  tickets: readonly Ticket[];
  sizes: Sizes;
  name: TenantName;
}

/** Puts templates, generated and hand-made documents into one book, with ids in order of date. */
export function makeBook({ clock, contracts, tickets, sizes, name }: Sources): Book {
  const base = booked(clock, templatesOf(name), contracts, FIRST_TEMPLATE_LINE);
  const generated = base.map((one) => generatedDocs(clock, one, tickets));
  const manual = manualDocs(clock, tickets);
  const docs = [...generated.flat(), ...manual].toSorted((a, b) => a.date - b.date);
  const all = number([...docs, ...credits(clock, docs)], FIRST_DOC, FIRST_LINE);
  const extra = booked(clock, extraTemplates(sizes.recurring - base.length, contracts), contracts, 500_001);
  const more = number(extraDocs(clock, sizes.invoices - all.length, extra), 100_001, 1_000_001);
  const recurring = [...base.map((one, i) => made(one, generated[i] ?? [])), ...extra];
  if (!posts(name)) for (const doc of [...all, ...more]) doc.posted = false;
  return { recurring, docs: [...all, ...more].toReversed() };
}

function booked(clock: Clock, table: readonly Template[], contracts: readonly Contract[], firstLine: number) {
  let id = firstLine;
  const known = new Set(contracts.map((contract) => contract.id));
  return table.map((template): Recurring => {
    const contract = known.has(template.contract) ? template.contract : 0;
    const lines = template.lines.map(([item, qty, price, more = {}]) =>
      line({
        ...{ id: id++, item, qty, price, contract, template: 0, more },
        period: more.onetimecharge === true ? 0 : template.period,
        ...(more.isgroupdesc === true ? { text: 'Services' } : {}),
      }),
    );
    const schedule = scheduleOf(template, clock);
    return { template, currency: template.currency ?? 1, schedule, lines, docs: [] };
  });
}

/** Links a template with its documents, newest first, and one-time lines with the first of them. */
function made(one: Recurring, docs: readonly Doc[]): Recurring {
  const first = docs[0];
  const lines = one.lines.map((each) =>
    each.more.onetimecharge === true && each.more.isinactive === true && first !== undefined
      ? { ...each, chargedIn: first }
      : each,
  );
  return { ...one, lines, docs: docs.toReversed() };
}

function number(docs: Doc[], firstDoc: number, firstLine: number): Doc[] {
  let lineId = firstLine;
  docs.sort((a, b) => a.date - b.date);
  for (const [i, doc] of docs.entries()) {
    doc.id = firstDoc + i;
    for (const each of doc.lines) each.id = lineId++;
  }
  return docs;
}

export interface Balance {
  net: number;
  tax: number;
  total: number;
  paid: number;
  due: number;
  /** Set once it is paid in full. */
  paidOn?: number;
  /** The day a payment came, or would. */
  lastPayment: number;
}

/** A document's sums and open balance. Old ones are paid; a few only in part, or never. */
export function balanceOf(doc: Doc, clock: Clock): Balance {
  const net = sum(doc.lines, 'net');
  const tax = sum(doc.lines, 'tax');
  const total = net + tax;
  const lastPayment = doc.date + (18 + ((doc.id * 7) % 21)) * DAY;
  const pays = doc.kind === 'INV' && doc.posted && !doc.voided && total > 0 && lastPayment <= clock.today;
  const share = doc.id % 23 === 0 ? 0 : doc.id % 29 === 0 ? 0.5 : 1;
  const paid = pays ? Math.round(total * share) : 0;
  const full = paid > 0 && paid === total ? { paidOn: lastPayment } : {};
  return { net, tax, total, paid, due: total - paid, lastPayment, ...full };
}
