/** Which currency a row's money is shown in, and the rate that converts it. Currencies are never added unasked. */
import { codeOf, homeCurrency } from '../rules/currency.js';
import { type Currency, type CurrencyRef, decimalsOf, NO_CURRENCY } from '../values/currency.js';
import type { Shown } from '../values/exchange.js';
import { Exact } from '../values/money.js';
import { type Params, RevenueInputError, readRates } from './params.js';

export interface Exchange {
  /** The code of a row; undefined if /Currency does not know it. */
  code(ref: CurrencyRef): string | undefined;
  /** The code that a row's figures are listed under: its own, or home under `convert`. */
  label(code: string): string;
  /** A row's own currency under any policy: for what is left out of the figures. */
  plain(code: string): Shown;
  /** @throws RevenueInputError under `convert` for a currency without a rate. */
  show(code: string): Shown;
  /** The home currency's code, or `XXX` if none is known. */
  readonly home: string;
}

const ONE = new Exact(1);

/** Reads the caller's policy. @throws RevenueInputError for an invalid rate. */
export function exchangeOf(currencies: readonly Currency[], params: Params): Exchange {
  const home = homeCurrency(currencies);
  const rates = readRates(params.rates);
  const convert = params.currency_policy === 'convert';
  const plain = (code: string): Shown => ({ code, decimals: decimalsOf(code), rate: ONE });
  return {
    home: home ?? NO_CURRENCY,
    code: (ref) => codeOf(ref, currencies),
    plain,
    label: (code) => (convert ? (home ?? code) : code),
    show(code) {
      if (!convert) return plain(code);
      if (home === undefined) {
        throw new RevenueInputError(
          'No currency has the rate 1, so there is no home to convert to.',
          'Use "separate".',
        );
      }
      const rate = code === home ? ONE : rates.get(code);
      if (rate === undefined) {
        throw new RevenueInputError(
          `There is no rate for ${code}.`,
          `Give rates.${code} as ${home} per ${code}, or use currency_policy "separate".`,
        );
      }
      return { code: home, decimals: decimalsOf(home), rate };
    },
  };
}
