import { z } from 'zod';
import type { Row } from '../halo/pages.js';
import { instantOf, numberOf } from '../halo/value.js';

/** An order of rows by a number or a date. */
export interface Order {
  field: string;
  descending: boolean;
  /** The field by the name that callers know. */
  label: string;
}

/** `order_by` and `descending`, for the fields that Halo can sort by. */
export function orderFilter(fields: Record<string, string>, preset: string) {
  return {
    args: { order_by: z.enum(Object.keys(fields)).optional(), descending: z.boolean().optional() },
    resolve({ order_by: by, descending: down }: { order_by?: string | undefined; descending?: boolean | undefined }) {
      if (by === undefined && down === undefined) return undefined;
      const descending = down === true;
      const label = by ?? preset;
      const field = fields[label] ?? label;
      return {
        query: { order: field, ...(descending && { orderdesc: true }) },
        order: { field, descending, label },
      };
    },
  };
}

/**
 * Said of rows that Halo did not sort as it was asked to: it silently ignores a field that it can't sort by, and then
 * what should come first may be on another page.
 */
export const unsorted = (rows: readonly Row[], order: Order | undefined): string | undefined =>
  order === undefined || isInOrder(rows, order)
    ? undefined
    : `Halo did not sort by ${order.label}${order.descending ? ', descending,' : ''} as asked: what should come first may be on other pages.`;

/** As far as the rows say. Text is not compared, since Halo's database has an order of its own. */
function isInOrder(rows: readonly Row[], { field, descending }: Order): boolean {
  const values = rows.flatMap((row) => numberOf(row[field]) ?? instantOf(row[field]) ?? []);
  return values.every((value, at) => {
    const before = values[at - 1];
    if (before === undefined || typeof before !== typeof value) return true;
    return descending ? before >= value : before <= value;
  });
}
