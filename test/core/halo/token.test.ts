import nock from 'nock';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clientOf, failure, fakeHalo, grantOnly, ID, patient, refuseClient, SECRET, scopesOf } from './fake.js';

describe('what leaves for the log-in server', () => {
  // It stands between every request of the process and its server, so it is taken out again for the files after this one.
  beforeAll(() => {
    if (!nock.isActive()) nock.activate();
  });
  afterAll(() => nock.restore());
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

describe('refused credentials', () => {
  test('a clear sentence with the way out, without the secret', async () => {
    const halo = await fakeHalo({ token: refuseClient });
    const { code, line, error } = await failure(clientOf(halo.url).get('/Tickets', {}, patient()));
    expect(code).toBe('HALO_CREDENTIALS_REFUSED');
    expect(line).toBe(
      'HALO_CREDENTIALS_REFUSED: Halo refuses the client id or the secret (invalid_client). ' +
        'Check HALO_CLIENT_ID and HALO_CLIENT_SECRET against the API application in Halo, then restart. The client id ends in …aaaa.',
    );
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(SECRET);
  });

  test.each([
    ['the secret itself', SECRET],
    ['a secret as Halo makes them', `${ID}-${ID}`],
    ['a word', 'halo'],
  ])('where %s is in the place of the id, nothing of it is shown', async (_, clientId) => {
    for (const token of [refuseClient, () => ({ status: 401, body: '{}' })]) {
      const halo = await fakeHalo({ token });
      const { line } = await failure(clientOf(halo.url, { clientId }).get('/Tickets', {}, patient()));
      expect(line).toMatch(/The client id has not the form of Halo's \(a GUID\): it may be swapped with the secret\.$/);
      expect(line).not.toContain(`…${clientId.slice(-4)}`);
    }
  });

  test.each([
    ['a page that refuses', { status: 403, body: '<html>Blocked by WAF</html>' }, 'HALO_NOT_JSON'],
    ['JSON without a token', { body: { error_description: SECRET } }, 'HALO_UNEXPECTED'],
    ['a body beyond its cap', { body: { access_token: 'x'.repeat(70_000) } }, 'HALO_TOO_LARGE'],
  ])("the log-in's answer with %s has an error code of its own", async (_, reply, code) => {
    const halo = await fakeHalo({ token: () => reply });
    const failed = await failure(clientOf(halo.url).get('/Tickets', {}, patient()));
    expect(failed.code).toBe(code);
    expect(failed.line).not.toContain(SECRET);
    expect(halo.tokens()).toHaveLength(1);
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
