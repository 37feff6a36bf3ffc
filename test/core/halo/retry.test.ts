import { describe, expect, test, vi } from 'vitest';
import { HaloError } from '../../../core/errors.js';
import { Passing, retrying } from '../../../core/halo/retry.js';
import { refuseStatus } from '../../../core/halo/status.js';
import { comeBack, retryAfter } from '../../../core/halo/time.js';
import { clientOf, failure, fakeHalo, patient, type Reply } from './fake.js';

const reset: Reply = { write: (response) => response.socket?.resetAndDestroy() };
describe('how often it is sent', () => {
  test.each<[string, Reply]>([
    ['429', { status: 429, headers: { 'retry-after': '0' } }],
    ['503', { status: 503 }],
    ['500', { status: 500 }],
    ['a broken connection', reset],
  ])('a POST is never sent again: %s', async (_, reply) => {
    const halo = await fakeHalo({ api: () => reply });
    await failure(clientOf(halo.url).post('/Tickets', [{ summary: 'x' }], patient()));
    expect(halo.calls().map(({ method, body }) => [method, body])).toEqual([['POST', '[{"summary":"x"}]']]);
  });
});

describe('Retry-After', () => {
  test.each<[string, Record<string, string>, number | undefined]>([
    ['seconds', { 'retry-after': '7' }, 7000],
    ['an HTTP date, against the date of the answer', dates('10:00:00', '10:00:09'), 9000],
    ['a date in the past: one second', dates('10:00:00', '09:00:00'), 1000],
    ['none', {}, undefined],
    ['a word', { 'retry-after': 'soon' }, undefined],
    [
      'a date as C writes it',
      { date: dates('10:00:00', '').date ?? '', 'retry-after': 'Thu Oct  1 10:00:09 2026' },
      9000,
    ],
    ['a date of old', { ...dates('10:00:00', ''), 'retry-after': 'Thursday, 01-Oct-26 10:00:09 GMT' }, 9000],
    [
      'a date as C writes it, in the past',
      { ...dates('10:00:00', ''), 'retry-after': 'Sun Nov  6 08:49:37 1994' },
      1000,
    ],
    ['negative: one second', { 'retry-after': '-5' }, 1000],
    ['a day', { 'retry-after': '86400' }, 86_400_000],
    ['longer than a day: the five minutes of Halo', { 'retry-after': '86401' }, 300_000],
    ['beyond all numbers', { 'retry-after': '9'.repeat(400) }, 300_000],
    ['a date in ten years', { ...dates('10:00:00', ''), 'retry-after': 'Wed, 01 Oct 2036 10:00:00 GMT' }, 300_000],
    ['a date in ten years as C writes it', { 'retry-after': 'Wed Oct  1 10:00:00 2036' }, 300_000],
    ['a word with a figure that a lax parser takes for a date', { 'retry-after': 'foo 5' }, 300_000],
    ['an exponent', { 'retry-after': '1e9' }, 300_000],
    ['a unit', { 'retry-after': '120s' }, 300_000],
    ['two of them', { 'retry-after': '120, 60' }, 300_000],
    ['an invalid date', { 'retry-after': 'Thu, 99 Oct 2026 10:00:00 GMT' }, 300_000],
  ])('%s', (_, headers, expected) => {
    expect(retryAfter(headers)).toBe(expected);
  });

  test('a clock that is wrong here does no harm', () => {
    vi.useFakeTimers({ now: new Date('2031-01-01T00:00:00Z'), toFake: ['Date'] });
    try {
      expect(retryAfter(dates('10:00:00', '10:00:30'))).toBe(30_000);
      expect(retryAfter({ 'retry-after': 'Wed, 01 Jan 2031 00:00:04 GMT' })).toBe(4000);
      expect(comeBack(7000)).toBe('after 00:00:07 UTC (7 s)');
    } finally {
      vi.useRealTimers();
    }
  });
});

function dates(answered: string, back: string): Record<string, string> {
  return { date: `Thu, 01 Oct 2026 ${answered} GMT`, 'retry-after': `Thu, 01 Oct 2026 ${back} GMT` };
}

describe('the waits between attempts', () => {
  const limited = (waitMs?: number) =>
    new Passing(new HaloError('HALO_RATE_LIMITED', 'Wait.', { status: 429 }), 'limited', waitMs);

  /** The times of the attempts with full jitter, in milliseconds. */
  async function moments(fault: () => Error, random: number): Promise<number[]> {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
    try {
      const times: number[] = [];
      const work = retrying(
        async () => {
          times.push(Math.round(performance.now()));
          throw fault();
        },
        patient(100_000),
        { random: () => random },
      ).catch(() => undefined);
      await vi.advanceTimersByTimeAsync(100_000);
      await work;
      return times.map((time) => time - (times[0] ?? 0));
    } finally {
      vi.useRealTimers();
    }
  }

  test.each([
    [
      'broken connections: full jitter on 100 and 200 ms',
      () => new Passing(new HaloError('HALO_UNREACHABLE', 'x'), 'unreachable'),
      1,
      [0, 100, 300],
    ],
    [
      'and at the least next to nothing',
      () => new Passing(new HaloError('HALO_UNREACHABLE', 'x'), 'unreachable'),
      0.01,
      [0, 1, 3],
    ],
    ['a bare 429: one second, then two, and jitter on top', () => limited(), 0, [0, 1000, 3000]],
    ['a bare 429 with the whole of its jitter', () => limited(), 1, [0, 2000, 6000]],
    ['Retry-After: never before it', () => limited(7000), 0, [0, 7000, 14_000]],
    ['Retry-After with jitter', () => limited(7000), 1, [0, 7250, 14_500]],
  ])('%s', async (_, fault, random, expected) => {
    expect(await moments(fault, random)).toEqual(expected);
  });

  test('an error that is not ours is never tried again', async () => {
    const work = vi.fn(async () => {
      throw new TypeError('bug');
    });
    await expect(retrying(work, patient())).rejects.toThrow('bug');
    expect(work).toHaveBeenCalledTimes(1);
  });

  test('a caller that gives up does not wait for the rest', async () => {
    const controller = new AbortController();
    const work = retrying(
      async () => {
        throw limited(60_000);
      },
      patient(100_000, controller.signal),
    );
    setTimeout(() => controller.abort(new Error('gone')), 20);
    await expect(work).rejects.toThrow('gone');
  });

  test.each([200, 204, 400, 404])('HTTP %i is not a temporary fault', (status) => {
    expect(() => refuseStatus({ status, headers: {}, body: '' }, 'Halo')).not.toThrow();
  });
});
