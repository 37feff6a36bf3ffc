/** One value as text in one cell or line: no tab, no line break. */
export function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value) && value.every((v) => typeof v !== 'object')) return value.map(cell).join(', ');
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.replace(BREAKS, ' ');
}

/** Whatever some reader takes for the end of a cell or a line, including our mark at the start of a line. */
const BREAKS = /(?:[\t\n\v\f\r\u0085\u2028\u2029]+(?:\| )?)+/g;

/** Text of several lines, each marked as a continuation: none can be taken for a field or a row of its own. */
export const quoted = (text: string): string =>
  text
    .split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/)
    .map((line) => `| ${line.replaceAll('\t', '  ')}`)
    .join('\n');

/**
 * Rows as a tab-separated table with a header. Columns that are blank in every row are left out; `columns` come first,
 * the others in the order in which rows name them.
 */
export function table(rows: readonly Record<string, unknown>[], columns: readonly string[] = []): string {
  const all = new Set([...columns, ...rows.flatMap((row) => Object.keys(row))]);
  const names = [...all].filter((name) => rows.some((row) => cell(row[name]).trim() !== ''));
  return [names.map(cell).join('\t'), ...rows.map((row) => names.map((name) => cell(row[name])).join('\t'))].join('\n');
}

/** One record as `key: value` lines, text of several lines quoted under its key, and small tables for its lists. */
export function record(value: Record<string, unknown>): string {
  const lines: string[] = [];
  const tables: string[] = [];
  for (const [name, v] of Object.entries(value)) {
    // A name in brackets, with the colon after it, would define a link.
    const key = cell(name).replace(/\]$/, '] ');
    if (v === undefined || v === null) continue;
    if (Array.isArray(v) && (v.length === 0 || v.some((x) => typeof x === 'object' && x !== null)))
      tables.push(v.length === 0 ? `${key}: none` : `${key}:\n${table(v as Record<string, unknown>[])}`);
    else if (typeof v === 'object' && !Array.isArray(v))
      tables.push(`${key}:\n${record(v as Record<string, unknown>)}`);
    else lines.push(typeof v === 'string' && v.includes('\n') ? `${key}:\n${quoted(v)}` : `${key}: ${cell(v)}`);
  }
  return [...lines, ...tables].join('\n');
}
