import Table from 'cli-table3';
import { wrap } from './print.js';

/** How a table is drawn. */
export interface Drawing {
  /** Right-aligned columns. */
  right?: readonly number[];
  /** Columns of the terminal; without it the table is as wide as it needs to be. */
  width?: number | undefined;
}

/**
 * Draws a table for a terminal. If it is too wide, the longest columns are wrapped; if that is not enough, each row
 * becomes lines of its own. Nothing is cut.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { right = [], width }: Drawing = {},
): string {
  const all = head.length > 0 ? [head, ...rows] : rows;
  const columns = (all[0] ?? []).map((_, index) => all.map((row) => row[index] ?? ''));
  const widths = widthsOf(columns, width);
  if (widths === undefined) return records(head, rows, width ?? 0);
  const wrapped = (row: readonly string[]) => row.map((cell, index) => lines(cell, widths[index] ?? 1).join('\n'));
  const aligns = columns.map((_, index) => (right.includes(index) ? ('right' as const) : ('left' as const)));
  const drawn = new Table({ head: wrapped(head), colAligns: aligns, style: { head: [], border: [], compact: true } });
  drawn.push(...rows.map(wrapped));
  return drawn.toString();
}

/** A column never gets narrower than its longest word, unless that word is longer than this. */
const LONGEST = 14;
const lengthOf = (text: string) => Array.from(text).length;
const most = (texts: readonly string[]) => Math.max(1, ...texts.map(lengthOf));

/** The width of each column; undefined if they don't fit side by side. */
function widthsOf(columns: readonly (readonly string[])[], width = Number.POSITIVE_INFINITY): number[] | undefined {
  const widths = columns.map(most);
  const least = columns.map((column) => Math.min(LONGEST, most(column.flatMap((cell) => cell.split(/\s+/)))));
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
  // A border before each column and after the last, and a blank on either side of each cell.
  const room = width - (3 * columns.length + 1);
  if (sum(least) > room) return undefined;
  while (sum(widths) > room) {
    const spare = widths.map((one, index) => (one - (least[index] ?? 0) > 0 ? one : 0));
    const longest = spare.indexOf(Math.max(...spare));
    widths[longest] = (widths[longest] ?? 0) - 1;
  }
  return widths;
}

/** Text in lines of at most `width` characters. Only a word longer than a line is broken. */
const lines = (text: string, width: number): string[] =>
  wrap(text, width)
    .split('\n')
    .flatMap((line) => pieces(Array.from(line), width));

const pieces = (letters: string[], width: number): string[] =>
  letters.length <= width
    ? [letters.join('')]
    : [letters.slice(0, width).join(''), ...pieces(letters.slice(width), width)];

/** Each row as its own lines of name and value. */
function records(head: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  const names = most(head);
  const line = (name: string, value: string) =>
    lines(value, Math.max(20, width - names - 2)).map(
      (part, index) => `${(index === 0 ? name : '').padEnd(names)}  ${part}`,
    );
  const shown = rows.map((row) =>
    row.flatMap((cell, index) => (cell === '' ? [] : line(head[index] ?? '', cell))).join('\n'),
  );
  const rule = '─'.repeat(Math.max(1, Math.min(width, 80)));
  return `${[rule, shown.join(`\n${rule}\n`), rule].join('\n')}`;
}
