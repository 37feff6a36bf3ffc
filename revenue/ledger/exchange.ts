/** In which currency a row's money is shown, and at which rate it gets there. Currencies are never added unasked. */
import type Big from 'big.js';
import { type Params, RevenueInputError, readRates } from '../ledger/params.js';
import { type Currency, type CurrencyRef, codeOf, decimalsOf, homeCurrency, NO_CURRENCY } from '../rules/currency.js';
import { Exact, round } from './money.js';

/** How money of a row is shown. */
export interface Shown {
  readonly code: string;
  readonly decimals: number;
  readonly rate: Big;
}

export interface Exchange {
  /** The code of a row; undefined when /Currency does not know it. */
  code(ref: CurrencyRef): string | undefined;
  /** The code under which a row's figures stand: its own, or home under `convert`. */
  label(code: string): string;
  /** A row's own currency, whatever the policy: for what is left out of the figures. */
  plain(code: string): Shown;
  /** @throws RevenueInputError under `convert` for a currency without a rate. */
  show(code: string): Shown;
  /** The home currency's code, or `XXX` where none is known. */
  readonly home: string;
}

const ONE = new Exact(1);

/** Rounds a row's exact amount once, in the currency in which it is shown, after the one division that it may need. */
export function leaf(amount: Big, { rate, decimals }: Pick<Shown, 'rate' | 'decimals'>, divisor = 1): Big {
  const exact = amount.times(rate);
  return round(divisor === 1 ? exact : exact.div(divisor), decimals);
}

/** Reads the policy of the caller. @throws RevenueInputError for a rate that is none. */
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
