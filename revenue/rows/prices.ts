/** What lines of recurring invoices say about prices and price rises: kept apart from the book, for few questions. */
import type Big from 'big.js';
import { asRow, day, decimal, flag, type HaloRow, integer, isSent, link, text } from './row.js';
import { unreadOf } from './unread.js';

export interface LinePrice {
  readonly unit_price: Big | undefined;
  readonly quantity: Big | undefined;
  /** The item that it sells; 0 for none. */
  readonly item: number;
  readonly name: string | undefined;
  /** The day of the last rise that Halo made automatically. */
  readonly raised: string | undefined;
  readonly excluded: boolean;
  /** The percentage of Halo's planned automatic rise; undefined for none. */
  readonly planned: Big | undefined;
  /** A one-time charge that is already on an invoice. */
  readonly charged: boolean;
  readonly unread: readonly string[];
}

/** The prices of lines, by their recurring invoices. */
export class Prices {
  readonly #all = new Map<number, Map<number, LinePrice>>();
  readonly #made = new Set<number>();

  /** Takes the line prices in a row of /RecurringInvoice. */
  readonly see = (value: unknown): void => {
    const row = asRow(value);
    const id = integer(row?.id);
    if (row === undefined || id === undefined) return;
    if (day(row.lastcreated) !== undefined) this.#made.add(id);
    if (!Array.isArray(row.lines)) return;
    const lines = row.lines.map(asRow).filter((line) => line !== undefined);
    this.#all.set(id, new Map(lines.map((line) => [integer(line.id) ?? 0, priceOf(line, row)])));
  };

  /** Whether a recurring invoice has already created an invoice. */
  hasRun(template: number): boolean {
    return this.#made.has(template);
  }

  of(template: number, line: number): LinePrice | undefined {
    return this.#all.get(template)?.get(line);
  }
}

function priceOf(line: HaloRow, header: HaloRow): LinePrice {
  const percent = [line.percent_increase, header.invoice_percent_increase].map(decimal).find((one) => one?.gt(0));
  const repeats = [line.auto_increase_period, header.invoice_auto_increase_period].some(
    (one) => (integer(one) ?? -1) > 0,
  );
  return {
    unit_price: decimal(line.unit_price),
    quantity: decimal(line.qty_order),
    item: link(line._itemid),
    name: text(line.item_shortdescription) ?? text(line.item_longdescription) ?? text(line.item_code),
    raised: day(line.auto_increase_last_date),
    excluded: flag(line.exclude_auto_increase),
    planned: repeats ? percent : undefined,
    charged: link(line.onetimechargeinvoiceid) > 0,
    unread: unreadOf(line, [
      ['unit_price', 'amount'],
      ['auto_increase_last_date', 'day'],
      ['exclude_auto_increase', 'flag'],
    ]),
  };
}

/** A price change made by hand, as recorded in Halo's invoice audit. */
export interface PriceChange {
  readonly id: number;
  readonly line: number;
  readonly date: string;
}

/** A row of /InvoiceChange that changed a unit price; undefined for all others. */
export function keepPriceChange(value: unknown): PriceChange | undefined {
  const row = asRow(value);
  const name = text(row?.field_name)
    ?.toLowerCase()
    .replace(/[^a-z]/g, '');
  if (row === undefined || name === undefined || !/unitprice$/.test(name)) return undefined;
  const date = day(row.datetime);
  const [before, after] = [decimal(row.old_value), decimal(row.new_value)];
  if (date === undefined || (before !== undefined && after?.eq(before))) return undefined;
  return { id: integer(row.id) ?? 0, line: link(row.invoice_line_id), date };
}

/** An item's list price: its recurring price if it recurs. */
export interface ListPrice {
  readonly id: number;
  readonly price: Big | undefined;
}

/** Reduces a row of /Item; undefined where it has no id. */
export function keepListPrice(value: unknown): ListPrice | undefined {
  const row = asRow(value);
  const id = link(row?.id);
  if (row === undefined || id === 0) return undefined;
  const recurring = flag(row.isrecurringitem) && isSent(row.recurringprice);
  return { id, price: decimal(recurring ? row.recurringprice : row.baseprice) };
}
