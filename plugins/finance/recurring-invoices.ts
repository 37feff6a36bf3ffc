import {
  type Columns,
  column,
  dayOf,
  filter,
  flagOf,
  getTool,
  intOf,
  isRow,
  listTool,
  type Row,
  readRef,
  type ToolContext,
  textOf,
  z,
} from '../../core/index.js';
import { balanceOf } from './payment.js';
import {
  decimal,
  isSent,
  keepRecurringInvoice,
  type RecurringInvoice,
  type TemplateWorth,
  templateWorth,
} from './revenue/index.js';
import {
  brokenLines,
  currenciesOf,
  itemOf,
  lacksLines,
  linesOf,
  TEMPLATE_QUERY,
  today,
  unitPrice,
  withLines,
} from './rows.js';

/** What the money rules say of one row. */
interface Facts {
  template: RecurringInvoice;
  worth: TemplateWorth;
}

const facts = new WeakMap<Row, Facts>();

/** What the money rules say of a row that went through `valued`. */
export const factsOf = (row: Row): Facts | undefined => facts.get(row);

/** The rows with their lines, and with what they are worth today. */
export async function valued(rows: readonly Row[], { halo }: Pick<ToolContext, 'halo'>): Promise<Row[]> {
  const whole = (await withLines(rows, '/RecurringInvoice', halo)).map((row) => ({ ...row }));
  const currencies = await currenciesOf(whole, halo);
  for (const row of whole) {
    const template = keepRecurringInvoice(row);
    if (template !== undefined) facts.set(row, { template, worth: templateWorth(template, today(), currencies) });
  }
  return whole;
}

/** The amount of a period can't be read. */
const isWorthUnread = (row: Row): boolean => facts.get(row)?.worth.net === null;
/** One of these fields was sent and can't be read. */
const isUnread =
  (...fields: string[]) =>
  (row: Row): boolean =>
    facts.get(row)?.template.unread.some((field) => fields.includes(field)) === true;
/** Its schedule and its header may each name the end. */
const isEndUnread = isUnread('end_date', 'enddate');
/** Whether it is disabled can't be told: it is neither left out nor called so. */
const isStatusUnread = isUnread('disabled', 'voided');

const columns: Columns = {
  id: column.id(),
  client: column.foreign('client_name', 60),
  period: column.value(z.string(), (row) => facts.get(row)?.worth.period ?? 'unknown'),
  net: column.value(z.string(), (row) => facts.get(row)?.worth.net ?? undefined, isWorthUnread),
  monthly_value: column.value(z.string(), (row) => facts.get(row)?.worth.mrr ?? undefined, isWorthUnread),
  currency: column.value(z.string(), (row) => facts.get(row)?.worth.currency ?? undefined),
  next_date: column.value(z.string(), (row) => facts.get(row)?.template.next, isUnread('nextcreationdate')),
};

const more: Columns = {
  client_id: column.ref('client_id'),
  contract: column.text('contract_ref', 60),
  start: column.value(z.string(), (row) => facts.get(row)?.template.start, isUnread('startdate')),
  end: column.value(z.string(), (row) => facts.get(row)?.template.end, isEndUnread),
  disabled: column.value(z.literal(true), (row) => facts.get(row)?.template.disabled || undefined, isStatusUnread),
};

const hasEnded = (row: Row): boolean => {
  const end = facts.get(row)?.template.end;
  return end !== undefined && end < today();
};
const isDisabled = (row: Row): boolean => facts.get(row)?.template.disabled === true;

const STATUS: Record<string, (row: Row) => boolean> = {
  active: (row) => !isDisabled(row) && !hasEnded(row),
  disabled: isDisabled,
  ended: hasEnded,
};

