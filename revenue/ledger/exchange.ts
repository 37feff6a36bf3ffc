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
  /** The rates that were used so far, by code: a rate may be given that nothing needs. */
  readonly rates: Rates;
  /** The sentence on what was converted so far, and at what rates; '' under `separate`. */
  readonly said: string;
}

/** Home units per unit, as decimal strings, by code. */
export type Rates = Readonly<Record<string, string>>;

const ONE = new Exact(1);

/** Reads the caller's policy. @throws RevenueInputError for an invalid rate. */
export function exchangeOf(currencies: readonly Currency[], params: Params): Exchange {
  const home = homeCurrency(currencies);
  const rates = readRates(params.rates);
  const convert = params.currency_policy === 'convert';
  if (convert) refuseUnknown([...rates.keys()], currencies, home);
  const used = new Map<string, string>();
  const ratesUsed = (): Rates => Object.fromEntries([...used].sort(([a], [b]) => (a < b ? -1 : 1)));
  const plain = (code: string): Shown => ({ code, decimals: decimalsOf(code), rate: ONE });
  return {
    home: home ?? NO_CURRENCY,
    get rates() {
      return ratesUsed();
    },
    get said() {
      return saidOfRates(home ?? NO_CURRENCY, params, ratesUsed());
    },
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
          `Give what 1 ${code} is worth in ${home}: rates: [{ "currency": "${code}", "rate": 0.85 }], on the command line rates.${code}=0.85, with your own rate. Or use currency_policy "separate".`,
        );
      }
      if (code !== home) used.set(code, rate.toFixed());
      return { code: home, decimals: decimalsOf(home), rate };
    },
  };
}

/** @throws RevenueInputError for a rate of what is no currency, here or anywhere: it would silently count for nothing */
function refuseUnknown(codes: readonly string[], currencies: readonly Currency[], home: string | undefined): void {
  const known = new Set(currencies.map(({ code }) => code));
  const unknown = codes.find((code) => !known.has(code) && !Intl.supportedValuesOf('currency').includes(code));
  if (unknown === undefined) return;
  const others = [...known].filter((code) => code !== home).sort();
  throw new RevenueInputError(
    `There is no currency "${unknown.slice(0, 20)}".`,
    others.length === 0 ? 'Leave its rate out.' : `Give rates of ${others.join(', ')}.`,
  );
}

/** What was converted, at what rates, and a rate of the home currency, which is not used; '' under `separate`. */
export function saidOfRates(
  home: string,
  { currency_policy, rates: given }: Pick<Params, 'currency_policy' | 'rates'>,
  rates: Rates,
): string {
  if (currency_policy !== 'convert') return '';
  const used = Object.entries(rates).map(([code, rate]) => `${code} at ${rate}`);
  const own = readRates(given).get(home);
  const unused = own === undefined || own.eq(ONE) ? '' : ` The rate given for ${home}, the home currency, is not used.`;
  return `Converted to ${home}${used.length > 0 ? ` (${used.join(', ')})` : ''}.${unused}`;
}
