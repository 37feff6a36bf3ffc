import { HaloError } from '../errors.js';
import type { Row } from './row.js';
import { numberOf } from './value.js';

/** Whether a row holds an id; undefined if its field is empty. */
export const holdsId = (row: Row, field: string, id: number): boolean | undefined =>
  row[field] === undefined || row[field] === null ? undefined : numberOf(row[field]) === id;

/** The error for a filter that Halo ignored, if nothing can be made of what it sent. */
export const filterIgnored = (label: string): HaloError =>
  new HaloError(
    'HALO_FILTER_IGNORED',
    `Halo ignored the filter "${label}" and sent other rows, so there is no true answer.`,
  );

/** @throws HaloError HALO_FILTER_IGNORED if a row does not hold the requested ids */
export function checkWhere(rows: readonly Row[], where: Record<string, number>): void {
  for (const [field, id] of Object.entries(where))
    if (rows.some((row) => holdsId(row, field, id) === false)) throw filterIgnored(field);
}
