/** Which contracts were replaced by a renewal, as far as Halo's lists say. */
import { type Halo, isHaloError, type Row } from '../../core/index.js';
import { type Contract, keepContract } from '../../revenue/index.js';

const KEY = 'contracts';
const ALL = { includeinactive: true };

/** The contracts that nothing renews, according to Halo's own switch. */
export interface Current {
  readonly contracts: readonly Contract[];
  /** Whether the switch leaves any contract out; if not, Halo may ignore it. Costs one request, once. */
  isProved(): Promise<boolean>;
}

/**
 * @param client whose contracts matter; undefined for all
 * @returns undefined if they can't be read completely
 */
export async function currentContracts(halo: Halo, client?: number): Promise<Current | undefined> {
  const query = { ...ALL, excluderenewed: true };
  const where = client === undefined ? {} : { client_id: client };
  const read = await orNothing(halo.all('/ClientContract', { key: KEY, query, where }));
  if (read?.complete !== true) return undefined;
  const { rows } = read;
  const counted = () => orNothing(halo.list('/ClientContract', { key: KEY, query: ALL, where, page: 1, pageSize: 1 }));
  let proved: Promise<boolean> | undefined;
  return {
    contracts: rows.flatMap((row) => keepContract(row) ?? []),
    isProved() {
      proved ??= counted().then((page) => (page?.total ?? 0) > rows.length);
      return proved;
    },
  };
}

/** Undefined if Halo does not return it. */
export async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isHaloError(error) && !['CALL_CANCELLED', 'CALL_TIMEOUT'].includes(error.code)) return undefined;
    throw error;
  }
}

/**
 * Which rows were replaced by a renewal: Halo leaves them out as renewed, and a later contract of their client has
 * started. Lists don't say which contract renews which; a contract whose renewal is still in the future continues.
 * @returns for each row yes or no; undefined if a start can't be read, or if a later contract has started and nothing
 * shows that Halo leaves any out
 */
export async function supersededOf(
  rows: readonly Row[],
  { contracts, isProved }: Current,
  day: string,
): Promise<(boolean | undefined)[]> {
  const ids = new Set(contracts.map(({ id }) => id));
  const own = rows.map((row) => keepContract(row));
  const leavesOut = ids.size > 0 && own.some((one) => one !== undefined && !ids.has(one.id));
  const verdicts = own.map((one): boolean | undefined => {
    if (one === undefined || ids.size === 0) return false;
    const later = contracts.map((other) => (other.id === one.id ? false : isLater(other, one, day)));
    if (!ids.has(one.id)) return later.includes(true) || (later.includes(undefined) ? undefined : false);
    return later.some((said) => said !== false) ? undefined : false;
  });
  if (!verdicts.some((said, at) => said === undefined && ids.has(own[at]?.id ?? 0))) return verdicts;
  if (!leavesOut && !(await isProved())) return verdicts;
  // Halo obeys the switch: what it keeps is not renewed.
  return verdicts.map((said, at) => (said === undefined && ids.has(own[at]?.id ?? 0) ? false : said));
}

/** Whether the other is a contract of the same client that starts later, but no later than that day. */
function isLater(other: Contract, one: Contract, day: string): boolean | undefined {
  if (other.client !== one.client) return false;
  if (isStartUnread(other) || isStartUnread(one)) return undefined;
  return (other.start ?? '') > (one.start ?? '') && (other.start ?? '') <= day;
}

const isStartUnread = ({ unread }: Contract) => unread.includes('start_date');
