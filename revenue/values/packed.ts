/** Amounts as they are kept by the hundred thousand: as text, a sixth of the memory of exact decimals. */
import type Big from 'big.js';
import { Exact, ZERO } from './money.js';

/** A text that says the amount exactly, its sign included. */
export const packed = (amount: Big): string => amount.valueOf();

/** The amount that was packed. */
export const unpacked = (text: string): Big => (text === '0' ? ZERO : new Exact(text));
