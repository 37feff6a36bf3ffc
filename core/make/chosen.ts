import { z } from 'zod';
import { type Columns, column } from './column.js';
import type { IsSecret } from './fields.js';

/** The options of packs that are lists of column names. */
const lists = z.registry<{ names: true }>();

/**
 * The option that lets an operator choose columns of a list: its own further ones, or fields by Halo's name. A name
 * that looks like a secret is refused when the pack loads.
 */
export const columnNames = z
  .array(z.string().regex(/^\p{L}[\p{L}\p{N}_ .()&/-]{0,59}$/u, 'must be the name of a column, or of a field in Halo'))
  .default([])
  .register(lists, { names: true });

/** The first column among the options that may hold a secret, as an issue that says where it is. */
export function secretColumn(
  { shape }: z.ZodObject,
  options: Record<string, unknown>,
  isSecret: IsSecret,
): z.core.$ZodIssueCustom | undefined {
  for (const [key, schema] of Object.entries(shape)) {
    const names = lists.get(schema as z.ZodType)?.names === true ? (options[key] as readonly string[]) : [];
    const index = names.findIndex(isSecret);
    if (index !== -1)
      return {
        ...{ code: 'custom', path: [key, index], input: names[index] },
        message: 'looks like a secret by its name, and those are never shown',
      };
  }
  return undefined;
}

/**
 * The columns of a list or record plus those that the operator chose, which are always shown.
 * @param names as read by {@link columnNames}: of `more`, or of fields of Halo
 */
export function chosenColumns(names: readonly string[], own: Columns, more: Columns = {}): Columns {
  const known = new Map(Object.entries({ ...more, ...own }));
  const chosen = names.map((name) => [name, known.get(name) ?? column.field(name)] as const);
  return { ...own, ...Object.fromEntries(chosen) };
}
