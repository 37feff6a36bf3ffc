import type { Plan } from '../../define-write.js';
import { HaloError, isHaloError } from '../../errors.js';
import type { Halo, Sender } from '../../halo/halo.js';
import type { Posted } from '../../halo/outcome.js';
import type { Row } from '../../halo/row.js';
import { intOf } from '../../halo/value.js';
import { inert } from '../../output/inert.js';
import type { Redactor } from '../../output/redact.js';
import type { Consent, Proposal } from '../caller.js';
import { digestOf } from './digest.js';
import type { Entry } from './ledger.js';
import { equalIds, leavesTrace, lookFor, recipeOf } from './look.js';
import { type Prepared, prepare, recheck } from './prepare.js';
import { readBack, standingBefore } from './read-back.js';
import { faultIn, recordIn } from './reply.js';
import { ago, isUpdate, type Story, storyOf } from './story.js';
import { changedMeanwhile, type Pending } from './token.js';
import { type Trail, trailOf } from './trail.js';
import { underWay } from './under-way.js';
import type { Writes } from './writes.js';

/** One call of a write tool. */
export interface WriteCall {
  tool: string;
  customer: string;
  principal: string;
  /** In their final form, without the token. */
  args: Record<string, unknown>;
  token: string | undefined;
  customerVisible: boolean;
  /** Who confirms, if the operator fixed it. */
  mode: 'person' | 'preview' | undefined;
  plan(): Promise<Plan>;
  done(reply: Row, plan: Plan): Promise<Row>;
  /** True if the token belongs to a question that a person has answered. */
  answered: boolean;
  /** True if it is made only if somebody agrees at once: at a terminal, where no later call brings a token. */
  insists: boolean;
  /** Undefined if nobody can or should be asked. `silent`: no answer in time; `later`: another call brings it. */
  ask: ((proposal: Proposal) => Promise<Consent | 'silent' | 'later'>) | undefined;
  halo: Pick<Halo, 'get'>;
  sender: Sender;
  /** Drops the reads in flight that the write has made stale. */
  forget(path: string): void;
  /** True once the call is over for its caller. */
  isOver(): boolean;
  redactor: Redactor;
  writes: Writes;
  /** Requests sent to Halo so far. */
  requests(): number;
}

/** How it ended. */
export type Written =
  | { state: 'asking'; proposal: Proposal; confirm: string }
  | { state: 'preview'; says: string; prepared: Prepared; confirm: string; expires: string }
  | { state: 'already_done'; says: string; id?: number | undefined; at: string; confirm: string; expires: string }
  | {
      state: 'done';
      id?: number | undefined;
      prepared: Prepared;
      /** What the tool makes of Halo's answer; undefined if that failed. */
      result?: Row | undefined;
      failed?: unknown;
      found?: boolean;
      /** What is not as promised. */
      seen: string[];
    };

/**
 * Takes a change from its plan to its end: shown and confirmed, sent once and read back.
 * @throws HaloError that says "Nothing was changed.", or HALO_OUTCOME_UNKNOWN with the way to look
 */
export async function write(call: WriteCall): Promise<Written> {
  const trail = trailOf(call);
  try {
    return await confirmed(call, trail);
  } catch (error) {
    if (!trail.ended) trail.end('refused', { code: codeOf(error) });
    throw error;
  }
}

const codeOf = (error: unknown) => (isHaloError(error) ? error.code : 'INTERNAL');

