import { afterEach, describe, expect, test, vi } from 'vitest';
import { timer } from '../../../core/call/timer.js';
import { haloFor } from '../../../core/halo/halo.js';
import { Learned } from '../../../core/halo/learned.js';
import { Limiter, type Patience } from '../../../core/halo/limiter.js';
import { Lookups } from '../../../core/halo/lookups.js';
import { clientOf, failure, fakeHalo, patient } from './fake.js';

const MINUTE = 60_000;

/** A list of 30 pages, read by a tool with this many requests. */
async function walkOf(requestsPer5Minutes: number, patience: Patience = patient(), counted = 2950) {
  const rows = (page: number) => Array.from({ length: 100 }, (_, n) => ({ id: (page - 1) * 100 + n + 1 }));
  const server = await fakeHalo({
    api: ({ query }) => ({
      body: {
        record_count: counted,
        tickets: rows(Number(query.get('page_no'))).slice(
          0,
          Math.max(0, 2950 - 100 * (Number(query.get('page_no')) - 1)),
        ),
      },
    }),
  });
  const client = clientOf(server.url, { requestsPer5Minutes });
  const shared = { client, lookups: new Lookups(client), learned: new Learned() };
  const scopes = ['read:tickets'] as const;
  const halo = haloFor(shared, { tool: 'a_tool', scopes, optionalScopes: [], asked: scopes }, patience);
  return { ...server, walk: () => halo.all('/Tickets', { key: 'tickets' }) };
}

describe('a walk that takes more requests than are left', () => {
  test('is refused after its first page and a look at its last, with how many it takes and how many are left', async () => {
    const { walk, calls } = await walkOf(20);
    const { code, line } = await failure(walk());
    expect(code).toBe('HALO_RATE_LIMITED');
    expect(line).toContain('All of Tickets takes 29 more requests to Halo, and 18 are left in these 5 minutes.');
    expect(line).toContain('Ask for one client, or for fewer days');
    expect(calls()).toHaveLength(2);
  });

  test('is walked if there are no rows behind the count', async () => {
    const { walk, calls } = await walkOf(40, patient(), 1_000_000);
    const { rows, complete } = await walk();
    expect(rows).toHaveLength(2950);
    expect(complete).toBe(false);
    expect(calls().length).toBeLessThan(40);
  });

  test('is walked where it just fits', async () => {
    const { walk } = await walkOf(31);
    expect(await walk()).toMatchObject({ complete: true, total: 2950 });
  });

  test('is begun where the caller may wait for the next five minutes, and refused where that is too short', async () => {
    const until = (latest: number): Patience => ({
      ...patient(),
      latest: performance.now() + latest,
      mayWait: () => false,
    });
    const short = await walkOf(20, until(4 * MINUTE));
    expect((await failure(short.walk())).code).toBe('HALO_RATE_LIMITED');
    expect(short.calls()).toHaveLength(2);
    const long = await walkOf(20, until(6 * MINUTE));
    expect((await long.walk()).complete).toBe(false);
    expect(long.calls().length).toBeGreaterThan(1);
  });
});

describe('a call that may wait for the next five minutes', () => {
  afterEach(() => {
    vi.useRealTimers();
  });
  const stopTime = () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'] });
  };

  test('leaves in the next window, and its caller hears of it all the while', async () => {
    stopTime();
    let told = 0;
    const waiting = { longestMs: 10 * MINUTE, tell: () => (told += 1) };
    const time = timer(45_000, undefined, waiting);
    const limiter = new Limiter(1);
    await limiter.run(async () => undefined, time);
    let left = false;
    const second = limiter.run(async () => {
      left = true;
    }, time);
    await vi.advanceTimersByTimeAsync(5 * MINUTE);
    expect([left, time.signal.aborted]).toEqual([false, false]);
    expect(told).toBe(1 + (5 * MINUTE) / 15_000);
    await vi.advanceTimersByTimeAsync(1100);
    await second;
    expect(left).toBe(true);
    await vi.advanceTimersByTimeAsync(44_000);
    expect(time.signal.aborted).toBe(false);
    // From here on it is like any other.
    await vi.advanceTimersByTimeAsync(2000);
    expect(time.signal.aborted).toBe(true);
    time.stop();
  });

  test('waits no longer than it may as a whole', async () => {
    stopTime();
    const time = timer(45_000, undefined, { longestMs: 4 * MINUTE, tell: () => undefined });
    const limiter = new Limiter(1);
    await limiter.run(async () => undefined, time);
    expect((await failure(limiter.run(async () => undefined, time))).code).toBe('HALO_RATE_LIMITED');
    time.stop();
  });

  test('no other call waits at all', async () => {
    stopTime();
    const time = timer(45_000, undefined);
    const limiter = new Limiter(1);
    await limiter.run(async () => undefined, time);
    expect((await failure(limiter.run(async () => undefined, time))).code).toBe('HALO_RATE_LIMITED');
    time.stop();
  });
});
