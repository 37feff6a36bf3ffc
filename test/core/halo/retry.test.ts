import { describe, expect, test, vi } from 'vitest';
import { HaloError } from '../../../core/errors.js';
import { Limiter } from '../../../core/halo/limiter.js';
import { Passing, retrying } from '../../../core/halo/retry.js';
import { refuseStatus } from '../../../core/halo/status.js';
import { comeBack, retryAfter } from '../../../core/halo/time.js';
import { clientOf, failure, fakeHalo, patient, type Reply } from './fake.js';

const reset: Reply = { write: (response) => response.socket?.resetAndDestroy() };
const resetInBody: Reply = {
  write: (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"id": 1, ', () => setTimeout(() => response.socket?.resetAndDestroy(), 10));
  },
};
const cut: Reply = {
  write: (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
    response.write('{"id": 1, ', () => setTimeout(() => response.socket?.end(), 10));
  },
};

describe('how often a GET is sent, when the fault stays', () => {
  test.each<[string, Reply, number, string]>([
    ['429', { status: 429, headers: { 'retry-after': '0' } }, 3, 'HALO_RATE_LIMITED'],
    ['502', { status: 502 }, 3, 'HALO_UNAVAILABLE'],
    ['503', { status: 503 }, 3, 'HALO_UNAVAILABLE'],
    ['504 with the page of a gateway', { status: 504, body: '<html>504</html>' }, 3, 'HALO_UNAVAILABLE'],
    ['a connection that breaks', reset, 3, 'HALO_UNREACHABLE'],
    ['a connection that breaks in the body', resetInBody, 3, 'HALO_UNREACHABLE'],
    ['a body that ends too early', cut, 3, 'HALO_UNREACHABLE'],
    ['JSON that is cut off', { body: '{"tickets": [{"id": 1}, {"id"' }, 3, 'HALO_CUT_OFF'],
    ['an empty 200', {}, 3, 'HALO_CUT_OFF'],
    ['500', { status: 500 }, 2, 'HALO_FAILED'],
    ['400', { status: 400, body: '"Please select a Client."' }, 1, 'HALO_REQUEST_REFUSED'],
    ['403', { status: 403 }, 1, 'HALO_FORBIDDEN'],
    ['404', { status: 404 }, 1, 'HALO_NOT_FOUND'],
    ['409', { status: 409 }, 1, 'HALO_UNEXPECTED'],
    ['a web page with 200', { headers: { 'content-type': 'text/html' }, body: '<html>' }, 1, 'HALO_NOT_JSON'],
    ['another content type', { headers: { 'content-type': 'text/csv' }, body: 'id;name' }, 1, 'HALO_NOT_JSON'],
  ])('%s', async (_, reply, times, code) => {
    const halo = await fakeHalo({ api: () => reply });
    expect((await failure(clientOf(halo.url).get('/Tickets/1', {}, patient()))).code).toBe(code);
    expect(halo.calls()).toHaveLength(times);
    expect(halo.tokens()).toHaveLength(1);
  });

  test.each([1, 2])('after %i of them an answer is an answer', async (faults) => {
    const halo = await fakeHalo({ api: (_, count) => (count <= faults ? { status: 503 } : { body: { id: 1 } }) });
    await expect(clientOf(halo.url).get('/Tickets/1', {}, patient())).resolves.toEqual({ id: 1 });
    expect(halo.calls()).toHaveLength(faults + 1);
  });

  test.each<[string, Reply]>([
    ['504', { status: 504 }],
    ['429', { status: 429, headers: { 'retry-after': '0' } }],
    ['a broken connection', reset],
  ])('a read with one attempt (a report run) is sent once on %s', async (_, reply) => {
    const halo = await fakeHalo({ api: () => reply });
    await failure(clientOf(halo.url).get('/Report/1', { loadreport: true }, patient(), { most: 1 }));
    expect(halo.calls()).toHaveLength(1);
  });

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
  test('in seconds is kept: nothing leaves before it, of any caller', async () => {
    const times: number[] = [];
    const halo = await fakeHalo({
      api: (_, count) => {
        times.push(performance.now());
        return count === 1 ? { status: 429, headers: { 'retry-after': '1' } } : { body: { id: 1 } };
      },
    });
    const client = clientOf(halo.url);
    const first = client.get('/Tickets/1', {}, patient());
    await vi.waitFor(() => expect(times).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 30));
    await Promise.all([first, client.get('/Tickets/2', {}, patient())]);
    const [start = 0, ...later] = times;
    expect(later).toHaveLength(2);
    for (const time of later) expect(time - start).toBeGreaterThanOrEqual(995);
  });

  test('beyond the deadline fails at once, with the time to come back', async () => {
    const halo = await fakeHalo({ api: () => ({ status: 429, headers: { 'retry-after': '120' } }) });
    const client = clientOf(halo.url);
    const started = performance.now();
    const { code, line } = await failure(client.get('/Tickets/1', {}, patient()));
    expect(performance.now() - started).toBeLessThan(1000);
    expect(code).toBe('HALO_RATE_LIMITED');
    expect(line).toMatch(/come back after \d\d:\d\d:\d\d UTC \(120 s\)/);
    const other = await failure(client.get('/Tickets/2', {}, patient()));
    expect(other.line).toMatch(/Halo asked for a pause; come back after \d\d:\d\d:\d\d UTC \(120 s\)/);
    expect(halo.calls()).toHaveLength(1);
  });

  test('of a 503 is kept and told as well', async () => {
    const halo = await fakeHalo({ api: () => ({ status: 503, headers: { 'retry-after': '90' } }) });
    const { line } = await failure(clientOf(halo.url).get('/Tickets/1', {}, patient()));
    expect(line).toMatch(/HTTP 503\); come back after .* \(90 s\)/);
    expect(halo.calls()).toHaveLength(1);
  });

  test('missing: a bare 429 says that it may take five minutes', async () => {
    const body = 'Rate Limit Reached - 300 Requests per rolling 5 minute window';
    const halo = await fakeHalo({ api: () => ({ status: 429, headers: { 'content-type': 'text/plain' }, body }) });
    const { code, line } = await failure(clientOf(halo.url).get('/Tickets/1', {}, patient(1500)));
    expect(code).toBe('HALO_RATE_LIMITED');
    expect(line).toContain('in up to 5 minutes');
    expect(halo.calls().length).toBeLessThanOrEqual(2);
  });

  test.each<[string, Record<string, string>, number | undefined]>([
    ['seconds', { 'retry-after': '7' }, 7000],
    ['an HTTP date, against the date of the answer', dates('10:00:00', '10:00:09'), 9000],
    ['a date in the past: one second', dates('10:00:00', '09:00:00'), 1000],
    ['none', {}, undefined],
    ['a word', { 'retry-after': 'soon' }, undefined],
    ['a word that a lax parser takes for a date', { 'retry-after': 'foo 5' }, undefined],
    ['negative', { 'retry-after': '-5' }, undefined],
    ['longer than a day: nonsense', { 'retry-after': '99999999999999999999' }, undefined],
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
    new Passing(new HaloError('HALO_RATE_LIMITED', 'Wait.', { status: 429 }), 3, waitMs);

  /** The moments, in milliseconds, at which attempts were made with the whole of the jitter. */
  async function moments(fault: () => Error, random: number): Promise<number[]> {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
    try {
      const times: number[] = [];
      const limiter = new Limiter(100);
      const work = retrying(
        async () => {
          times.push(Math.round(performance.now()));
          throw fault();
        },
        patient(100_000),
        { limiter, random: () => random },
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
      () => new Passing(new HaloError('HALO_UNREACHABLE', 'x'), 3),
      1,
      [0, 100, 300],
    ],
    ['and at the least next to nothing', () => new Passing(new HaloError('HALO_UNREACHABLE', 'x'), 3), 0.01, [0, 1, 3]],
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
    await expect(retrying(work, patient(), { limiter: new Limiter(10) })).rejects.toThrow('bug');
    expect(work).toHaveBeenCalledTimes(1);
  });

  test('a caller that gives up does not wait for the rest', async () => {
    const controller = new AbortController();
    const work = retrying(
      async () => {
        throw limited(60_000);
      },
      patient(100_000, controller.signal),
      { limiter: new Limiter(10) },
    );
    setTimeout(() => controller.abort(new Error('gone')), 20);
    await expect(work).rejects.toThrow('gone');
  });

  test.each([200, 204, 400, 404])('HTTP %i is no passing fault', (status) => {
    expect(() => refuseStatus({ status, headers: {}, body: '' }, 'Halo', 3)).not.toThrow();
  });
});
