/** A table as a file for a spreadsheet. */
import { stringify } from 'csv-stringify/sync';

/**
 * What a spreadsheet takes for a formula where a cell begins with it. The character comes first in the pattern, so that
 * only from there it looks back: a text of many blanks would take minutes otherwise.
 */
const FORMULA = /[=+\-@＝＋－＠](?<=(?:^|[;\t\r\n])[\s"']*.)/g;
const FIGURE = /^[+-]?\d+(\.\d+)?$/;

/**
 * A cell as a spreadsheet shows it and never runs it: what could begin a formula gets a quote in front. In some countries
 * a semicolon or a tab begins the next cell, wherever it stands.
 */
const plain = (value: unknown): unknown =>
  typeof value !== 'string' || FIGURE.test(value) ? value : value.replace(FORMULA, "'$&");

/** Rows as CSV: decimal points, ISO days, the columns once. */
export function csvOf(rows: readonly Record<string, unknown>[], columns: readonly string[]): string {
  const cells = rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])));
  return stringify(cells, { header: true, columns: [...columns], cast: { boolean: String } });
}

/**
 * Rows as a file, with the columns of all of them. Each row says which days it covers and whether the book was complete,
 * so that it stands for itself once it is saved.
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
