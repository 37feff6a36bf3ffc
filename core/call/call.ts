// call/: One call, from its arguments to its answer, and what a client may ask for besides tools.
import { asServer, runAs } from '../contain/owner.js';
import { type ErrorCode, HaloError } from '../errors.js';
import { haloFor } from '../halo/halo.js';
import type { CatalogEntry } from '../load/catalog.js';
import { factsOf, logOf } from '../log.js';
import { gated, written } from '../output/answer.js';
import { cut } from '../output/clean.js';
import { errorText, newRef, ours, unknownFault } from '../output/fault.js';
import { inert } from '../output/inert.js';
import { pace } from '../output/pace.js';
import { formIn } from '../output/schema.js';
import { sentence } from '../sentence.js';
import { UTC } from '../zone.js';
import { readArguments } from './arguments.js';
import { asWritten } from './as-written.js';
import { type Caller, type CallResult, refusal } from './caller.js';
import { checked } from './checked.js';
import type { CallDeps } from './deps.js';
import { timer } from './timer.js';
import { turnOf } from './turns.js';

export type { Caller, CallResult } from './caller.js';

const DEADLINE_MS = 45_000;

/** What the caller reads while the call waits. */
const WAITS = 'waiting for the next requests that Halo allows';

/** The first steps of a call are all reported, enough for a walk of a thousand pages; after that, one per interval. */
const ALL_TOLD = 100;
const SELDOM_MS = 250;

/**
 * The chain that each call goes through: its turn among the others, strict arguments, the tool with its deadline and
 * cancel signal, its output schema, then cleaning, redaction, fence and fit. The catalog has already decided which
 * tools are on; only those get here.
 */
export async function call(
  entry: CatalogEntry,
  rawArguments: unknown,
  deps: CallDeps,
  caller: Caller = {},
): Promise<CallResult> {
  const started = performance.now();
  let beat = (_message: string): void => undefined;
  const { maxMinutes } = deps;
  const waiting = maxMinutes !== undefined &&
    caller.onProgress !== undefined && { longestMs: maxMinutes * 60_000, tell: () => beat(WAITS) };
  const time = timer(deps.deadlineMs ?? DEADLINE_MS, caller.signal, waiting || undefined);
  const turn = turnOf(deps.turns, time.signal);
  try {
    const verdict = entry.now();
    if (!verdict.on) throw new HaloError('PLUGIN_BROKEN', sentence(verdict.reason), verdict.fix);
    await turn.enter();
    const tool = await entry.load();
    const { customer } = deps;
    let note: string | undefined;
    const noted = (words: string) => {
      note = words;
    };
    const besides = customer && [customer.argument];
    const args = readArguments(tool, rawArguments, besides, noted, formIn(entry.forms, tool), deps.siblings);
    let requests = 0;
    const allowance = {
      tool: tool.name,
      scopes: entry.tool.scopes,
      optionalScopes: entry.tool.optionalScopes,
      asked: deps.scopes,
      onRequest: () => {
        requests += 1;
      },
    };
    const halo = haloFor(deps.halo, allowance, time);
    let [last, told, toldAt] = [0, 0, 0];
    const progress = (done: number, total?: number, message?: string) => {
      const { onProgress } = caller;
      if (onProgress === undefined || time.signal.aborted || !Number.isFinite(done)) return;
      time.extend();
      if (done <= last) return;
      last = done;
      told += 1;
      if (told > ALL_TOLD && performance.now() - toldAt < SELDOM_MS) return;
      toldAt = performance.now();
      const words = typeof message === 'string' ? inert(deps.redactor.redact(cut(message, 200))) : undefined;
      asServer(() => onProgress(done, Number.isFinite(total) ? total : undefined, words));
    };
    beat = (message) => progress(last + 1, undefined, message);
    const log = logOf(deps.log, entry.owner);
    const { zone = UTC, isSecret } = deps;
    const context = { halo, signal: time.signal, progress, log, isSecret, zone, options: entry.options };
    const made =
      tool.write === undefined
        ? await time.race(
            runAs(entry.owner, async () => {
              const paced = pace(time.signal);
              const ran = await tool.run(args, context);
              // A large answer is made in its last go, checked in another, made safe in a third, and written in a fourth.
              await paced();
              const result = checked(tool, ran);
              await paced();
              const safe = gated(result, deps.redactor);
              await paced();
              return written(tool, safe, args, deps.maxTokens, { customer: customer?.name, note, zone });
            }),
          )
        : await asWritten({
            ...{ entry, tool, args, context, allowance, time, turn, beat, deps, caller },
            ...{ requests: () => requests, note },
          });
    deps.log.info({ tool: tool.name, ms: Math.round(performance.now() - started) }, 'call');
    if ('asks' in made) return { asks: made.asks, content: [] };
    const { structured, text, file } = made;
    const uri = customer === undefined ? file?.uri : file?.uri.replace('halo://', `halo://${customer.name}/`);
    const files =
      file === undefined ? [] : [{ type: 'resource' as const, resource: { ...file, uri: uri ?? file.uri } }];
    return { content: [{ type: 'text', text }, ...files], structuredContent: structured };
  } catch (error) {
    return failed(error, entry, deps, Math.round(performance.now() - started));
  } finally {
    turn.leave();
    time.stop();
  }
}

/** An error as the caller reads it: our own words, or a reference to the log. */
function failed(thrown: unknown, { tool, pack }: CatalogEntry, { log, redactor }: CallDeps, ms: number): CallResult {
  const ref = newRef();
  const error = ours(thrown) ?? unknownFault(tool.name, ref, thrown);
  const { code, cause } = error;
  const facts = { tool: tool.name, pack, code, ms, ...(cause !== undefined && { ref, cause: factsOf(cause) }) };
  if (code === 'INTERNAL' || code === 'PLUGIN_BAD_RESULT') log.error(facts, 'call failed');
  // These come by the thousand.
  else if (code === 'SERVER_BUSY') log.debug(facts, 'call refused');
  else log.info(facts, 'call refused');
  return refusal(code as ErrorCode, errorText(error, redactor, ref));
}
