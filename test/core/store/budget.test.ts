/** Halo's budget over several servers, with a real store. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HaloError } from '../../../core/errors.js';
import { Limiter } from '../../../core/halo/limiter.js';
import { connectStore } from '../../../core/store/redis.js';
import type { Store } from '../../../core/store/store.js';
import { startStore, type TestStore, WITHOUT_STORE } from './redis.js';

const CREDENTIAL = { tokenUrl: 'https://halo.test/auth/token', apiUrl: 'https://halo.test/api', clientId: 'client-1' };
const LIMIT = 12;
/** Longer than any test, so that a sent request counts until its end. */
const LONG_MS = 120_000;

let redis: TestStore;
const open: Store[] = [];
const lines: string[] = [];
const refused: string[] = [];
const log = {
  debug() {},
  error() {},
  info: (_: object, line: string) => void lines.push(line),
  warn: (_: object, line: string) => void lines.push(line),
};

beforeEach(async () => {
  if (WITHOUT_STORE !== undefined) return;
  redis = await startStore();
  await redis.grow();
});
afterEach(async () => {
  for (const store of open.splice(0)) store.close();
  for (const all of [lines, refused, left]) all.splice(0);
  await redis?.close();
});

interface Replica {
  store: Store;
  limiter: Limiter;
  /** Sends this many requests at once, and returns how many went out. */
  ask(times: number, patienceMs?: number): Promise<number>;
}

/** When each request was sent, over all replicas. */
const left: number[] = [];

async function replica({
  servers = 2,
  credential = CREDENTIAL,
  limit = LIMIT,
  windowMs = LONG_MS,
  isThere = true,
} = {}): Promise<Replica> {
  const store = connectStore({ url: redis.url }, log);
  open.push(store);
  const limiter = new Limiter(limit, { windowMs });
  await limiter.share(store.budgetOf(credential), servers);
  // On a busy machine a store that has just started may be taken for lost.
  if (isThere) await expect.poll(() => store.isUp).toBe(true);
  return {
    ...{ store, limiter },
    async ask(times, patienceMs = 1000) {
      const deadline = performance.now() + patienceMs;
      const asked = Array.from({ length: times }, () =>
        limiter
          .run(async () => void left.push(performance.now()), { signal: new AbortController().signal, deadline })
          .then(
            () => 0,
            (error: HaloError) => refused.push(error.line),
          ),
      );
      return (await Promise.all(asked)).filter((one) => one === 0).length;
    },
  };
}

const both = async (times: number) => {
  const [a, b] = [await replica(), await replica()];
  return { a, b, used: () => Promise.all([a.ask(times), b.ask(times)]) };
};
const isUp = (replicas: readonly Replica[], up: boolean) =>
  expect.poll(() => replicas.map(({ store }) => store.isUp)).toEqual(replicas.map(() => up));
const sum = (counts: readonly number[]) => counts.reduce((total, one) => total + one, 0);

