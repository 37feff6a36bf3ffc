/** Licences and subscriptions, as /SoftwareLicence lists them. */
import { asRow, day, flag, integer, link, saidNo, text } from './row.js';
import { type Fields, unreadOf } from './unread.js';

export interface Licence {
  readonly id: number;
  readonly unread: readonly string[];
  readonly client: number;
  readonly client_name: string | undefined;
  readonly name: string | undefined;
  /** The last day; undefined if it has no end. */
  readonly end: string | undefined;
  /** It renews itself at the end of its term. */
  readonly renews: boolean;
  readonly count: number | undefined;
  readonly in_use: number | undefined;
}

const FIELDS: Fields = [
  ['client_id', 'id'],
  ['end_date', 'day'],
  ['autorenew', 'flag'],
  ['is_active', 'flag'],
  ['deleted', 'flag'],
];

/** Reduces a row of /SoftwareLicence; undefined where it has no id, is deleted or is not active. */
export function keepLicence(value: unknown): Licence | undefined {
  const row = asRow(value);
  const id = integer(row?.id);
  if (row === undefined || id === undefined || flag(row.deleted) || saidNo(row.is_active)) return undefined;
  return {
    ...{ id, unread: unreadOf(row, FIELDS), client: link(row.client_id), client_name: text(row.client_name) },
    ...{ name: text(row.name), end: day(row.end_date), renews: flag(row.autorenew) },
    ...{ count: integer(row.count), in_use: integer(row.licences_in_use) },
  };
}
