import {
  type Columns,
  column,
  dayOf,
  filter,
  firstOf,
  getTool,
  intOf,
  listTool,
  type Row,
  readRef,
  rowsIn,
  type ToolContext,
  textOf,
  z,
} from '../../core/index.js';
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
} from '../../revenue/halo/index.js';
import {
  decimal,
  isSent,
  keepRecurringInvoice,
  type RecurringInvoice,
  readableFlag,
  type TemplateWorth,
  templateWorth,
} from '../../revenue/index.js';
import { JUDGED } from './judged.js';
import { balanceOf } from './payment.js';

/**
 * A recurring invoice with its lines, and with what the money rules say about it, which is nothing for a row without an
 * id.
 */
export interface Template extends Row {
  [JUDGED]?: { template: RecurringInvoice; worth: TemplateWorth; today: string };
}

/** The rows with their lines, and their worth today. */
export async function valued(
  rows: readonly Row[],
  { halo, zone }: Pick<ToolContext, 'halo' | 'zone'>,
): Promise<Template[]> {
  const day = today({ zone });
  const whole = await withLines(rows, '/RecurringInvoice', halo);
  const currencies = await currenciesOf(whole, halo);
  return whole.map((row) => {
    const template = keepRecurringInvoice(row);
    if (template === undefined) return row;
    return { ...row, [JUDGED]: { template, worth: templateWorth(template, day, currencies), today: day } };
  });
}

/** The amount per period can't be read. */
const isWorthUnread = (row: Template): boolean => row[JUDGED]?.worth.net === null;
/** It can't be read, or /Currency does not know it: the amounts are shown with 2 decimals, as most currencies have. */
const isCurrencyUnknown = (row: Template): boolean => row[JUDGED]?.worth.currency === null;
/** One of these fields was sent but can't be read. */
const isUnread =
  (...fields: string[]) =>
  (row: Template): boolean =>
    row[JUDGED]?.template.unread.some((field) => fields.includes(field)) === true;
/** Either the schedule or the header may state the end. */
const isEndUnread = isUnread('end_date', 'enddate');
/** Whether it is disabled is unknown: it is neither left out nor reported as disabled. */
const isStatusUnread = isUnread('disabled', 'voided');

const columns: Columns<Template> = {
  id: column.id(),
  client: column.foreign('client_name', 60),
  period: column.value(z.string(), (row) => row[JUDGED]?.worth.period ?? 'unknown'),
  net: column.value(z.string(), (row) => row[JUDGED]?.worth.net ?? undefined, isWorthUnread),
  monthly_value: column.value(z.string(), (row) => row[JUDGED]?.worth.mrr ?? undefined, isWorthUnread),
  currency: column.value(z.string(), (row) => row[JUDGED]?.worth.currency ?? undefined, isCurrencyUnknown),
  next_date: column.value(z.string(), (row) => row[JUDGED]?.template.next, isUnread('nextcreationdate')),
};

const more: Columns<Template> = {
  client_id: column.ref('client_id'),
  contract: column.foreign('contract_ref', 60),
  start: column.value(z.string(), (row) => row[JUDGED]?.template.start, isUnread('startdate')),
  end: column.value(z.string(), (row) => row[JUDGED]?.template.end, isEndUnread),
  disabled: column.value(z.literal(true), (row) => row[JUDGED]?.template.disabled || undefined, isStatusUnread),
};

/** It has not started yet, so its worth is not billed today. */
const isToCome = (row: Template): boolean => {
  const { template, today: day = '' } = row[JUDGED] ?? {};
  return template?.start !== undefined && template.start > day;
};
/** Undefined if its end can't be read. */
const hasEnded = (row: Template): boolean | undefined => {
  const { template, today: day = '' } = row[JUDGED] ?? {};
  const end = template?.end;
  return end === undefined && isEndUnread(row) ? undefined : end !== undefined && end < day;
};
/** Undefined if nothing readable says so. */
const isDisabled = (row: Template): boolean | undefined =>
  isStatusUnread(row) ? undefined : row[JUDGED]?.template.disabled === true;

