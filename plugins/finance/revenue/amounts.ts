/** What a line or a header is worth, net (A1-A3). Tax is read only to take it off a header's total. */
import type Big from 'big.js';
import { Exact, sum, ZERO } from './money.js';
import { decimal, type HaloRow } from './row.js';
import type { HeaderNet, Line } from './rows.js';

const TOLERANCE = new Exact('0.01');
const HUNDREDTH = new Exact('0.01');

/**
 * A1: `net_amount`; where absent, unit_price x qty_order x (1 - discount_perc/100). `net_amount` stays where both are
 * there and differ; `differs` then holds the other.
 */
export function lineNet(row: HaloRow): Pick<Line, 'net' | 'differs' | 'unreadable'> {
  const sent = decimal(row.net_amount);
  const computed = product(row);
  if (sent !== undefined) {
    const differs = computed?.minus(sent).abs().gt(TOLERANCE) ? computed : undefined;
    return { net: sent, differs, unreadable: false };
  }
  return { net: computed ?? ZERO, differs: undefined, unreadable: computed === undefined && mentionsMoney(row) };
}

function product(row: HaloRow): Big | undefined {
  const price = decimal(row.unit_price);
  const quantity = decimal(row.qty_order);
  if (price === undefined || quantity === undefined) return undefined;
  const kept = new Exact(100).minus(decimal(row.discount_perc) ?? 0).times(HUNDREDTH);
  return price.times(quantity).times(kept);
}

/** A line of text has no money; one with a price that can't be worked out is missing data. */
function mentionsMoney(row: HaloRow): boolean {
  const price = decimal(row.unit_price);
  const present = (value: unknown) => value !== undefined && value !== null && value !== '';
  return present(row.net_amount) || (price === undefined ? present(row.unit_price) : !price.eq(0));
}

const NOT_READ: HeaderNet = { net: ZERO, certain: false };

/** A2: a header's `revenue`, else `total` less `tax_total` (`total` includes tax). Not read where lines say the net. */
export function headerNet(row: HaloRow, lines: readonly Line[]): HeaderNet {
  if (lines.some(({ heading }) => !heading)) return NOT_READ;
  const revenue = decimal(row.revenue);
  if (revenue !== undefined) return { net: revenue, certain: true };
  const total = decimal(row.total);
  const tax = decimal(row.tax_total);
  return { net: total?.minus(tax ?? 0) ?? ZERO, certain: total !== undefined && tax !== undefined };
}

/** The exact net of some lines. */
export function netOf(lines: readonly Line[]): Big {
  return sum(lines.map(({ net }) => net));
}
