import type { Row } from '../halo/pages.js';
import { intOf, isNothing, numberOf, readInt, textOf, UNREADABLE } from '../halo/value.js';
import { holdsId } from '../halo/where.js';
import { plainName } from './name.js';

/** Where a row holds the id and name of something: in two fields, or in several pairs of its own. */
export type Holds =
  | { field: string; nameField?: string; names?: undefined }
  | { names: (row: Row) => readonly { id: number | undefined; name: string | undefined }[] };

/** The ids and names that a row holds. */
export function namesOf(row: Row, holds: Holds): readonly { id: number | undefined; name: string | undefined }[] {
  if (holds.names !== undefined) return holds.names(row);
  const { field, nameField } = holds;
  return [{ id: numberOf(row[field]), name: nameField === undefined ? undefined : textOf(row[nameField]) }];
}

/** True for a row that says it belongs to nothing: its id is null or Halo's for none, and it has no name. */
export function saysNone(row: Row, { field, nameField }: Extract<Holds, { field: string }>): boolean {
  const id = row[field];
  const isNone = id === null || (intOf(id) ?? 1) <= 0;
  return isNone && (nameField === undefined || isNothing(row[nameField]));
}

/** True for a row whose id can't be read: it may be any. */
export const isIdUnread = (row: Row, holds: Holds): boolean =>
  holds.names === undefined && readInt(row[holds.field]) === UNREADABLE;

/** Whether a row holds an id or, if it has none that can be read, the name; undefined if it has neither. */
export function holdsNamed(row: Row, holds: Holds, id: number, name: string | undefined): boolean | undefined {
  const isNamed = (one: string | undefined) =>
    one !== undefined && name !== undefined && plainName(one) === plainName(name);
  if (holds.names !== undefined) return holds.names(row).some((one) => one.id === id || isNamed(one.name));
  const own = isIdUnread(row, holds) ? undefined : holdsId(row, holds.field, id);
  if (own !== undefined) return own;
  const [said] = namesOf(row, holds);
  return said?.name === undefined || name === undefined ? undefined : isNamed(said.name);
}
