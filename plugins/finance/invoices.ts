import {
  type Column,
  type Columns,
  column,
  type Filter,
  filter,
  flagOf,
  getTool,
  type Halo,
  listTool,
  type Row,
  type ToolContext,
  textOf,
  z,
} from '../../core/index.js';
import { balanceOf, PAYMENTS, type Payment } from './payment.js';
import {
  codeOf,
  decimal,
  decimalsOf,
  Exact,
  type Invoice,
  type InvoiceKind,
  invoiceKind,
  invoiceNet,
  isSent,
  type Known,
  keepContract,
  keepInvoice,
  LINES,
  lineVerdicts,
  money,
  RULES,
  standing,
} from './revenue/index.js';
import {
  brokenLines,
  currenciesOf,
  emptyWhereForbidden,
  INVOICE_QUERY,
  invoiceDays,
  itemOf,
  lacksLines,
  linesOf,
  readIfThere,
  unitPrice,
  withLines,
} from './rows.js';

/** What the money rules say of one row. */
interface Facts {
  invoice: Invoice;
  known: Known;
  /** Undefined where its lines can't be read. */
  kind: InvoiceKind | undefined;
  /** Null where it can't be read. */
  net: string | null;
  currency: string | undefined;
}

const facts = new WeakMap<Row, Facts>();

/**
 * The rows with their lines, and with what the money rules say of them. Credited invoices and contracts are looked up
 * only where a rule asks for them.
 */
async function judged(rows: Row[], { halo }: ToolContext, linked: boolean): Promise<Row[]> {
  const whole = (await withLines(rows, '/Invoice', halo)).map((row) => ({ ...row }));
  const currencies = await currenciesOf(whole, halo);
  const invoices = whole.flatMap((row) => keepInvoice(row) ?? []);
  const credited = linked ? await creditedBy(invoices, halo) : [];
  const contracts = await contractsAsked([...invoices, ...credited], halo);
  const known: Known = { contracts, invoices: [...invoices, ...credited] };
  for (const row of whole) {
    const invoice = keepInvoice(row);
    if (invoice === undefined) continue;
    facts.set(row, {
      invoice,
      known,
      kind: isKindUnread(invoice) ? undefined : invoiceKind(invoice, known),
      net: invoiceNet(invoice, currencies).net,
      currency: codeOf(invoice.currency, currencies),
    });
  }
  return whole;
}

/** The invoices that credit notes undo. */
async function creditedBy(invoices: readonly Invoice[], halo: Halo): Promise<Invoice[]> {
  const ids = new Set(invoices.map(({ credited_invoice: id }) => id).filter((id) => id > 0));
  const rows = await Promise.all([...ids].map((id) => readIfThere(halo, '/Invoice', id)));
  return rows.flat().flatMap((row) => keepInvoice(row) ?? []);
}

/** Rule C10 asks for a contract's billing period; few lines get that far. Without read:contracts the line's own decides. */
async function contractsAsked(invoices: readonly Invoice[], halo: Halo) {
  const asking = invoices.filter(
    (invoice) => invoice.period_start !== undefined && lineVerdicts(invoice).some(({ rule }) => rule === 'C11'),
  );
  const ids = new Set(
    asking
      .flatMap((invoice) => [invoice.contract, ...invoice.lines.map(({ contract }) => contract)])
      .filter((id) => id > 0),
  );
  const rows = await Promise.all([...ids].map((id) => readIfThere(halo, '/ClientContract', id))).catch(
    emptyWhereForbidden,
  );
  return rows.flat().flatMap((row) => keepContract(row) ?? []);
}

/** What decides whether a document counts at all, and as what. */
const STANDING = [LINES, 'voided', 'hideinvoice', 'is_recurring_invoice'];
const isKindUnread = ({ unread }: Pick<Invoice, 'unread'>) => unread.some((field) => STANDING.includes(field));

const isCredit = (row: Row) => facts.get(row)?.kind === 'credit';

const isPostedUnread = (row: Row) => facts.get(row)?.invoice.unread.includes('posted') === true;

/** An amount of the header, minus on a credit note however this tenant stores it. */
const signed = (row: Row, value: Amount): string | undefined => {
  if (value === undefined) return undefined;
  const turned = isCredit(row) && decimal(row.total)?.gt(0);
  return money(turned ? value.neg() : value, decimalsOf(facts.get(row)?.currency ?? ''));
};

type Amount = ReturnType<typeof decimal>;

/** A column of an amount of the header; one that can't be read is left out. */
const amount = (field: string, read = (row: Row): Amount => decimal(row[field])): Column =>
  column.value(
    z.string(),
    (row) => signed(row, read(row)),
    (row) => isSent(row[field]) && decimal(row[field]) === undefined,
  );

/** What is open: of a credit note as Halo says it, as nobody knows how its balance is told. */
const openOf = (row: Row): Amount => (isCredit(row) ? decimal(row.amountdue) : balanceOf(row).open);

/** Credit notes are not paid. */
const payment = (row: Row): Payment | undefined => (isCredit(row) ? undefined : balanceOf(row).payment);

const columns: Columns = {
  id: column.id(),
  number: column.text(['invoicenumber', 'thirdpartyinvoicenumber'], 40),
  client: column.foreign('client_name', 60),
  date: column.day(['invoice_date', 'dateposted']),
  kind: column.value(
    z.enum(['one_off', 'recurring', 'mixed', 'credit']),
    (row) => facts.get(row)?.kind,
    (row) => isKindUnread(facts.get(row)?.invoice ?? { unread: [] }),
  ),
  net: column.value(
    z.string(),
    (row) => facts.get(row)?.net ?? undefined,
    (row) => facts.get(row)?.net === null,
  ),
  gross: amount('total'),
  amount_due: amount('amountdue', openOf),
  currency: column.value(z.string(), (row) => facts.get(row)?.currency),
  payment: column.value(z.enum(PAYMENTS), payment),
};

