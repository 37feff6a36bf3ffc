/** Halo's "no date"; older tables hold the second one. */
export const NEVER = '1900-01-01T00:00:00';
export const NEVER_OLD = '1899-12-30T00:00:00';
/** Halo's "open end" of a contract. */
export const OPEN_END = '2099-12-31T00:00:00';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** All of the tenant's dates derive from this. Instants are milliseconds since the epoch. */
export interface Clock {
  now: number;
  /** Midnight UTC of today. */
  today: number;
  /** Midnight of a day of the month, `offset` months from this one. */
  month(offset: number, dayOfMonth?: number): number;
}

export function createClock(now: number): Clock {
  const at = new Date(now);
  return {
    now,
    today: Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()),
    month: (offset, dayOfMonth = 1) => Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + offset, dayOfMonth),
  };
}

/** Moves by whole months; the day is kept below 29 by the data. */
export function addMonths(instant: number, months: number): number {
  const at = new Date(instant);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, at.getUTCDate());
}

/** As Halo writes an instant: no zone, 0 to 7 fraction digits, trailing zeros cut. */
export function haloDate(instant: number): string {
  const [seconds = '', fraction = ''] = new Date(instant).toISOString().slice(0, -1).split('.');
  const digits = (instant % 3 === 0 ? fraction : `${fraction}3071`).replace(/^0+$|^0003071$/, '').replace(/0+$/, '');
  return digits === '' ? seconds : `${seconds}.${digits}`;
}
