/** What a question reads from passing rows beyond what the rules keep. */
export interface Seen {
  invoice?: (row: unknown) => void;
  template?: (row: unknown) => void;
}

/** A reducer of rows that first shows each row to a question, if it wants to see them. */
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
