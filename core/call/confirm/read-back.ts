import type { Halo } from '../../halo/halo.js';
import { readRecord } from '../../halo/record.js';
import type { Row } from '../../halo/row.js';
import { intOf, readFlag, textOf } from '../../halo/value.js';
import { isActions } from './mute.js';
import type { Prepared } from './prepare.js';

/** The status of the ticket that an action is for, where it is promised to stay as it is. */
export async function statusBefore({ path, body }: Prepared, halo: Pick<Halo, 'get'>): Promise<number | undefined> {
  const [row] = body;
  return isActions(path) && row.hiddenfromuser === true ? statusOf(row, halo) : undefined;
}

const statusOf = async (row: Row, halo: Pick<Halo, 'get'>) =>
  intOf((await readRecord(halo, '/Tickets', row.ticket_id as number, { includedetails: true })).status_id);

/**
 * Reads an action back that was promised to stay inside: hidden from the user, no e-mail, and the ticket's status as it
 * was before.
 * @param id the action's, as far as Halo told it
 * @returns what is not as promised, each in our own words
 */
export async function readBack(
  { path, body }: Prepared,
  id: number | undefined,
  before: number | undefined,
  halo: Pick<Halo, 'get'>,
): Promise<string[]> {
  const [row] = body;
  if (!isActions(path) || row.hiddenfromuser !== true) return [];
  if (id === undefined) return ['Halo did not tell its id, so it was not read back'];
  try {
    const action = await readRecord(halo, '/Actions', id, { ticket_id: row.ticket_id as number });
    const after = await statusOf(row, halo);
    const moved = before === after ? [] : [`the ticket's status was ${before} and is ${after ?? 'not known'} now`];
    return [...seenIn(action), ...moved];
  } catch {
    return ['it could not be read back'];
  }
}

function seenIn(action: Row): string[] {
  const hidden = readFlag(action.hiddenfromuser);
  return [
    ...(hidden === true
      ? []
      : hidden === false
        ? ['the customer can see it']
        : ['Halo does not say that it is hidden']),
    ...(/^o/i.test(textOf(action.emaildirection) ?? '') ? ['an e-mail left with it'] : []),
  ];
}
