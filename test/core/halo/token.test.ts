import nock from 'nock';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Limiter } from '../../../core/halo/limiter.js';
import type { Scope } from '../../../core/halo/scopes.js';
import { TokenSource } from '../../../core/halo/token.js';
import {
  type Asked,
  clientOf,
  failure,
  fakeHalo,
  grant,
  grantOnly,
  ID,
  logTo,
  patient,
  pause,
  refuseClient,
  SECRET,
  scopesOf,
} from './fake.js';

function sourceOf(url: string, scopes: readonly Scope[] = ['read:tickets'], lines: string[] = []) {
  const credentials = { tokenUrl: `${url}/auth/token`, clientId: ID, clientSecret: SECRET, timeoutMs: 5000 };
  return new TokenSource(scopes, credentials, new Limiter(280), logTo(lines), () => undefined);
}

describe('what leaves for the log-in server', () => {
  afterEach(() => nock.cleanAll());

  test('a form with exactly the union of the scopes, the tenant as a query, and nothing else', async () => {
    const login = nock('https://acme.halopsa.com', {
      reqheaders: { 'content-type': /^application\/x-www-form-urlencoded/ },
      badheaders: ['authorization'],
    })
      .post('/auth/token', {
        grant_type: 'client_credentials',
        client_id: ID,
        client_secret: SECRET,
        scope: 'read:customers read:tickets',
      })
      .query({ tenant: 'acme' })
      .reply(200, { access_token: 'opaque', token_type: 'Bearer', expires_in: 3600 });
    const api = nock('https://acme.halopsa.com', { reqheaders: { authorization: 'Bearer opaque' } })
      .get('/api/Tickets')
      .reply(200, []);
    const client = clientOf('https://acme.halopsa.com', {
      scopes: ['read:customers', 'read:tickets'],
      tokenUrl: 'https://acme.halopsa.com/auth/token?tenant=acme',
    });
    await client.get('/Tickets', {}, patient());
    expect([login.isDone(), api.isDone()]).toEqual([true, true]);
  });

  test('the secret goes to the log-in server alone', async () => {
    const halo = await fakeHalo();
    await clientOf(halo.url).get('/Tickets', { search: 'x' }, patient());
    expect(halo.tokens()).toHaveLength(1);
    for (const { path, query, headers, body } of halo.calls())
      expect(JSON.stringify([path, [...query], headers, body])).not.toContain(SECRET);
  });
});