const more: Columns = {
  client_id: column.ref('client_id'),
  due: column.day('duedate'),
  tax: amount('tax_total'),
  posted: column.value(
    z.boolean(),
    (row) => (isPostedUnread(row) ? undefined : facts.get(row)?.invoice.posted),
    isPostedUnread,
  ),
  reference: column.foreign('reference', 60),
  contract: column.text('contract_ref', 60),
};

/** A mixed invoice answers to both classes, and one whose kind can't be told to all: it is never silently missing. */
const isKind = (row: Row, wanted: string): boolean => {
  const kind = facts.get(row)?.kind;
  return kind === undefined || kind === wanted || (kind === 'mixed' && wanted !== 'credit');
};

const filters: Record<string, Filter> = {
  client: filter.client(),
  search: filter.search(),
  days: filter.days({ field: ['invoice_date', 'dateposted'], query: invoiceDays }),
  kind: filter.choice('kind', ['one_off', 'recurring', 'credit', 'all'], 'one_off', isKind),
  posted: filter.choice(
    'posted',
    ['posted', 'draft', 'all'],
    'all',
    (row, wanted) => isPostedUnread(row) || (facts.get(row)?.invoice.posted ?? true) === (wanted === 'posted'),
    (wanted) => ({ postedonly: wanted === 'posted' || undefined, notpostedonly: wanted === 'draft' || undefined }),
  ),
  payment: filter.choice('payment', ['paid', 'unpaid', 'all'], 'all', (row, wanted) => {
    const state = payment(row);
    // What can't be told may be owed.
    return state !== undefined && (state === 'paid') === (wanted === 'paid');
  }),
};

/** Voided rows, supplier bills and templates are no invoices to a client. What can't be told at all is told as such. */
const isNoInvoice = (row: Row): boolean => {
  const invoice = keepInvoice(row);
  return invoice !== undefined && ['template', 'void', 'supplier'].includes(standing(invoice));
};

/** Invoices, by what their lines are. Halo: GET /Invoice, which has no such filter: rows are chosen here. */
export const listInvoices = listTool({
  name: 'list_invoices',
  title: 'List invoices',
  description:
    'Invoices and credit notes; only those with one-off lines unless kind says otherwise. For sums use revenue_breakdown.',
  scopes: ['read:invoices'],
  optionalScopes: ['read:contracts'],
  examples: [{ page_size: 3 }, { client_name: 'Northwind', kind: 'all', payment: 'unpaid' }],
  from: { path: '/Invoice', key: 'invoices', query: INVOICE_QUERY },
  filters,
  columns,
  more,
  passOver: { test: isNoInvoice, label: 'voided, supplier bills or templates' },
  lacks: lacksLines,
  complete: (rows, context) => judged(rows, context, false),
  hint: 'kind is one_off unless given; kind "all" shows every invoice.',
  note: ({ kind, payment: paid }) =>
    kind === 'one_off' && paid !== 'all'
      ? 'Only invoices with one-off lines; kind "all" has the recurring ones, too.'
      : undefined,
});

/** One invoice. Halo: GET /Invoice/{id}. Its lines come with their class and the rule that says so. */
export const getInvoice = getTool({
  name: 'get_invoice',
  title: 'Get an invoice',
  description: 'One invoice with its lines, each recurring or non-recurring and why.',
  scopes: ['read:invoices'],
  optionalScopes: ['read:contracts'],
  examples: [{ id: 1393 }],
  record: 'invoices',
  from: { path: '/Invoice', query: { includedetails: true } },
  fields: {
    ...columns,
    ...more,
    voided: column.flag('voided'),
    contract_id: column.ref('contract_id'),
    recurring_invoice_id: column.value(z.int(), (row) => facts.get(row)?.invoice.template || undefined),
    credits_invoice_id: column.ref('creditlinkedtoinvoiceid'),
    ticket_id: column.ref('ticket_id'),
    period_start: column.day('period_start_date'),
    period_end: column.day('period_end_date'),
    sent: column.day('datesent'),
    paid: column.day('datepaid'),
    notes: column.html('notes_1', 400),
  },
  complete: async (record, context) => (await judged([record], context, true))[0] ?? record,
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
        class: column.value(z.enum(['recurring', 'non_recurring']), (row) =>
          row.class === 'recurring' ? 'recurring' : 'non_recurring',
        ),
        rule: column.text('rule'),
        contract_id: column.ref('contract_id'),
        ticket_id: column.ref('ticket_id'),
      },
      rows: (record) => ({
        rows: judgedLines(record),
        hint: [
          flagOf(record.voided) && 'This invoice is voided: it counts nowhere.',
          brokenLines(facts.get(record)?.invoice ?? { unread: [] }),
        ]
          .filter(Boolean)
          .join(' '),
      }),
    },
  },
});

/** The lines that count, as the rules see them: a credit of a mixed invoice comes as the shares of its line. */
function judgedLines(record: Row): Row[] {
  const known = facts.get(record);
  if (known === undefined) return [];
  const sent = linesOf(record);
  return lineVerdicts(known.invoice, known.known).map((verdict) => {
    const line = sent.get(verdict.line_id);
    return {
      id: verdict.line_id,
      item: itemOf(line),
      quantity: line?.qty_order,
      unit_price: line?.unit_price,
      net: verdict.net === null ? null : money(new Exact(verdict.net), decimalsOf(known.currency ?? '')),
      class: verdict.class,
      rule: `${verdict.rule} ${RULES[verdict.rule]}`,
      contract_id: line?.contract_id,
      ticket_id: line?.ticket_id,
    };
  });
}
