/** What a question reads of the rows beside what the rules do, as they pass. */
export interface Seen {
  invoice?: (row: unknown) => void;
  template?: (row: unknown) => void;
}

/** A reducer of rows that shows each to a question first, where it wants to see them. */
export function seeing<T>(
  see: ((row: unknown) => void) | undefined,
  keep: (row: unknown) => T | undefined,
): (row: unknown) => T | undefined {
  if (see === undefined) return keep;
  return (row) => {
    see(row);
    return keep(row);
  };
}
