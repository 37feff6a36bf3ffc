import type { Query } from '../query.js';
import type { Row } from '../types.js';

/**
 * Rows that fit a query: a parameter named like a field must equal it, and `search` must occur somewhere in the row.
 * Other parameters are ignored, as in Halo.
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
