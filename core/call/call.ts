// call/: One call, from its arguments to its answer; and what a client may ask for beside tools.
import { asServer, runAs } from '../contain/owner.js';
import type { AnswerFile, AnyTool, Log } from '../define.js';
import { type ErrorCode, HaloError } from '../errors.js';
import { type HaloShared, haloFor } from '../halo/halo.js';
import type { Posted } from '../halo/outcome.js';
import type { Scope } from '../halo/scopes.js';
import type { CatalogEntry } from '../load/catalog.js';
import { factsOf, logOf } from '../log.js';
import type { IsSecret } from '../make/fields.js';
import { answer } from '../output/answer.js';
import { cut } from '../output/clean.js';
import { errorText, newRef, ours, unknownFault } from '../output/fault.js';
import { inert } from '../output/inert.js';
import { plain } from '../output/plain.js';
import type { Redactor } from '../output/redact.js';
import { readArguments } from './arguments.js';
import { afterPosts, madeAnswer, wasMade } from './changed.js';
import type { Turns } from './turns.js';

/** What a call needs beside the tool and its arguments. */
export interface CallDeps {
  /** The scopes that the token asks for. */
  scopes: readonly Scope[];
  halo: HaloShared;
  maxTokens: number;
  /** Which custom fields are never shown. */
  isSecret: IsSecret;
  allowWrites: readonly string[];
  log: Log;
  redactor: Redactor;
  turns: Turns;
  /** Named in the answer, where it is not plain whose rows these are; and the argument by which it was named. */
  customer?: { name: string; argument: string } | undefined;
  /** No call lasts longer, but one that reports progress: each report gives it this long again. */
  deadlineMs?: number;
}

/** What the caller brings. */
export interface Caller {
  signal?: AbortSignal | undefined;
  /** Present where the caller asked to be told of progress; what is told only rises. */
  onProgress?: ((done: number, total: number | undefined, message: string | undefined) => void) | undefined;
}

/** The answer to one call, in MCP's shape but for the code, which is for the host. */
export interface CallResult {
  /** Of an error. */
  code?: ErrorCode;
  content: ({ type: 'text'; text: string } | { type: 'resource'; resource: AnswerFile })[];
  structuredContent?: Record<string, unknown>;
  isError?: true;
}

const DEADLINE_MS = 45_000;
const LONGEST_MS = 15 * 60_000;

/**
 * The chain that each call goes through: its turn among the others, strict arguments, the tool with its deadline and
 * cancel signal, its output schema, then cleaning, redaction, fence and fit. The verdict on the tool was given with the
 * catalog; only tools that are on get here.
 */
export async function call(
  entry: CatalogEntry,
  rawArguments: unknown,
  deps: CallDeps,
  caller: Caller = {},
): Promise<CallResult> {
  const started = performance.now();
  const time = timer(deps.deadlineMs ?? DEADLINE_MS, caller.signal);
  const posted: Posted[] = [];
  let leave: (() => void) | undefined;
  try {
    const verdict = entry.now();
    if (!verdict.on) throw new HaloError('PLUGIN_BROKEN', `${verdict.reason}.`, verdict.fix);
    leave = await deps.turns.enter(time.signal);
    const tool = await entry.load();
    const { customer } = deps;
    let note: string | undefined;
    const args = readArguments(tool, rawArguments, customer && [customer.argument], (words) => {
      note = words;
    });
    const halo = haloFor(
      deps.halo,
      {
        tool: tool.name,
        scopes: entry.tool.scopes,
        optionalScopes: entry.tool.optionalScopes,
        asked: deps.scopes,
        mayWrite: entry.tool.effect !== 'read' && deps.allowWrites.includes(tool.name),
        posted,
      },
      time,
    );
    let last = 0;
    const progress = (done: number, total?: number, message?: string) => {
      const { onProgress } = caller;
      if (onProgress === undefined || time.signal.aborted || !Number.isFinite(done)) return;
      time.extend();
      if (done <= last) return;
      last = done;
      const words = typeof message === 'string' ? inert(deps.redactor.redact(cut(message, 200))) : undefined;
      asServer(() => onProgress(done, Number.isFinite(total) ? total : undefined, words));
    };
    const log = logOf(deps.log, entry.owner);
    const context = { halo, signal: time.signal, progress, log, isSecret: deps.isSecret, options: entry.options };
    const answering = runAs(entry.owner, async () => {
      const result = checked(tool, await tool.run(args, context));
      return answer(tool, result, args, deps.maxTokens, deps.redactor, { customer: customer?.name, note });
    });
    const { structured, text, file } = await time.race(answering);
    deps.log.info({ tool: tool.name, ms: Math.round(performance.now() - started) }, 'call');
    const uri = customer === undefined ? file?.uri : file?.uri.replace('halo://', `halo://${customer.name}/`);
    const files =
      file === undefined ? [] : [{ type: 'resource' as const, resource: { ...file, uri: uri ?? file.uri } }];
    return { content: [{ type: 'text', text }, ...files], structuredContent: structured };
  } catch (error) {
    return failed(error, entry, deps, Math.round(performance.now() - started), posted);
  } finally {
    leave?.();
    time.stop();
  }
}

