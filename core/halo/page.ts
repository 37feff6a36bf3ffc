import type { Query } from './client.js';
import type { ListKey } from './envelope.js';
import type { Row } from './row.js';

/** One page of a list. */
export interface Page {
  rows: Row[];
  page: number;
  /** The size that Halo really serves: it caps the requested size silently. */
  pageSize: number;
  /** Rows over all pages; null if Halo can't say, or if its count is not proved. */
  total: number | null;
  /** Whether rows follow, if neither the total nor the length of the page tells. */
  more?: boolean;
  /** What contradicts in the page or its envelope, in our words: rows may be missing. */
  flaw?: string;
}

export interface ListOptions {
  /** The name of the array in the answer, or several names. */
  key: ListKey;
  query?: Query | undefined;
  /** Ids that Halo is asked to filter by, and that each row must then hold. */
  where?: Record<string, number> | undefined;
  page?: number | undefined;
  pageSize?: number | undefined;
  /** True if you only read the rows, which may then be frozen and shared with other calls. */
  readOnly?: boolean | undefined;
  /** Told of each record that is too large to be read and left out; without it such a record is an error. */
  leftOut?: ((sentence: string) => void) | undefined;
}

/** Reads one path of Halo. */
export type Get = (path: string, query: Query) => Promise<unknown>;

/**
 * What was learned of an endpoint: by its path, the page size that it caps at; by its path and a page size, how many
 * rows it sent then (Infinity: all of them); by its path with a doubted query, how many rows that query found (0 shows
 * that Halo obeys it).
 */
export type Caps = Map<string, number>;
