/** What is sold or agreed but not yet billed: lines of sales orders, milestones of projects. */
import type Big from 'big.js';
import { Exact, ZERO } from '../values/money.js';
import { asRow, decimal, flag, integer, link, text } from './row.js';
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
}

const HUNDRED = new Exact(100);

/** The lines of a sales order that are still to be billed. */
export function unbilledOfOrder(value: unknown): Unbilled[] {
  const order = asRow(value);
  if (order === undefined || flag(order.do_not_invoice)) return [];
  const lines = Array.isArray(order.lines) ? order.lines.map(asRow) : [];
  return lines.flatMap((line): Unbilled[] => {
    if (line === undefined || flag(line.isgroupdesc) || flag(line.do_not_invoice_line)) return [];
    // What recurs is billed by its recurring invoice.
    if (link(line.recurringinvoice_id) > 0 || (integer(line.recurringinvoice_id) ?? 0) < -1) return [];
    const left = leftOf(line);
    if (left?.lte(0)) return [];
    const of = { of: integer(order.id) ?? 0, client: link(order.client_id), name: text(line.name) };
    return [{ kind: 'order_line', id: integer(line.id) ?? 0, ...of, left }];
  });
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
  const all = project !== undefined && Array.isArray(project.milestones) ? project.milestones.map(asRow) : [];
  return all.flatMap((one): Unbilled[] => {
    if (one === undefined || project === undefined) return [];
    if (!flag(one._complete) || invoiceRef(one.invoicenumber) !== undefined) return [];
    const left = decimal(one.milestone_value);
    if (left?.lte(0)) return [];
    const of = { of: integer(project.id) ?? 0, client: link(project.client_id), name: text(one.name) };
    return [{ kind: 'milestone', id: integer(one.id) ?? 0, ...of, left }];
  });
}
