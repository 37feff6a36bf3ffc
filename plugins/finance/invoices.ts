import { type Column, type Columns, column, filter, getTool, listTool, type Row, textOf, z } from '../../core/index.js';
import {
  brokenLines,
  INVOICE_QUERY,
  invoiceDays,
  itemOf,
  lacksLines,
  linesOf,
  unitPrice,
} from '../../revenue/halo/index.js';
import {
  decimal,
  decimalsOf,
  isSent,
  keepInvoice,
  LINES,
  leavesClass,
  lineVerdicts,
  money,
  RULES,
  standing,
} from '../../revenue/index.js';
import { completed, type InvoiceRow, judged } from './invoice-row.js';
import { JUDGED } from './judged.js';
import { creditLeft, owedOf } from './owed.js';
import { payersOf } from './payers.js';
import { balanceOf, isVoid, PAYMENTS, type Payment } from './payment.js';

const isCredit = (row: InvoiceRow) => row[JUDGED]?.credit === true;
/** It may be a credit note: then the sign of an amount above zero is unknown, and so is what is paid. */
const mayBeCredit = (row: InvoiceRow) => row[JUDGED] !== undefined && row[JUDGED].credit === undefined;
const isKindless = (row: InvoiceRow) => row[JUDGED] !== undefined && row[JUDGED].kind === undefined;

const isUnread = (field: string) => (row: InvoiceRow) => row[JUDGED]?.invoice.unread.includes(field) === true;
const isPostedUnread = isUnread('posted');

/** Not posted: nobody owes it yet. */
const isDraft = (row: InvoiceRow) => !isPostedUnread(row) && row[JUDGED]?.invoice.posted === false;

/** An amount of the header, minus on a credit note however this tenant stores it; undefined if its sign is unknown. */
const signed = (row: InvoiceRow, value: Amount): string | undefined => {
  if (value === undefined || isSignUnknown(row, value)) return undefined;
  const turned = isCredit(row) && value.gt(0);
  return money(turned ? value.neg() : value, decimalsOf(row[JUDGED]?.currency ?? ''));
};

const isSignUnknown = (row: InvoiceRow, value: Amount) => mayBeCredit(row) && value?.gt(0) === true;

type Amount = ReturnType<typeof decimal>;

/** A column for an amount of the header; an unreadable one is left out. */
const amount = (field: string, read = (row: InvoiceRow): Amount => decimal(row[field])): Column<InvoiceRow> =>
  column.value(
    z.string(),
    (row) => signed(row, read(row)),
    (row) => isSent(row[field]) && (decimal(row[field]) === undefined || isSignUnknown(row, read(row))),
  );

/** What is open; nothing for a void. For a credit note, what is left of it; if it may be one, what Halo says. */
function openOf(row: InvoiceRow): Amount {
  if (isVoid(row)) return undefined;
  if (isCredit(row)) return creditLeft(row) ?? decimal(row.amountdue);
  return mayBeCredit(row) ? decimal(row.amountdue) : balanceOf(row).open;
}

/** Credit notes and voids are not paid; what may be a credit note is not reported as paid. */
function payment(row: InvoiceRow): Payment | undefined {
  if (isCredit(row) || isVoid(row)) return undefined;
  return mayBeCredit(row) ? 'unknown' : balanceOf(row).payment;
}

const columns: Columns<InvoiceRow> = {
  id: column.id(),
  number: column.text(['invoicenumber', 'thirdpartyinvoicenumber'], 40),
  client: column.foreign('client_name', 60),
  date: column.day(['invoice_date', 'dateposted']),
  kind: column.value(z.enum(['one_off', 'recurring', 'mixed', 'credit']), (row) => row[JUDGED]?.kind, isKindless),
  net: column.value(
    z.string(),
    (row) => row[JUDGED]?.net ?? undefined,
    (row) => row[JUDGED]?.net === null,
  ),
  gross: amount('total'),
  amount_due: amount('amountdue', openOf),
  currency: column.value(
    z.string(),
    (row) => row[JUDGED]?.currency,
    // It can't be read, or /Currency does not know it: the amounts are shown with 2 decimals, as most currencies have.
    (row) => row[JUDGED] !== undefined && row[JUDGED].currency === undefined,
  ),
  payment: column.value(z.enum(PAYMENTS), payment),
};

