/** Reading single values of a Halo row, which may be a number, a numeric string, null, absent, or a sentinel. */
import type Big from 'big.js';
import { Temporal } from 'temporal-polyfill';
import { Exact, ZERO } from './money.js';

export type HaloRow = Record<string, unknown>;

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const DAY = /^\d{4}-\d{2}-\d{2}(?![\d-])/;
const TRUE_WORDS = new Set(['true', '1', 'yes']);

/** The value as a row, or undefined when it is no plain object. */
export function asRow(value: unknown): HaloRow | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as HaloRow) : undefined;
}

/** An exact decimal from a JSON number (by its shortest decimal text, so 1.005 is 1.005) or a numeric string. */
export function decimal(value: unknown): Big | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? exactOf(String(value)) : undefined;
  const text = typeof value === 'string' ? value.trim() : '';
  return DECIMAL.test(text) ? exactOf(text.replace(/^\+/, '')) : undefined;
}

/** Copied, since what big.js parses holds room for more digits than it has, and amounts are kept by the thousand. */
const exactOf = (text: string): Big => (text === '0' ? ZERO : new Exact(new Exact(text)));

/** A whole number from a number or a numeric string. */
export function integer(value: unknown): number | undefined {
  const number = typeof value === 'string' ? decimal(value)?.toNumber() : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

/** An id that points at something (> 0), else 0: Halo writes 0, -1 and null for "none". */
export function link(value: unknown): number {
  return Math.max(integer(value) ?? 0, 0);
}

/** A template id from a link field: below -1, or above 0 and then taken as its negative; 0, -1 and null mean none. */
export function templateId(value: unknown): number {
  const id = integer(value) ?? 0;
  return id > 0 ? -id : id < -1 ? id : 0;
}

/** True where a field holds something: neither absent, nor null, nor blank text. */
export function isSent(value: unknown): boolean {
  return value !== undefined && value !== null && !(typeof value === 'string' && value.trim() === '');
}

/** A bit: true, 1, "1", "true". */
export function flag(value: unknown): boolean {
  if (typeof value === 'string') return TRUE_WORDS.has(value.trim().toLowerCase());
  return value === true || value === 1;
}

/** A bit that is said to be off, which null and an absent field do not say. */
export function saidNo(value: unknown): boolean {
  return value === false || value === 0 || (typeof value === 'string' && /^(false|0|no)$/i.test(value.trim()));
}

/** Trimmed text, or undefined when blank. */
export function text(value: unknown): string | undefined {
  const trimmed = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
  return trimmed === '' ? undefined : trimmed;
}

/**
 * The literal date part as `YYYY-MM-DD`; no time zone is applied.
 * Years before 1901 and from 2099 on are Halo's "unset" (1899-12-30, 1900-01-01, 2099-12-31) and read as undefined.
 */
export function day(value: unknown): string | undefined {
  const date = typeof value === 'string' ? DAY.exec(value.trim())?.[0] : undefined;
  if (date === undefined || date < '1901' || date >= '2099') return undefined;
  return calendarDay(date);
}

/** Whether a value is a date at all, Halo's "unset" among them: neither `soon` nor 30 February. */
export function isDate(value: unknown): boolean {
  const date = typeof value === 'string' ? DAY.exec(value.trim())?.[0] : undefined;
  return date !== undefined && (date < '1901' || calendarDay(date) !== undefined);
}

/** Whether the text is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(value) && calendarDay(value) !== undefined;
}

/** The days met so far, each kept once: rows are many and name the same few. The calendar bounds them. */
const DAYS = new Map<string, string>();

function calendarDay(date: string): string | undefined {
  const known = DAYS.get(date);
  if (known !== undefined) return known;
  try {
    Temporal.PlainDate.from(date, { overflow: 'reject' });
  } catch {
    return undefined;
  }
  DAYS.set(date, date);
  return date;
}
