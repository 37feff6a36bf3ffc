/** Lists that Halo sends in one piece and whose ids mean nothing. */
import { type Halo, isHaloError, type ListKey, type Query, type Row, rowsOf } from '../../core/index.js';
import { CLOSED } from './queries.js';

/**
 * The rows of such a list. Undefined if this login may not read it or the answer is not a list. The latter, and a list
 * that is not whole, is a reason why nothing is complete.
 */
export async function rowsAtOnce(
  halo: Pick<Halo, 'get'>,
  reasons: string[],
  path: string,
  key: ListKey,
  query: Query,
): Promise<Row[] | undefined> {
  try {
    return rowsOf(await halo.get(path, query), key, (why) => reasons.push(`${path.slice(1)}: ${why}`));
  } catch (error) {
    if (!isHaloError(error)) throw error;
    if (CLOSED.includes(error.code)) return undefined;
    if (error.code !== 'HALO_UNEXPECTED') throw error;
    reasons.push(`${path.slice(1)}: ${error.message.replace(/\.$/, '')}`);
    return undefined;
  }
}
