// writes/: the effect of a POST or DELETE: the record, and the e-mails that Halo would send about it.
/** A request that Halo refuses in its own words. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly body?: string,
  ) {
    super(body ?? String(status));
  }
}

/** A whole number as Halo's model binding accepts it. @throws Refused */
export function intIn(row: Record<string, unknown>, field: string): number | undefined {
  const value = row[field];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (Number.isSafeInteger(number)) return number as number;
  throw new Refused(400, JSON.stringify({ [`[0].${field}`]: ['Could not convert string to integer.'] }));
}

/** The request breaks a rule of Halo's: a JSON string. */
export const broken = (sentence: string): Refused => new Refused(400, JSON.stringify(sentence));
