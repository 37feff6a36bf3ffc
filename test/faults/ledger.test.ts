import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { HaloError, isHaloError } from '../../core/errors.js';
import type { Walk } from '../../core/halo/all.js';
import { HaloClient } from '../../core/halo/client.js';
import { haloFor } from '../../core/halo/halo.js';
import type * as http from '../../core/halo/http.js';
import { Learned } from '../../core/halo/learned.js';
import { Lookups } from '../../core/halo/lookups.js';
import type { Scope } from '../../core/halo/scopes.js';
import { ID, SECRET } from '../core/halo/fake.js';
import { seededRandom, worldClock } from './clock.js';
import { type Entry, type Fate, type Script, scriptedHalo } from './scripted-halo.js';
import { CALL_MS } from './upstream.js';

/*
 * Random schedules of calls and faults, over the real client on a clock of its own, checked against the log of Halo.
 * LEDGER_RUNS=10000 npx vitest run test/faults/ledger.test.ts
 */
const RUNS = Number(process.env.LEDGER_RUNS ?? 200);
const SEED = Number(process.env.LEDGER_SEED ?? 20_261_001);

let halo: ReturnType<typeof scriptedHalo> | undefined;
vi.mock('../../core/halo/http.js', async (original) => ({
  ...(await original<typeof http>()),
  send: (...args: Parameters<typeof http.send>) => halo?.send(...args),
}));

afterEach(() => {
  vi.unstubAllGlobals();
});

interface Call {
  /** Seconds from the start. */
  at: number;
  kind: 'read' | 'walk' | 'report';
  /** Callers that make the same request at the same time. */
  callers: number;
  /** Milliseconds after which the first of them, or all, give up. */
  cancel: { after: number; all: boolean } | undefined;
}

interface Schedule extends Script {
  limit: number;
  /** The seed of the retries' jitter. */
  seed: number;
  calls: Call[];
}

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Fate>({ kind: 'answer' }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Fate>({ kind: 'reset' }, { kind: 'cut' }, { kind: 'empty' }, { kind: 'html' }),
  },
  { weight: 1, arbitrary: fc.constantFrom<Fate>({ kind: 'silent' }, { kind: 'stall' }) },
  { weight: 1, arbitrary: fc.constant<Fate>({ kind: 'repeat' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('status' as const),
      status: fc.constantFrom(400, 403, 404, 500, 502, 503, 504, 302, 407),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('status' as const),
      status: fc.constantFrom(429, 429, 503),
      retryAfter: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 400 })),
      dated: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Fate>({ kind: 'status', status: 429 }) },
);
/** Faults of a log-in server: no web pages, and few that are remembered for a minute. */
const tokenFate = fate.filter(({ kind }) => kind !== 'repeat');

const schedule: fc.Arbitrary<Schedule> = fc.record({
  seed: fc.nat(),
  limit: fc.oneof(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 10, max: 60 })),
  rows: fc.oneof(fc.nat(60), fc.nat(900)),
  cap: fc.constantFrom(50, 100),
  paging: fc.constantFrom('right', 'right', 'right', 'right', 'before', 'after', 'first'),
  fates: fc.oneof(fc.array(fate, { maxLength: 4 }), fc.array(fate, { maxLength: 60, size: 'max' })),
  tokenFates: fc.array(tokenFate, { maxLength: 4 }),
  latencies: fc.array(fc.oneof(fc.nat(300), fc.nat(9000)), { minLength: 1, maxLength: 8 }),
  outages: fc.array(
    fc.record({
      from: fc.oneof(fc.nat(20), fc.nat(500)),
      seconds: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 20, max: 400 })),
      server: fc.constantFrom('api' as const, 'api' as const, 'token' as const, 'both' as const),
    }),
    { maxLength: 2 },
  ),
  revoked: fc.array(fc.nat(700), { maxLength: 3 }),
  calls: fc.array(
    fc.record({
      at: fc.oneof(fc.nat(60), fc.nat(700)),
      kind: fc.constantFrom('read' as const, 'read' as const, 'walk' as const, 'report' as const),
      callers: fc.constantFrom(1, 1, 1, 3),
      cancel: fc.option(fc.record({ after: fc.nat(30_000), all: fc.boolean() }), { freq: 6, nil: undefined }),
    }),
    { minLength: 1, maxLength: 40, size: 'max' },
  ),
});

/** What one caller got. */
interface Settled {
  call: Call;
  id: number;
  started: number;
  ended: number;
  value?: unknown;
  error?: unknown;
}

interface Note {
  at: number;
  server: Entry['server'];
  /** The part of the API. */
  endpoint: string | undefined;
  what: 'left alone' | 'answers again';
}

const SCOPES: readonly Scope[] = ['read:tickets', 'read:reporting'];

