import type { ToolContext } from '../define.js';
import { isHaloError } from '../errors.js';
import type { LookupName, LookupRow } from '../halo/lookups.js';
import type { Row } from '../halo/pages.js';
import { htmlConverter } from '../output/html.js';
import { type Loop, pace } from '../output/pace.js';
import type { Columns, Reading } from './column.js';

/** Rows, with what their reader should know. */
export interface Found {
  rows: Row[];
  hint?: string | undefined;
}

/** Rows of an answer, and how many were left out because Halo sent them without an id. */
export interface Projected extends Found {
  dropped: number;
}

/**
 * Halo's rows as an answer's rows: the columns in their order, names joined, empty values left out. An unreadable value
 * is left out and named in the hint, and so is a row without the id that `keyed` requires: one fault costs the value or
 * the row, not the answer. Yields to the event loop between rows, so that a deadline can fire and a caller can cancel.
 */
export async function project(
  rows: readonly Row[],
  columns: Columns,
  context: Pick<ToolContext, 'halo' | 'log'> & Partial<Pick<ToolContext, 'signal' | 'isSecret' | 'zone'>>,
  { keyed = false, loop }: { keyed?: boolean; loop?: Loop | undefined } = {},
): Promise<Projected> {
  const reading = await prepare(rows, columns, context);
  const paced = pace(context.signal, loop);
  const unread = new Map<string, unknown[]>();
  const shown: Row[] = [];
  const all = Object.entries(columns);
  for (const row of rows) {
    const one: Row = {};
    for (const [name, column] of all) {
      const value = column.read(row, reading);
      if (value !== undefined && value !== null && value !== '') one[name] = value;
      else if (column.unread?.(row, reading) === true && name !== 'id')
        unread.set(name, [...(unread.get(name) ?? []), one.id]);
    }
    shown.push(one);
    await paced();
  }
  const named = keyed && columns.id !== undefined ? shown.filter(({ id }) => id !== undefined) : shown;
  const dropped = shown.length - named.length;
  const hint = [withoutId(dropped), leftOut(unread)].filter(Boolean).join(' ');
  return { rows: named, dropped, ...(hint !== '' && { hint }) };
}

const withoutId = (dropped: number) =>
  dropped === 0
    ? ''
    : `Halo sent ${dropped} ${dropped === 1 ? 'row' : 'rows'} without an id that can be read: left out.`;

/** The most ids to name with a column; more are counted. */
const NAMED = 5;

/** `Halo sent values that can't be read, left out: net of 5009 and 5010; end of 31.` */
function leftOut(unread: ReadonlyMap<string, readonly unknown[]>): string {
  if (unread.size === 0) return '';
  const parts = [...unread].map(([name, ids]) => {
    const known = ids.filter((id) => id !== undefined).slice(0, NAMED);
    const more = ids.length - known.length;
    const of = known.length === 0 ? `${ids.length} ${ids.length === 1 ? 'row' : 'rows'}` : known.join(', ');
    return `${name} of ${of}${known.length > 0 && more > 0 ? ` and ${more} more` : ''}`;
  });
  return `Halo sent values that can't be read, left out: ${parts.join('; ')}.`;
}

async function prepare(
  rows: readonly Row[],
  columns: Columns,
  { halo, log, isSecret, zone }: Parameters<typeof project>[2],
): Promise<Reading> {
  const wanted = new Map<LookupName, Set<number>>();
  for (const { join } of Object.values(columns)) {
    if (join === undefined) continue;
    for (const row of rows) {
      const id = join.has(row) ? undefined : join.id(row);
      if (id === undefined) continue;
      const ids = wanted.get(join.lookup) ?? new Set();
      wanted.set(join.lookup, ids.add(id));
    }
  }
  const tables = new Map<LookupName, Map<number, LookupRow[]>>();
  await Promise.all(
    [...wanted].map(async ([lookup, ids]) => {
      try {
        tables.set(lookup, byId(await halo.lookup(lookup, [...ids])));
      } catch (error) {
        // A role that may not read a lookup costs the names, not the answer: ids replace them.
        if (!isHaloError(error) || !['HALO_FORBIDDEN', 'HALO_NOT_FOUND', 'HALO_SCOPE_MISSING'].includes(error.code))
          throw error;
        log.warn({ lookup, code: error.code }, 'names can not be joined');
      }
    }),
  );
  const needsHtml = rows.length > 0 && Object.values(columns).some((column) => column.html);
  const plain = needsHtml ? await htmlConverter() : (text: string) => text;
  return {
    plain,
    isSecret,
    zone,
    name: (lookup, id, sla) => {
      const named = tables.get(lookup)?.get(id) ?? [];
      return (named.find((row) => row.sla !== undefined && row.sla === sla) ?? named[0])?.name ?? `#${id}`;
    },
  };
}

/** The rows by their ids; a priority may have one for each SLA. */
function byId(rows: readonly LookupRow[]): Map<number, LookupRow[]> {
  const table = new Map<number, LookupRow[]>();
  for (const row of rows) table.set(row.id, [...(table.get(row.id) ?? []), row]);
  return table;
}
