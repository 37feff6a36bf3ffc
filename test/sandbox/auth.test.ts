import { describe, expect, it } from 'vitest';
import type { Sandbox, SandboxOptions } from '../../sandbox/index.js';
import { connect, type Row } from './connect.js';

const GRANT = { grant_type: 'client_credentials' };

/** Status of a token request for `scope`, and what was granted. */
async function grant(options: SandboxOptions, scope: string): Promise<[number, unknown]> {
  const { ask, sandbox } = await connect(options, '');
  const reply = await ask({ ...GRANT, client_id: sandbox.clientId, client_secret: sandbox.clientSecret, scope });
  await sandbox.close();
  const body = (await reply.json()) as Row;
  return [reply.status, body.scope ?? body.error];
}

type Case = readonly [name: string, options: SandboxOptions, scope: string, expected: readonly [number, string]];

const CASES: readonly Case[] = [
  ['read and edit names by default', {}, 'read:tickets edit:kb', [200, 'read:tickets edit:kb']],
  ['never `all` by default', {}, 'all', [400, 'invalid_scope']],
  ['one that is not ticked', { scopes: ['read:tickets'] }, 'read:tickets read:invoices', [400, 'invalid_scope']],
  ['edit lets read be asked', { scopes: ['edit:tickets'] }, 'read:tickets', [200, 'read:tickets']],
  ['read does not let edit be asked', { scopes: ['read:tickets'] }, 'edit:tickets', [400, 'invalid_scope']],
  ['`all` lets anything be asked', { scopes: ['all'] }, 'read:crm all', [200, 'read:crm all']],
  ['a name that does not exist, even with `all`', { scopes: ['all'] }, 'read:agents', [400, 'invalid_scope']],
];

describe('scopes that are ticked', () => {
  it.each(CASES)('%s', async (_, options, scope, expected) => {
    expect(await grant(options, scope)).toEqual(expected);
  });
});

describe('the client', () => {
  it('may come by Basic', async () => {
    const { ask, sandbox } = await connect();
    const basic = Buffer.from(`${sandbox.clientId}:${sandbox.clientSecret}`).toString('base64');
    const reply = await ask({ ...GRANT, scope: 'read:crm' }, { authorization: `Basic ${basic}` });
    expect(reply.status).toBe(200);
    await sandbox.close();
  });

  it('has a secret of its own at each start, unless one is given', async () => {
    const [one, two, given] = [
      await connect(),
      await connect(),
      await connect({ clientId: 'me', clientSecret: 'mine' }),
    ];
    expect(one.sandbox.clientSecret).not.toBe(two.sandbox.clientSecret);
    expect(one.sandbox.clientId).toBe(two.sandbox.clientId);
    expect(given.sandbox).toMatchObject({ clientId: 'me', clientSecret: 'mine' });
    for (const { sandbox } of [one, two, given]) await sandbox.close();
  });
});

describe('tokens', () => {
  const status = async (sandbox: Sandbox, get: () => Promise<Response>) => {
    const reply = await get();
    expect(await reply.text()).toBe('');
    await sandbox.close();
    return reply.status;
  };

  it('issued without a scope are refused at every call', async () => {
    const { sandbox, raw } = await connect({}, '');
    expect(await status(sandbox, () => raw('/Team'))).toBe(401);
  });

  it('a token that has expired is refused with 401', async () => {
    const { sandbox, raw } = await connect({ tokenLifetimeSeconds: 0 });
    expect(await status(sandbox, () => raw('/Team'))).toBe(401);
  });

  it('a token that was revoked is refused with 401', async () => {
    const { sandbox, raw } = await connect();
    sandbox.revokeTokens();
    expect(await status(sandbox, () => raw('/Team'))).toBe(401);
  });
});

describe('what a scope covers', () => {
  const ANY = ['Agent', 'Team', 'Status', 'TicketType', 'Priority', 'SLA', 'Lookup', 'Currency', 'Category'];
  const OF: Record<string, readonly string[]> = {
    'read:tickets': ['Tickets', 'Actions'],
    'read:customers': ['Client', 'Site', 'Users'],
    'read:contracts': ['ClientContract'],
    'read:invoices': ['Invoice', 'RecurringInvoice'],
    'read:projects': ['Projects'],
    'read:assets': ['Asset', 'AssetType'],
    'read:reporting': ['Report'],
    'read:timesheets': ['Timesheet'],
  };

  it.each(Object.keys(OF))('the scope %s opens the lists that it covers, and no others', async (scope) => {
    const { sandbox, raw } = await connect({}, scope);
    for (const [other, names] of Object.entries(OF)) {
      for (const name of names)
        expect([name, (await raw(`/${name}`)).status]).toEqual([name, other === scope ? 200 : 403]);
    }
    for (const name of ANY) expect([name, (await raw(`/${name}`)).status]).toEqual([name, 200]);
    await sandbox.close();
  });
});
