import type { Halo } from '../../halo/halo.js';
import { readRecord } from '../../halo/record.js';
import type { Row } from '../../halo/row.js';
import { intOf, numberOf, readFlag, textOf } from '../../halo/value.js';
import { isActions } from './mute.js';
import type { Prepared } from './prepare.js';

/** The parts of a ticket that an action promises to leave unchanged, by the names used here. */
export type Standing = Readonly<Record<string, number | string | undefined>>;

const STANDING: Readonly<Record<string, (ticket: Row) => number | string | undefined>> = {
  status: ({ status_id }) => intOf(status_id),
  agent: ({ agent_id }) => intOf(agent_id),
  team: ({ team, team_id }) => textOf(team) ?? intOf(team_id),
  priority: ({ priority_id }) => intOf(priority_id),
};

/** The ticket's state before an action, if the action promises not to change it. */
export async function standingBefore(
  { path, body: [row] }: Prepared,
  halo: Pick<Halo, 'get'>,
): Promise<Standing | undefined> {
  return isActions(path) && row.hiddenfromuser === true ? standingOf(row, halo) : undefined;
}

async function standingOf(row: Row, halo: Pick<Halo, 'get'>): Promise<Standing> {
  const ticket = await readRecord(halo, '/Tickets', row.ticket_id as number, { includedetails: true });
  return Object.fromEntries(Object.entries(STANDING).map(([name, read]) => [name, read(ticket)]));
}

/**
 * Reads back an action that promised to stay inside: hidden from the user, no e-mail, its hours as sent, and its ticket
 * unchanged.
 * @param id of the action, if Halo told it
 * @returns what is not as promised, each in our own words
 */
export async function readBack(
  { path, body: [row] }: Prepared,
  id: number | undefined,
  before: Standing = {},
  halo: Pick<Halo, 'get'>,
): Promise<string[]> {
  if (!isActions(path) || row.hiddenfromuser !== true) return [];
  if (id === undefined) return ['Halo did not tell its id, so it was not read back'];
  try {
    const action = await readRecord(halo, '/Actions', id, { ticket_id: row.ticket_id as number });
    return [...seenIn(action), ...hoursIn(action, row), ...movedIn(before, await standingOf(row, halo))];
  } catch {
    return ['it could not be read back'];
  }
}

const movedIn = (before: Standing, after: Standing): string[] =>
  Object.keys(before)
    .filter((name) => before[name] !== after[name])
    .map((name) => `the ticket's ${name} was ${before[name] ?? 'none'} and is ${after[name] ?? 'not known'} now`);

/** A rate of Halo's own may round the hours: Halo reports that beside them, in `timetakenadjusted`. */
function hoursIn(action: Row, { timetaken }: Row): string[] {
  const [is, was] = [numberOf(action.timetaken), numberOf(timetaken)];
  const differ = is !== undefined && was !== undefined && Math.abs(is - was) >= 0.01;
  return differ ? [`Halo took ${is} h in place of ${was} h`] : [];
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
