import type { Row } from './row.js';
import { intOf } from './value.js';

/**
 * What tells one row of a list from another: its id. Actions are numbered separately in every ticket, and id 0 is none
 * (time sheets that were never filled in have it). A number sent as text is the same id. Undefined if a row has no id.
 */
export function keyFor(path: string): (row: Row) => string | number | undefined {
  const perTicket = /^\/?actions$/i.test(path);
  return (row) => {
    const id = intOf(row.id) ?? (row.id as string | number);
    if (lacksId(row) || id === 0) return undefined;
    return perTicket ? `${String(row.ticket_id)}/${id}` : id;
  };
}

/** True for a row without an id. 0 is an id: the home currency has it. */
export const lacksId = ({ id }: Row): boolean => id === '' || (typeof id !== 'number' && typeof id !== 'string');

/** True for the same rows in the same order, compared by id, or by their whole content if they have none. */
export function sameRows(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((row, index) => faceOf(row) === faceOf(b[index]));
}

const faceOf = (row: unknown): string => {
  const { id, ticket_id: ticket } = (row ?? {}) as Row;
  return id === undefined || id === null || id === 0 ? JSON.stringify(row) : `${String(ticket)}/${String(id)}`;
};
