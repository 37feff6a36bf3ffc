/** Whether a contract goes on past its printed end, which Halo's list does not say. */
import {
  dayOf,
  flagOf,
  type Halo,
  intOf,
  isNothing,
  isOpenEnd,
  type Row,
  readRecord,
  sideBySide,
} from '../../core/index.js';
import { orNothing } from './superseded.js';

/** The most contracts that are read one by one for a page of the list. */
const MOST_SINGLE = 50;

/**
 * Halo sends no readable `expired: true`, and does not say whether the contract is rolling: its printed end decides
 * nothing.
 */
export const mayRollOn = ({ expired, rollingcontract }: Row): boolean =>
  !isNothing(expired) && !flagOf(expired) && isNothing(rollingcontract);

/** The rows; those past their end that may roll on with what a single read says of it, where there are not too many. */
export async function withRolling(rows: readonly Row[], halo: Halo, day: string): Promise<Row[]> {
  const isPast = ({ end_date: end }: Row) => !isOpenEnd(end) && (dayOf(end) ?? day) < day;
  const ids = rows.flatMap((row) => (isPast(row) && mayRollOn(row) ? (intOf(row.id) ?? []) : []));
  const rolling = new Map<number, unknown>();
  await sideBySide(ids.slice(0, MOST_SINGLE), async (id) => {
    const record = await orNothing(readRecord(halo, '/ClientContract', id));
    if (record !== undefined) rolling.set(id, record.rollingcontract);
  });
  if (rolling.size === 0) return [...rows];
  return rows.map((row) => {
    const id = intOf(row.id) ?? 0;
    return rolling.has(id) ? { ...row, rollingcontract: rolling.get(id) } : row;
  });
}
