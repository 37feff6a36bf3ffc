import type { ToolContext } from '../define.js';
import { isHaloError } from '../errors.js';
import type { LookupName, LookupRow } from '../halo/lookups.js';
import type { Row } from '../halo/pages.js';
import { htmlConverter } from '../output/html.js';
import { type Loop, pace } from '../pace.js';
import type { Columns, Reading } from './column.js';

/**
 * Halo's rows as an answer's rows: the columns in their order, names joined, empty values left out. Between rows the
 * loop is given back, so that a deadline can fire and a caller can cancel.
 */
export async function project(
  rows: readonly Row[],
  columns: Columns,
  context: Pick<ToolContext, 'halo' | 'log'> & Partial<Pick<ToolContext, 'signal' | 'isSecret'>>,
  loop?: Loop,
): Promise<Row[]> {
  const reading = await prepare(rows, columns, context);
  const paced = pace(context.signal, loop);
  const projected: Row[] = [];
  for (const row of rows) {
    const shown: Row = {};
    for (const [name, column] of Object.entries(columns)) {
      const value = column.read(row, reading);
      if (value !== undefined && value !== null && value !== '') shown[name] = value;
    }
    projected.push(shown);
    await paced();
  }
  return projected;
}

async function prepare(
  rows: readonly Row[],
  columns: Columns,
  { halo, log, isSecret }: Parameters<typeof project>[2],
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
  const tables = new Map<LookupName, readonly LookupRow[]>();
  await Promise.all(
    [...wanted].map(async ([lookup, ids]) => {
      try {
        tables.set(lookup, await halo.lookup(lookup, [...ids]));
      } catch (error) {
        // A role that may not read a lookup costs the names, not the answer: ids stand in their place.
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
    name: (lookup, id, sla) => {
      const named = (tables.get(lookup) ?? []).filter((row) => row.id === id);
      return (named.find((row) => row.sla !== undefined && row.sla === sla) ?? named[0])?.name ?? `#${id}`;
    },
  };
}
