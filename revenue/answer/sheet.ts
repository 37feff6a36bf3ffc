/** A table as a file for a spreadsheet. */
import { stringify } from 'csv-stringify/sync';

/**
 * The beginnings of a cell that a spreadsheet takes for a formula. The pattern matches that character first and only
 * then looks back, since a text of many blanks would otherwise take minutes.
 */
const FORMULA = /[=+\-@＝＋－＠](?<=(?:^|[;\t\r\n])[\s"']*.)/g;
const FIGURE = /^[+-]?\d+(\.\d+)?$/;

/**
 * A cell that a spreadsheet shows but never runs: a quote goes before whatever could begin a formula. In some countries
 * a semicolon or a tab begins the next cell, wherever it stands.
 */
const plain = (value: unknown): unknown =>
  typeof value !== 'string' || FIGURE.test(value) ? value : value.replace(FORMULA, "'$&");

/** Rows as CSV, with decimal points, ISO days and a header. */
export function csvOf(rows: readonly Record<string, unknown>[], columns: readonly string[]): string {
  const cells = rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])));
  return stringify(cells, { header: true, columns: [...columns], cast: { boolean: String } });
}

/**
 * Rows as a file, with the columns of all of them. Each row says which days it covers and whether the book was complete,
 * so that it speaks for itself once it is saved.
 */
export function sheetOf(
  name: string,
  rows: readonly Record<string, unknown>[],
  beside: Record<string, unknown>,
): { uri: string; mimeType: string; text: string } {
  const columns = [...new Set([...rows.flatMap((row) => Object.keys(row)), ...Object.keys(beside)])];
  const text = csvOf(
    rows.map((row) => ({ ...row, ...beside })),
    columns,
  );
  return { uri: `halo://revenue/${name}.csv`, mimeType: 'text/csv', text };
}
