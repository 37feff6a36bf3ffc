/** Which currency a row is in, and how many decimals that currency has. */
import { decimal, integer, text } from '../rows/row.js';

/** Minor units of ISO 4217 where they are not 2. */
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

/** What a row says of its currency: an ISO code, or the id of a /Currency row. Neither means home. */
export interface CurrencyRef {
  readonly code: string | undefined;
  readonly id: number | undefined;
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

/** Three letters in capitals, else undefined. */
function threeLetters(value: unknown): string | undefined {
  const code = typeof value === 'string' ? value.trim().toUpperCase() : '';
  return /^[A-Z]{3}$/.test(code) ? code : undefined;
}

/** The codes of ISO 4217, those of the past among them. A row may well be named `Yen`, which is none. */
const CODES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

const knownCode = (value: unknown): string | undefined => {
  const code = threeLetters(value);
  return code !== undefined && CODES.has(code) ? code : undefined;
};

/** `currency_code_name` when it is an ISO code, else `currency_code`: an id of /Currency, 0 or below being none. */
export function currencyRef(name: unknown, code: unknown): CurrencyRef {
  const id = integer(code);
  return { code: knownCode(name) ?? knownCode(code), id: id !== undefined && id > 0 ? id : undefined };
}

/** Reduces a /Currency row; undefined when it has no id or no ISO code. */
export function keepCurrencyRow(row: Record<string, unknown>): Currency | undefined {
  const id = integer(row.id);
  const code = threeLetters(row.code);
  if (id === undefined || code === undefined) return undefined;
  return { id, code, home: decimal(row.conversion_rate)?.eq(1) ?? false, modified: text(row.last_updated) ?? '' };
}

/** The home currency: rate 1, the lowest id where several have it; the only one there is needs no rate. */
export function homeCurrency(currencies: readonly Currency[]): string | undefined {
  if (currencies.length === 1) return currencies[0]?.code;
  return currencies.filter(({ home }) => home).sort((a, b) => a.id - b.id)[0]?.code;
}

/** The code of a row's currency (A4); undefined for an id that /Currency does not know, which is never taken as home. */
export function codeOf(ref: CurrencyRef, currencies: readonly Currency[]): string | undefined {
  if (ref.code !== undefined) return ref.code;
  if (ref.id !== undefined) return currencies.find(({ id }) => id === ref.id)?.code;
  return homeCurrency(currencies) ?? NO_CURRENCY;
}
