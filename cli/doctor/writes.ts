import type { Caller } from '../../core/call/caller.js';
import { type NoteTrial, tryPrivateNote } from '../../core/call/confirm/trial.js';
import { askPerson } from '../ask.js';
import { Failure, UsageError } from '../print.js';
import { type Prepared, started } from '../start.js';
import { patience } from './exam.js';
import type { Finding, Mark } from './finding.js';

const TOOL = 'add_private_note';

/**
 * Makes one private note on a ticket that the operator names, checks what Halo made of it, and removes it. Reports in
 * codes which of the unproven switches held.
 * @throws Failure if the tool is not allowed, or no note was made
 */
export async function tryWrites(
  { load, several }: Prepared,
  { ticket, yes = false }: { ticket: string | undefined; yes?: boolean | undefined },
  confirm: Caller['confirm'] = askPerson(yes),
): Promise<Finding[]> {
  const id = Number(ticket);
  if (ticket === undefined || !Number.isSafeInteger(id) || id <= 0)
    throw new UsageError('--writes makes a private note and removes it again: name the ticket for it, --ticket 10311.');
  const server = await load();
  if (several && server.customers.length > 1)
    throw new UsageError('--writes tries one customer: choose it with --customer.');
  const one = started(server);
  if (!one.session.tools().some(({ name }) => name === TOOL))
    throw new Failure(
      `${TOOL} is not allowed here, so nothing is written. Add it to "allowWrites" in the entry of "desk-actions" in the config.`,
    );
  const trial = await tryPrivateNote({ ...one, audit: server.audit }, id, { confirm, insists: true }, patience);
  if (trial.refused !== undefined)
    throw new Failure(trial.refused.content.map((part) => ('text' in part ? part.text : '')).join('\n'));
  return findingsOf(trial, id);
}

const DONT = `Take ${TOOL} out of "allowWrites", and report these codes.`;

function findingsOf(trial: NoteTrial, ticket: number): Finding[] {
  const look = (
    code: string,
    title: string,
    held: boolean | undefined,
    [good, bad]: [good: string, bad: string],
    { mark = 'fail', way_out = DONT }: { mark?: Mark; way_out?: string } = {},
  ): Finding =>
    ({
      ...{ id: code, title, data: { code, held: held ?? null } },
      ...(held === undefined && { mark: 'none', detail: 'could not be read back' }),
      ...(held === true && { mark: 'ok', detail: good }),
      ...(held === false && { mark, detail: bad, way_out }),
    }) as Finding;
  const { id, hidden, mailed, asText, statusKept, outcomeKept, removed } = trial;
  const noMail = mailed === undefined ? undefined : !mailed;
  return [
    look('WRITE_MADE', 'Private note', id !== undefined, ['was made', 'was not made']),
    look('HIDDEN_HELD', 'Hidden', hidden, ['the customer does not see it', 'the customer can see it']),
    look('NO_EMAIL_HELD', 'E-mail', noMail, ['none left with it', 'one left with it']),
    look('STATUS_HELD', 'Status', statusKept, ['the ticket kept its own', 'the ticket has another one now']),
    look('TEXT_HELD', 'Text', asText, ['is kept letter by letter', 'came back otherwise than it was sent'], {
      mark: 'warn',
    }),
    look('OUTCOME_HELD', 'Outcome', outcomeKept, ['is on the note', 'is not on the note'], { mark: 'warn' }),
    look('DELETE_HELD', 'Removed', removed === true, ['the note is gone again', 'the note is still there'], {
      way_out: `Remove the note ${id} from ticket ${ticket} in Halo.`,
    }),
  ];
}
