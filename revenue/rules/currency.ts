/** Which currency a row's money is in, with the rest of the book at hand (A4). */
import type { Contract } from '../rows/rows.js';
import { type Currency, type CurrencyRef, NO_CURRENCY } from '../values/currency.js';

/** The home currency: rate 1, or the lowest id if several have it; a single currency needs no rate. */
export function homeCurrency(currencies: readonly Currency[]): string | undefined {
  if (currencies.length === 1) return currencies[0]?.code;
  return currencies.filter(({ home }) => home).sort((a, b) => a.id - b.id)[0]?.code;
}

/**
 * The code of a row's currency (A4); undefined if it can't be read or its id is not in /Currency: neither is ever taken
 * as home.
 */
export function codeOf(ref: CurrencyRef, currencies: readonly Currency[]): string | undefined {
  if (ref.unread === true) return undefined;
  if (ref.code !== undefined) return ref.code;
  if (ref.id !== undefined) return currencies.find(({ id }) => id === ref.id)?.code;
  return homeCurrency(currencies) ?? NO_CURRENCY;
}

/** A contract's own currency, or its client's, since Halo's contract rows seldom state one. */
export function currencyOf(contract: Contract, ofClient: CurrencyRef | undefined): CurrencyRef {
  const { currency } = contract;
  const says = currency.code !== undefined || currency.id !== undefined || currency.unread === true;
  return says ? currency : (ofClient ?? currency);
}
