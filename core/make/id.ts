import { z } from 'zod';

/** The largest id, or number of a page, that Halo can read: it has 32 bits for them. */
const MOST = 2 ** 31 - 1;

/** A whole number from 1 that Halo can read. The limit is not listed: nobody comes near it on purpose. */
export const Whole = z
  .int()
  .min(1)
  .refine((number) => number <= MOST, `must be at most ${MOST}`);

/** An id of Halo's as an argument; 0 means none there, and is not valid here. */
export const Id = Whole;
