import { intOf, type Row, readNumber, rowsOf, UNREADABLE } from '../../core/index.js';
import { type Currency, keepCurrency } from '../index.js';

/** Whether a currency states a readable rate, or none at all. */
const hasRate = (row: Row) => readNumber(row.conversion_rate) !== UNREADABLE;

/**
 * The currencies in Halo's answer, and why they may be incomplete or wrong.
 * @throws HaloError HALO_UNEXPECTED if it holds no list
 */
export function currenciesOf(body: unknown): { currencies: Currency[]; reasons: string[] } {
  const reasons: string[] = [];
  // The home currency may be among the missing or unreadable ones, and then another would be taken for it.
  const rows = rowsOf(body, 'currencies', (why) => reasons.push(`Currency: ${why}`));
  const broken = rows.filter((row) => intOf(row.id) === undefined || !hasRate(row)).length;
  if (broken > 0) reasons.push(`Currency: ${broken} of ${rows.length} rows can't be read`);
  const currencies = rows.flatMap((row) => keepCurrency(row) ?? []);
  // One that is left of several is not the only one, so it is home only if it says so.
  if (currencies.length < rows.length && currencies.length === 1 && currencies[0]?.home === false && broken === 0)
    reasons.push('Currency: the home currency has no code that can be read');
  const codes = new Map(currencies.map(({ id, code }) => [id, code]));
  const twofold = currencies.find(({ id, code }) => codes.get(id) !== code);
  if (twofold !== undefined) reasons.push(`Currency: id ${twofold.id} stands for two currencies`);
  return { currencies, reasons };
}
