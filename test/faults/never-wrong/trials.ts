import type { CallResult } from '../../../core/call/call.js';
import type { SandboxRequest } from '../../../sandbox/types.js';
import type { Call } from './calls.js';
import { type Json, type Spoil, type Stage, textOf } from './stage.js';
import { faultOf, isList, isUnsure, keyOf, type Truth } from './verdict.js';

/** More requests than this in one call are a storm: the sandbox's largest book takes a tenth of it. */
const MOST_REQUESTS = 400;
/** A call that shows the whole of a record of which another shows only some list rows. */
const WIDEST: Record<string, Json> = { get_ticket: { action_limit: 100 } };
/** How many pages of a list are followed at most. */
const MOST_PAGES = 60;

/** Tries calls under faults, and knows their results without. */
export interface Trials {
  /** What is wrong with the answers under a fault, in enough detail to need no rerun. */
  faults(name: string, spoil: Spoil, calls: readonly Call[], mayBeGone?: boolean): Promise<string[]>;
  /** The requests of a call on a healthy Halo. */
  requests(call: Call): Promise<readonly SandboxRequest[]>;
}

/** @param healthy the faultless Halo, if it is not the sandbox */
export function trialsOn(stage: Stage, healthy?: Spoil): Trials {
  const truths = new Map<string, Promise<Truth>>();
  const known = (call: Call) => {
    const place = JSON.stringify(call);
    const found = truths.get(place) ?? truthOf(stage, call, healthy);
    truths.set(place, found);
    return found;
  };
  return {
    requests: (call) => requestsOf(stage, call, healthy),
    async faults(name, spoil, calls, mayBeGone) {
      const told: string[] = [];
      for (const call of calls) {
        const truth = await known(call);
        const fault = await tried(stage, truth, call, over(spoil, healthy), mayBeGone);
        if (fault !== undefined)
          told.push(
            `${call[0]} ${JSON.stringify(call[1])}, ${name}: ${fault.what}\n${fault.answer}\ntrue: ${brief(truth.answer)}`,
          );
      }
      return told;
    },
  };
}

/** A fault of a Halo that is not the sandbox. */
const over = (spoil: Spoil, healthy: Spoil | undefined): Spoil =>
  healthy === undefined
    ? spoil
    : async (request, answer) => {
        const own = async (changed = request) => (await healthy(changed, answer)) ?? answer(changed);
        return (await spoil(request, own)) ?? own();
      };

async function requestsOf(stage: Stage, [tool, args]: Call, healthy?: Spoil): Promise<SandboxRequest[]> {
  const requests: SandboxRequest[] = [];
  await stage.call(tool, args, (request, answer) => {
    requests.push(request);
    return healthy?.(request, answer);
  });
  return requests;
}

async function truthOf(stage: Stage, [tool, args]: Call, healthy?: Spoil): Promise<Truth> {
  const result = await stage.call(tool, args, healthy);
  if (result.isError) throw new Error(textOf(result));
  const answer = result.structuredContent as Json;
  if (!isList(answer)) {
    const most = WIDEST[tool];
    const wide = most && (await stage.call(tool, { ...args, ...most }, healthy)).structuredContent;
    return { answer, ...(wide && { wide: wide as Json }) };
  }
  const rows = new Map<string, Json>();
  for (let page: unknown = 1; typeof page === 'number'; ) {
    const { structuredContent } = await stage.call(tool, { ...args, page, page_size: 100 }, healthy);
    const { items, next_page: next } = structuredContent as { items: Json[]; next_page: number | null };
    for (const item of items) rows.set(keyOf(item), item);
    page = next;
  }
  return { answer, rows };
}

/** One call under a fault and, if it claims to be a whole list, the following pages. */
async function tried(
  stage: Stage,
  truth: Truth,
  [tool, args]: Call,
  spoil: Spoil,
  mayBeGone?: boolean,
): Promise<{ what: string; answer: string } | undefined> {
  const storm = new AbortController();
  let requests = 0;
  const counting: Spoil = (request, answer) => {
    requests += 1;
    if (requests <= MOST_REQUESTS) return spoil(request, answer);
    storm.abort();
    return { status: 403 };
  };
  const server = await stage.core();
  const ask = (given: Json): Promise<CallResult> => {
    requests = 0;
    return stage.call(tool, given, counting, { server, signal: storm.signal });
  };
  const first = await ask(args);
  if (storm.signal.aborted) return { what: `more than ${MOST_REQUESTS} requests`, answer: '' };
  const what = faultOf(truth, first, mayBeGone);
  if (what !== undefined) return { what, answer: shown(first) };
  if (truth.rows === undefined || first.isError || args.page !== undefined) return undefined;

  const met = new Set<string>();
  let told = false;
  let last = first;
  for (let pages = 1; pages < MOST_PAGES; pages += 1) {
    const { items, next_page: next } = last.structuredContent as { items: Json[]; next_page: number | null };
    for (const item of items) met.add(keyOf(item));
    told ||= isUnsure(last.structuredContent as Json);
    if (next === null) break;
    if (pages === 1 && isSame(last.structuredContent as Json, truth.answer)) return undefined;
    last = await ask({ ...args, page: next });
    if (storm.signal.aborted) return { what: `more than ${MOST_REQUESTS} requests`, answer: '' };
    if (last.isError) return undefined;
    const later = faultOf(truth, last, mayBeGone);
    if (later !== undefined) return { what: `page ${next}: ${later}`, answer: shown(last) };
  }
  return met.size < truth.rows.size && !told
    ? { what: `${met.size} of ${truth.rows.size} rows over all pages without a word`, answer: shown(last) }
    : undefined;
}

/** If the first page equals the true one, other calls of the table request the following pages. */
const isSame = (shown: Json, known: Json) => JSON.stringify(shown) === JSON.stringify(known);

const shown = (result: CallResult) => textOf(result).slice(0, 700);
const brief = (answer: Json) => JSON.stringify(answer).slice(0, 400);