/** Recurring invoices (templates). Halo: GET /RecurringInvoice; their ids are negative. */
export const listRecurringInvoices = listTool({
  name: 'list_recurring_invoices',
  title: 'List recurring invoices',
  description: 'Recurring invoices (ids are negative): net for one period, and monthly value (MRR).',
  scopes: ['read:invoices'],
  examples: [{ page_size: 3 }, { client_name: 'Northwind', columns: ['contract', 'start', 'end'] }],
  from: { path: '/RecurringInvoice', key: 'invoices', query: TEMPLATE_QUERY },
  filters: {
    client: filter.client(),
    search: filter.search(),
    status: filter.choice(
      'status',
      ['active', 'disabled', 'ended', 'all'],
      'active',
      (row, wanted) => isStatusUnread(row) || (STATUS[wanted]?.(row) ?? true),
    ),
  },
  columns,
  more,
  passOver: { test: (row) => (intOf(row.id) ?? -1) >= 0 },
  lacks: lacksLines,
  complete: valued,
  hint: 'status is active unless given: neither disabled nor past its end.',
});

/** One recurring invoice. Halo: GET /RecurringInvoice/{id}. */
export const getRecurringInvoice = getTool({
  name: 'get_recurring_invoice',
  title: 'Get a recurring invoice',
  description:
    'One recurring invoice: schedule, lines with monthly value, invoices it made. A positive id is taken as its negative.',
  scopes: ['read:invoices'],
  examples: [{ id: -94 }],
  record: 'recurring-invoices',
  from: { path: '/RecurringInvoice', query: { includedetails: true }, id: ({ id }) => -Math.abs(Number(id)) },
  input: { id: z.int() },
  fields: {
    ...columns,
    ...more,
    yearly_value: column.value(z.string(), (row) => facts.get(row)?.worth.arr ?? undefined, isWorthUnread),
    status: column.value(
      z.string(),
      (row) => (isStatusUnread(row) ? undefined : facts.get(row)?.worth.state),
      isStatusUnread,
    ),
    contract_id: column.ref('contract_id'),
    last_created: column.day('lastcreated'),
    reference: column.foreign('reference', 80),
  },
  complete: async (record, context) => (await valued([record], context))[0] ?? record,
  parts: {
    lines: {
      columns: lineColumns(),
      rows: (record) => ({
        rows: templateLines(record),
        hint: brokenLines(facts.get(record)?.template ?? { unread: [] }),
      }),
    },
    invoices: {
      columns: {
        id: column.id(),
        number: column.text('invoicenumber', 40),
        date: column.day('invoice_date'),
        gross: column.money('total'),
        amount_due: column.value(z.string(), (row) => balanceOf(row).open?.toFixed(2), isDueUnread),
        posted: column.value(z.boolean(), (row) => flagOf(row.posted)),
      },
      rows: (record) => {
        const made = (Array.isArray(record.invoices) ? record.invoices : [])
          .filter(isRow)
          .filter((row) => readRef(row.id) !== undefined);
        const newest = made.sort((a, b) => String(dayOf(b.invoice_date)).localeCompare(String(dayOf(a.invoice_date))));
        return {
          rows: newest.slice(0, 24),
          hint: made.length > 24 ? `The 24 newest of ${made.length} invoices.` : undefined,
        };
      },
    },
  },
});

/** A balance that was sent and can't be read. */
function isDueUnread(row: Row): boolean {
  return isSent(row.amountdue) && decimal(row.amountdue) === undefined;
}

/** Columns of the lines of a template. */
export function lineColumns(): Columns {
  return {
    id: column.ref('id'),
    item: column.foreign('item', 120),
    quantity: column.number('quantity'),
    unit_price: unitPrice,
    net: column.value(
      z.string(),
      (line) => textOf(line.net),
      (line) => line.net === null,
    ),
    monthly_value: column.text('monthly_value'),
    not_counted: column.text('not_counted'),
    contract_id: column.ref('contract_id'),
  };
}

/** The living lines of a template, each with what it is worth a month, or why it does not count. */
export function templateLines(record: Row): Row[] {
  const known = facts.get(record);
  if (known === undefined) return [];
  const sent = linesOf(record);
  const own = new Map(known.template.lines.map((line) => [line.id, line]));
  return known.worth.lines.map(({ id, net, mrr, left_out }) => ({
    recurring_invoice_id: known.template.id,
    id,
    item: itemOf(sent.get(id)),
    quantity: sent.get(id)?.qty_order,
    unit_price: sent.get(id)?.unit_price,
    net,
    period: known.worth.period ?? 'unknown',
    monthly_value: mrr,
    not_counted: left_out?.replace('_', ' '),
    contract_id: own.get(id)?.contract || known.template.contract,
  }));
}
