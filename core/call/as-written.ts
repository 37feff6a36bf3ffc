import { runAs } from '../contain/owner.js';
import type { AnyTool, ToolContext } from '../define.js';
import { CONFIRM } from '../define-write.js';
import { type Allowance, senderFor } from '../halo/halo.js';
import type { CatalogEntry } from '../load/catalog.js';
import type { Caller, Consent, Proposal } from './caller.js';
import { answerWritten } from './confirm/answer.js';
import { write } from './confirm/write.js';
import type { CallDeps } from './deps.js';
import type { Timer } from './timer.js';
import type { Turn } from './turns.js';

/** What a call of a write tool needs on top of what a read needs. */
interface Writing {
  entry: CatalogEntry;
  tool: AnyTool;
  args: Record<string, unknown>;
  context: ToolContext;
  allowance: Allowance;
  time: Timer;
  turn: Turn;
  /** Tells the caller that the call is still going on. */
  beat(message: string): void;
  deps: CallDeps;
  caller: Caller;
  requests(): number;
  /** What the head of the answer says about the arguments. */
  note: string | undefined;
}

/** Plans the change, gets it confirmed and makes it. The plugin's own code runs within the call's time. */
export async function asWritten(writing: Writing) {
  const { entry, tool, args: given, context, allowance, time, deps, requests, note } = writing;
  const { [CONFIRM]: confirm, ...args } = given;
  const answer = writing.caller.between?.answer;
  const token = answer?.state ?? confirm;
  const { write: own } = tool;
  if (own === undefined) throw new Error(`${tool.name} does not write.`);
  const { redactor, writes, maxTokens, log, customer } = deps;
  const asPlugin = <T>(work: () => T | Promise<T>): Promise<T> => time.race(runAs(entry.owner, async () => work()));
  const written = await write({
    ...{ tool: tool.name, args, redactor, writes, requests, ...deps.whose },
    token: typeof token === 'string' ? token : undefined,
    answered: answer !== undefined,
    customerVisible: own.customerVisible === true,
    mode: entry.confirm,
    insists: writing.caller.insists === true,
    plan: () => asPlugin(() => own.plan(structuredClone(args), context)),
    done: (reply, plan) => asPlugin(async () => (await own.done(reply, plan)) as Record<string, unknown>),
    ask: askOf(writing),
    halo: context.halo,
    sender: senderFor(deps.halo, allowance, time),
    forget: (path) => deps.halo.client.forget(path),
    isOver: () => time.signal.aborted,
  });
  if (written.state === 'asking') return { asks: { proposal: written.proposal, state: written.confirm } };
  return {
    ...answerWritten(written, {
      tool,
      args,
      maxTokens,
      redactor,
      log,
      about: { customer: customer?.name, note, zone: deps.zone },
    }),
    file: undefined,
  };
}

/** How long a person has to answer. */
const PATIENCE_MS = 120_000;
const NO_ANSWER = 'The question is no longer open.';
/** How often the caller hears that the call is still going on. */
const BEAT_MS = 10_000;

/** Asks the person at the other end. Meanwhile the call's clock stands still, and another call takes its turn. */
function askOf({ entry, time, turn, beat, caller }: Writing) {
  const { confirm, between, insists = false } = caller;
  if (entry.confirm === 'preview' && !insists) return undefined;
  if (between !== undefined) return async () => between.answer?.said ?? 'later';
  if (confirm === undefined) return undefined;
  return async (proposal: Proposal): Promise<Consent | 'silent'> => {
    const goOn = time.pause();
    turn.leave();
    const beats = setInterval(() => beat('Waiting for a person to confirm it.'), BEAT_MS);
    const silence = new AbortController();
    let alarm: NodeJS.Timeout | undefined;
    const silent = new Promise<'silent'>((resolve) => {
      alarm = setTimeout(() => resolve('silent'), PATIENCE_MS);
    });
    try {
      const asked = confirm(proposal, AbortSignal.any([time.signal, silence.signal]));
      // It may still reject after we have stopped waiting.
      asked.catch(() => undefined);
      return await time.race(Promise.race([asked, silent]));
    } finally {
      clearInterval(beats);
      clearTimeout(alarm);
      silence.abort(NO_ANSWER);
      goOn();
      if (!time.signal.aborted) await turn.enter();
    }
  };
}
