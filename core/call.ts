import { randomBytes } from 'node:crypto';
import PQueue from 'p-queue';
import { readArguments } from './arguments.js';
import type { Catalog, CatalogEntry } from './catalog.js';
import type { AnswerFile, Log } from './define.js';
import { HaloError, isHaloError } from './errors.js';
import { type HaloShared, haloFor } from './halo/halo.js';
import { answer } from './output/answer.js';
import type { Redactor } from './output/redact.js';
import type { Strays } from './strays.js';

/** What a call needs beside the tool and its arguments. */
export interface CallDeps {
  catalog: Catalog;
  halo: HaloShared;
  maxTokens: number;
  allowWrites: readonly string[];
  log: Log;
  redactor: Redactor;
  strays: Strays;
  turns: PQueue;
  /** No call lasts longer, but one that reports progress: each report gives it this long again. */
  deadlineMs?: number;
}

/** What the caller brings. */
export interface Caller {
  signal?: AbortSignal;
  /** Present where the caller asked to be told of progress. */
  onProgress?: ((done: number, total: number | undefined, message: string | undefined) => void) | undefined;
}

/** The answer to one call, in MCP's shape. */
export interface CallResult {
  content: ({ type: 'text'; text: string } | { type: 'resource'; resource: AnswerFile })[];
  structuredContent?: Record<string, unknown>;
  isError?: true;
}

const DEADLINE_MS = 45_000;
const LONGEST_MS = 15 * 60_000;

const RUNNING = 16;
const WAITING = 64;

/** So many calls may be open: those that run, and those that wait. */
export const MOST_CALLS = RUNNING + WAITING;
/** What any further one is told. */
export const BUSY = new HaloError('SERVER_BUSY', `${RUNNING} calls run and ${WAITING} wait for their turn.`);

/** The turns of all calls of one server: 16 run at once, the others wait in line. */
export const createTurns = (): PQueue => new PQueue({ concurrency: RUNNING });

/**
 * One call, answered whatever happens: its turn among the others, its deadline and cancel signal around the chain, and
 * an error in our own words where it fails.
 */
export async function call(
  entry: CatalogEntry,
  rawArguments: unknown,
  deps: CallDeps,
  caller: Caller = {},
): Promise<CallResult> {
  const started = performance.now();
  const passed = () => Math.round(performance.now() - started);
  const refusal = refused(entry, deps);
  if (refusal !== undefined) return failed(refusal, entry, deps, 0);
  const time = timer(deps.deadlineMs ?? DEADLINE_MS, caller.signal);
  try {
    // Ends when the time does: a tool that ignores its signal hangs neither the call nor the next in line.
    const result = await deps.turns.add(() => chain(entry, rawArguments, deps, caller, time), { signal: time.signal });
    deps.log.info({ tool: entry.tool.name, ms: passed() }, 'call');
    return result;
  } catch (error) {
    return failed(error, entry, deps, passed());
  } finally {
    time.stop();
  }
}

/** Why a call is not even begun. */
function refused({ pack }: CatalogEntry, { strays, turns }: CallDeps): HaloError | undefined {
  if (strays.isBroken(pack))
    return new HaloError('PLUGIN_BROKEN', `The plugin "${pack}" is off: it failed three times beside its calls.`);
  return turns.size >= WAITING ? BUSY : undefined;
}

/**
 * The chain that each call goes through: strict arguments, the tool, its output schema, then cleaning, redaction, fence
 * and fit. The verdict on the tool was given with the catalog; only tools that are on get here.
 */
async function chain(
  { load, pack, options }: CatalogEntry,
  rawArguments: unknown,
  deps: CallDeps,
  caller: Caller,
  time: Timer,
): Promise<CallResult> {
  const tool = await load();
  const args = readArguments(tool, rawArguments);
  const halo = haloFor(
    deps.halo,
    {
      tool: tool.name,
      scopes: tool.scopes,
      optionalScopes: tool.optionalScopes ?? [],
      asked: deps.catalog.scopes,
      mayWrite: tool.effect !== 'read' && deps.allowWrites.includes(tool.name),
    },
    time,
  );
  const progress = (done: number, total?: number, message?: string) => {
    if (caller.onProgress === undefined || time.signal.aborted) return;
    time.extend();
    caller.onProgress(done, total, message);
  };
  const result = await deps.strays.run(pack, () =>
    tool.run(args, { halo, signal: time.signal, progress, log: deps.log, options }),
  );
  const parsed = tool.output.safeParse(result);
  if (!parsed.success)
    throw new HaloError('PLUGIN_BAD_RESULT', `${tool.name} gave a result that does not match its own output schema.`, {
      cause: parsed.error,
    });
  const { structured, text, file } = answer(tool, parsed.data, args, deps.maxTokens, deps.redactor);
  const files = file === undefined ? [] : [{ type: 'resource' as const, resource: file }];
  return { content: [{ type: 'text', text }, ...files], structuredContent: structured };
}

/** An error as the caller reads it: our own words, or a reference to the log. */
function failed(thrown: unknown, { tool, pack }: CatalogEntry, { log, redactor }: CallDeps, ms: number): CallResult {
  const ref = randomBytes(3).toString('hex');
  const error = isHaloError(thrown)
    ? thrown
    : new HaloError('INTERNAL', `${tool.name} failed (ref ${ref}).`, { cause: thrown });
  const facts = {
    tool: tool.name,
    pack,
    code: error.code,
    ms,
    ...(error.cause !== undefined && { ref, cause: causeOf(error.cause) }),
  };
  if (error.code === 'INTERNAL' || error.code === 'PLUGIN_BAD_RESULT') log.error(facts, 'call failed');
  // Thousands can come at once.
  else if (error.code === 'SERVER_BUSY') log.debug(facts, 'call refused');
  else log.info(facts, 'call refused');
  return { content: [{ type: 'text', text: redactor.redact(error.line) }], isError: true };
}

function causeOf(cause: unknown): unknown {
  return cause instanceof Error ? { name: cause.name, message: cause.message, stack: cause.stack } : cause;
}

type Timer = ReturnType<typeof timer>;

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
    stop: () => {
      clearTimeout(alarm);
      caller?.removeEventListener('abort', cancel);
      // What the tool left running ends with its call.
      controller.abort(new HaloError('CALL_CANCELLED', 'The call has ended.'));
    },
  };
}
