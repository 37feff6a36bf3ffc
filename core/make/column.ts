import Big from 'big.js';
import { z } from 'zod';
import type { Query } from '../halo/client.js';
import type { LookupName } from '../halo/lookups.js';
import type { Row } from '../halo/pages.js';
import { readDayIn, type Sense, senseOf } from '../halo/sense.js';
import {
  dayOf,
  instantOf,
  intOf,
  readDecimal,
  readFlag,
  readInstant,
  readInt,
  readNumber,
  readRef,
  refOf,
  type Told,
  textOf,
  UNREADABLE,
} from '../halo/value.js';
import { clean, cut } from '../output/clean.js';
import { untrusted } from '../output/untrusted.js';
import type { Zone } from '../zone.js';
import { customField, type IsSecret } from './fields.js';
import { soundsSecret } from './secret-names.js';

/** What a column may need besides its row; fetched before the rows are read. */
export interface Reading {
  /** The name behind an id; `#12` if nobody knows it. */
  name(lookup: LookupName, id: number, sla?: number): string;
  /** HTML as text, of which this many characters will be shown. */
  plain(html: string, most?: number): string;
  /** Whether a field of this name may hold a secret. */
  isSecret?: IsSecret | undefined;
  /** The zone whose days are shown; UTC if it is left out. */
  zone?: Zone | undefined;
}

/** One column of a list, or one field of a record: its schema, and how it is read from Halo's row. */
export interface Column<R extends Row = Row> {
  schema: z.ZodType;
  read(row: R, reading: Reading): unknown;
  /** True if Halo sent something that can't be read as this column: it is left out, and the reader is told. */
  unread?(row: R, reading?: Reading): boolean;
  /** A name that is joined if the row does not have it. */
  join?: { lookup: LookupName; id(row: R): number | undefined; has(row: R): boolean };
  /** True if HTML has to be turned into text. */
  html?: boolean;
  /** What to ask Halo for so that its rows include the field. */
  query?: Query;
}

/** Columns by name, for rows as the list reads them. */
export type Columns<R extends Row = Row> = Record<string, Column<R>>;

/** Names of Halo fields; the first that says something counts. */
type Field = string | readonly string[];

const pick = <T>(row: Row, field: Field, read: (value: unknown, name: string) => T | undefined): T | undefined => {
  for (const name of typeof field === 'string' ? [field] : field) {
    const value = read(row[name], name);
    if (value !== undefined) return value;
  }
  return undefined;
};

/**
 * A column by the one reader of its kind of value. The first field that says something counts; an unreadable value says
 * something, and no later field replaces it.
 */
const told = <T>(
  field: Field,
  read: (value: unknown, name: string, zone: Zone | undefined) => Told<T>,
  show: (value: T) => unknown = (value) => value,
) => {
  const find = (row: Row, reading?: Reading) =>
    pick<T | typeof UNREADABLE>(row, field, (value, name) => read(value, name, reading?.zone));
  return {
    read: (row: Row, reading?: Reading) => {
      const value = find(row, reading);
      return value === undefined || value === UNREADABLE ? undefined : show(value);
    },
    unread: (row: Row, reading?: Reading) => find(row, reading) === UNREADABLE,
  };
};

/** A number to two decimals; one too large to have them can't be read. */
function readFigure(value: unknown): Told<number> {
  const number = readNumber(value);
  if (typeof number !== 'number') return number;
  return readDecimal(number) === UNREADABLE ? UNREADABLE : Math.round(number * 100) / 100;
}

const SHORT = 300;

