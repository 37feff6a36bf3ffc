/** Reads records for their names alone: what can't be read costs a name, not the answer. */
import { type Halo, intOf, isHaloError, type Row, readRecord, sideBySide, textOf } from '../../core/index.js';
import { type Client, keepClient } from '../index.js';

/** The most records that are read. */
const MOST = { clients: 10, projects: 40 };

/** More clients: only the first of many, and none that this login can't see. */
export async function namedClients(halo: Halo, ids: readonly number[]): Promise<Client[]> {
  return (await records(halo, '/Client', ids.slice(0, MOST.clients))).flatMap((row) => keepClient(row) ?? []);
}

/** The names of projects, by id, on the same terms. */
export async function projectNames(halo: Halo, ids: readonly number[]): Promise<Map<number, string>> {
  const rows = await records(halo, '/Projects', ids.slice(0, MOST.projects));
  return new Map(
    rows.flatMap((row): [number, string][] => {
      const [id, name] = [intOf(row.id), textOf(row.summary)];
      return id === undefined || name === undefined ? [] : [[id, name]];
    }),
  );
}

async function records(halo: Halo, path: string, ids: readonly number[]): Promise<Row[]> {
  const rows: Row[] = [];
  let refused = false;
  await sideBySide(ids, async (id) => {
    if (refused) return;
    try {
      rows.push(await readRecord(halo, path, id));
    } catch (error) {
      if (!isHaloError(error) || error.code === 'CALL_CANCELLED' || error.code === 'CALL_TIMEOUT') throw error;
      refused ||= error.code === 'HALO_FORBIDDEN' || error.code === 'HALO_SCOPE_MISSING';
    }
  });
  return rows;
}
