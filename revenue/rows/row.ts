/**
 * Single values of a Halo row as the rules need them: exact decimals, ids that are 0 for none. Core's reader reads
 * them.
 */
import type Big from 'big.js';
import {
  flagOf,
  intOf,
  isNothing,
  readDay,
  readDecimal,
  readFlag,
  refOf,
  textOf,
  UNREADABLE,
} from '../../core/values.js';
import { Exact, ZERO } from '../values/money.js';
import { remembering } from '../values/remember.js';

export { isDay } from '../../core/values.js';

export type HaloRow = Record<string, unknown>;

/** The value as a row; undefined if it is not a plain object. */
export function asRow(value: unknown): HaloRow | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as HaloRow) : undefined;
}

/** An exact decimal from a JSON number (by its shortest decimal text, so 1.005 is 1.005) or a numeric string. */
export function decimal(value: unknown): Big | undefined {
  const text = readDecimal(value);
  if (typeof text !== 'string') return undefined;
  return text === '0' ? ZERO : text.length > SHORT ? exactOf(text) : shortOf(text);
}

/** Copied, because big.js leaves room for more digits when it parses, and amounts are kept by the thousand. */
const exactOf = (text: string): Big => new Exact(new Exact(text));

/** Quantities and hours are the same few; longer amounts hardly come again, and a list of them fills with garbage. */
const SHORT = 4;
const shortOf = remembering(exactOf);

/** A whole number from a number or a numeric string. */
export const integer = intOf;

/** An id that points at something (> 0), else 0: Halo writes 0, -1 and null for "none". */
export const link = (value: unknown): number => refOf(value) ?? 0;

/** A template id from a link field: below -1, or above 0 and then taken as its negative; 0, -1 and null mean none. */
export function templateId(value: unknown): number {
  const id = integer(value) ?? 0;
  return id > 0 ? -id : id < -1 ? id : 0;
}

/** True if a field holds something: not absent, null or blank. */
export const isSent = (value: unknown): boolean => !isNothing(value);

/** Whether a flag is on. */
export const flag = flagOf;

/** Whether a flag is on; undefined if it can't be read. */
export function readableFlag(value: unknown): boolean | undefined {
  const read = readFlag(value);
  return read === UNREADABLE ? undefined : read === true;
}

/** Whether a flag is explicitly off: null and an absent field don't count. */
export const saidNo = (value: unknown): boolean => readFlag(value) === false;

/** Trimmed text, or undefined when blank. */
export const text = textOf;

/** The name of something that many rows name. */
export function name(value: unknown): string | undefined {
  const read = textOf(value);
  return read === undefined ? undefined : once(read);
}

/**
 * The literal date part as `YYYY-MM-DD`; undefined for Halo's "unset" and "open", and for anything that is not a date.
 */
export function day(value: unknown): string | undefined {
  const read = readDay(value);
  return typeof read === 'string' ? once(read) : undefined;
}

/** Whether a value is a date at all, Halo's "unset" included: `soon` and 30 February are not. */
export const isDate = (value: unknown): boolean => isSent(value) && readDay(value) !== UNREADABLE;

/** The first of equal texts in place of the others, so that only one of them is kept. */
const once = remembering((text: string) => text);
