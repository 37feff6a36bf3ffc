import { z } from 'zod';
import type { Plan } from '../../define-write.js';
import { HaloError } from '../../errors.js';
import type { Halo } from '../../halo/halo.js';
import { readRecord } from '../../halo/record.js';
import type { Row } from '../../halo/row.js';
import { scopeOfPath } from '../../halo/scopes.js';
import { isNothing, numberOf, readFlag } from '../../halo/value.js';
import { cut, oneLine } from '../../output/clean.js';
import { plain } from '../../output/plain.js';
import type { Redactor } from '../../output/redact.js';
import { sentDigest } from './digest.js';
import { forbiddenField, isActions, isTickets, muted } from './mute.js';

/** A plan that may be shown and sent: all of it is plain JSON, and exactly what was shown is sent. */
export interface Prepared {
  path: string;
  body: [Row];
  says: string;
  before: Row;
  undo?: string | undefined;
  /** Over the customer, the path and the body. */
  digest: string;
}

const Shape = z.object({
  path: z.string().regex(/^\/[A-Za-z]{2,40}$/),
  body: z.tuple([z.record(z.string(), z.unknown())]),
  says: z.string().trim().min(1).max(1000),
  before: z.record(z.string(), z.unknown()),
  undo: z.string().max(200).optional(),
});

/** What a plan is checked against. */
export interface PrepareDeps {
  tool: string;
  customer: string;
  customerVisible: boolean;
  redactor: Redactor;
  halo: Pick<Halo, 'get'>;
}

/**
 * A tool's plan as it would be sent, with the block that keeps Halo silent.
 * @throws HaloError PLUGIN_BAD_RESULT or PLUGIN_WRITE_REFUSED for a plan that no tool may make, BAD_ARGUMENTS for a
 * text that can't be shown unchanged, or an outcome that does more than it promises
 */
export async function prepare(planned: Plan, deps: PrepareDeps): Promise<Prepared> {
  const { path, body, says, before, undo } = shaped(planned, deps.tool);
  const [row] = body;
  refuseBeyond(path, row, deps);
  const sent: [Row] = [muted(path, row, deps.customerVisible)];
  refuseUnshowable(sent, deps.redactor);
  if (isActions(path)) await refuseOutcome(sent[0], deps.halo);
  const digest = sentDigest(deps.customer, { path, body: sent });
  // On one line: a summary that quotes a request of its own can't pass for the one that is shown below.
  return { path, body: sent, says: oneLine(says), before, digest, ...(undo !== undefined && { undo }) };
}

/**
 * Checks an older plan again when the plan made now is a different one.
 * @throws HaloError BAD_ARGUMENTS for an outcome that by now does more than it promises
 */
export async function recheck({ path, body }: Prepared, halo: Pick<Halo, 'get'>): Promise<void> {
  if (isActions(path)) await refuseOutcome(body[0], halo);
}

function shaped(planned: Plan, tool: string) {
  const bad = (cause: string) =>
    new HaloError('PLUGIN_BAD_RESULT', `${tool} made a plan that can't be shown. Nothing was changed.`, { cause });
  let copy: unknown;
  try {
    copy = plain(planned);
  } catch (error) {
    throw bad(error instanceof Error ? error.message : 'it can not be read');
  }
  const parsed = Shape.safeParse(copy);
  if (parsed.success) return parsed.data;
  throw bad(parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`).join('; '));
}

/** Paths that no tool may change here, besides those that need no scope of their own (agents, statuses …). */
const NEVER = /^\/(invoice|recurringinvoice|invoicepayment|clientcontract|clientprepay|report)$/i;

function refuseBeyond(path: string, row: Row, { tool, customerVisible }: PrepareDeps): void {
  const refused = (sentence: string, remedy: string) =>
    new HaloError('PLUGIN_WRITE_REFUSED', `${sentence} Nothing was changed.`, remedy);
  if (NEVER.test(path) || scopeOfPath(path, true) === null)
    throw refused(`${tool} wants to change ${path}, which no tool may.`, 'Change it in Halo itself.');
  const field = forbiddenField(row);
  if (field !== undefined)
    throw refused(`${tool} wants to set "${cut(field, 60)}", which is the server's own.`, 'Leave it out of the plan.');
  if (isActions(path) && !isNothing(row.id))
    throw refused(`${tool} wants to change an existing action.`, 'Make a new one, without id.');
  if (isActions(path) && !(isId(row.outcome_id) && isId(row.ticket_id) && !('outcome' in row)))
    throw refused(`${tool} names no ticket_id and outcome_id.`, 'Give both as ids, and the outcome by its id alone.');
  if (isTickets(path) && isNothing(row.id) && !customerVisible)
    throw refused(
      `${tool} wants to make a ticket, which a customer may see.`,
      'Declare customerVisible, and let the operator allow it.',
    );
}

const isId = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

/** A body is shown exactly as it is sent: if the gate would change it, it is not sent. */
function refuseUnshowable(value: unknown, redactor: Redactor, at = ''): void {
  if (typeof value === 'string' && redactor.redact(value) !== value)
    throw new HaloError(
      'BAD_ARGUMENTS',
      `"${at}" holds a secret, or invisible characters, so it can't be shown as it would be sent. Nothing was changed.`,
      'Take them out and call again.',
    );
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) refuseUnshowable(key, redactor, 'a field');
    refuseUnshowable(inner, redactor, Array.isArray(value) ? at : key);
  }
}

/** An outcome that sends something or moves the ticket on is refused for a note that has to stay inside. */
async function refuseOutcome(row: Row, halo: Pick<Halo, 'get'>): Promise<void> {
  const id = row.outcome_id as number;
  const outcome = await readRecord(halo, '/Outcome', id, { ticket_id: row.ticket_id as number });
  const does = Object.entries(DOES).find(([field]) => isOn(outcome[field]));
  if (does !== undefined)
    throw new HaloError(
      'BAD_ARGUMENTS',
      `The outcome ${id} ${does[1]}, so it can't be used here. Nothing was changed.`,
      'Choose an outcome for notes that stay inside.',
    );
}

/** Side effects that an outcome may have; each field is read as Halo's own screens read it. */
const DOES: Record<string, string> = {
  sendemail: 'sends an e-mail',
  sendsms: 'sends a text message',
  sendsurvey: 'sends a survey',
  newstatus: "changes the ticket's status",
  approval_process_id: 'starts an approval',
  child_template_id: 'makes other tickets',
  child_ticket_type_id: 'makes other tickets',
  default_send_to_pagerduty: 'tells PagerDuty',
};

/** `sendemail` is 0, 1 or 2, and `newstatus` an id. 0 or less, false and nothing mean no; anything unreadable, yes. */
const isOn = (value: unknown): boolean => {
  if (isNothing(value)) return false;
  const number = typeof value === 'boolean' ? Number(value) : numberOf(value);
  return number === undefined ? readFlag(value) !== false : number > 0;
};
