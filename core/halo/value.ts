/*
 * What Halo's values mean: the one reader of each kind, for the packs, the client and the money engine alike.
 *
 * - Nothing there: an absent field, null, blank text. Halo leaves null fields out of its JSON.
 * - A day is the literal date part of what was sent; no time zone is applied. "No date" is a date before 1901, "no end"
 *   one of 2099 or later; both are nothing.
 * - A number may come as text, in the grammar of JSON's own numbers, with spaces around it, a plus, or a bare point. An
 *   id as text is digits alone (`12`, `12.0`): nobody writes an id as `1e5`.
 * - 0 or less stands for "none" in a reference.
 * - A flag is a boolean, 1 or 0, or one of their words: Halo sends bits in all three ways.
 *
 * Each `read…` tells three things apart: a value, nothing there, and something that can't be read. Each `…Of` gives only
 * the value, for callers to whom the other two are the same.
 */

/** Sent, but not a value of its kind: `"1.200,00"` for an amount, `"soon"` for a day. Never the same as nothing. */
export const UNREADABLE: unique symbol = Symbol('unreadable');

/** A value, nothing (undefined), or {@link UNREADABLE}. */
export type Told<T> = T | undefined | typeof UNREADABLE;

/** The value alone. */
const known = <T>(told: Told<T>): T | undefined => (told === UNREADABLE ? undefined : (told as T | undefined));

/** True if a field holds nothing: absent, null, or blank text. */
export const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** What follows may be a time or a zone; `2026-05-01 or later` is no day. */
const DAY = /^(\d{4})-\d{2}-\d{2}(?=$|[T ]\d{2}:|Z$|\+\d)/;
const TIME = /^[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** A date's own day, `YYYY-MM-DD`; nothing for Halo's "unset" (before 1901) and for "open" (2099 or later). */
export function readDay(value: unknown): Told<string> {
  if (isNothing(value)) return undefined;
  const parts = typeof value === 'string' ? DAY.exec(value.trim()) : null;
  if (parts === null) return UNREADABLE;
  const year = Number(parts[1]);
  if (year < 1901 || year >= 2099) return undefined;
  return isDay(parts[0]) ? parts[0] : UNREADABLE;
}

/** True for a day of the calendar, `YYYY-MM-DD`. 30 February is not one; JavaScript would read it as 2 March. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const length = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return month >= 1 && month <= 12 && day >= 1 && day <= length;
}

/** A moment as ISO 8601 with Z, to the second: Halo's dates are UTC and name no zone. A day alone is its midnight. */
export function readInstant(value: unknown): Told<string> {
  const day = readDay(value);
  if (typeof day !== 'string' || typeof value !== 'string') return day;
  const rest = value.trim().slice(day.length);
  const parts = TIME.exec(rest);
  if (parts === null && !/^(Z|[+-]\d{2}:?\d{2})?$/.test(rest)) return UNREADABLE;
  const time = `${parts?.[1] ?? '00'}:${parts?.[2] ?? '00'}:${parts?.[3] ?? '00'}`;
  const zone = parts?.[4];
  // The usual case: a UTC moment, used as written.
  if ((zone === undefined || zone === 'Z') && /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(time))
    return `${day}T${time}Z`;
  const moment = new Date(zone === undefined || zone === 'Z' ? `${day}T${time}Z` : value.trim());
  return Number.isNaN(moment.getTime()) ? UNREADABLE : `${moment.toISOString().slice(0, 19)}Z`;
}

/** Text that is a number. Exponents are bounded: an exact decimal has a digit for each of them. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;

/** A number, even if it came as text. */
export function readNumber(value: unknown): Told<number> {
  if (typeof value === 'number') return Number.isFinite(value) ? value : UNREADABLE;
  if (isNothing(value)) return undefined;
  const number = typeof value === 'string' && DECIMAL.test(value.trim()) ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : UNREADABLE;
}

/** The largest amount whose cents are sure: beyond it JavaScript reads a JSON number as one nearby. */
const MOST_EXACT = Number.MAX_SAFE_INTEGER / 100;

/**
 * An exact decimal as text, for money: a number by its shortest text (1.005 is 1.005), text unchanged. A number too large
 * to be exact can't be read; as text it can.
 */
export function readDecimal(value: unknown): Told<string> {
  const number = readNumber(value);
  if (typeof value === 'number' && Math.abs(value) > MOST_EXACT) return UNREADABLE;
  return typeof number === 'number' ? String(value).trim().replace(/^\+/, '') : number;
}

const DIGITS = /^[+-]?\d+(\.0*)?$/;

/** A whole number, also as text or as 12.0. One too large to be exact can't be read: rounded, it is another record's. */
export function readInt(value: unknown): Told<number> {
  const number =
    typeof value === 'string' && !isNothing(value) && !DIGITS.test(value.trim()) ? UNREADABLE : readNumber(value);
  return typeof number === 'number' && !Number.isSafeInteger(number) ? UNREADABLE : number;
}

/** The id of another record; nothing if Halo means none (0, -1, -99 …). */
export function readRef(value: unknown): Told<number> {
  const id = readInt(value);
  return typeof id === 'number' && id <= 0 ? undefined : id;
}

const YES = /^(true|1|yes)$/i;
const NO = /^(false|0|no)$/i;

/** A flag: true, 1 and their words; false, 0 and theirs. Anything else, such as 2 or "not", is unreadable. */
export function readFlag(value: unknown): Told<boolean> {
  if (value === true || value === 1) return true;
  if (value === false || value === 0) return false;
  if (isNothing(value)) return undefined;
  const word = typeof value === 'string' ? value.trim() : '';
  return YES.test(word) ? true : NO.test(word) ? false : UNREADABLE;
}

/** A date's own day, `YYYY-MM-DD`; undefined for none, for one that can't be read, and for Halo's "unset" and "open". */
export const dayOf = (value: unknown): string | undefined => known(readDay(value));

/** A moment as ISO 8601 with Z, to the second; undefined if {@link dayOf} is. */
export const instantOf = (value: unknown): string | undefined => known(readInstant(value));

/** A number, even if it came as text; undefined for anything else. */
export const numberOf = (value: unknown): number | undefined => known(readNumber(value));

/** A whole number, also as text or as 12.0; undefined if it is too large to be exact. */
export const intOf = (value: unknown): number | undefined => known(readInt(value));

/** The id of another record; undefined if Halo means none (0, -1, -99 …). */
export const refOf = (value: unknown): number | undefined => known(readRef(value));

/** True for an end that Halo means as "never": 2099 or later. */
export function isOpenEnd(value: unknown): boolean {
  const parts = typeof value === 'string' ? DAY.exec(value.trim()) : null;
  return Number(parts?.[1]) >= 2099;
}

/** True if Halo says so, in any of its forms. */
export const flagOf = (value: unknown): boolean => readFlag(value) === true;

/** Text that says something, trimmed; numbers count as text. */
export function textOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
  return text === '' ? undefined : text;
}

/** Halo's own status for closed; all others are the tenant's. */
const CLOSED = 9;

/**
 * True for a closed ticket or project (Halo keeps both in one table). `hasbeenclosed` stays true on one that was
 * reopened, so it is not used.
 */
export const isClosed = (row: Record<string, unknown>): boolean =>
  numberOf(row.status_id) === CLOSED || dayOf(row.dateclosed) !== undefined;
