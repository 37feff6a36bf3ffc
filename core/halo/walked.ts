import { createHash } from 'node:crypto';
import type { Envelope, Row } from './envelope.js';
import { keyFor, lacksId } from './row-key.js';

/** The rows of a walk as they come: each once, in the order of the pages, and what is wrong with them. */
export class Walked {
  /** How many rows came, each counted once. */
  met = 0;
  readonly #keyOf: ReturnType<typeof keyFor>;
  /** When each row that came was last modified. */
  readonly #seen = new Map<unknown, string>();
  readonly #pages = new Map<number, readonly Row[]>();
  /** The number of rows of each page. */
  readonly #lengths = new Map<number, number>();
  /** Pages that hold rows without ids, to know them again. */
  readonly #faces = new Set<string>();
  readonly #flaws: { page: number; flaw: string }[] = [];
  #lacking = 0;

  constructor(path: string) {
    this.#keyOf = keyFor(path);
  }

  /**
   * Takes in a page. A row comes again only where it was modified since it came.
   * @returns the rows that are new or newer, and how many are new
   */
  take(
    page: number,
    { rows, entries, flaw }: Pick<Envelope, 'rows' | 'entries' | 'flaw'>,
  ): { fresh: Row[]; added: number } {
    this.#lengths.set(page, entries.length);
    if (flaw !== undefined) this.#flaws.push({ page, flaw });
    if (rows.some((row) => this.#keyOf(row) === undefined) && this.#isRepeated(rows)) return { fresh: [], added: 0 };
    const own = new Map<unknown, Row>();
    for (const row of rows) {
      const key = this.#keyOf(row) ?? row;
      const before = own.has(key) ? modified(own.get(key) as Row) : this.#seen.get(key);
      if (before === undefined || modified(row) > before) own.set(key, row);
    }
    const added = [...own.keys()].filter((key) => !this.#seen.has(key)).length;
    for (const [key, row] of own) if (key !== row) this.#seen.set(key, modified(row));
    this.#lacking += rows.filter(lacksId).length;
    this.met += added;
    return { fresh: [...own.values()], added };
  }

  /** The last page received. */
  get tail(): { page: number; length: number } {
    const page = Math.max(...this.#lengths.keys());
    return { page, length: this.#lengths.get(page) ?? 0 };
  }

  /**
   * Says so if a page before the last differs in length from the first, or the last is longer: Halo then changed its
   * page size during the walk, and rows between pages may be missing. Only meeting the count proves that none is.
   */
  uneven(): string | undefined {
    const lengths = [...this.#lengths].sort(([a], [b]) => a - b).flatMap(([, length]) => (length > 0 ? [length] : []));
    const [first = 0] = lengths;
    const other = lengths.find((length, at) => length > first || (length < first && at < lengths.length - 1));
    return other === undefined ? undefined : `Halo sent pages of ${first} and of ${other} rows`;
  }

  /** What is kept of a page for the end. */
  keep(page: number, rows: readonly Row[]): void {
    this.#pages.set(page, rows);
  }

  /** The rows that were kept. Pages may overlap while rows are added: of rows with one id, the last modified stays. */
  rows(): Row[] {
    const rows = [...this.#pages.entries()].sort(([a], [b]) => a - b).flatMap(([, kept]) => kept);
    const byKey = new Map<unknown, Row>();
    for (const row of rows) {
      const key = this.#keyOf(row) ?? row;
      const known = byKey.get(key);
      if (known === undefined || modified(row) >= modified(known)) byKey.set(key, row);
    }
    return byKey.size === rows.length ? rows : [...byKey.values()];
  }

  /** What is wrong with the rows that came, in at most one sentence for each kind. */
  flaws(): string[] {
    const [first] = this.#flaws.toSorted((a, b) => a.page - b.page);
    const more = this.#flaws.length > 1 ? ` and ${this.#flaws.length - 1} more` : '';
    // If no row of a list has an id, none is missing.
    const lacking = this.#seen.size > 0 ? this.#lacking : 0;
    return [
      ...(first === undefined ? [] : [`${first.flaw} (page ${first.page}${more})`]),
      ...(lacking === 0 ? [] : [`${lacking === 1 ? 'a row' : `${lacking} rows`} without an id`]),
    ];
  }

  #isRepeated(rows: readonly Row[]): boolean {
    const face = createHash('sha1').update(JSON.stringify(rows)).digest('base64');
    if (this.#faces.has(face)) return true;
    this.#faces.add(face);
    return false;
  }
}

/** Compared as text: an instant with a fraction of a second is later than one without. */
const modified = ({ last_modified: stamp }: Row): string => String(stamp ?? '').replace(/Z$/i, '');
