/* Where a row carries what is no field of Halo: under symbols, so that none of its fields can be taken for it. */

/** What was read besides the row, for the money rules to judge it by. */
export const BESIDE: unique symbol = Symbol('beside');

/** What the money rules say about the row. */
export const JUDGED: unique symbol = Symbol('judged');
