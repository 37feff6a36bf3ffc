import { flowing } from './print.js';
import { table } from './table.js';

/** The tags around text that others wrote are for models; a terminal shows only the text. */
const FENCE = /^<\/?halo-data-[\w-]+>$/;
const INSTANT = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):\d{2}Z$/;

/** A tool's text for a person, with its tab-separated tables drawn within `width` columns. Times are UTC. */
export function draw(text: string, width: number): string {
  const blocks: { rows?: string[][]; line?: string }[] = [];
  for (const line of text.split('\n')) {
    const last = blocks.at(-1);
    if (FENCE.test(line)) continue;
    if (!line.includes('\t')) blocks.push({ line });
    else if (last?.rows) last.rows.push(cells(line));
    else blocks.push({ rows: [cells(line)] });
  }
  return blocks
    .map(({ rows, line = '' }) =>
      rows === undefined ? flowing(line, { isTTY: true, columns: width }) : drawn(rows, width),
    )
    .join('\n');
}

/** An instant without its seconds; any other text as it is. */
export const withoutSeconds = (text: string): string => text.replace(INSTANT, '$1 $2');

const cells = (line: string) => line.split('\t').map(withoutSeconds);

function drawn([first = [], ...others]: string[][], width: number): string {
  const [head, rows] = isHead(first) ? [first, others] : [[], [first, ...others]];
  return table(head, rows, { right: numeric(rows), width });
}

/** Column names are unique words; a row of data has sentences, figures or gaps. */
const isHead = (row: readonly string[]) =>
  new Set(row).size === row.length && row.every((cell) => /^[\p{L}_]/u.test(cell) && !cell.endsWith('.'));

/** The columns that hold only figures. */
function numeric(rows: readonly (readonly string[])[]): number[] {
  const columns = (rows[0] ?? []).map((_, index) => rows.map((row) => row[index] ?? '').filter((cell) => cell !== ''));
  return columns.flatMap((column, index) =>
    column.length > 0 && column.every((cell) => /^-?\d+(\.\d+)?$/.test(cell)) ? [index] : [],
  );
}