const more: Columns<InvoiceRow> = {
  client_id: column.ref('client_id'),
  due: column.day('duedate'),
  tax: amount('tax_total'),
  posted: column.value(
    z.boolean(),
    (row) => (isPostedUnread(row) ? undefined : row[JUDGED]?.invoice.posted),
    isPostedUnread,
  ),
  reference: column.foreign('reference', 60),
  contract: column.foreign('contract_ref', 60),
};

/** A mixed invoice matches both classes. Whether it is a credit note may be known where its class is not. */
const isKind = (row: InvoiceRow, wanted: string): boolean | undefined => {
  if (wanted === 'credit') return row[JUDGED]?.credit;
  const kind = row[JUDGED]?.kind;
  return kind === undefined ? undefined : kind === wanted || kind === 'mixed';
};

const filters = {
  client: filter.client(),
  search: filter.search(),
  days: filter.days({ field: ['invoice_date', 'dateposted'], query: invoiceDays }),
  kind: filter.choice('kind', ['one_off', 'recurring', 'credit', 'all'], 'one_off', isKind),
  posted: filter.choice(
    'posted',
    ['posted', 'draft', 'all'],
    'all',
    (row: InvoiceRow, wanted) =>
      isPostedUnread(row) ? undefined : (row[JUDGED]?.invoice.posted ?? true) === (wanted === 'posted'),
    (wanted) => ({ postedonly: wanted === 'posted' || undefined, notpostedonly: wanted === 'draft' || undefined }),
  ),
  payment: filter.choice('payment', ['paid', 'unpaid', 'all'], 'all', (row: InvoiceRow, wanted) => {
    // A credit not yet used up is the client's money, and reduces what is owed.
    if (isCredit(row)) return wanted === 'unpaid' && creditLeft(row)?.lt(0) === true;
    const state = payment(row);
    // What is unknown may be owed; only what is stated as paid is paid.
    if (state === 'unknown') return wanted === 'paid' ? false : undefined;
    return state !== undefined && (state === 'paid') === (wanted === 'paid');
  }),
};

/** Voided rows, supplier bills and templates are not invoices to a client. A row that can't be judged is kept. */
const isNoInvoice = (row: Row): boolean => {
  const invoice = keepInvoice(row);
  return invoice !== undefined && ['template', 'void', 'supplier'].includes(standing(invoice));
};

/** Invoices by the kind of their lines. Halo has no such filter: rows are chosen here. */
export const listInvoices = listTool({
  name: 'list_invoices',
  title: 'Invoices and bills',
  description:
    'Which invoices and credit notes there are for our clients: all that we sent in a period, or that are draft, overdue, outstanding or unpaid (money they owe us); one-off by default. For sums use revenue_breakdown.',
  scopes: ['read:invoices'],
  optionalScopes: ['read:contracts'],
  examples: [{ page_size: 3 }, { client_name: 'Northwind', kind: 'all', payment: 'unpaid' }],
  from: { path: '/Invoice', key: 'invoices', query: INVOICE_QUERY },
  filters,
  columns,
  more,
  passOver: { test: isNoInvoice, label: 'voided, supplier bills or templates' },
  lacks: lacksLines,
  complete: (rows, context) => completed(rows, context, false),
  read: judged,
  head: (rows: readonly InvoiceRow[], { payment: asked }, whole) =>
    asked === 'unpaid' ? owedOf(rows, whole) : undefined,
  brings: (rows: readonly InvoiceRow[]) => (rows.some(isDraft) ? ['posted'] : []),
  beside: payersOf,
  also: ['/ClientContract'],
  hint: 'kind is one_off unless given; kind "all" shows every invoice.',
  note: ({ kind }, rows: readonly InvoiceRow[]) => {
    const mixed = rows.some((row) => row[JUDGED]?.kind === 'mixed') ? ', mixed ones with all their lines' : '';
    if (kind === 'one_off') return `Only invoices with one-off lines${mixed}; kind "all" has the recurring ones, too.`;
    return kind === 'recurring' && mixed !== '' ? 'Mixed invoices come under kind "one_off", too.' : undefined;
  },
});