describe('one token for all who wait', () => {
  test('1,000 callers at once cost one request', async () => {
    const halo = await fakeHalo({ token: (asked, count) => pause(20).then(() => grant(asked, count)) });
    const source = sourceOf(halo.url);
    const tokens = await Promise.all(Array.from({ length: 1000 }, () => source.get(patient())));
    expect(halo.tokens()).toHaveLength(1);
    expect(new Set(tokens.map(({ value }) => value)).size).toBe(1);
  });

  test('a request that fails is shared once, and the next caller tries again', async () => {
    const halo = await fakeHalo({
      token: async (asked, count) => {
        await pause(20);
        return count === 1 ? { status: 404, body: '' } : grant(asked, count);
      },
    });
    const source = sourceOf(halo.url);
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => source.get(patient())));
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(halo.tokens()).toHaveLength(1);
    await expect(source.get(patient())).resolves.toMatchObject({ value: 'token-2-canary' });
  });

  test('a caller that gives up takes nothing from the others', async () => {
    const halo = await fakeHalo({ token: (asked, count) => pause(50).then(() => grant(asked, count)) });
    const source = sourceOf(halo.url);
    const [first, other] = [new AbortController(), new AbortController()];
    const gone = failure(source.get(patient(10_000, first.signal)));
    const stays = source.get(patient(10_000, other.signal));
    first.abort(new Error('cancelled by its caller'));
    expect((await gone).line).toContain('cancelled by its caller');
    await expect(stays).resolves.toMatchObject({ value: 'token-1-canary' });
    expect(halo.tokens()).toHaveLength(1);
  });

  test('one in a hurry does not shorten the time of the others', async () => {
    const halo = await fakeHalo({ token: (asked, count) => pause(120).then(() => grant(asked, count)) });
    const source = sourceOf(halo.url);
    const hurried = failure(source.get(patient(40, AbortSignal.timeout(40))));
    const stays = source.get(patient());
    await hurried;
    await expect(stays).resolves.toMatchObject({ value: 'token-1-canary' });
  });

  test('when the last one has given up the request is aborted, and nobody meets an unhandled rejection', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const halo = await fakeHalo({ token: () => ({ write: () => undefined }) });
    const source = sourceOf(halo.url);
    const controller = new AbortController();
    const gone = failure(source.get(patient(10_000, controller.signal)));
    await vi.waitFor(() => expect(halo.tokens()).toHaveLength(1));
    controller.abort();
    await gone;
    await vi.waitFor(() => expect(halo.tokens()[0]?.aborted).toBe(true), 1000);
    await failure(sourceOf('http://127.0.0.1:1').get(patient(10_000, AbortSignal.abort())));
    await pause(400);
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

describe('how long a token is used', () => {
  const life = async (expires: unknown) => {
    const halo = await fakeHalo({
      token: () => ({ body: { access_token: 'a', ...(expires !== undefined && { expires_in: expires }) } }),
    });
    const before = performance.now();
    const { renewAt } = await sourceOf(halo.url).get(patient());
    return Math.round((renewAt - before) / 1000);
  };

  test.each([
    ['an hour, to 80 % of it', 3600, 2880],
    ['an hour as text', '3600', 2880],
    ['a minute, to half of it', 60, 30],
    ['two seconds, to one', 2, 1],
    ['none given: five minutes', undefined, 240],
    ['zero: five minutes', 0, 240],
    ['negative: five minutes', -5, 240],
    ['null: five minutes', null, 240],
    ['no number: five minutes', 'soon', 240],
    ['a century: twelve hours', 3_155_760_000, 34_560],
  ])('%s', async (_, expires, seconds) => {
    expect(await life(expires)).toBe(seconds);
  });

  test('it is renewed before it expires, once', async () => {
    const halo = await fakeHalo({ token: (_, count) => ({ body: { access_token: `t${count}`, expires_in: 0.8 } }) });
    const source = sourceOf(halo.url);
    expect((await source.get(patient())).value).toBe('t1');
    expect((await source.get(patient())).value).toBe('t1');
    await pause(420);
    const tokens = await Promise.all([source.get(patient()), source.get(patient())]);
    expect(tokens.map(({ value }) => value)).toEqual(['t2', 't2']);
    expect(halo.tokens()).toHaveLength(2);
  });
});

describe('a token that Halo turns down', () => {
  const turnDown =
    (bad: string[]) =>
    ({ headers }: Asked) =>
      bad.includes(headers.authorization ?? '') ? { status: 401, body: '' } : { body: { ok: true } };

  test('401 once: a new token, one replay', async () => {
    const halo = await fakeHalo({ api: turnDown(['Bearer token-1-canary']) });
    await expect(clientOf(halo.url).get('/Tickets/1', {}, patient())).resolves.toEqual({ ok: true });
    expect(halo.tokens()).toHaveLength(2);
    expect(halo.calls()).toHaveLength(2);
  });

  test('401 twice: it stops, and says what to check', async () => {
    const halo = await fakeHalo({ api: () => ({ status: 401, body: '' }) });
    const { code, line } = await failure(clientOf(halo.url).get('/Tickets/1', {}, patient()));
    expect(code).toBe('HALO_CREDENTIALS_REFUSED');
    expect(line).toContain('Check that the API application is active');
    expect(halo.tokens()).toHaveLength(2);
    expect(halo.calls()).toHaveLength(2);
  });

  test('many calls that meet it at once ask for one new token', async () => {
    const halo = await fakeHalo({ api: turnDown(['Bearer token-1-canary']) });
    const client = clientOf(halo.url);
    await Promise.all(Array.from({ length: 30 }, (_, id) => client.get(`/Tickets/${id + 1}`, {}, patient())));
    expect(halo.tokens()).toHaveLength(2);
  });
});

describe('refused credentials', () => {
  test('a clear sentence with the way out, without the secret', async () => {
    const halo = await fakeHalo({ token: refuseClient });
    const { code, line, error } = await failure(clientOf(halo.url).get('/Tickets', {}, patient()));
    expect(code).toBe('HALO_CREDENTIALS_REFUSED');
    expect(line).toBe(
      'HALO_CREDENTIALS_REFUSED: Halo refuses the client id or the secret (invalid_client). ' +
        'Check HALO_CLIENT_ID and HALO_CLIENT_SECRET against the API application in Halo, then restart.',
    );
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(SECRET);
  });

  test('are not tried again at once: ten calls, one request', async () => {
    const halo = await fakeHalo({ token: refuseClient });
    const client = clientOf(halo.url);
    for (let n = 0; n < 10; n += 1) await failure(client.get(`/Tickets/${n}`, {}, patient()));
    expect(halo.tokens()).toHaveLength(1);
    expect(halo.calls()).toHaveLength(0);
  });

  test.each([
    ['a log-in page', { headers: { 'content-type': 'text/html' }, body: '<html>Log in</html>' }, 'HALO_NOT_JSON'],
    ['a page that refuses', { status: 403, body: '<html>Blocked by WAF</html>' }, 'HALO_NOT_JSON'],
    ['no such page', { status: 404, body: '' }, 'HALO_NOT_FOUND'],
    ['a redirect', { status: 302, headers: { location: 'http://localhost/x' } }, 'HALO_REDIRECTED'],
    ['JSON without a token', { body: { error_description: SECRET } }, 'HALO_UNEXPECTED'],
    ['a body beyond its cap', { body: { access_token: 'x'.repeat(70_000) } }, 'HALO_TOO_LARGE'],
  ])('%s is told apart', async (_, reply, code) => {
    const halo = await fakeHalo({ token: () => reply });
    const failed = await failure(clientOf(halo.url).get('/Tickets', {}, patient()));
    expect(failed.code).toBe(code);
    expect(failed.line).not.toContain(SECRET);
    expect(halo.tokens()).toHaveLength(1);
  });

  test.each([503, 429])('HTTP %i at the log-in passes, and is tried again', async (status) => {
    const halo = await fakeHalo({
      token: (asked, count) =>
        count === 1 ? { status, headers: { 'retry-after': '0' }, body: '' } : grant(asked, count),
    });
    await clientOf(halo.url).get('/Tickets', {}, patient());
    expect(halo.tokens()).toHaveLength(2);
  });
});

describe('scopes that are not ticked on the API application', () => {
  const wanted: Scope[] = ['read:customers', 'read:invoices', 'read:tickets'];

  test('are found by asking for one at a time, once; the token is had with those granted', async () => {
    const halo = await fakeHalo({ token: grantOnly('read:customers', 'read:tickets') });
    const lines: string[] = [];
    const client = clientOf(halo.url, { scopes: wanted, lines });
    await client.get('/Tickets', {}, patient());
    expect(halo.tokens().map(scopesOf)).toEqual([
      wanted,
      ['read:customers'],
      ['read:invoices'],
      ['read:tickets'],
      ['read:customers', 'read:tickets'],
    ]);
    expect(lines.join('\n')).toContain('Halo does not grant read:invoices');
    expect(await client.lacks('read:invoices', patient())).toBe(true);
    expect(await client.lacks('read:tickets', patient())).toBe(false);
    await client.get('/Tickets/1', {}, patient());
    expect(halo.tokens()).toHaveLength(5);
  });

  test('a renewal asks for the granted ones at once', async () => {
    const only = grantOnly('read:tickets');
    const halo = await fakeHalo({
      token: (asked, count) => {
        const reply = only(asked, count);
        return reply.status === 400 ? reply : { body: { access_token: `t${count}`, expires_in: 0.1 } };
      },
    });
    const source = sourceOf(halo.url, ['read:contracts', 'read:tickets']);
    await source.get(patient());
    await pause(80);
    await source.get(patient());
    expect(halo.tokens().map((asked) => scopesOf(asked).join(' '))).toEqual([
      'read:contracts read:tickets',
      'read:contracts',
      'read:tickets',
      'read:tickets',
      'read:tickets',
    ]);
  });

  test('none granted: an error that names them, and no second round for a while', async () => {
    const halo = await fakeHalo({ token: grantOnly() });
    const client = clientOf(halo.url, { scopes: wanted });
    for (let n = 0; n < 5; n += 1) {
      const { code, line } = await failure(client.get('/Tickets', {}, patient()));
      expect(code).toBe('HALO_SCOPE_MISSING');
      expect(line).toContain('read:customers, read:invoices, read:tickets');
    }
    expect(halo.tokens()).toHaveLength(4);
  });

  test('a single scope that is refused is asked for once', async () => {
    const halo = await fakeHalo({ token: grantOnly() });
    const { line } = await failure(clientOf(halo.url).get('/Tickets', {}, patient()));
    expect(line).toBe(
      'HALO_SCOPE_MISSING: The API application in Halo does not grant read:tickets. ' +
        'Tick read:tickets on it (Configuration > Integrations > Halo API), then restart the server.',
    );
    expect(halo.tokens()).toHaveLength(1);
  });
});

describe('where no tool needs a scope', () => {
  test('read:tickets is asked for, a token without a scope being worthless', async () => {
    const halo = await fakeHalo();
    await clientOf(halo.url, { scopes: [] }).get('/Agent', {}, patient());
    expect(halo.tokens().map(scopesOf)).toEqual([['read:tickets']]);
  });

  test('and where that is refused, the first read scope that is granted', async () => {
    const halo = await fakeHalo({ token: grantOnly('read:customers', 'read:assets') });
    const lines: string[] = [];
    await clientOf(halo.url, { scopes: [], lines }).get('/Agent', {}, patient());
    const asked = halo.tokens().map((one) => scopesOf(one).join(' '));
    expect(asked.at(-1)).toBe('read:customers');
    expect(asked).not.toContain('read:assets');
    expect(asked.every((scope) => scope.startsWith('read:'))).toBe(true);
    expect(lines.filter((line) => line.startsWith('warn'))).toEqual([]);
  });
});