async function confirmed(call: WriteCall, trail: Trail): Promise<Written> {
  const { writes, token, mode } = call;
  if (mode === 'person' && call.ask === undefined)
    throw notConfirmed('A person has to confirm this, and this client cannot ask one.', WHO_CAN_ASK);
  const pending = token === undefined ? undefined : await writes.tokens.open(token, bearerOf(call));
  const fresh = await planned(call);
  trail.prepared = fresh;
  if (pending !== undefined && !isAsBefore(fresh, pending.prepared)) throw changedMeanwhile();
  const prepared = pending?.prepared ?? fresh;
  if (prepared.digest !== fresh.digest) await recheck(prepared, call.halo);
  trail.prepared = prepared;
  await call.sender.admit(prepared.path);
  const story = await storyOf(prepared, call, pending);
  if (story.done !== undefined) return alreadyDone(call, trail, prepared, story, story.done);
  const says = [story.opening, prepared.says].filter(Boolean).join(' ');

  const proposal = proposalOf(call, prepared, says);
  const consent = call.ask === undefined ? 'unasked' : await askFor(call, trail, proposal);
  if (consent === 'later') {
    const { confirm } = await writes.tokens.seal({ ...bearerOf(call), known: story.known, prepared });
    return { state: 'asking', proposal, confirm };
  }
  if (consent === 'unasked' && call.insists)
    throw notConfirmed('Nobody can be asked here, since this is not a terminal.', 'Add --yes to do it.');
  if (consent === 'unasked' && mode === 'person')
    throw notConfirmed('A person has to confirm this, and this client could not ask one.', WHO_CAN_ASK);
  if (consent === 'unasked' && pending === undefined) {
    const sealed = await writes.tokens.seal({ ...bearerOf(call), known: story.known, prepared });
    trail.end('planned');
    return { state: 'preview', says, prepared, ...sealed };
  }
  // The person may have taken two minutes to answer.
  if (consent === 'yes' && !call.answered && !isAsBefore(await planned(call), prepared)) throw changedMeanwhile();
  return send(call, trail, prepared, story, pending);
}

const planned = async (call: WriteCall): Promise<Prepared> => prepare(await call.plan(), call);

const isAsBefore = (now: Prepared, then: Prepared) => digestOf(now.before) === digestOf(then.before);

const bearerOf = ({ tool, customer, principal, args }: WriteCall) => ({
  ...{ tool, customer, principal },
  args: digestOf(args),
});

const WHO_CAN_ASK =
  'Use a client that shows forms (elicitation), `halo-mcp call`, or let the operator set "confirm": "preview" for the pack.';

const notConfirmed = (sentence: string, remedy?: string) =>
  new HaloError('NOT_CONFIRMED', `${sentence} Nothing was changed.`, remedy);

/** The words may quote end users, so they are made safe. The gate would not change the body: that was checked. */
const proposalOf = ({ tool, redactor }: WriteCall, { path, body }: Prepared, says: string): Proposal => ({
  ...{ tool, body, says: inert(redactor.redact(says)) },
  request: `POST ${path}`,
});

async function askFor(call: WriteCall, trail: Trail, proposal: Proposal): Promise<Consent | 'later'> {
  const { answered, token, writes } = call;
  if (!answered) trail.note('planned');
  const answer = await call.ask?.(proposal);
  // A question that was answered with no can't be answered again.
  if (answer === 'no' && answered && token !== undefined) await writes.tokens.consume(token);
  if (answer === 'no') {
    trail.end('declined', { code: 'NOT_CONFIRMED' });
    throw notConfirmed('The person who was asked did not agree.');
  }
  if (answer === 'silent') throw notConfirmed('Nobody answered the question of whether to do this.');
  return answer ?? 'unasked';
}

/** An equal change was made: returns its result again, with a token to make it a second time. */
async function alreadyDone(
  call: WriteCall,
  trail: Trail,
  prepared: Prepared,
  { known }: Story,
  { id, at }: Entry,
): Promise<Written> {
  const sealed = await call.writes.tokens.seal({ ...bearerOf(call), known, prepared });
  trail.end('already done', { id });
  const which = id === undefined ? '' : ` (id ${id})`;
  const says = `An equal change${which} was made ${ago(at)}, and is not made again unless it is confirmed. What it is: ${prepared.says}`;
  return { state: 'already_done', says, id, at: new Date(at).toISOString(), ...sealed };
}

