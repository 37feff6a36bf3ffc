import { describe, expect, test, vi } from 'vitest';
import type { Scope } from '../../core/halo/scopes.js';
import {
  type Asked,
  failure,
  grant,
  grantOnly,
  patient,
  pause,
  type Reply,
  refuseClient,
  scopesOf,
} from '../core/halo/fake.js';
import { CALL_MS, loadFirst, meet, pass, settle, still } from './upstream.js';

loadFirst();

const lasting = (seconds: unknown) => (_: Asked, count: number) => ({
  body: { access_token: `t${count}`, ...(seconds !== undefined && { expires_in: seconds }) },
});
/** 401 for these tokens, an answer for all others. */
const turnDown =
  (...bad: string[]) =>
  ({ headers }: Asked): Reply =>
    bad.includes(headers.authorization ?? '') ? { status: 401 } : { body: { ok: true } };

describe('F02 a refusal', () => {
  test('of the credentials is kept for a minute: ten calls, one request', async () => {
    const { get } = await meet({ token: refuseClient });
    expect(await get()).toMatchObject({ code: 'HALO_CREDENTIALS_REFUSED', tokens: 1 });
    for (let n = 0; n < 9; n += 1)
      expect(await get(`/Tickets/${n}`)).toMatchObject({ code: 'HALO_CREDENTIALS_REFUSED', tokens: 0, calls: 0 });
    await pass(59_000);
    expect((await get()).tokens).toBe(0);
    await pass(1000);
    expect((await get()).tokens).toBe(1);
  });

  test('of a token by the API: a new one, one replay, an answer', async () => {
    const { get } = await meet({ api: turnDown('Bearer token-1-canary') });
    expect(await get()).toMatchObject({ answer: { ok: true }, tokens: 2, calls: 2 });
    expect(await get()).toMatchObject({ answer: { ok: true }, tokens: 0, calls: 1 });
  });

  test('that thirty calls meet at once costs one new token', async () => {
    const { outcome } = await meet({ api: turnDown('Bearer token-1-canary') });
    const { tokens } = await outcome((client) =>
      Promise.all(Array.from({ length: 30 }, (_, id) => client.get(`/Tickets/${id}`, {}, patient(CALL_MS)))),
    );
    expect(tokens).toBe(2);
  });

  test('a fault of the replay is not tried again', async () => {
    const { get } = await meet({ api: (_, count) => ({ status: count === 1 ? 401 : 503 }) });
    expect(await get()).toMatchObject({ code: 'HALO_UNAVAILABLE', tokens: 2, calls: 2 });
  });
});

describe('a token that is not to be had', () => {
  test('is asked for three times in all, not three times for each attempt at the API', async () => {
    const { get } = await meet({ token: () => ({ status: 503 }) });
    expect(await get()).toMatchObject({ code: 'HALO_UNAVAILABLE', tokens: 3, calls: 0 });
  });

  test('nor after a 401', async () => {
    const { get } = await meet({
      token: (asked, count) => (count === 1 ? grant(asked, count) : { status: 503 }),
      api: () => ({ status: 401 }),
    });
    expect(await get()).toMatchObject({ code: 'HALO_UNAVAILABLE', tokens: 4, calls: 1 });
  });
});

describe('F26 a token is renewed before it expires', () => {
  test.each([
    ['an hour, at 80 % of it', 3600, 2880],
    ['an hour as text', '3600', 2880],
    ['a minute, at half of it', 60, 30],
    ['two seconds, at one', 2, 1],
  ])('%s', async (_, expires, seconds) => {
    const { get } = await meet({ token: lasting(expires) });
    expect((await get()).tokens).toBe(1);
    await pass(seconds * 1000 - 1);
    expect((await get()).tokens).toBe(0);
    await pass(1);
    expect(await get()).toMatchObject({ code: undefined, tokens: 1 });
  });
});

describe('F27 clocks and lifetimes that are odd', () => {
  test.each<[string, unknown, number]>([
    ['none given: five minutes', undefined, 240],
    ['zero: five minutes', 0, 240],
    ['negative: five minutes', -5, 240],
    ['null: five minutes', null, 240],
    ['no number: five minutes', 'soon', 240],
    ['beyond all numbers: five minutes', '1e999', 240],
    ['a century: twelve hours', 3_155_760_000, 34_560],
  ])('a lifetime that is %s', async (_, expires, seconds) => {
    const { get } = await meet({ token: lasting(expires) });
    await get();
    await pass(seconds * 1000 - 1);
    expect((await get()).tokens).toBe(0);
    await pass(1);
    expect((await get()).tokens).toBe(1);
  });

  test.each([-3_600_000, 3_600_000, 86_400_000 * 400])(
    'the clock jumps by %i ms: nothing is seen of it',
    async (jump) => {
      const retry = { status: 429, headers: { 'retry-after': '7' } };
      const { get, outcome } = await meet({ api: (_, count) => (count === 2 ? retry : { body: { id: 1 } }) });
      await get();
      const { calls, tokens, seconds } = await outcome(async (client) => {
        const read = client.get('/Tickets/2', {}, patient(CALL_MS));
        await still();
        vi.setSystemTime(Date.now() + jump);
        return read;
      });
      expect([calls, tokens]).toEqual([2, 0]);
      expect(seconds).toBeGreaterThanOrEqual(7);
      expect(seconds).toBeLessThan(7.3);
    },
  );
});