const not = (said: boolean | undefined) => (said === undefined ? undefined : !said);
/** False if either is, even if the other is unknown. */
const both = (one: boolean | undefined, other: boolean | undefined) =>
  one === false || other === false ? false : one && other;

const STATUS: Record<string, (row: Template) => boolean | undefined> = {
  active: (row) => both(not(isDisabled(row)), not(hasEnded(row))),
  disabled: isDisabled,
  ended: hasEnded,
};

/** Recurring invoices (templates); their ids are negative. */
export const listRecurringInvoices = listTool({
  name: 'list_recurring_invoices',
  title: 'Recurring billing',
  description:
    'Which recurring invoices (billing templates, schedules) there are to bill our clients automatically each month or quarter: all that we have set up, with next run date.',
  scopes: ['read:invoices'],
  examples: [{ page_size: 3 }, { client_name: 'Northwind', columns: ['contract', 'start', 'end'] }],
  from: { path: '/RecurringInvoice', key: 'invoices', query: TEMPLATE_QUERY },
  filters: {
    client: filter.client(),
    search: filter.search(),
    status: filter.choice('status', ['active', 'disabled', 'ended', 'all'], 'active', (row: Template, wanted) =>
      STATUS[wanted]?.(row),
    ),
  },
  columns,
  more,
  passOver: { test: (row) => (intOf(row.id) ?? -1) >= 0 },
  lacks: lacksLines,
  complete: valued,
  brings: (rows: readonly Template[]) => (rows.some(isToCome) ? ['start'] : []),
  hint: 'status is active unless given: neither disabled nor past its end.',
});

export const getRecurringInvoice = getTool({
  name: 'get_recurring_invoice',
  title: 'Recurring invoice details',
  description:
    'Details of one recurring invoice (billing template, schedule): who it is for, when it is to run next, lines, price, monthly value, and invoices it has created.',
  scopes: ['read:invoices'],
  examples: [{ id: -94 }],
  record: 'recurring-invoices',
  from: { path: '/RecurringInvoice', query: { includedetails: true }, id: ({ id }) => -Math.abs(Number(id)) },
  input: {
    id: z.int().refine((id) => filter.Id.safeParse(Math.abs(id)).success, 'must be the id of a recurring invoice'),
  },
  fields: {
    ...columns,
    ...more,
    yearly_value: column.value(z.string(), (row: Template) => row[JUDGED]?.worth.arr ?? undefined, isWorthUnread),
    status: column.value(
      z.string(),
      (row: Template) => (isStatusUnread(row) ? undefined : row[JUDGED]?.worth.state),
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
      rows: (record: Template) => ({
        rows: templateLines(record),
        hint: brokenLines(record[JUDGED]?.template ?? { unread: [] }),
      }),
    },
    invoices: {
      columns: {
        id: column.id(),
        number: column.text('invoicenumber', 40),
        date: column.day('invoice_date'),
        gross: column.money('total'),
        amount_due: column.value(z.string(), (row) => balanceOf(row).open?.toFixed(2), isDueUnread),
        voided: column.flag('voided'),
        posted: column.value(
          z.boolean(),
          (row) => readableFlag(row.posted),
          (row) => readableFlag(row.posted) === undefined,
        ),
      },
      rows: (record) => {
        const { rows, hint } = rowsIn(record, 'invoices');
        const made = rows.filter((row) => readRef(row.id) !== undefined);
        const newest = made.sort((a, b) => String(dayOf(b.invoice_date)).localeCompare(String(dayOf(a.invoice_date))));
        const first = firstOf(newest, 24, { which: 'newest', what: 'invoices' });
        return { ...first, hint: [first.hint, hint].filter(Boolean).join(' ') };
      },
    },
  },
});

/** A balance that was sent and can't be read. */
function isDueUnread(row: Row): boolean {
  return isSent(row.amountdue) && decimal(row.amountdue) === undefined;
}

/** Columns of a template's lines. */
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

/** The living lines of a template, each with its worth per month, or why it does not count. */
export function templateLines(record: Template): Row[] {
  const known = record[JUDGED];
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