/** Sends what was confirmed exactly once, whatever happens. */
async function send(
  call: WriteCall,
  trail: Trail,
  prepared: Prepared,
  story: Story,
  pending: Pending | undefined,
): Promise<Written> {
  const { token, halo, sender, writes } = call;
  const { digest, path, body } = prepared;
  const { ledger, tokens, audit } = writes;
  const [standing, there] = await Promise.all([standingBefore(prepared, halo), equalIds(prepared, halo)]);
  audit.check();
  const entry = { count: story.known + 1, at: Date.now(), there };
  if (!(await ledger.begin(digest, entry))) {
    const { known, done } = await storyOf(prepared, call, pending);
    if (done !== undefined) return alreadyDone(call, trail, prepared, { known }, done);
    throw underWay();
  }
  /** Gives back the place and the confirmation: the change was certainly not made. */
  const giveBack = async () => {
    await ledger.undo(digest, entry.count, story.last);
    if (token !== undefined) await tokens.release(token);
  };
  try {
    if (token !== undefined) await tokens.consume(token);
  } catch (error) {
    await ledger.undo(digest, entry.count, story.last);
    throw error;
  }
  const posted: Posted = { path, outcome: 'waiting' };
  const end = async (row: Row, outcome: 'done' | 'found'): Promise<Written> => {
    const id = intOf(row.id) ?? (isUpdate(prepared) ? intOf(body[0].id) : undefined);
    await ledger.end(digest, { ...entry, state: 'done', id });
    trail.end(outcome, { id });
    const seen = await readBack(prepared, id, standing, halo);
    const made = { state: 'done', id, prepared, seen, ...(outcome === 'found' && { found: true }) } as const;
    try {
      return { ...made, result: await call.done(row, prepared) };
    } catch (failed) {
      return { ...made, failed };
    }
  };
  let failure: HaloError | undefined;
  let said: string[] = [];
  try {
    const reply = await sender.post(path, body, posted);
    const made = recordIn(reply, prepared);
    if (made !== undefined) return await end(made, 'done');
    said = faultIn(reply);
  } catch (error) {
    if (posted.outcome === 'made') throw error;
    if (posted.outcome === 'waiting' || posted.outcome === 'refused') {
      await giveBack();
      trail.end('nothing changed', { code: codeOf(error) });
      throw token === undefined ? error : stillGood(error);
    }
    failure = isHaloError(error) ? error : undefined;
  } finally {
    call.forget(path);
  }
  // No answer, or one that names no record: look in Halo what became of it.
  await ledger.end(digest, { ...entry, state: 'unknown' });
  const found = call.isOver() ? undefined : await lookFor(prepared, halo, entry).catch(() => undefined);
  if (found) return end(found, 'found');
  // Halo says that it took the change, and its kind can't be looked for.
  if (failure === undefined && found === null && said.length === 0 && !leavesTrace(prepared)) return end({}, 'done');
  trail.end('unknown', { code: 'HALO_OUTCOME_UNKNOWN' });
  const happened =
    failure?.message ??
    `Halo's answer names no record${said.length > 0 ? ', and says why' : ''}. The change may have been made.`;
  throw new HaloError('HALO_OUTCOME_UNKNOWN', happened, {
    remedy: `${recipeOf(prepared)} before you try again.`,
    foreign: said,
    ...(failure?.status !== undefined && { status: failure.status }),
    cause: failure?.cause,
  });
}

/** A failure that has certainly changed nothing leaves the token valid. */
function stillGood(error: unknown): unknown {
  if (!isHaloError(error)) return error;
  const { code, message, remedy, foreign, status, login, cause } = error;
  const good = `${remedy} The confirmation stays good for its five minutes.`;
  return new HaloError(code, message, { remedy: good, foreign, login, cause, ...(status !== undefined && { status }) });
}
