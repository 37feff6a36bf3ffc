import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Limiter } from '../../../core/halo/limiter.js';
import { failure } from './fake.js';

/** Five minutes, plus the second allowed for the network. */
const WINDOW = 301_000;

/** A limiter on a clock that only the test advances. */
function clock(limit: number) {
  const limiter = new Limiter(limit);
  const start = performance.now();
  const left: number[] = [];
  const take = (milliseconds = 3_600_000, signal = new AbortController().signal) =>
    limiter.run(
      async () => {
        left.push(Math.round(performance.now() - start));
      },
      { signal, deadline: performance.now() + milliseconds },
    );
  return { limiter, left, take, pass: (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds) };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the window of five minutes', () => {
  test('as many as allowed leave at once, the next when the first has left the window', async () => {
    const { left, take, pass } = clock(3);
    void take();
    await pass(1000);
    for (let n = 0; n < 4; n += 1) void take();
    await pass(0);
    expect(left).toEqual([0, 1000, 1000]);
    await pass(WINDOW - 1001);
    expect(left).toHaveLength(3);
    await pass(1);
    expect(left).toEqual([0, 1000, 1000, WINDOW]);
    await pass(1000);
    expect(left.at(-1)).toBe(WINDOW + 1000);
  });

  test('is kept whatever comes: requests, pauses and callers who give up', async () => {
    const step = fc.record({
      wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 200_000 })),
      take: fc.integer({ min: 0, max: 4 }),
      pause: fc.option(fc.integer({ min: 1, max: 400_000 }), { nil: undefined, freq: 4 }),
      abort: fc.option(fc.nat(30), { nil: undefined, freq: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 14 }), async (limit, steps) => {
        const { limiter, left, take, pass } = clock(limit);
        const callers: AbortController[] = [];
        let taken = 0;
        for (const { wait, take: many, pause, abort } of steps) {
          if (pause !== undefined) limiter.pause(pause);
          for (let n = 0; n < many; n += 1) {
            const caller = new AbortController();
            callers.push(caller);
            taken += 1;
            take(1e12, caller.signal).catch(() => {
              taken -= 1;
            });
          }
          if (abort !== undefined) callers[abort]?.abort();
          await pass(wait);
        }
        await pass(60 * WINDOW);
        expect(left).toHaveLength(taken);
        for (const [index, time] of left.entries()) {
          const earlier = left[index - limit];
          if (earlier !== undefined) expect(time - earlier).toBeGreaterThanOrEqual(WINDOW);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('a turn beyond the deadline', () => {
  test('fails at once and says when to come back', async () => {
    const { take, left, pass } = clock(1);
    await take();
    const { code, line } = await failure(take(45_000));
    expect(code).toBe('HALO_RATE_LIMITED');
    expect(line).toMatch(/limit of 1 requests to Halo in 5 minutes is used up; come back after .* UTC \(301 s\)/);
    await pass(WINDOW);
    await take(45_000);
    expect(left).toHaveLength(2);
  });

  test('takes no turn from the others', async () => {
    const { take, left, pass } = clock(1);
    await take();
    await failure(take(45_000));
    void take();
    await pass(WINDOW);
    expect(left).toEqual([0, WINDOW]);
  });
});

describe('a pause', () => {
  test('holds all back, those in line as well', async () => {
    const { limiter, take, left, pass } = clock(2);
    await Promise.all([take(), take()]);
    void take();
    await pass(WINDOW - 10_000);
    limiter.pause(60_000);
    void take();
    await pass(59_999);
    expect(left).toHaveLength(2);
    await pass(1);
    expect(left.slice(2)).toEqual([WINDOW + 50_000, WINDOW + 50_000]);
  });

  test('a shorter one does not end a longer one', async () => {
    const { limiter, take, left, pass } = clock(9);
    limiter.pause(5000);
    limiter.pause(10);
    void take();
    await pass(4999);
    expect(left).toEqual([]);
    await pass(1);
    expect(left).toEqual([5000]);
  });

  test('beyond the deadline of one in line, it fails then and there', async () => {
    const { limiter, take, pass } = clock(1);
    await take();
    const waiting = failure(take(WINDOW + 30_000));
    await pass(WINDOW - 1000);
    limiter.pause(100_000);
    expect((await waiting).line).toMatch(/Halo asked for a pause; come back after .* \(100 s\)/);
  });
});

describe('a caller that gives up while it waits', () => {
  test('a caller that gives up while it waits leaves its turn to the next one', async () => {
    const { take, left, pass } = clock(1);
    await take();
    const controller = new AbortController();
    const gone = failure(take(1e9, controller.signal));
    controller.abort(new Error('gone'));
    expect((await gone).line).toContain('gone');
    void take();
    await pass(WINDOW);
    expect(left).toEqual([0, WINDOW]);
  });

  test('and one that gave up earlier takes none', async () => {
    const { take, left } = clock(1);
    await failure(take(1e9, AbortSignal.abort()));
    await take();
    expect(left).toEqual([0]);
  });
});
