import { describe, expect, test } from 'vitest';
import type { HaloClient } from '../../core/halo/client.js';
import { fakeHalo, grant, ID, patient, type Reply, refuseClient, SECRET } from '../core/halo/fake.js';
import { at, CALL_MS, loadFirst, meet, pass, still } from './upstream.js';

loadFirst();

interface Expected {
  code: string;
  /** Requests to the failing server. */
  sent: number;
  says?: RegExp;
  /** Minimum and maximum, in seconds. */
  takes?: [number, number];
}

const AT_ONCE: [number, number] = [0, 0.05];
/** Two waits of full jitter on 100 and 200 ms. */
const SOON: [number, number] = [0, 0.35];

/** One call under a lasting fault. */
async function check(server: 'token' | 'api', reply: Reply, { code, sent, says, takes = AT_ONCE }: Expected) {
  const { get } = await meet(at(server, () => reply));
  const outcome = await get();
  expect(outcome).toMatchObject({ code, [server === 'token' ? 'tokens' : 'calls']: sent });
  expect(server === 'token' ? outcome.calls : outcome.tokens).toBe(
    server === 'token' ? 0 : code === 'HALO_CREDENTIALS_REFUSED' ? 2 : 1,
  );
  expect(outcome.line).toMatch(says ?? /./);
  expect(outcome.seconds).toBeGreaterThanOrEqual(takes[0]);
  expect(outcome.seconds).toBeLessThanOrEqual(takes[1]);
  return outcome;
}

const oauth = (error: string): Reply => ({ status: 400, body: { error, error_description: `${SECRET} ${ID}` } });
const retryIn = (seconds: number | string, status = 429): Reply => ({
  status,
  headers: { 'retry-after': String(seconds) },
});
const dated = (answered: string, back: string): Reply => ({
  status: 429,
  headers: { date: `Thu, 01 Oct 2026 ${answered} GMT`, 'retry-after': `Thu, 01 Oct 2026 ${back} GMT` },
});

