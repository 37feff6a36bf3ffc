import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ErrorCode, HaloError } from '../../../core/errors.js';
import { Breaker } from '../../../core/halo/breaker.js';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const fails = (code: ErrorCode, status?: number) => async () => {
  throw Object.assign(new HaloError(code, 'It failed.'), status === undefined ? {} : { status });
};
const outcome = (breaker: Breaker, call: () => Promise<unknown>) =>
  breaker.run(call).then(
    () => 'answered',
    (error: HaloError) => error.message,
  );
const failTimes = async (breaker: Breaker, times: number, code: ErrorCode = 'HALO_UNAVAILABLE') => {
  for (let nth = 0; nth < times; nth += 1) await outcome(breaker, fails(code));
};
const works = async () => 'fine';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('an endpoint that fails is left alone', () => {
  test('after five calls in a row, and not after four', async () => {
    const breaker = new Breaker('Halo', silent, 'Tickets');
    await failTimes(breaker, 4);
    expect(await outcome(breaker, fails('HALO_TIMEOUT'))).toBe('It failed.');
    expect(await outcome(breaker, works)).toContain('Halo has not worked since');
  });

  test('an answer in between restarts the count', async () => {
    const breaker = new Breaker('Halo', silent);
    await failTimes(breaker, 4);
    await breaker.run(works);
    await failTimes(breaker, 4);
    expect(await outcome(breaker, works)).toBe('answered');
  });

  test('one call tries after 15 seconds; the others wait for it', async () => {
    const breaker = new Breaker('Halo', silent);
    await failTimes(breaker, 5);
    vi.advanceTimersByTime(14_999);
    expect(await outcome(breaker, works)).toContain('the next try is');
    vi.advanceTimersByTime(1);
    let answer: (value: string) => void = () => undefined;
    const trial = breaker.run(
      (tries) =>
        new Promise<string>((resolve) => {
          expect(tries).toBe(true);
          answer = resolve;
        }),
    );
    expect(await outcome(breaker, works)).toContain('a try is under way');
    answer('back');
    await trial;
    expect(await outcome(breaker, works)).toBe('answered');
  });

  test.each<[string, ErrorCode, number | undefined]>([
    ['a 500 is an answer', 'HALO_FAILED', 500],
    ['a body that makes no sense is an answer', 'HALO_NOT_JSON', 200],
    ['a refusal is an answer', 'HALO_FORBIDDEN', 403],
  ])('%s, so it ends the count', async (_, code, status) => {
    const breaker = new Breaker('Halo', silent);
    await failTimes(breaker, 4);
    await outcome(breaker, fails(code, status));
    await failTimes(breaker, 4);
    expect(await outcome(breaker, works)).toBe('answered');
  });

  test.each<ErrorCode>(['HALO_RATE_LIMITED', 'CALL_CANCELLED', 'CALL_TIMEOUT', 'HALO_TLS'])(
    '%s says nothing about Halo: it neither counts nor ends the count',
    async (code) => {
      const breaker = new Breaker('Halo', silent);
      await failTimes(breaker, 4);
      await outcome(breaker, fails(code));
      await failTimes(breaker, 1);
      expect(await outcome(breaker, works)).toContain('has not worked since');
    },
  );
});
