/** Currencies: what a row may say about its own, and how many decimals each has. */

/** The minor units of ISO 4217 that are not 2. */
const DECIMALS: Readonly<Record<string, number>> = Object.fromEntries([
  ...['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV'].map((c) => [
    c,
    0,
  ]),
  ...['XAF', 'XOF', 'XPF'].map((c) => [c, 0]),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((c) => [c, 3]),
  ...['CLF', 'UYW'].map((c) => [c, 4]),
]);

/** ISO 4217's code for "no currency": the label of rows without a code where no home currency is known. */
export const NO_CURRENCY = 'XXX';

/** A row's currency: an ISO code, or the id of a /Currency row. Neither means home, unless `unread` is set. */
export interface CurrencyRef {
  readonly code: string | undefined;
  readonly id: number | undefined;
  /** Something was sent that is neither: the currency is unknown. */
  readonly unread?: true;
}

/** One /Currency row, reduced. */
export interface Currency {
  readonly id: number;
  readonly code: string;
  /** Halo gives the home currency the rate 1. */
  readonly home: boolean;
  readonly modified: string;
}

/** The decimals of a currency's minor unit: JPY 0, AUD 2, KWD 3. */
export function decimalsOf(code: string): number {
  return DECIMALS[code] ?? 2;
}

/** The order of currencies: home first, then by code. */
export const homeFirst =
  (home: string) =>
  (a: string, b: string): number =>
    Number(b === home) - Number(a === home) || (a < b ? -1 : a > b ? 1 : 0);
