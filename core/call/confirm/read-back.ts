import type { Halo } from '../../halo/halo.js';
import { readRecord } from '../../halo/record.js';
import type { Row } from '../../halo/row.js';
import { intOf, numberOf, readFlag, textOf } from '../../halo/value.js';
import { isActions } from './mute.js';
import type { Prepared } from './prepare.js';

/** What of a ticket an action is promised to leave as it is, by its name here: numbers as they are, texts as texts. */
export type Standing = Readonly<Record<string, number | string | undefined>>;

const STANDING: Readonly<Record<string, (ticket: Row) => number | string | undefined>> = {
  status: ({ status_id }) => intOf(status_id),
  agent: ({ agent_id }) => intOf(agent_id),
  team: ({ team, team_id }) => textOf(team) ?? intOf(team_id),
  priority: ({ priority_id }) => intOf(priority_id),
};

/** How the ticket stands that an action is for, where it is promised to stay as it is. */
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
 * Reads an action back that was promised to stay inside: hidden from the user, no e-mail, its hours as they were sent,
 * and the ticket as it was before.
 * @param id the action's, as far as Halo told it
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

/** A rate of Halo's own may round what was worked: that is told beside it, in `timetakenadjusted`. */
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