describe('F28 a stampede', () => {
  const slowly = (asked: Asked, count: number) => pause(2000).then(() => grant(asked, count));

  test('1,000 callers at once cost one request for a token', async () => {
    const { outcome } = await meet({ token: slowly });
    const { code, tokens, calls } = await outcome((client) =>
      Promise.all(Array.from({ length: 1000 }, () => client.get('/Tickets', {}, patient(CALL_MS)))),
    );
    expect([code, tokens, calls]).toEqual([undefined, 1, 1]);
  });

  test('a failure is shared once, and the next caller tries again', async () => {
    const { outcome, get } = await meet({
      token: (asked, count) => (count === 1 ? pause(2000).then(() => ({ status: 404 })) : grant(asked, count)),
    });
    const { tokens } = await outcome((client) =>
      Promise.allSettled(Array.from({ length: 20 }, (_, id) => client.get(`/Tickets/${id}`, {}, patient(CALL_MS)))),
    );
    expect(tokens).toBe(1);
    expect(await get()).toMatchObject({ code: undefined, tokens: 1, calls: 1 });
  });

  test('a caller that gives up takes nothing from the others', async () => {
    const { client, halo } = await meet({ token: slowly });
    const [first, other] = [new AbortController(), new AbortController()];
    const gone = failure(client.get('/Tickets/1', {}, patient(CALL_MS, first.signal)));
    const stays = client.get('/Tickets/2', {}, patient(CALL_MS, other.signal));
    await still();
    first.abort(new Error('cancelled by its caller'));
    expect((await gone).line).toContain('cancelled by its caller');
    await settle(stays);
    expect([halo.tokens().length, halo.calls().length]).toEqual([1, 1]);
  });

  test('one in a hurry does not shorten the time of the others', async () => {
    const { client, halo } = await meet({ token: slowly });
    const hurried = failure(client.get('/Tickets/1', {}, patient(500, AbortSignal.timeout(1))));
    const stays = client.get('/Tickets/2', {}, patient(CALL_MS));
    await hurried;
    await settle(stays);
    expect(halo.tokens()).toHaveLength(1);
  });

  test('when the last one has given up the request is aborted, and nobody meets an unhandled rejection', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const { client, halo } = await meet({ token: () => ({ write: () => undefined }) });
    const callers = [new AbortController(), new AbortController()];
    const reads = callers.map(({ signal }) => failure(client.get('/Tickets', {}, patient(CALL_MS, signal))));
    await still();
    for (const caller of callers) caller.abort();
    await Promise.all(reads);
    await still();
    expect(halo.tokens().map(({ aborted }) => aborted)).toEqual([true]);
    await pass(60_000);
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

describe('F29 scopes that are not ticked on the API application', () => {
  const scopes: Scope[] = ['read:customers', 'read:invoices', 'read:tickets'];

  test('are found by asking for one at a time, once; the token is had with those granted', async () => {
    const { halo, client, lines, get, outcome } = await meet(
      { token: grantOnly('read:customers', 'read:tickets') },
      { scopes },
    );
    expect(await get('/Tickets')).toMatchObject({ code: undefined, tokens: 5, calls: 1 });
    expect(halo.tokens().map(scopesOf)).toEqual([
      scopes,
      ['read:customers'],
      ['read:invoices'],
      ['read:tickets'],
      ['read:customers', 'read:tickets'],
    ]);
    expect(lines.join('\n')).toContain('Halo does not grant read:invoices');
    expect((await outcome(() => client.lacks('read:invoices', patient()))).answer).toBe(true);
    expect((await outcome(() => client.lacks('read:tickets', patient()))).answer).toBe(false);
    expect((await get('/Tickets/2')).tokens).toBe(0);
  });

  test('a renewal asks for the granted ones at once', async () => {
    const only = grantOnly('read:tickets');
    const { halo, get } = await meet({ token: only }, { scopes: ['read:contracts', 'read:tickets'] });
    await get();
    await pass(3_600_000);
    await get();
    expect(halo.tokens().map((asked) => scopesOf(asked).join(' '))).toEqual([
      'read:contracts read:tickets',
      'read:contracts',
      'read:tickets',
      'read:tickets',
      'read:tickets',
    ]);
  });

  test('none granted: an error that names them, and no second round for a minute', async () => {
    const { get, halo } = await meet({ token: grantOnly() }, { scopes });
    for (let n = 0; n < 5; n += 1) {
      const { code, line } = await get('/Tickets');
      expect(code).toBe('HALO_SCOPE_MISSING');
      expect(line).toContain('read:customers, read:invoices, read:tickets');
    }
    expect(halo.tokens()).toHaveLength(4);
  });

  test('a token with fewer scopes than asked for: a 403 names the one that is missing', async () => {
    const { get } = await meet(
      {
        token: () => ({ body: { access_token: 'a', expires_in: 60, scope: 'read:customers' } }),
        api: () => ({ status: 403 }),
      },
      { scopes },
    );
    expect((await get('/Tickets')).line).toMatch(
      /^HALO_SCOPE_MISSING: The API application in Halo does not grant read:tickets\./,
    );
    expect((await get('/Agent')).line).toContain('Check the role of the agent');
  });
});