describe('an API read', () => {
  test.each<[string, Reply, Expected]>([
    [
      'F01 400: the field alone, nothing of what Halo said',
      { status: 400, body: { client_id: [`The value '${SECRET}' is not valid.`] } },
      {
        code: 'HALO_REQUEST_REFUSED',
        sent: 1,
        says: /refused the request for Tickets 1 \(client_id\).*nothing was changed/,
      },
    ],
    [
      'F01 400 as a sentence',
      { status: 400, body: '"Please select a Client."' },
      { code: 'HALO_REQUEST_REFUSED', sent: 1 },
    ],
    [
      'F02 401: one new token, one replay, then it stops',
      { status: 401 },
      { code: 'HALO_CREDENTIALS_REFUSED', sent: 2, says: /Check that the API application is active/ },
    ],
    [
      'F03 403: both gates are named',
      { status: 403 },
      { code: 'HALO_FORBIDDEN', sent: 1, says: /scope read:tickets of the API application, and the role of the agent/ },
    ],
    [
      'F04 404: it does not say which of the two',
      { status: 404 },
      { code: 'HALO_NOT_FOUND', sent: 1, says: /nothing at \/Tickets\/1, or this login can't see it/ },
    ],
    ['F05 409: not sent again', { status: 409 }, { code: 'HALO_UNEXPECTED', sent: 1 }],
    ...[201, 202, 203, 204, 205, 206, 207].map((status): [string, Reply, Expected] => [
      `${status}: a read is answered with 200 alone`,
      { status, body: status === 204 ? undefined : [{ id: 1 }] },
      { code: 'HALO_UNEXPECTED', sent: 1, says: new RegExp(`HTTP ${status}`) },
    ]),
    [
      'F06 429 with seconds: two waits, never shorter',
      retryIn(7),
      { code: 'HALO_RATE_LIMITED', sent: 3, takes: [14, 14.6], says: /come back after \d\d:\d\d:\d\d UTC \(7 s\)/ },
    ],
    [
      'F06 429 with seconds beyond the deadline: at once, with the time',
      retryIn(120),
      { code: 'HALO_RATE_LIMITED', sent: 1, says: /come back after \d\d:\d\d:\d\d UTC \(120 s\)/ },
    ],
    [
      'F07 429 with an HTTP date, against the date of the answer',
      dated('10:00:00', '10:00:09'),
      { code: 'HALO_RATE_LIMITED', sent: 3, takes: [18, 18.6] },
    ],
    [
      'F07 429 with a date in the past: one second',
      dated('10:00:00', '09:00:00'),
      { code: 'HALO_RATE_LIMITED', sent: 3, takes: [2, 2.6] },
    ],
    [
      'F07 429 with a date beyond the deadline',
      dated('10:00:00', '10:05:00'),
      { code: 'HALO_RATE_LIMITED', sent: 1, says: /\(300 s\)/ },
    ],
    [
      'F07 429 with a date as C writes it: waited for, too',
      {
        status: 429,
        headers: { date: 'Thu, 01 Oct 2026 10:00:00 GMT', 'retry-after': 'Thu Oct  1 10:00:09 2026' },
      },
      { code: 'HALO_RATE_LIMITED', sent: 3, takes: [18, 18.6] },
    ],
    [
      "F07 429 with more than a day: Halo's five minutes, never at once",
      retryIn(100_000),
      { code: 'HALO_RATE_LIMITED', sent: 1, says: /\(300 s\)/ },
    ],
    [
      'F07 429 with a figure that makes no sense: the same',
      retryIn('about 5 minutes'),
      { code: 'HALO_RATE_LIMITED', sent: 1, says: /\(300 s\)/ },
    ],
    [
      'F07 429 with nonsense: as a bare one',
      retryIn('soon'),
      { code: 'HALO_RATE_LIMITED', sent: 3, takes: [3, 6.1], says: /in up to 5 minutes/ },
    ],
    [
      'F08 429 bare: one second, two, then it stops',
      {
        status: 429,
        headers: { 'content-type': 'text/plain' },
        body: 'Rate Limit Reached - 300 Requests per rolling 5 minute window',
      },
      { code: 'HALO_RATE_LIMITED', sent: 3, takes: [3, 6.1], says: /in up to 5 minutes/ },
    ],
    ['F09 500: once more', { status: 500, body: SECRET }, { code: 'HALO_FAILED', sent: 2, takes: SOON }],
    ['F10 502', { status: 502, body: '<html>' }, { code: 'HALO_UNAVAILABLE', sent: 3, takes: SOON }],
    ['F10 503', { status: 503 }, { code: 'HALO_UNAVAILABLE', sent: 3, takes: SOON }],
    [
      'F10 503 with Retry-After: kept',
      retryIn(4, 503),
      { code: 'HALO_UNAVAILABLE', sent: 3, takes: [8, 8.6], says: /come back after .* \(4 s\)/ },
    ],
    [
      'F10 503 with nonsense: some wait, as one was asked for',
      retryIn('soon', 503),
      { code: 'HALO_UNAVAILABLE', sent: 3, takes: [2, 2.6] },
    ],
    [
      'F10 503 with Retry-After beyond the deadline',
      retryIn(90, 503),
      { code: 'HALO_UNAVAILABLE', sent: 1, says: /come back after .* \(90 s\)/ },
    ],
    [
      'F11 504 for one record',
      { status: 504, body: '<html>504</html>' },
      { code: 'HALO_UNAVAILABLE', sent: 3, takes: SOON, says: /longer than its own gateway allows.*Ask for less/ },
    ],
    [
      'F34 407 of a proxy',
      { status: 407, headers: { 'proxy-authenticate': `Basic realm="${SECRET}"` } },
      { code: 'HALO_NOT_JSON', sent: 1, says: /A proxy .*asks for a login.*HTTPS_PROXY.*NO_PROXY/ },
    ],
    [
      'F34 511 of a captive portal',
      { status: 511, body: '<html>Welcome</html>' },
      { code: 'HALO_NOT_JSON', sent: 1, says: /asks for a login of its own/ },
    ],
  ])('%s', async (_, reply, expected) => {
    await check('api', reply, expected);
  });

  test.each<[string, string, Record<string, string | boolean>, number]>([
    ['a report run', '/Report/5', { loadreport: true }, 1],
    ['a report run, however it is written', '/report/5', { LoadReport: 'true' }, 1],
    ['a list without bounds', '/Appointment', {}, 1],
    ['a page', '/Tickets', { pageinate: true }, 3],
    ['a lookup', '/Status', {}, 3],
    ['a report that is not run', '/Report/5', {}, 3],
  ])('F11 504 for %s', async (_, path, query, sent) => {
    const { use } = await meet(at('api', () => ({ status: 504 })));
    expect(await use((halo) => halo.get(path, query))).toMatchObject({ code: 'HALO_UNAVAILABLE', calls: sent });
  });

  test('a report run is sent once whatever happens to it', async () => {
    for (const reply of [retryIn(0), { status: 503 }, { status: 500 }]) {
      const { use } = await meet(at('api', () => reply));
      expect((await use((halo) => halo.get('/Report/5', { loadreport: true }))).calls).toBe(1);
    }
  });
});

describe('a token', () => {
  test.each<[string, Reply, Expected]>([
    [
      "F01 400: OAuth's word alone",
      oauth('unauthorized_client'),
      { code: 'HALO_CREDENTIALS_REFUSED', sent: 1, says: /\(unauthorized_client\)\. Check HALO_CLIENT_ID/ },
    ],
    [
      'F01 400 for scopes: each is tried alone',
      oauth('invalid_scope'),
      { code: 'HALO_SCOPE_MISSING', sent: 5, says: /does not grant read:tickets/ },
    ],
    [
      'F02 401: the end of the client id, not of the secret',
      refuseClient(),
      {
        code: 'HALO_CREDENTIALS_REFUSED',
        sent: 1,
        says: new RegExp(
          `client id or the secret \\(invalid_client\\)\\. .* The client id ends in …${ID.slice(-4)}\\.$`,
        ),
      },
    ],
    ['F03 403', { status: 403 }, { code: 'HALO_CREDENTIALS_REFUSED', sent: 1, says: /\(HTTP 403\)/ }],
    [
      'F04 404: the address is named',
      { status: 404 },
      { code: 'HALO_NOT_FOUND', sent: 1, says: /no log-in server at 127\.0\.0\.1:\d+\/auth\/token.*HALO_AUTH_URL/ },
    ],
    ['F05 409', { status: 409 }, { code: 'HALO_UNEXPECTED', sent: 1 }],
    ['F06 429 with seconds', retryIn(7), { code: 'HALO_RATE_LIMITED', sent: 3, takes: [14, 14.6] }],
    [
      'F06 429 with seconds beyond the deadline',
      retryIn(120),
      { code: 'HALO_RATE_LIMITED', sent: 1, says: /\(120 s\)/ },
    ],
    [
      'F07 429 with an HTTP date',
      dated('10:00:00', '10:00:09'),
      { code: 'HALO_RATE_LIMITED', sent: 3, takes: [18, 18.6] },
    ],
    ['F08 429 bare', { status: 429 }, { code: 'HALO_RATE_LIMITED', sent: 3, takes: [3, 6.1] }],
    ['F09 500', { status: 500 }, { code: 'HALO_FAILED', sent: 2, takes: SOON }],
    ['F10 503', { status: 503 }, { code: 'HALO_UNAVAILABLE', sent: 3, takes: SOON }],
    ['F11 504', { status: 504 }, { code: 'HALO_UNAVAILABLE', sent: 2, takes: SOON }],
    ['F34 407 of a proxy', { status: 407 }, { code: 'HALO_NOT_JSON', sent: 1, says: /A proxy/ }],
    ...[201, 202, 203, 205, 206].map((status): [string, Reply, Expected] => [
      `${status}: a token comes with 200 alone`,
      { status, body: { access_token: 'a' } },
      { code: 'HALO_UNEXPECTED', sent: 1, says: new RegExp(`HTTP ${status}`) },
    ]),
    ...['a\nb', 'a\r\nx-evil: 1', 'a\u0000', 'caf\u00e9', 'a b', '\u2028', 'a'.repeat(16_385)].map(
      (value): [string, Reply, Expected] => [
        `a token that no header can carry: ${JSON.stringify(value.slice(0, 20))}`,
        { body: { access_token: value } },
        {
          code: 'HALO_UNEXPECTED',
          sent: 1,
          says: /^HALO_UNEXPECTED: Halo's log-in server gave a token that no request/,
        },
      ],
    ),
  ])('%s', async (_, reply, expected) => {
    await check('token', reply, expected);
  });
});

describe.each(['token', 'api'] as const)(
  'F16 a redirect of the %s is refused, and nothing goes to the other host',
  (server) => {
    test.each([301, 302, 303, 307, 308])(
      'a redirect with status %i is refused, and the other host is not asked',
      async (status) => {
        const other = await fakeHalo();
        const headers = { location: `${other.url}/api/Tickets?${SECRET}` };
        await check(
          server,
          { status, headers },
          { code: 'HALO_REDIRECTED', sent: 1, says: /redirects to 127\.0\.0\.1:\d+\. Set HALO_INSTANCE_URL/ },
        );
        expect(other.asked).toEqual([]);
      },
    );
  },
);

describe('F06 a 429 holds back every call, not the one that met it', () => {
  test('none leaves before Retry-After, each is answered', async () => {
    const times: number[] = [];
    const { outcome } = await meet({
      api: (_, count) => {
        times.push(performance.now());
        return count === 1 ? retryIn(7) : { body: { id: 1 } };
      },
    });
    const read = (client: HaloClient, id: number) => client.get(`/Tickets/${id}`, {}, patient(CALL_MS));
    const all = await outcome(async (client) => {
      const first = read(client, 1);
      await still();
      return Promise.all([first, read(client, 2), read(client, 3)]);
    });
    expect(all).toMatchObject({ code: undefined, calls: 4 });
    const [start = 0, ...later] = times;
    for (const time of later) expect(time - start).toBeGreaterThanOrEqual(7000);
  });

  test('one whose time is shorter fails at once, with the time to come back, and sends nothing', async () => {
    const { get } = await meet(at('api', () => retryIn(120)));
    await get();
    const other = await get('/Tickets/2');
    expect(other).toMatchObject({ code: 'HALO_RATE_LIMITED', calls: 0, seconds: 0 });
    expect(other.line).toMatch(/Halo asked for a pause; come back after \d\d:\d\d:\d\d UTC \(120 s\)/);
  });

  test('a 429 for the token holds back the next log-in', async () => {
    const { get } = await meet(at('token', () => retryIn(120)));
    await get();
    expect(await get('/Tickets/2')).toMatchObject({ code: 'HALO_RATE_LIMITED', tokens: 0, calls: 0, seconds: 0 });
  });

  test.each<[string, Reply]>([
    ['429', retryIn(120)],
    ['429 with a short wait', retryIn(7)],
    ['bare 429', { status: 429 }],
    ['503', { status: 503 }],
    ['500', { status: 500 }],
    ['reset', { write: (response) => response.socket?.resetAndDestroy() }],
    ['web page', { headers: { 'content-type': 'text/html' }, body: '<html>' }],
  ])('a %s for the next token takes nothing from the one that is still good', async (_, reply) => {
    const { get } = await meet({ token: (asked, count) => (count === 1 ? grant(asked, count) : reply) });
    expect((await get()).code).toBeUndefined();
    // Due for renewal, but valid for twelve more minutes.
    await pass(2_880_000);
    expect(await get('/Tickets/2')).toMatchObject({ code: undefined, tokens: 1, calls: 1, seconds: 0 });
    expect(await get('/Tickets/3')).toMatchObject({ code: undefined, tokens: 0, calls: 1, seconds: 0 });
    await pass(720_000);
    expect((await get('/Tickets/4')).code).not.toBeUndefined();
  });

  test('a log-in that is told to wait does not hold back reads with a token that is there', async () => {
    const { client, outcome } = await meet({
      token: (asked, count) => (count === 1 ? grant(asked, count) : retryIn(7)),
    });
    const { calls, seconds } = await outcome(async (one) => {
      await one.get('/Tickets/1', {}, patient(CALL_MS));
      const asking = client.mayHave('read:customers', patient(CALL_MS)).catch(() => undefined);
      await still();
      await one.get('/Tickets/2', {}, patient(CALL_MS));
      return asking;
    });
    expect([calls, seconds]).toEqual([2, expect.any(Number)]);
  });
});

describe('a fault that passes', () => {
  test.each<[string, Reply, number]>([
    ['F06 429', retryIn(2), 2],
    ['F09 500', { status: 500 }, 1],
    ['F10 503', { status: 503 }, 2],
  ])('%s: the answer after it is the answer', async (_, reply, times) => {
    for (const server of ['token', 'api'] as const) {
      const { halo, get } = await meet({
        token: (asked, count) => (server === 'token' && count <= times ? reply : grant(asked, count)),
        api: (_, count) => (server === 'api' && count <= times ? reply : { body: { id: 1 } }),
      });
      expect(await get()).toMatchObject({ code: undefined, answer: { id: 1 } });
      expect([halo.tokens().length, halo.calls().length]).toEqual(server === 'token' ? [times + 1, 1] : [1, times + 1]);
    }
  });
});
