import { inspect } from 'node:util';
import { beforeAll, expect, onTestFinished, vi } from 'vitest';
import type { Kind } from '../../core/halo/attempts.js';
import type { HaloClient, Query } from '../../core/halo/client.js';
import { type Halo, haloFor } from '../../core/halo/halo.js';
import { Learned } from '../../core/halo/learned.js';
import { Lookups } from '../../core/halo/lookups.js';
import type { Scope } from '../../core/halo/scopes.js';
import { type ClientSettings, clientOf, fakeHalo, patient, type Reply, SECRET } from '../core/halo/fake.js';
import { leaksIn } from './canary.js';

/** How long a tool call may last. */
export const CALL_MS = 45_000;

const SCOPES: readonly Scope[] = ['read:tickets', 'read:calendar', 'read:customers', 'read:reporting'];

/** The outcome of one call, and its cost to Halo and the caller. */
export interface Outcome {
  /** The error's code; undefined if there was an answer. */
  code: string | undefined;
  line: string;
  answer: unknown;
  /** Requests to the API and to the log-in server. */
  calls: number;
  tokens: number;
  /** How long it took, on the test's clock. */
  seconds: number;
}

type Sandbox = NonNullable<Parameters<typeof fakeHalo>[0]>;

/** A Halo that fails in some way, a client of it, and a clock that only moves when nothing else does. */
export async function meet(sandbox: Sandbox = {}, settings: ClientSettings = {}) {
  const halo = await fakeHalo(sandbox);
  const lines: string[] = [];
  const client = clientOf(halo.url, { timeoutMs: 30_000, lines, scopes: SCOPES, ...settings });
  fakeClock();

  /** The outcome of some work; checks that its output holds no secret. */
  async function outcome(work: (client: HaloClient) => Promise<unknown>): Promise<Outcome> {
    const [calls, tokens, started] = [halo.calls().length, halo.tokens().length, performance.now()];
    const [ended] = await settle(Promise.allSettled([work(client)]));
    const error = ended?.status === 'rejected' ? (ended.reason as { code?: string; line?: string }) : undefined;
    expect(leaksOf([error?.line, inspect(error, { depth: 9, showHidden: true }), ...lines].join('\n'))).toEqual([]);
    return {
      code: error === undefined ? undefined : (error.code ?? 'none'),
      line: error?.line ?? '',
      answer: ended?.status === 'fulfilled' ? ended.value : undefined,
      calls: halo.calls().length - calls,
      tokens: halo.tokens().length - tokens,
      seconds: (performance.now() - started) / 1000,
    };
  }
  /** Some work of a tool that may read everything. */
  const use = (work: (tool: Halo) => Promise<unknown>) =>
    outcome(() => {
      const allowance = { tool: 'a_tool', scopes: SCOPES, optionalScopes: [], asked: SCOPES, mayWrite: false };
      return work(
        haloFor({ client, lookups: new Lookups(client), learned: new Learned() }, allowance, patient(CALL_MS)),
      );
    });
  const get = (path = '/Tickets/1', query: Query = {}, kind?: Kind) =>
    outcome((one) => one.get(path, query, patient(CALL_MS), kind));
  return { halo, client, lines, outcome, use, get };
}

/** Only `settle` and `pass` advance the timers and clocks of this test. */
export function fakeClock(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
}

/** Lets sockets work without time passing. Both ends are in this process, so a few turns are enough. */
export async function still(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Waits for some work, one at a time: whenever nothing moves, the clock advances to the next timer. */
export async function settle<T>(work: Promise<T>): Promise<T> {
  let over = false;
  const end = () => {
    over = true;
  };
  work.then(end, end);
  for (;;) {
    await still();
    if (over) return work;
    vi.advanceTimersToNextTimer();
  }
}

/** Advances the clock. */
export async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
  await still();
}

/** Loads the HTTP client before the clock stops. */
export function loadFirst(): void {
  beforeAll(async () => {
    await import('got');
  });
}

/** Secrets in a text, in any form: the fake Halo's by default. */
export const leaksOf = (text: string, secrets: readonly string[] = [SECRET, 'token-1-canary', 'token-2-canary']) =>
  leaksIn(text, secrets);

/** The same fault on one of the two servers. */
export const at = (server: 'token' | 'api', reply: (count: number) => Reply | Promise<Reply>): Sandbox => ({
  [server]: (_: unknown, count: number) => reply(count),
});

export const html: Reply = { headers: { 'content-type': 'text/html' }, body: `<html>Log in ${SECRET}</html>` };
