/** Which contracts a renewal has taken the place of, as far as Halo's lists say. */
import { type Halo, isHaloError, type Row } from '../../core/index.js';
import { type Contract, keepContract } from '../../revenue/index.js';

/**
 * The contracts that nothing renews, as Halo's own switch gives them; undefined where they can't be had whole.
 */
export async function currentContracts(halo: Halo): Promise<readonly Contract[] | undefined> {
  try {
    const query = { includeinactive: true, excluderenewed: true };
    const { rows, complete } = await halo.all('/ClientContract', { key: 'contracts', query });
    return complete ? rows.flatMap((row) => keepContract(row) ?? []) : undefined;
  } catch (error) {
    if (isHaloError(error) && !['CALL_CANCELLED', 'CALL_TIMEOUT'].includes(error.code)) return undefined;
    throw error;
  }
}

/**
 * Whether a renewal has taken its place: Halo leaves it out with the others that are renewed, and a later contract of
 * its client has started. Lists don't say which contract renews which; one whose renewal is still to come goes on.
 */
export function isSuperseded(row: Row, current: readonly Contract[], day: string): boolean {
  const contract = keepContract(row);
  if (contract === undefined || current.length === 0 || current.some(({ id }) => id === contract.id)) return false;
  return current.some(
    ({ client, start = '' }) => client === contract.client && start > (contract.start ?? '') && start <= day,
  );
}
