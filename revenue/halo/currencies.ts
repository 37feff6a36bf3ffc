import { HaloError, intOf, isRow, type Row, readNumber, UNREADABLE } from '../../core/index.js';
import { type Currency, keepCurrency } from '../index.js';

/** Whether a currency states a readable rate, or none at all. */
const hasRate = (row: Row) => readNumber(row.conversion_rate) !== UNREADABLE;

/**
 * The currencies in Halo's answer, and why they may be incomplete or wrong.
 * @throws HaloError HALO_UNEXPECTED if it holds no list
 */
export function currenciesOf(body: unknown): { currencies: Currency[]; reasons: string[] } {
  const rows: unknown = isRow(body) ? body.currencies : body;
  if (!Array.isArray(rows)) throw new HaloError('HALO_UNEXPECTED', "Halo's answer holds no list of currencies.");
  const reasons: string[] = [];
  // The home currency may be among the unreadable ones, and then another would be taken for it.
  const broken = rows.filter((row) => !isRow(row) || intOf(row.id) === undefined || !hasRate(row)).length;
  if (broken > 0) reasons.push(`Currency: ${broken} of ${rows.length} rows can't be read`);
  const currencies = rows.flatMap((row: unknown) => keepCurrency(row) ?? []);
  const codes = new Map(currencies.map(({ id, code }) => [id, code]));
  const twofold = currencies.find(({ id, code }) => codes.get(id) !== code);
  if (twofold !== undefined) reasons.push(`Currency: id ${twofold.id} stands for two currencies`);
  return { currencies, reasons };
}
