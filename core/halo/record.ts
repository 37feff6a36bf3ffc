import { HaloError } from '../errors.js';
import type { Query } from './client.js';
import type { Halo } from './halo.js';
import { isRow, type Row } from './row.js';
import { NONE, unwrap } from './unwrap.js';
import { intOf } from './value.js';

/**
 * Reads one record of Halo by its id, whatever it comes wrapped in. Every single read goes through here.
 * @param path of the list, `/Invoice` for `/Invoice/12`
 * @throws HaloError HALO_NOT_FOUND if Halo has none (404, a record with id 0, an empty list), HALO_FILTER_IGNORED for a
 * record other than the requested one, HALO_UNEXPECTED for what is not a record at all
 */
export async function readRecord(halo: Pick<Halo, 'get'>, path: string, id: number, query: Query = {}): Promise<Row> {
  if (!Number.isSafeInteger(id)) throw new HaloError('BAD_ARGUMENTS', `"${id}" is not the id of a record.`);
  const place = `${path}/${id}`;
  const record = unwrap(await halo.get(place, query));
  const sent = isRow(record) ? intOf(record.id) : undefined;
  if (record === NONE || sent === 0)
    throw new HaloError('HALO_NOT_FOUND', `Halo has nothing at ${place}, or this login can't see it.`);
  if (!isRow(record) || sent === undefined)
    throw new HaloError('HALO_UNEXPECTED', `Halo's answer for ${place.slice(1).replace('/', ' ')} is not a record.`);
  if (sent !== id)
    throw new HaloError(
      'HALO_FILTER_IGNORED',
      `Halo answered with record ${sent} in place of ${id}.`,
      'Call again, and report it to whoever runs this server.',
    );
  return record;
}
