/** How to read Halo's values, one reader per kind: `halo-psa-mcp/values`. Its contract is in halo/value.ts. */
export { isRow, type Row } from './halo/row.js';
export * from './halo/value.js';
