/** How Halo's values are meant, each kind with one reader: `halo-psa-mcp/values`. */
export { isRow, type Row } from './halo/row.js';
export * from './make/value.js';
