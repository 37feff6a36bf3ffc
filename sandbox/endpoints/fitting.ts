import type { Query } from '../query.js';
import type { Row } from '../types.js';

/**
 * Rows that fit a question: each parameter that is one of a row's fields must be what the row says, `search` must stand
 * somewhere in it. Any other parameter is ignored, as Halo does.
 */
export const fitting = (rows: readonly Row[], query: Query): Row[] =>
  rows.filter((row) => {
    const search = query.text('search');
    if (search !== undefined && !JSON.stringify(Object.values(row)).toLowerCase().includes(search)) return false;
    return Object.entries(row).every(([field, value]) => {
      const asked = typeof value === 'object' ? undefined : query.text(field);
      return asked === undefined || asked === String(value).trim().toLowerCase();
    });
  });
