import Table from 'cli-table3';

/** A drawn table for a terminal; the columns in `right` are aligned to the right. */
export function table(head: string[], rows: string[][], right: number[] = []): string {
  const aligns = head.map((_, index) => (right.includes(index) ? ('right' as const) : ('left' as const)));
  const drawn = new Table({ head, colAligns: aligns, style: { head: [], border: [], compact: true } });
  drawn.push(...rows);
  return drawn.toString();
}
