/** Rows as a book keeps them: there are some hundred thousand, which differ in few fields. */

/** The most that is remembered of rows for those that are like them. */
const MOST = 10_000;
/** The most of one kind: a row is compared with the last few. */
const MOST_OF_KIND = 16;

/**
 * What rows share: the same object for rows of one kind that are the same in all of these fields. Nothing else of the row
 * is in it; its other fields are undefined, in their places.
 */
export function sharing<Row extends object>(
  kindOf: (row: Row) => unknown,
  fields: readonly (keyof Row)[],
): (row: Row) => Partial<Row> {
  const known = new Map<unknown, Partial<Row>[]>();
  let many = 0;
  return (row) => {
    const kind = kindOf(row);
    const before = known.get(kind) ?? [];
    const like = before.find((other) => fields.every((field) => other[field] === row[field]));
    if (like !== undefined) return like;
    if (many >= MOST) known.clear();
    many = many >= MOST ? 1 : many + 1;
    const shared = only(row, fields);
    known.set(kind, [shared, ...before.slice(0, MOST_OF_KIND - 1)]);
    return shared;
  };
}

function only<Row extends object>(row: Row, fields: readonly (keyof Row)[]): Partial<Row> {
  const kept: Partial<Row> = { ...row };
  for (const field of Object.keys(row) as (keyof Row)[]) if (!fields.includes(field)) kept[field] = undefined;
  return kept;
}

/**
 * Reads like the row that it was made of, in a third of the memory: its own fields are those of the subclass, the others
 * are read from what it shares with rows that are like it. A spread copies only its own.
 */
export abstract class Kept<Row extends object> {
  readonly #shared: Partial<Row>;

  constructor(shared: Partial<Row>) {
    this.#shared = shared;
  }

  /** Lets the rows of a subclass be read by these fields, too. */
  static read(subclass: { readonly prototype: object }, fields: readonly string[]): void {
    for (const field of fields)
      Object.defineProperty(subclass.prototype, field, {
        get(this: Kept<Record<string, unknown>>) {
          return this.#shared[field];
        },
      });
  }

  /** As the row was written, with its fields in their order. */
  toJSON(): Row {
    const shared = this.#shared as Row;
    return { ...shared, ...this };
  }
}
