/** A table as a file for a spreadsheet. */
import { stringify } from 'csv-stringify/sync';

/** A spreadsheet takes a cell that starts so for a formula; names come from outside, so they are made plain text. */
const plain = (name: string) => (/^[=+\-@\t\r]/.test(name) ? `'${name}` : name);

/** Columns that hold text from outside: names, references. All others are figures, days and words of our own. */
const TEXTS: readonly string[] = ['client', 'name', 'number', 'ref', 'item', 'contract'];

/**
 * Rows as CSV: decimal points, ISO days, the columns of all rows once. Each row says which days it covers and whether
 * the book was complete, so that it stands for itself once it is saved.
 */
export function sheetOf(
  name: string,
  rows: readonly Record<string, unknown>[],
  beside: Record<string, unknown>,
): { uri: string; mimeType: string; text: string } {
  const filled = rows.map((row) => {
    const texts = TEXTS.flatMap((key) => (typeof row[key] === 'string' ? [[key, plain(row[key])]] : []));
    return { ...row, ...Object.fromEntries(texts), ...beside };
  });
  const columns = [...new Set([...rows.flatMap((row) => Object.keys(row)), ...Object.keys(beside)])];
  const text = stringify(filled, { header: true, columns, cast: { boolean: String } });
  return { uri: `halo://revenue/${name}.csv`, mimeType: 'text/csv', text };
}
