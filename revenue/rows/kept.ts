/** Rows as a book keeps them: there are some hundred thousand, which differ in few fields. */

/** The most rows that are remembered for those that are like them. */
const MOST = 10_000;

/**
 * Finds the first row that is like another one.
 * @param keyOf a text that only rows have in common that are alike; undefined for a row that is like no other
 */
export function likes<Row>(keyOf: (row: Row) => string | undefined): (row: Row) => Row {
  const known = new Map<string, Row>();
  return (row) => {
    const key = keyOf(row);
    if (key === undefined) return row;
    const like = known.get(key);
    if (like !== undefined) return like;
    if (known.size >= MOST) known.clear();
    known.set(key, row);
    return row;
  };
}

/**
 * Reads like the row that it was made of, in a third of the memory: its own fields are those of the subclass, the others
 * are read from a row that is like it. A spread copies only its own.
 */
export abstract class Kept<Row extends object> {
  readonly #like: Row;

  constructor(like: Row) {
    this.#like = like;
  }

  /** Lets the rows of a subclass be read by these fields, too. */
  static read(subclass: { readonly prototype: object }, fields: readonly string[]): void {
    for (const field of fields)
      Object.defineProperty(subclass.prototype, field, {
        get(this: Kept<Record<string, unknown>>) {
          return this.#like[field];
        },
      });
  }

  /** As the row was written, with its fields in their order. */
  toJSON(): Row {
    return { ...this.#like, ...this };
  }
}
