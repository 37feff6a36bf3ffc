/** How Halo's values are meant, each kind with one reader: `halo-psa-mcp/values`. Its contract stands in halo/value.ts. */
export { isRow, type Row } from './halo/row.js';
export * from './halo/value.js';
