/** What stands between a book and its totals, in words. */
import type { Book } from '../rows/book.js';
import { type Entity, labelOf } from './entity.js';

/** What could not be read completely, and which of its fields, if they can be named. */
export interface Unread {
  readonly entity: Entity;
  readonly fields: readonly string[];
}

/** Why an answer is not complete: what could not be fetched, and which rows can't be read. Empty if it is complete. */
export function gapsOf({ complete, reason }: Pick<Book, 'complete' | 'reason'>, unread: readonly Unread[]): string[] {
  const said = reason === undefined || reason.length === 0 ? ['something could not be fetched'] : reason;
  const reasons = complete ? [] : [...said];
  return unread.length === 0 ? reasons : [...reasons, `not fully readable: ${unreadList(unread)}`];
}

/** The most entities that are named, and fields per entity. */
const NAMED = { entities: 5, fields: 3 };

/** What could not be read completely: `invoice:5009 (net_amount of line 9), contract:31 and 2 more`. */
function unreadList(rows: readonly Unread[]): string {
  const byEntity = new Map<string, Set<string>>();
  for (const { entity, fields } of rows) {
    const label = labelOf(entity);
    byEntity.set(label, new Set([...(byEntity.get(label) ?? []), ...fields]));
  }
  const named = [...byEntity].slice(0, NAMED.entities).map(([entity, all]) => {
    const fields = [...all].slice(0, NAMED.fields);
    const more = all.size > fields.length ? ` and ${all.size - fields.length} more` : '';
    return fields.length === 0 ? entity : `${entity} (${fields.join(', ')}${more})`;
  });
  const more = byEntity.size - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What sums are called below a table of rows, and above their own: those of an incomplete answer are no totals. */
export const sumsLabel = ({ complete }: { complete: boolean }) => (complete ? 'TOTAL' : 'READ SO FAR');
export const sumsTitle = ({ complete }: { complete: boolean }, whole = '') => (complete ? whole : 'Read so far');

/** The statement of an incomplete answer that compares days: what was not read would change its sums, not only lack. */
export const unstated = (reasons: string | undefined): string =>
  `INCOMPLETE (${reasons}): what was not read would look like a change, so no sum is stated.`;