describe.skipIf(WITHOUT_STORE)('servers that share a store', () => {
  test('together never pass the limit, and say when to come back', async () => {
    const { used } = await both(18);
    expect(sum(await used())).toBe(LIMIT);
    expect(sum(await used())).toBe(0);
    expect(refused).toHaveLength(2 * 18 - LIMIT + 2 * 18);
    for (const line of refused)
      expect(line).toMatch(/^HALO_RATE_LIMITED: .*; come back after \d\d:\d\d:\d\d UTC \(\d+ s\)/);
  });

  test('keep it in every window, as it rolls on', async () => {
    const windowMs = 1500;
    const [a, b] = [await replica({ windowMs }), await replica({ windowMs })];
    await Promise.all([a.ask(20, 20_000), b.ask(20, 20_000)]);
    const inOrder = left.toSorted((one, other) => one - other);
    expect(inOrder).toHaveLength(40);
    // On a busy machine a released request is sent a little later.
    for (const [index, at] of inOrder.slice(LIMIT).entries())
      expect(at - (inOrder[index] ?? 0)).toBeGreaterThan(windowMs * 0.7);
  });

  test('leave the whole of it to the one that is asked', async () => {
    const { a, b } = await both(0);
    expect(await a.ask(20)).toBe(LIMIT);
    expect(await b.ask(20)).toBe(0);
  });

  test('one that comes later knows what has left', async () => {
    const a = await replica();
    expect(await a.ask(9)).toBe(9);
    const b = await replica();
    await expect.poll(() => b.limiter.left).toBe(3);
    expect(await b.ask(9)).toBe(3);
  });

  test('a pause that one meets stops the others, and a longer one is not cut short', async () => {
    const { a, b } = await both(0);
    a.limiter.pause(60_000);
    a.limiter.pause(10);
    await expect.poll(() => b.ask(1)).toBe(0);
    expect(refused.at(-1)).toContain('Halo asked for a pause');
    const later = await replica();
    expect(await later.ask(1)).toBe(0);
  });

  test('another login has a limit of its own', async () => {
    const a = await replica();
    const other = await replica({ credential: { ...CREDENTIAL, clientId: 'client-2' } });
    a.limiter.pause(60_000);
    expect(await other.ask(20)).toBe(LIMIT);
    const text = await redis.dump();
    expect(text).not.toContain('client-');
    expect(text).not.toContain('halo.test');
  });
});

describe.skipIf(WITHOUT_STORE)('a store that is lost', () => {
  test.each<[string, () => unknown]>([
    ['killed', () => redis.kill()],
    ['frozen', () => redis.freeze()],
  ])('when it is %s, each server takes its part of what was left', async (_, lose) => {
    const { a, b, used } = await both(20);
    expect(await a.ask(4)).toBe(4);
    await lose();
    expect(await used()).toEqual([4, 4]);
    expect(await used()).toEqual([0, 0]);
    expect([a, b].map(({ store }) => store.isUp)).toEqual([false, false]);
    expect(refused.at(-1)).toContain("this one's part of the limit of 12 requests");
    expect(lines.filter((line) => line.startsWith('The store is lost')).length).toBeGreaterThanOrEqual(2);
  });

  test('what one server had used up leaves nothing to the others', async () => {
    const { a, b, used } = await both(20);
    expect(await a.ask(20)).toBe(LIMIT);
    await redis.kill();
    await isUp([a, b], false);
    expect(sum(await used())).toBe(0);
  });

  test('comes back empty, and what was used may not be used again', async () => {
    const { a, b, used } = await both(20);
    expect(await a.ask(10)).toBe(10);
    await redis.kill();
    await isUp([a, b], false);
    expect(sum(await used())).toBe(2);
    await redis.restart();
    await isUp([a, b], true);
    expect(sum(await used())).toBe(0);
    const later = await replica();
    expect(await later.ask(20)).toBe(0);
    expect(lines.filter((line) => line === 'The store is there again').length).toBeGreaterThanOrEqual(2);
  });

  test('goes on where it stopped, and what left meanwhile counts', async () => {
    const { a, b, used } = await both(2);
    redis.freeze();
    await isUp([a, b], false);
    expect(sum(await used())).toBe(4);
    redis.thaw();
    await isUp([a, b], true);
    // Until all are back each keeps to its part; then each may use the whole again.
    await expect.poll(async () => (await a.ask(20)) * 0 + left.length).toBe(LIMIT);
    expect(await b.ask(20)).toBe(0);
    expect(left).toHaveLength(LIMIT);
  });

  test('a pause outlives it', async () => {
    const { a, b } = await both(0);
    a.limiter.pause(60_000);
    await expect.poll(() => b.ask(1)).toBe(0);
    await redis.kill();
    await isUp([a, b], false);
    expect(await b.ask(1)).toBe(0);
    await redis.restart();
    await isUp([a, b], true);
    expect(await (await replica()).ask(1)).toBe(0);
  });

  test('a store that is missing at the start is found later', async () => {
    await redis.kill();
    const a = await replica({ isThere: false });
    expect(await a.ask(20)).toBe(LIMIT / 2);
    await redis.restart();
    await isUp([a], true);
    await expect.poll(async () => (await a.ask(20)) * 0 + left.length).toBe(LIMIT);
  });
});
