/** What is sold or agreed but not yet billed: lines of sales orders, milestones of projects. */
import type Big from 'big.js';
import { Exact, ZERO } from '../values/money.js';
import { asRow, decimal, flag, type HaloRow, integer, isSent, link, text } from './row.js';
import { ALL_READ, type Fields, unreadOf } from './unread.js';
import { invoiceRef } from './work.js';

/** Something that can be billed and is not, or not in full. */
export interface Unbilled {
  readonly kind: 'order_line' | 'milestone';
  readonly id: number;
  /** The order or the project. */
  readonly of: number;
  readonly client: number;
  readonly name: string | undefined;
  /** What is left to bill; undefined where nothing says how much. */
  readonly left: Big | undefined;
  /** Fields that were sent but can't be read, so that it is unknown what is left, if anything. */
  readonly unread: readonly string[];
}

const ORDER_FIELDS: Fields = [
  ['client_id', 'id'],
  ['do_not_invoice', 'flag'],
];

const ORDER_LINE_FIELDS: Fields = [
  ['isgroupdesc', 'flag'],
  ['do_not_invoice_line', 'flag'],
  ['recurringinvoice_id', 'id'],
  ['total_net_total', 'amount'],
  ['net_total', 'amount'],
  ['percentage_invoiced', 'amount'],
  ['price', 'amount'],
  ['quantity', 'amount'],
  ['invoiced_quantity', 'amount'],
];

const PROJECT_FIELDS: Fields = [['client_id', 'id']];

const MILESTONE_FIELDS: Fields = [
  ['_complete', 'flag'],
  ['milestone_value', 'amount'],
];

/** The rows of a list inside a record, and what is to be billed of unknown amount if some of them can't be read. */
function inside(
  record: HaloRow,
  { kind, list: name, fields, label }: { kind: Unbilled['kind']; list: string; fields: Fields; label: unknown },
) {
  const of = { of: integer(record.id) ?? 0, client: link(record.client_id), name: text(label) };
  const sent = record[name];
  const list: readonly unknown[] = Array.isArray(sent) ? sent : [];
  const rows = list.map(asRow).filter((row) => row !== undefined);
  const isBroken = Array.isArray(sent) ? rows.length < list.length : isSent(sent);
  const unread = [...unreadOf(record, fields), ...(isBroken ? [name] : [])];
  const untold: Unbilled[] = unread.length > 0 ? [{ kind, id: 0, ...of, left: undefined, unread }] : [];
  return { of, rows, untold };
}

const HUNDRED = new Exact(100);

/** The lines of a sales order that are still to be billed. */
export function unbilledOfOrder(value: unknown): Unbilled[] {
  const order = asRow(value);
  if (order === undefined || flag(order.do_not_invoice)) return [];
  const kind = 'order_line';
  const { of, rows, untold } = inside(order, { kind, list: 'lines', fields: ORDER_FIELDS, label: order.name });
  const lines = rows.flatMap((line): Unbilled[] => {
    if (flag(line.isgroupdesc) || flag(line.do_not_invoice_line)) return [];
    // What recurs is billed by its recurring invoice.
    if (link(line.recurringinvoice_id) > 0 || (integer(line.recurringinvoice_id) ?? 0) < -1) return [];
    const unread = unreadOf(line, ORDER_LINE_FIELDS);
    const left = unread.length > 0 ? undefined : leftOf(line);
    if (left?.lte(0)) return [];
    return [{ kind, id: integer(line.id) ?? 0, ...of, name: text(line.name), left, unread }];
  });
  return [...untold, ...lines];
}

/** total_net_total less the invoiced percentage; else price times the quantity not yet invoiced. */
function leftOf(line: Record<string, unknown>): Big | undefined {
  const total = decimal(line.total_net_total) ?? decimal(line.net_total);
  const percent = decimal(line.percentage_invoiced);
  const [price, quantity] = [decimal(line.price), decimal(line.quantity)];
  const invoiced = decimal(line.invoiced_quantity);
  if (total !== undefined && percent !== undefined) return total.times(HUNDRED.minus(percent)).div(HUNDRED);
  if (price !== undefined && quantity !== undefined) return price.times(quantity.minus(invoiced ?? ZERO));
  if (total !== undefined && quantity?.gt(0) && invoiced !== undefined)
    return total.times(quantity.minus(invoiced)).div(quantity);
  return total !== undefined && (invoiced === undefined || invoiced.eq(0)) ? total : undefined;
}

/** The milestones of a project that are done but not invoiced. */
export function unbilledOfProject(value: unknown): Unbilled[] {
  const project = asRow(value);
  if (project === undefined) return [];
  const kind = 'milestone';
  const wanted = { kind, list: 'milestones', fields: PROJECT_FIELDS, label: project.summary } as const;
  const { of, rows, untold } = inside(project, wanted);
  const milestones = rows.flatMap((one): Unbilled[] => {
    const odd = isSent(one.invoicenumber) && text(one.invoicenumber) === undefined ? ['invoicenumber'] : ALL_READ;
    const unread = [...unreadOf(one, MILESTONE_FIELDS), ...odd];
    const open = flag(one._complete) && invoiceRef(one.invoicenumber) === undefined;
    if (!open && unread.length === 0) return [];
    const left = unread.length > 0 ? undefined : decimal(one.milestone_value);
    if (left?.lte(0)) return [];
    return [{ kind, id: integer(one.id) ?? 0, ...of, name: text(one.name), left, unread }];
  });
  return [...untold, ...milestones];
}
