import type { Row } from './row.js';
import { intOf } from './value.js';

/**
 * What tells one row of a list from another: its id. Actions count theirs anew in every ticket, and id 0 is none (time
 * sheets that were never filled in have it). A number that comes as text is the same id. Undefined where a row has none.
 */
export function keyFor(path: string): (row: Row) => string | number | undefined {
  const perTicket = /^\/?actions$/i.test(path);
  return (row) => {
    const id = intOf(row.id) ?? (row.id as string | number);
    if (lacksId(row) || id === 0) return undefined;
    return perTicket ? `${String(row.ticket_id)}/${id}` : id;
  };
}

/** True for a row without an id. 0 is one: the home currency has it. */
export const lacksId = ({ id }: Row): boolean => id === '' || (typeof id !== 'number' && typeof id !== 'string');

/** True for the same rows in the same order; by their ids, or by all that they hold where they have none. */
export function sameRows(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((row, index) => faceOf(row) === faceOf(b[index]));
}

const faceOf = (row: unknown): string => {
  const { id, ticket_id: ticket } = (row ?? {}) as Row;
  return id === undefined || id === null || id === 0 ? JSON.stringify(row) : `${String(ticket)}/${String(id)}`;
};
