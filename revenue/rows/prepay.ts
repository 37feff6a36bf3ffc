/** The ledger of prepaid time and money: purchases, manual deductions and expiries. Usage is not in it. */
import type Big from 'big.js';
import { asRow, day, decimal, flag, type HaloRow, integer, isSent, link, text } from './row.js';
import { type Fields, unreadOf } from './unread.js';

export interface PrepayRow {
  readonly id: number;
  readonly modified: string;
  readonly unread: readonly string[];
  readonly client: number;
  readonly client_name: string | undefined;
  readonly date: string | undefined;
  /** Above zero: bought; below: deducted. */
  readonly hours: Big | undefined;
  /** The price of hours; the credit itself if there are no hours. */
  readonly amount: Big | undefined;
  readonly expires: string | undefined;
  /** Halo has processed the expiry: what was left has its own row below zero. */
  readonly expiry_handled: boolean;
  /** The row says that it is an expiry. */
  readonly is_expiry: boolean;
}

const FIELDS: Fields = [
  ['client_id', 'id'],
  ['date', 'day'],
  ['hours', 'amount'],
  ['amount', 'amount'],
  ['expirydate', 'day'],
  ['expirychecked', 'flag'],
];

/** Only its description marks a row as an expiry. */
const unreadIn = (row: HaloRow): readonly string[] => [
  ...unreadOf(row, FIELDS),
  ...(isSent(row.description) && text(row.description) === undefined ? ['description'] : []),
];

/** Reduces a row of /ClientPrepay; undefined where it has no id. Only its description tells an expiry from a deduction. */
export function keepPrepay(value: unknown): PrepayRow | undefined {
  const row = asRow(value);
  const id = integer(row?.id);
  if (row === undefined || id === undefined) return undefined;
  return {
    ...{ id, modified: '', unread: unreadIn(row), client: link(row.client_id) },
    ...{ client_name: text(row.client_name), date: day(row.date), hours: decimal(row.hours) },
    ...{ amount: decimal(row.amount), expires: day(row.expirydate), expiry_handled: flag(row.expirychecked) },
    is_expiry: /expir/i.test(text(row.description) ?? ''),
  };
}