/** One invoice. Each line comes with its class and the rule behind it. */
export const getInvoice = getTool({
  name: 'get_invoice',
  title: 'Invoice details',
  description:
    'Details of one invoice (bill): lines it is for (charge, class and why), net, tax (VAT) and gross, balance to pay and due date.',
  scopes: ['read:invoices'],
  optionalScopes: ['read:contracts'],
  examples: [{ id: 1393 }],
  record: 'invoices',
  from: { path: '/Invoice', query: { includedetails: true } },
  input: { id: filter.Id.describe('Invoice id, not its number') },
  fields: {
    ...columns,
    ...more,
    voided: column.flag('voided'),
    contract_id: column.ref('contract_id'),
    recurring_invoice_id: column.value(z.int(), (row: InvoiceRow) => row[JUDGED]?.invoice.template || undefined),
    credits_invoice_id: column.ref('creditlinkedtoinvoiceid'),
    ticket_id: column.ref('ticket_id'),
    period_start: column.day('period_start_date'),
    period_end: column.day('period_end_date'),
    sent: column.day('datesent'),
    paid: column.day('datepaid'),
    notes: column.html('notes_1', 400),
  },
  complete: async (record, context) => (await completed([record], context, true))[0] ?? record,
  read: judged,
  also: ['/ClientContract'],
  parts: {
    lines: {
      columns: {
        id: column.ref('id'),
        item: column.foreign('item', 120),
        quantity: column.number('quantity'),
        unit_price: unitPrice,
        net: column.value(
          z.string(),
          (row) => textOf(row.net),
          (row) => row.net === null,
        ),
        class: column.value(
          z.enum(['recurring', 'non_recurring']),
          (row) => (row.class === 'recurring' || row.class === 'non_recurring' ? row.class : undefined),
          (row) => row.class === undefined,
        ),
        rule: column.text('rule'),
        contract_id: column.ref('contract_id'),
        ticket_id: column.ref('ticket_id'),
      },
      rows: (record: InvoiceRow) => ({
        rows: judgedLines(record),
        hint: [
          isVoid(record) && 'This invoice is voided: nothing is owed on it, and it never counts.',
          brokenLines(record[JUDGED]?.invoice ?? { unread: [] }),
        ]
          .filter(Boolean)
          .join(' '),
      }),
    },
  },
});

/** The lines that count, as the rules see them: a credit of a mixed invoice appears as the shares of its line. */
function judgedLines(record: InvoiceRow): Row[] {
  const known = record[JUDGED];
  if (known === undefined) return [];
  const sent = linesOf(record);
  // A line of our own would stand for those that Halo sent and nobody can read.
  if (sent.size === 0 && known.invoice.unread.includes(LINES)) return [];
  const doubtful = new Set(known.invoice.lines.flatMap(({ id, unread }) => (leavesClass(unread) ? [id] : [])));
  return lineVerdicts(known.invoice, known.known).map((verdict) => {
    const line = sent.get(verdict.line_id);
    const sure = !leavesClass(known.invoice.unread) && !doubtful.has(verdict.line_id);
    return {
      id: verdict.line_id,
      item: itemOf(line),
      quantity: line?.qty_order,
      unit_price: line?.unit_price,
      net: verdict.net === null ? null : money(verdict.net, decimalsOf(known.currency ?? '')),
      ...(sure && { class: verdict.class, rule: `${verdict.rule} ${RULES[verdict.rule]}` }),
      contract_id: line?.contract_id,
      ticket_id: line?.ticket_id,
    };
  });
}
