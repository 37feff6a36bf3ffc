import { isRow } from './row.js';

/** Stands for a record that is not there: an empty list. */
export const NONE = Symbol('none');

/** The fields beside the list if a record comes wrapped in one; a record itself has others. */
const BESIDE = ['page_no', 'page_size', 'record_count', 'include_children'];

/** A list under such a key holds faults, and an empty one does not mean that there is no record. */
const FAULT = /^(errors?|exceptions?|messages?|faults?|problems?|warnings?)$/i;

/**
 * The bare record of an answer about one, read or written: Halo sends it bare, in an array, or in an array under the
 * name of the list. Several stay a list.
 */
export function unwrap(body: unknown): unknown {
  if (Array.isArray(body)) return only(body);
  if (!isRow(body) || 'id' in body) return body;
  const [key = '', ...others] = Object.keys(body).filter((name) => !BESIDE.includes(name));
  const list = body[key];
  return others.length === 0 && Array.isArray(list) && !FAULT.test(key) ? only(list) : body;
}

/** The only element; of several nobody knows which is meant. */
const only = (rows: readonly unknown[]): unknown => (rows.length === 0 ? NONE : rows.length === 1 ? rows[0] : rows);