/** The kinds of columns. A value that Halo leaves empty is left out of its row. One object for all plugins. */
export const column = Object.freeze({
  /** The record's own id. */
  id: (field: Field = 'id'): Column => ({ schema: z.int(), ...told(field, readInt) }),
  /** The id of another record; none is left out. */
  ref: (field: Field): Column => ({ schema: z.int(), ...told(field, readRef) }),
  /** Text that the MSP's own administrators wrote: names of teams, types, reports. */
  text: (field: Field, most = SHORT): Column => ({
    schema: z.string(),
    read: (row) => shorten(pick(row, field, textOf), most),
  }),
  /** Text that Halo's end users may have written. */
  foreign: (field: Field, most = SHORT): Column => ({
    schema: untrusted(z.string()),
    read: (row) => shorten(pick(row, field, textOf), most),
  }),
  /** The same, with HTML turned into plain text. */
  html: (field: Field, most = SHORT): Column => ({
    schema: untrusted(z.string()),
    html: true,
    read: (row, { plain }) => {
      const text = pick(row, field, textOf);
      // Cleaned before and after the markup is read: hidden characters may hide a tag, and an entity may hide them.
      return text === undefined ? undefined : shorten(plain(clean(text.slice(0, LONGEST)), most), most, unread(text));
    },
  }),
  /**
   * A day, `YYYY-MM-DD`: for a moment the day in the zone of the config, for a plain day the day itself.
   * @param sense which of the two Halo means; by default what is known of the field
   */
  day: (field: Field, sense?: Sense): Column => ({
    schema: z.string(),
    ...told(field, (value, name, zone) => readDayIn(value, sense ?? senseOf(name), zone)),
  }),
  /** A moment, ISO 8601 with Z. */
  instant: (field: Field): Column => ({ schema: z.string(), ...told(field, readInstant) }),
  /** A number such as hours or percent, to two decimals; 0 counts. */
  number: (field: Field): Column => ({
    schema: z.number(),
    ...told(field, readFigure),
  }),
  /** An amount as a decimal string with two places, in the home currency unless a column next to it says otherwise. */
  money: (field: Field): Column => ({
    schema: z.string(),
    // Without the minus sign that a rounded -0.001 would keep.
    ...told(field, readDecimal, (value) => new Big(value).toFixed(2).replace(/^-(?=0\.00$)/, '')),
  }),
  /** A flag that is shown only if it is true. */
  flag: (field: Field): Column => ({
    schema: z.literal(true),
    ...told(field, readFlag, (value) => value || undefined),
  }),
  /** A name: the row's own if it has one, otherwise joined by its id. */
  lookup: (lookup: LookupName, idField: Field, nameField?: Field): Column => {
    const id = (row: Row) => pick(row, idField, refOf);
    const own = (row: Row) => (nameField === undefined ? undefined : pick(row, nameField, textOf));
    return {
      schema: z.string(),
      join: { lookup, id, has: (row) => own(row) !== undefined },
      read: (row, { name }) => {
        const known = own(row);
        if (known !== undefined) return shorten(known, SHORT);
        const number = id(row);
        return number === undefined ? undefined : shorten(name(lookup, number, intOf(row.sla_id)), SHORT);
      },
    };
  },
  /** A field of Halo's row by its name, or a custom field by its name or label: anything but secrets. */
  field: (name: string): Column => ({
    schema: untrusted(z.union([z.string(), z.number(), z.boolean()])),
    html: true,
    read: (row, { plain, isSecret = soundsSecret }) => {
      if (isSecret(name)) return undefined;
      const value = row[name] ?? customField(row, name, isSecret);
      if (typeof value === 'number' || typeof value === 'boolean') return value;
      const text = textOf(value);
      if (text === undefined) return undefined;
      if (/^\d{4}-\d{2}-\d{2}T/.test(text)) return senseOf(name) === 'day' ? dayOf(text) : instantOf(text);
      return shorten(plain(text.slice(0, LONGEST), SHORT), SHORT, unread(text));
    },
  }),
  /**
   * Anything that is computed from the row.
   * @param unread true if it can't be computed because Halo sent something unreadable
   */
  value: <T extends z.ZodType, R extends Row = Row>(
    schema: T,
    read: (row: R, reading: Reading) => z.output<T> | undefined,
    unread?: (row: R) => boolean,
  ): Column<R> => ({ schema, read, ...(unread && { unread }) }),
});

/** Nothing shown is nearly this long: the rest is counted, but not looked at. */
const LONGEST = 300_000;
const unread = (text: string) => Math.max(0, text.length - LONGEST);

function shorten(text: string | undefined, most: number, more = unread(text ?? '')): string | undefined {
  const trimmed = text === undefined ? undefined : clean(text.slice(0, LONGEST)).trim();
  return trimmed === undefined || trimmed === '' ? undefined : cut(trimmed, most, more);
}
