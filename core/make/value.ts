import { HaloError } from '../errors.js';

/*
 * Halo's values as they are meant. Null fields are left out of its JSON, "no date" is a date of 1899 or 1900, "no end"
 * one of 2099 or later, a number may come as text, and 0 or less stands for "none" in a reference.
 */

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** A date's own day, `YYYY-MM-DD`; undefined for none, for Halo's "unset" (before 1901) and for "open" (2099 or later). */
export function dayOf(value: unknown): string | undefined {
  const parts = typeof value === 'string' ? DATE.exec(value.trim()) : null;
  if (parts === null) return undefined;
  const year = Number(parts[1]);
  if (Number.isNaN(Date.parse(`${parts[1]}-${parts[2]}-${parts[3]}`))) return undefined;
  return year < 1901 || year >= 2099 ? undefined : `${parts[1]}-${parts[2]}-${parts[3]}`;
}

/** A moment as ISO 8601 with Z, to the second: Halo's dates are UTC and say no zone. */
export function instantOf(value: unknown): string | undefined {
  const day = dayOf(value);
  if (day === undefined || typeof value !== 'string') return undefined;
  const parts = DATE.exec(value.trim());
  if (parts?.[7] !== undefined && parts[7] !== 'Z') {
    const moment = new Date(value.trim());
    return Number.isNaN(moment.getTime()) ? undefined : `${moment.toISOString().slice(0, 19)}Z`;
  }
  return `${day}T${parts?.[4] ?? '00'}:${parts?.[5] ?? '00'}:${parts?.[6] ?? '00'}Z`;
}

/** True for an end that Halo means as "never": 2099 or later. */
export function isOpenEnd(value: unknown): boolean {
  return typeof value === 'string' && Number(value.slice(0, 4)) >= 2099;
}

/**
 * A whole number, also one that came as text or as 12.0.
 * @throws HaloError HALO_UNEXPECTED for one too large to be exact: a rounded id would be another record's
 */
export function intOf(value: unknown): number | undefined {
  const number = numberOf(value);
  if (number === undefined || !Number.isInteger(number)) return undefined;
  if (!Number.isSafeInteger(number))
    throw new HaloError('HALO_UNEXPECTED', 'Halo sent an id that is too large to be exact.');
  return number;
}

/** The id of another record; undefined where Halo means none (0, -1, -99 …). */
export function refOf(value: unknown): number | undefined {
  const id = intOf(value);
  return id === undefined || id <= 0 ? undefined : id;
}

/** A number, also one that came as text. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'string' && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
}

/** True where Halo says so, in whichever way. */
export function flagOf(value: unknown): boolean {
  return value === true || value === 1 || (typeof value === 'string' && /^(true|1)$/i.test(value));
}

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
