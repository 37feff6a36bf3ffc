/*
 * Halo's values as they are meant. Null fields are left out of its JSON, "no date" is a date of 1899 or 1900, "no end"
 * one of 2099 or later, a number may come as text, and 0 or less stands for "none" in a reference. Each kind of value
 * has one reader, which tells three things apart: a value, nothing there, and something that can't be read.
 */

/** What was sent, but is no value of its kind: `"1.200,00"` for an amount, `"soon"` for a day. Never the same as nothing. */
export const UNREADABLE: unique symbol = Symbol('unreadable');

/** A value, nothing (undefined), or {@link UNREADABLE}. */
export type Told<T> = T | undefined | typeof UNREADABLE;

/** The value alone, for where nothing and what can't be read come to the same. */
const known = <T>(told: Told<T>): T | undefined => (told === UNREADABLE ? undefined : (told as T | undefined));

/** True where a field holds nothing: absent, null, or blank text. */
export const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** A date's own day, `YYYY-MM-DD`; nothing for Halo's "unset" (before 1901) and for "open" (2099 or later). */
export function readDay(value: unknown): Told<string> {
  if (isNothing(value)) return undefined;
  const parts = typeof value === 'string' ? DATE.exec(value.trim()) : null;
  if (parts === null) return UNREADABLE;
  const day = `${parts[1]}-${parts[2]}-${parts[3]}`;
  if (!isCalendarDay(day)) return UNREADABLE;
  const year = Number(parts[1]);
  return year < 1901 || year >= 2099 ? undefined : day;
}

/** 30 February is none; JavaScript would take it for 2 March. */
function isCalendarDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

/** A moment as ISO 8601 with Z, to the second: Halo's dates are UTC and say no zone. */
export function readInstant(value: unknown): Told<string> {
  const day = readDay(value);
  if (typeof day !== 'string' || typeof value !== 'string') return day;
  const parts = DATE.exec(value.trim());
  const time = `${parts?.[4] ?? '00'}:${parts?.[5] ?? '00'}:${parts?.[6] ?? '00'}`;
  const zone = parts?.[7];
  const moment = new Date(zone === undefined || zone === 'Z' ? `${day}T${time}Z` : value.trim());
  return Number.isNaN(moment.getTime()) ? UNREADABLE : `${moment.toISOString().slice(0, 19)}Z`;
}

/** A number, also one that came as text. */
export function readNumber(value: unknown): Told<number> {
  if (isNothing(value)) return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? value : UNREADABLE;
  return typeof value === 'string' && DECIMAL.test(value.trim()) ? Number(value) : UNREADABLE;
}

const DECIMAL = /^[+-]?\d+(\.\d+)?$/;

/** An exact decimal as text, for money: a number by its shortest text, a text as it is. */
export function readDecimal(value: unknown): Told<string> {
  const number = readNumber(value);
  return typeof number === 'number' ? String(value).trim().replace(/^\+/, '') : number;
}

/** A whole number, also as text or as 12.0. One too large to be exact can't be read: rounded, it is another record's. */
export function readInt(value: unknown): Told<number> {
  const number = readNumber(value);
  return typeof number === 'number' && !Number.isSafeInteger(number) ? UNREADABLE : number;
}

/** The id of another record; nothing where Halo means none (0, -1, -99 …). */
export function readRef(value: unknown): Told<number> {
  const id = readInt(value);
  return typeof id === 'number' && id <= 0 ? undefined : id;
}

/** A date's own day, `YYYY-MM-DD`; undefined for none, for one that can't be read, and for Halo's "unset" and "open". */
export const dayOf = (value: unknown): string | undefined => known(readDay(value));

/** A moment as ISO 8601 with Z, to the second; undefined where {@link dayOf} is. */
export const instantOf = (value: unknown): string | undefined => known(readInstant(value));

/** A number, also one that came as text; undefined for anything else. */
export const numberOf = (value: unknown): number | undefined => known(readNumber(value));

/** A whole number, also one that came as text or as 12.0; undefined for one that is too large to be exact. */
export const intOf = (value: unknown): number | undefined => known(readInt(value));

/** The id of another record; undefined where Halo means none (0, -1, -99 …). */
export const refOf = (value: unknown): number | undefined => known(readRef(value));

/** True for an end that Halo means as "never": 2099 or later. */
export function isOpenEnd(value: unknown): boolean {
  return typeof value === 'string' && Number(value.slice(0, 4)) >= 2099;
}

/** A flag, in whichever way Halo says it. */
export function readFlag(value: unknown): Told<boolean> {
  if (isNothing(value)) return undefined;
  const word = typeof value === 'object' ? '' : String(value).trim();
  return /^(true|1|yes)$/i.test(word) ? true : /^(false|0|no)$/i.test(word) ? false : UNREADABLE;
}

/** True where Halo says so, in whichever way. */
export const flagOf = (value: unknown): boolean => readFlag(value) === true;

/** Text that says something; numbers count as text. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** Halo's own status for closed; all others are made by the tenant. */
const CLOSED = 9;

/**
 * True for a ticket or a project (Halo keeps both in one table) that is closed. `hasbeenclosed` stays true on one that
 * was opened again, so it is not asked.
 */
export const isClosed = (row: Record<string, unknown>): boolean =>
  numberOf(row.status_id) === CLOSED || dayOf(row.dateclosed) !== undefined;
