/** A parameter that .NET can't bind to its type. */
export class BadValue extends Error {
  constructor(
    readonly parameter: string,
    readonly value: string,
  ) {
    super(`${parameter}=${value}`);
  }
}

/** Query parameters as Halo reads them. Unknown names are ignored, as in Halo. */
export interface Query {
  /** True only for exactly `true`. */
  flag(name: string): boolean;
  /** True only for exactly `false`: switches off what comes by default. */
  off(name: string): boolean;
  /** Undefined when absent or 0, Halo's "none". */
  int(name: string): number | undefined;
  /** Comma separated ids; undefined when absent. */
  ints(name: string): readonly number[] | undefined;
  /** Lower-cased for a loose "like"; undefined when absent. */
  text(name: string): string | undefined;
  /** A date, `YYYY-MM-DD` with or without a time of UTC. */
  date(name: string): string | undefined;
  /** The query without the page, to recognise the next page of the same list. */
  question: string;
}

export function readQuery(sent: URLSearchParams): Query {
  const values = new Map<string, string>();
  for (const [name, value] of sent) if (value !== '') values.set(name.toLowerCase(), value);
  const get = (name: string) => values.get(name);
  return {
    flag: (name) => get(name) === 'true',
    off: (name) => get(name) === 'false',
    int(name) {
      const value = get(name);
      if (value === undefined) return undefined;
      if (!/^-?\d{1,10}$/.test(value)) throw new BadValue(name, value);
      return Number(value) || undefined;
    },
    ints(name) {
      const ids = get(name)
        ?.split(',')
        .filter((part) => /^\s*-?\d+\s*$/.test(part))
        .map(Number);
      return ids !== undefined && ids.length > 0 ? ids : undefined;
    },
    text: (name) => get(name)?.trim().toLowerCase(),
    date: (name) => /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2})?/.exec(get(name) ?? '')?.[0],
    question: JSON.stringify([...values].filter(([name]) => name !== 'page_no')),
  };
}
