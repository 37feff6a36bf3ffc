/** Reads which currency a row is in, and the rows of /Currency. */
import type { Currency, CurrencyRef } from '../values/currency.js';
import { remembering } from '../values/remember.js';
import { decimal, integer, isSent, text } from './row.js';

/** Three letters in capitals, else undefined. */
function threeLetters(value: unknown): string | undefined {
  const code = typeof value === 'string' ? value.trim().toUpperCase() : '';
  return /^[A-Z]{3}$/.test(code) ? code : undefined;
}

/** The ISO 4217 codes, past ones included. A row may well be named `Yen`, which is not a code. */
const CODES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

const knownCode = (value: unknown): string | undefined => {
  const code = threeLetters(value);
  return code !== undefined && CODES.has(code) ? code : undefined;
};

/**
 * `currency_code_name` when it is an ISO code, else `currency_code`: an ISO code too, or an id of /Currency, 0 for home.
 * Without a name, an id below 0 or none at all is home as well; beside a name that is no code (`Euro`, `€`) it leaves the
 * currency unknown, and so does a code that can't be read.
 */
export function currencyRef(name: unknown, code: unknown): CurrencyRef {
  const id = integer(code);
  const known = knownCode(name) ?? knownCode(code);
  const says = isSent(name) || (id === undefined && isSent(code));
  if (known === undefined && says && (id === undefined || id < 0)) return UNREAD;
  return reference(known ?? '', id !== undefined && id > 0 ? id : 0);
}

const UNREAD: CurrencyRef = { code: undefined, id: undefined, unread: true };
const reference = remembering(
  (code: string, id: number): CurrencyRef => ({
    code: code === '' ? undefined : code,
    id: id === 0 ? undefined : id,
  }),
);

/** Reduces a /Currency row; undefined when it has no id or no ISO code. */
export function keepCurrencyRow(row: Record<string, unknown>): Currency | undefined {
  const id = integer(row.id);
  const code = threeLetters(row.code);
  if (id === undefined || code === undefined) return undefined;
  return { id, code, home: decimal(row.conversion_rate)?.eq(1) ?? false, modified: text(row.last_updated) ?? '' };
}