/** Runs a schedule to its end. */
async function run({ limit, calls, seed, ...script }: Schedule) {
  const clock = worldClock();
  seededRandom(seed);
  const scripted = scriptedHalo(script);
  halo = scripted;
  const notes: Note[] = [];
  const note = (facts: { endpoint?: string }, message: string) => {
    const what = (['left alone', 'answers again'] as const).find((words) => message.includes(words));
    const server = message.startsWith("Halo's log-in server") ? 'token' : 'api';
    if (what !== undefined) notes.push({ at: performance.now(), server, endpoint: facts.endpoint, what });
  };
  const client = new HaloClient({
    connect: async () => ({
      apiUrl: 'https://halo.example/api',
      tokenUrl: 'https://halo.example/auth/token',
      clientId: ID,
      clientSecret: SECRET,
    }),
    scopes: SCOPES,
    requestsPer5Minutes: limit,
    timeoutMs: 30_000,
    log: { debug: () => undefined, info: note, warn: note, error: note },
    remember: () => undefined,
  });
  const shared = { client, lookups: new Lookups(client), learned: new Learned() };
  const allowance = { tool: 'a_tool', scopes: SCOPES, optionalScopes: [], asked: SCOPES, mayWrite: false };

  const settled: Settled[] = [];
  const callers = calls.flatMap((call, id) =>
    Array.from({ length: call.callers }, (_, caller) => ({ call, id, caller })),
  );
  const all = callers.map(async ({ call, id, caller }) => {
    await new Promise<void>((resolve) => setTimeout(resolve, call.at * 1000));
    const one: Settled = { call, id, started: performance.now(), ended: Number.NaN };
    const controller = new AbortController();
    const end = (code: 'CALL_TIMEOUT' | 'CALL_CANCELLED', after: number) =>
      setTimeout(() => controller.abort(new HaloError(code, 'The call has ended.')), after);
    const timers = [end('CALL_TIMEOUT', CALL_MS)];
    if (call.cancel !== undefined && (call.cancel.all || caller === 0))
      timers.push(end('CALL_CANCELLED', call.cancel.after));
    const tool = haloFor(shared, allowance, { signal: controller.signal, deadline: one.started + CALL_MS });
    try {
      one.value = await (call.kind === 'read'
        ? tool.get(`/Tickets/${id + 1}`)
        : call.kind === 'report'
          ? tool.get(`/Report/${id + 1}`, { loadreport: true })
          : tool.all('/Tickets', { key: 'tickets', query: { search: `walk ${id}` } }));
    } catch (error) {
      one.error = error;
    }
    one.ended = performance.now();
    for (const timer of timers) clearTimeout(timer);
    settled.push(one);
  });

  await clock.settle(Promise.all(all));
  return { log: scripted.log, settled, notes, callers: callers.length };
}

type Run = Awaited<ReturnType<typeof run>>;
const WINDOW_MS = 300_000;

/** Never more than the limit in any five minutes, and six at once. */
function checkLimit({ log }: Run, { limit }: Schedule): void {
  for (const [index, { at, order }] of log.entries()) {
    const before = log[index - limit];
    if (before !== undefined)
      expect(at - before.at, 'a request too many in five minutes').toBeGreaterThanOrEqual(WINDOW_MS);
    const open = log.filter((other) => other.order.at <= order.at && other.order.ended > order.at).length;
    expect(open, 'requests under way').toBeLessThanOrEqual(6);
  }
}

/**
 * After a 429 no request is sent before its time; after one for a token, no token request; after a 503, none by the
 * caller that got it.
 */
function checkRetryAfter({ log }: Run): void {
  for (const { fate, ended, order, route, server, aborted } of log) {
    if (fate.kind !== 'status' || aborted || (fate.status !== 429 && fate.retryAfter === undefined)) continue;
    const back = ended + 1000 * (fate.retryAfter ?? 1) - 1;
    const early = log
      .filter((other) => other.order.at > order.ended && other.at < back)
      // Another call may still try an unavailable server; for a token all wait alike.
      .filter(
        (other) =>
          (fate.status === 429 && (server === 'api' || other.server === 'token')) ||
          (other.route === route && server === 'api'),
      );
    expect(early, `sent before Retry-After ${fate.retryAfter}`).toEqual([]);
  }
}

const FINAL = [400, 403, 404, 302, 407];

