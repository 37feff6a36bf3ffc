import { z } from 'zod';
import { type Columns, column } from './column.js';
import { isSecretName } from './fields.js';

/** The option by which an operator chooses columns of a list: its own further ones, or fields by Halo's name. */
export const columnNames = z
  .array(
    z
      .string()
      .regex(/^\p{L}[\p{L}\p{N}_ .()&/-]{0,59}$/u, 'must be the name of a column, or of a field in Halo')
      .refine((name) => !isSecretName(name), 'looks like a secret by its name, and those are never shown'),
  )
  .default([]);

/**
 * The columns of a list or record with those that the operator chose, which are shown without being asked for.
 * @param names as read by {@link columnNames}: of `more`, or of fields of Halo
 */
export function chosenColumns(names: readonly string[], own: Columns, more: Columns = {}): Columns {
  const known = new Map(Object.entries({ ...more, ...own }));
  const chosen = names.map((name) => [name, known.get(name) ?? column.field(name)] as const);
  return { ...own, ...Object.fromEntries(chosen) };
}
