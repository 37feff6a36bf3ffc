import { HaloError } from '../errors.js';
import type { Query } from '../halo/client.js';
import { isRow, type ListKey, type Row } from '../halo/pages.js';
import { isNothing } from '../halo/value.js';
import { type Column, type Columns, column } from './column.js';
import { setFields, unshown } from './fields.js';
import type { Part } from './get.js';
import type { Found } from './project.js';
import { restOf } from './rest.js';

/** The kinds of lists inside a record. One object for all plugins. */
export const part = Object.freeze({
  /**
   * Rows of another list of Halo that name the record. If there are more than `most`, the reader is told.
   * @param when an argument of the tool: the part is left out unless it is true
   */
  list: ({
    path,
    key,
    by,
    columns,
    query = {},
    most = 100,
    what,
    when,
  }: {
    path: string;
    key: ListKey;
    /** The field of those rows that holds the record's id; Halo filters by it under the same name. */
    by: string;
    columns: Columns;
    query?: Query;
    most?: number;
    /** The rows in the plural: `sites`. */
    what: string;
    when?: string;
  }): Part => ({
    columns,
    path,
    async rows(record, args, { halo }) {
      if (when !== undefined && args[when] !== true) return undefined;
      const where = { [by]: Number(record.id) };
      const page = await halo.list(path, { key, where, query, pageSize: most, readOnly: true });
      return { rows: page.rows, hint: restOf(page, what) };
    },
  }),

  /** The custom fields that are set, except secrets; `from` if the record also keeps fields elsewhere. */
  customFields: ({
    from = ['customfields'],
    name = 60,
    value = column.html('value', 300),
    always = false,
  }: {
    from?: readonly string[];
    /** How many characters of a name to show. */
    name?: number;
    value?: Column;
    /** Shows an empty list if none is set. */
    always?: boolean;
  } = {}): Part => ({
    columns: { name: column.text('name', name), value },
    rows(record, _args, context) {
      const found = from.map((field) => rowsIn(record, field));
      const rows = found.flatMap((some) => setFields(some.rows, context));
      const odd = unshown(found.flatMap((some) => some.rows));
      const told = odd === 0 ? [] : [`${odd} of the custom fields can't be read.`];
      const hint = [...found.flatMap((some) => some.hint ?? []), ...told].join(' ');
      return rows.length > 0 || always || hint !== '' ? { rows, hint } : undefined;
    },
  }),
});

/**
 * The rows of a list inside a record.
 * @param name the list's field
 * @throws HaloError HALO_UNEXPECTED if the field holds something else
 */
export function rowsIn(record: Row, name: string): Found {
  const list = record[name];
  if (isNothing(list)) return { rows: [] };
  if (!Array.isArray(list)) throw new HaloError('HALO_UNEXPECTED', `Halo's answer holds no list of ${name}.`);
  const rows = list.filter(isRow);
  const odd = list.length - rows.length;
  return { rows, ...(odd > 0 && { hint: `${odd} of the ${list.length} ${name} that Halo sent can't be read.` }) };
}

/**
 * The first so many of some rows, and what to say of the others.
 * @param which what the first ones are, as in "newest"
 * @param what the rows in the plural, as in "invoices"
 * @param more true where there may be rows that were not read; `see` says where all of them are
 */
export function firstOf(
  rows: readonly Row[],
  most: number,
  { which, what, more = false, see }: { which: string; what: string; more?: boolean; see?: string },
): Found {
  const first = rows.slice(0, most);
  if (first.length === rows.length && !more) return { rows: first };
  const of = `${rows.length}${more ? ' or more' : ''}`;
  return { rows: first, hint: `The ${first.length} ${which} of ${of} ${what}${see === undefined ? '' : `; ${see}`}.` };
}