/** What a tool gave, as plain JSON that matches its own schema. */
function checked(tool: AnyTool, result: unknown): Record<string, unknown> {
  const bad = (cause: string) =>
    new HaloError('PLUGIN_BAD_RESULT', `${tool.name} gave a result that does not match its own output schema.`, {
      cause,
    });
  let parsed: ReturnType<AnyTool['output']['safeParse']>;
  try {
    parsed = tool.output.safeParse(plain(result));
  } catch (error) {
    throw bad(error instanceof Error ? error.message : 'it can not be read');
  }
  if (parsed.success) return parsed.data;
  throw bad(
    parsed.error.issues
      .slice(0, 3)
      .map(({ path, message }) => `${path.map(String).join('.') || 'the result'}: ${message}`)
      .join('; '),
  );
}

/** An error as the caller reads it: our own words, or a reference to the log. A change that was made is no error. */
function failed(
  thrown: unknown,
  { tool, pack }: CatalogEntry,
  { log, redactor }: CallDeps,
  ms: number,
  posted: readonly Posted[],
): CallResult {
  const ref = newRef();
  const error = ours(afterPosts(thrown, posted)) ?? unknownFault(tool.name, ref, thrown);
  const { code, cause } = error;
  const facts = { tool: tool.name, pack, code, ms, ...(cause !== undefined && { ref, cause: factsOf(cause) }) };
  if (code === 'INTERNAL' || code === 'PLUGIN_BAD_RESULT') log.error(facts, 'call failed');
  // They come by the thousand.
  else if (code === 'SERVER_BUSY') log.debug(facts, 'call refused');
  else log.info(facts, 'call refused');
  if (wasMade(posted)) return madeAnswer(tool.shown, posted, code === 'INTERNAL' ? `ref ${ref}` : code);
  return refusal(code as ErrorCode, errorText(error, redactor, ref));
}

/** An answer that is an error. */
export const refusal = (code: ErrorCode, text: string): CallResult => ({
  code,
  isError: true,
  content: [{ type: 'text', text }],
});

/** The time of one call: aborted when the caller cancels, or when the deadline comes, which progress moves on. */
function timer(milliseconds: number, caller: AbortSignal | undefined) {
  const controller = new AbortController();
  const last = performance.now() + LONGEST_MS;
  let deadline = performance.now() + milliseconds;
  const expire = () => {
    const left = deadline - performance.now();
    if (left > 1) alarm = setTimeout(expire, left);
    else
      controller.abort(
        new HaloError('CALL_TIMEOUT', `The call took longer than ${Math.round(milliseconds / 1000)} s.`),
      );
  };
  let alarm = setTimeout(expire, milliseconds);
  const cancel = () => controller.abort(new HaloError('CALL_CANCELLED', 'The call was cancelled.'));
  if (caller?.aborted) cancel();
  caller?.addEventListener('abort', cancel, { once: true });
  return {
    signal: controller.signal,
    get deadline() {
      return deadline;
    },
    extend: () => {
      deadline = Math.min(last, performance.now() + milliseconds);
    },
    /** The work, or the end of the time, whichever comes first: a tool that ignores its signal can't hang the call. */
    race: <T>(work: Promise<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        const abort = () => reject(controller.signal.reason);
        if (controller.signal.aborted) abort();
        controller.signal.addEventListener('abort', abort, { once: true });
        work.then(resolve, reject);
      }),
    stop: () => {
      clearTimeout(alarm);
      caller?.removeEventListener('abort', cancel);
      // What the tool left running ends with its call.
      controller.abort(new HaloError('CALL_CANCELLED', 'The call has ended.'));
    },
  };
}
