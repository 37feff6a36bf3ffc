/** What a line or a header is worth, net (A1-A3). Tax is read only to take it off a header's total. */
import type Big from 'big.js';
import { Exact, sum, ZERO } from '../values/money.js';
import { decimal, flag, type HaloRow, isSent, link, text } from './row.js';
import type { HeaderNet, Line } from './rows.js';

const TOLERANCE = new Exact('0.01');
const HUNDREDTH = new Exact('0.01');

/** What a line is worth; `silent` if it says nothing about money, so that other data must tell whether it has any. */
export type LineNet = Pick<Line, 'net' | 'differs' | 'unreadable'> & { readonly silent: boolean };

/**
 * A1: `net_amount`; if absent, unit_price x qty_order x (1 - discount_perc/100). If both exist and differ, `net_amount`
 * stays and `differs` holds the other. An unreadable amount is not replaced by another.
 */
export function lineNet(row: HaloRow): LineNet {
  const sent = decimal(row.net_amount);
  const computed = product(row);
  if (sent !== undefined) {
    const differs = computed?.minus(sent).abs().gt(TOLERANCE) ? computed : undefined;
    return { net: sent, differs, unreadable: false, silent: false };
  }
  const unreadable = isSent(row.net_amount) || (computed === undefined && mentionsMoney(row));
  const silent = !unreadable && computed === undefined && !isSent(row.unit_price);
  return { net: unreadable ? ZERO : (computed ?? ZERO), differs: undefined, unreadable, silent };
}

function product(row: HaloRow): Big | undefined {
  const price = decimal(row.unit_price);
  const quantity = decimal(row.qty_order);
  if (price === undefined || quantity === undefined) return undefined;
  const discount = isSent(row.discount_perc) ? decimal(row.discount_perc) : ZERO;
  if (discount === undefined) return undefined;
  const kept = new Exact(100).minus(discount).times(HUNDREDTH);
  return price.times(quantity).times(kept);
}

/**
 * A text line has no money. A line with a price that can't be worked out is missing data, and so is one that sells an
 * item. The parts of a bundle may lack a price: the bundle has it.
 */
function mentionsMoney(row: HaloRow): boolean {
  const price = decimal(row.unit_price);
  if (price !== undefined) return !price.eq(0);
  return isSent(row.unit_price) || (sellsItem(row) && !flag(row.is_bundled_line));
}

const sellsItem = (row: HaloRow) => text(row.item_code) !== undefined || link(row._itemid) > 0;

const NOT_READ: HeaderNet = { net: ZERO, certain: false };

/** A2: a header's `revenue`, else `total` less `tax_total` (`total` includes tax). Not read if lines state the net. */
export function headerNet(row: HaloRow, lines: readonly Line[]): HeaderNet {
  if (lines.some(({ heading }) => !heading)) return NOT_READ;
  const stated = statedNet(row);
  if (stated !== undefined) return { net: stated, certain: true };
  // The total includes tax, so it exceeds the net: kept as what was read so far, but never shown as the row's net.
  return { net: isSent(row.revenue) || isSent(row.tax_total) ? ZERO : (decimal(row.total) ?? ZERO), certain: false };
}

/** The net that a header states; undefined if it states none or it can't be read. */
export function statedNet(row: HaloRow): Big | undefined {
  if (isSent(row.revenue)) return decimal(row.revenue);
  const [total, tax] = [decimal(row.total), decimal(row.tax_total)];
  return total === undefined || tax === undefined ? undefined : total.minus(tax);
}

/** Whether a header's net leaves an amount for lines that say nothing about money, beyond those that do. */
export function leavesMoney(stated: Big | undefined, lines: readonly Line[]): boolean {
  if (stated === undefined) return lines.length === 0;
  return netOf(lines).minus(stated).abs().gt(TOLERANCE);
}

/** The exact net of some lines. */
export function netOf(lines: readonly Line[]): Big {
  return sum(lines.map(({ net }) => net));
}
