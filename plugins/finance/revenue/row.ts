/** Reading single values of a Halo row, which may be a number, a numeric string, null, absent, or a sentinel. */
import type Big from 'big.js';
import { Temporal } from 'temporal-polyfill';
import { Exact } from './money.js';

export type HaloRow = Record<string, unknown>;

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const DAY = /^(\d{4})-(\d{2})-(\d{2})(?![\d-])/;
const TRUE_WORDS = new Set(['true', '1', 'yes']);

/** The value as a row, or undefined when it is no plain object. */
export function asRow(value: unknown): HaloRow | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as HaloRow) : undefined;
}

/** An exact decimal from a JSON number (by its shortest decimal text, so 1.005 is 1.005) or a numeric string. */
export function decimal(value: unknown): Big | undefined {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  return DECIMAL.test(text) ? new Exact(text.replace(/^\+/, '')) : undefined;
}

/** A whole number from a number or a numeric string. */
export function integer(value: unknown): number | undefined {
  const number = typeof value === 'boolean' ? undefined : decimal(value)?.toNumber();
  return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
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
  const match = typeof value === 'string' ? DAY.exec(value.trim()) : null;
  if (match === null) return undefined;
  const year = Number(match[1]);
  if (year < 1901 || year >= 2099) return undefined;
  const date = match[0];
  const short = Number(match[3]) <= 28 && Number(match[3]) > 0 && Number(match[2]) <= 12 && Number(match[2]) > 0;
  return short || isDay(date) ? date : undefined; // every month has 28 days; only later ones need the calendar
}

/** Whether the text is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  try {
    Temporal.PlainDate.from(value, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
}