/** Three attempts, one more after a 401, one for a report; none after a fault that a retry can't fix. */
function checkAttempts({ log }: Run): void {
  const api = log.filter(({ server }) => server === 'api');
  for (const route of new Set(api.map((entry) => entry.route))) {
    const entries = api.filter((entry) => entry.route === route);
    const renewed = entries.some(({ fate }) => fate.kind === 'unauthorized') ? 1 : 0;
    const most = route.startsWith('/api/Report') ? 1 : 3;
    // A walk may read its first page again, to learn how long Halo's pages are.
    const again = route.includes('page_no=1&') ? 2 : 1;
    expect(entries.length, `attempts of ${route}`).toBeLessThanOrEqual((most + renewed) * again);
    if (again > 1) continue;
    const last = entries.findIndex(
      ({ fate }) =>
        (fate.kind === 'status' && FINAL.includes(fate.status)) || ['answer', 'html', 'stall'].includes(fate.kind),
    );
    if (last !== -1) expect(entries.slice(last + 1), `sent again: ${route}`).toEqual([]);
  }
  const tokens = log.filter(({ server }) => server === 'token');
  for (const [index, { order }] of tokens.entries())
    expect(tokens[index - 1]?.order.ended ?? 0, 'two requests for a token at once').toBeLessThanOrEqual(order.at);
}

/** Every caller got one answer in time: a right one, one that says it is incomplete, or one of our errors. */
function checkAnswers({ settled, callers, log }: Run, { rows }: Schedule): void {
  expect(settled).toHaveLength(callers);
  for (const { call, id, started, ended, value, error } of settled) {
    const patience = Math.min(CALL_MS, call.cancel?.all ? call.cancel.after : CALL_MS);
    expect(ended - started, 'longer than its call').toBeLessThanOrEqual(patience + 1);
    if (error !== undefined) {
      expect(isHaloError(error), String(error)).toBe(true);
      expect((error as HaloError).line).not.toMatch(/canary|s3cr3t/);
    } else if (call.kind === 'walk') {
      const walk = value as Walk;
      const right = Array.from({ length: rows }, (_, index) => index + 1);
      const got = walk.rows.map((row) => Number(row.id));
      expect(new Set(got).size, 'rows that came twice').toBe(got.length);
      if (walk.complete) expect({ total: walk.total, rows: got }).toEqual({ total: rows, rows: right });
      else expect(walk.reason).toMatch(/./);
    } else expect(value).toEqual({ id: id + 1, whole: true });
  }
  checkPromptness({ settled, log });
  // A request that all callers have abandoned is not made any more.
  const end = Math.max(...settled.map(({ ended }) => ended));
  expect(log.filter(({ at }) => at > end)).toEqual([]);
}

/** A call that has to wait beyond its end learns that at once. */
function checkPromptness({ settled, log }: Pick<Run, 'settled' | 'log'>): void {
  for (const { call, id, started, ended, error } of settled) {
    if (call.kind !== 'read' || call.callers > 1) continue;
    const last = log.filter(({ route }) => route === `/api/Tickets/${id + 1}`).at(-1);
    if (last?.fate.kind !== 'status' || last.fate.retryAfter === undefined) continue;
    if (last.ended + last.fate.retryAfter * 1000 > started + CALL_MS && !last.aborted) {
      expect(ended - last.ended, 'waited for what would come too late').toBeLessThan(1);
      expect((error as HaloError).line).toMatch(/come back after/);
    }
  }
}

/**
 * While the breaker of the log-in server or a part of the API is open, nothing is sent to it for 15 seconds, and then
 * one request at a time.
 */
function checkBreaker({ log, notes }: Run): void {
  for (const [index, { at, server, endpoint, what }] of notes.entries()) {
    if (what !== 'left alone') continue;
    const until =
      notes
        .slice(index)
        .find((note) => note.server === server && note.endpoint === endpoint && note.what === 'answers again')?.at ??
      Infinity;
    const asked = log.filter((entry) => entry.server === server && entry.route.startsWith(`/api/${endpoint ?? ''}`));
    const sent = (server === 'token' ? log.filter((entry) => entry.server === server) : asked).filter(
      (entry) => entry.at > at && entry.at < until,
    );
    for (const [nth, entry] of sent.entries()) {
      expect(entry.at, 'sent to a server that is left alone').toBeGreaterThanOrEqual(at + 15_000 - 1);
      expect(sent[nth - 1]?.order.ended ?? 0, 'two tries at once').toBeLessThan(entry.order.at);
    }
  }
}

test(
  `the books balance over ${RUNS} schedules of calls and faults`,
  async () => {
    let [requests, whole, opened] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(schedule, async (given) => {
        const ran = await run(given);
        checkLimit(ran, given);
        checkRetryAfter(ran);
        checkAttempts(ran);
        checkAnswers(ran, given);
        checkBreaker(ran);
        requests += ran.log.length;
        whole += ran.settled.filter(({ value }) => value !== undefined).length;
        opened += ran.notes.filter(({ what }) => what === 'left alone').length;
      }),
      { numRuns: RUNS, seed: SEED },
    );
    // The schedules are meaningful: many requests, many answers, and sometimes an open breaker.
    expect(requests / RUNS).toBeGreaterThan(5);
    expect(whole / RUNS).toBeGreaterThan(2);
    expect(opened).toBeGreaterThan(RUNS / 100);
  },
  Math.max(600_000, RUNS * 200),
); // Shrinking a failing schedule takes a while.
