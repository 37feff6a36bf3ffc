import { HaloError, isHaloError } from '../errors.js';
import type { Row } from './envelope.js';
import { MAX_PAGE } from './serve.js';

/** Page sizes to fall back to if a whole page of rows is too large to read in one answer. */
const SIZES = [MAX_PAGE, 50, 25, 5, 1] as const;
/** The most records of one page that may be too large; beyond that, no single record is at fault. */
const MOST_LEFT = 3;

/** Takes the place of a record that was left out, so that those after it keep theirs. */
const GAP: Row = {};

/** What is known of a page or of a piece of one. */
interface Piece {
  rows: Row[];
  /** Rows over all pages; null if Halo can't say. */
  total: number | null;
  /** What contradicts in it, in our words. */
  flaw?: string;
}

/** A page assembled from smaller ones. */
export interface Joined extends Piece {
  page: number;
  pageSize: number;
}

export interface Smaller<P extends Piece> {
  /** Reads one page of `size` rows. */
  read(page: number, size: number): Promise<P>;
  /** The subject of the sentence about a record: `Tickets`. */
  path: string;
  /** Called for each record that is too large and left out; without it such a record is an error. */
  leftOut?: ((sentence: string) => void) | undefined;
}

/**
 * One page of a list. If Halo's answer is too large to read, the page is assembled from smaller ones, down to single
 * records, so that one of them costs nobody the others; the one that is too large is named.
 * @param page its number, also for the sentence about a record
 * @param size rows that a page has
 * @throws HaloError HALO_TOO_LARGE that names the record, unless it may be left out
 */
export async function inSmallerPages<P extends Piece>(
  smaller: Smaller<P>,
  page: number,
  size: number,
): Promise<P | Joined> {
  let left = 0;
  const part = async (number: number, some: number): Promise<P | Joined> => {
    try {
      return await smaller.read(number, some);
    } catch (error) {
      const shorter = SIZES.find((other) => other < some);
      if (!isTooLarge(error)) throw error;
      if (shorter !== undefined) return rowsBetween((number - 1) * some, number * some, shorter);
      const sentence = sentenceOf(smaller.path, number - (page - 1) * size, page, size);
      left += 1;
      if (left > MOST_LEFT) throw error;
      if (smaller.leftOut === undefined)
        throw new HaloError('HALO_TOO_LARGE', sentence, 'Look at it in Halo, or ask for the pages around it.');
      smaller.leftOut(sentence);
      return { rows: [GAP], page: number, pageSize: 1, total: null };
    }
  };
  /** The rows from one place of the list to another, from pages that need not begin or end there. */
  const rowsBetween = async (from: number, to: number, some: number): Promise<Joined> => {
    const rows: Row[] = [];
    const totals = new Set<number>();
    let flaw: string | undefined;
    for (let number = Math.floor(from / some) + 1; (number - 1) * some < to; number += 1) {
      const got = await part(number, some);
      if (got.total !== null && got.rows.length > 0) totals.add(got.total);
      flaw ??= got.flaw;
      const start = (number - 1) * some;
      rows.push(...got.rows.slice(Math.max(0, from - start), Math.max(0, to - start)));
      // A count that ends exactly with a full piece may be the piece's own: only the next one can tell.
      const ends = got.total !== null && start + got.rows.length >= got.total && got.rows.length < some;
      if (got.rows.length === 0 || ends) break;
    }
    // If the pieces' counts differ, none is believed.
    const [total = null] = totals.size === 1 && flaw === undefined ? totals : [];
    return { rows, page: 1, pageSize: to - from, total, ...(flaw !== undefined && { flaw }) };
  };
  const whole = await part(page, size);
  return { ...whole, page, ...(left > 0 && { rows: whole.rows.filter((row) => row !== GAP) }) };
}

/** True for an answer of the API that was too large to read; fewer rows may fit. */
export const isTooLarge = (error: unknown): boolean =>
  isHaloError(error) && error.code === 'HALO_TOO_LARGE' && !error.login;

const sentenceOf = (path: string, place: number, page: number, size: number): string =>
  `The record at place ${place} of page ${page} of ${path.replace(/^\//, '')} (${size} a page) is too large to be read.`;
