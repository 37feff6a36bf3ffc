import { HaloError } from '../errors.js';
import type { Row } from './pages.js';

/** @throws HaloError HALO_FILTER_IGNORED where a row does not hold the ids that it was asked by */
export function checkWhere(rows: Row[], where: Record<string, number>): void {
  for (const [field, id] of Object.entries(where))
    if (rows.some((row) => row[field] !== undefined && row[field] !== null && Number(row[field]) !== id))
      throw new HaloError(
        'HALO_FILTER_IGNORED',
        `Halo ignored the filter "${field}" and sent other rows, so there is no true answer.`,
      );
}
