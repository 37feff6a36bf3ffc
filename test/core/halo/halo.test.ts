import { describe, expect, test } from 'vitest';
import { type Allowance, haloFor, senderFor } from '../../../core/halo/halo.js';
import { Learned } from '../../../core/halo/learned.js';
import { Lookups } from '../../../core/halo/lookups.js';
import { covers, type Scope, scopeOfPath } from '../../../core/halo/scopes.js';
import { clientOf, failure, fakeHalo, grantOnly, patient } from './fake.js';

async function toolOf(allowance: Partial<Allowance>, token?: Parameters<typeof fakeHalo>[0]) {
  const server = await fakeHalo({ api: () => ({ body: [{ id: 1, name: 'One' }] }), ...token });
  const asked = allowance.asked ?? allowance.scopes ?? [];
  const client = clientOf(server.url, { scopes: asked });
  const shared = { client, lookups: new Lookups(client), learned: new Learned() };
  const all: Allowance = { tool: 'a_tool', scopes: [], optionalScopes: [], asked, ...allowance };
  return { ...server, halo: haloFor(shared, all, patient()), sender: senderFor(shared, all, patient()) };
}

describe('a path whose scope the tool did not declare', () => {
  test.each(['get', 'list', 'all'] as const)('is refused by %s before anything leaves', async (method) => {
    const { halo, asked } = await toolOf({ scopes: ['read:tickets'] });
    const { code, line } = await failure(halo[method]('/Invoice', { key: 'invoices' } as never));
    expect(code).toBe('PLUGIN_PATH_UNDECLARED');
    expect(line).toContain('a_tool asked for /Invoice, which needs read:invoices, and does not declare it.');
    expect(asked).toEqual([]);
  });

  test('as is one that the table does not know', async () => {
    const { halo, asked } = await toolOf({ scopes: ['all'] });
    expect((await failure(halo.get('/Nonsense'))).line).toContain('a path whose scope is not known');
    expect((await failure(halo.get('//evil.example/Tickets'))).code).toBe('PLUGIN_PATH_UNDECLARED');
    expect(asked).toEqual([]);
  });

  test('but an id that Halo can not have is the fault of whoever asked', async () => {
    const { halo, asked } = await toolOf({ scopes: ['read:tickets'] });
    for (const path of ['/Tickets/1234567890123456', '/Tickets/-99999999999999999999/Actions']) {
      const { code, line } = await failure(halo.get(path));
      expect({ code, line }).toEqual({
        code: 'BAD_ARGUMENTS',
        line: expect.stringContaining("an id that Halo can't have"),
      });
    }
    expect((await failure(halo.get('/Tickets/1234567890123456?all=1'))).code).toBe('PLUGIN_PATH_UNDECLARED');
    expect(asked).toEqual([]);
  });

  test('a path that needs no scope is open to every tool', async () => {
    const { halo } = await toolOf({});
    await expect(halo.get('/Agent')).resolves.toEqual([{ id: 1, name: 'One' }]);
    await expect(halo.lookup('team')).resolves.toEqual([{ id: 1, name: 'One' }]);
  });
});

describe('a scope that is declared and not to be had', () => {
  test('where Halo does not grant it: the tool is told which to tick, other tools work', async () => {
    const token = grantOnly('read:tickets');
    const wanted: Scope[] = ['read:invoices', 'read:tickets'];
    const { halo, calls } = await toolOf({ scopes: wanted }, { token });
    const { code, line } = await failure(halo.get('/Invoice'));
    expect(code).toBe('HALO_SCOPE_MISSING');
    expect(line).toBe(
      'HALO_SCOPE_MISSING: The API application in Halo does not grant read:invoices, which a_tool needs. ' +
        'Tick read:invoices on it (Configuration > Integrations > Halo API), then restart the server.',
    );
    expect(calls()).toEqual([]);
    await expect(halo.get('/Tickets')).resolves.toBeDefined();
  });

  test('an optional one is used where another tool brings it, and named where none does', async () => {
    const optional = { scopes: ['read:projects'], optionalScopes: ['read:tickets'] } satisfies Partial<Allowance>;
    const with_ = await toolOf({ ...optional, asked: ['read:projects', 'read:tickets'] });
    await expect(with_.halo.get('/Tickets')).resolves.toBeDefined();
    const without = await toolOf({ ...optional, asked: ['read:projects'] });
    const { code, line } = await failure(without.halo.get('/Tickets'));
    expect([code, without.asked]).toEqual(['HALO_SCOPE_MISSING', []]);
    expect(line).toContain('Add it to "scopes" in the config, or turn on a pack that needs it');
  });
});

describe('writing', () => {
  test('is nothing that a tool has', async () => {
    const { halo } = await toolOf({ scopes: ['edit:tickets'] });
    expect(Object.keys(halo).toSorted()).toEqual(['all', 'get', 'judge', 'list', 'lookup']);
  });

  test('needs the edit: twin of the scope', async () => {
    const posted = { path: '/Tickets', outcome: 'waiting' } as const;
    const reader = await toolOf({ scopes: ['read:tickets'] });
    expect((await failure(reader.sender.post('/Tickets', [], posted))).line).toContain('needs edit:tickets');
    const writer = await toolOf({ scopes: ['edit:tickets'] });
    await writer.sender.post('/Tickets', [{ summary: 'x' }], posted);
    expect(writer.calls()).toMatchObject([{ method: 'POST', body: '[{"summary":"x"}]' }]);
  });
});

describe('the table of scopes', () => {
  test.each<[string, boolean, Scope | null | undefined]>([
    ['/Tickets', false, 'read:tickets'],
    ['/tickets/12', false, 'read:tickets'],
    ['Actions', false, 'read:tickets'],
    ['/Users', false, 'read:customers'],
    ['/RecurringInvoice/-3', false, 'read:invoices'],
    ['/Tickets', true, 'edit:tickets'],
    ['/Status', false, null],
    ['/Ticket', false, undefined],
    ['', false, undefined],
    ['/constructor', false, undefined],
    ['/__proto__', false, undefined],
  ])('%s, writing %s: %s', (path, write, scope) => {
    expect(scopeOfPath(path, write)).toBe(scope);
  });

  test.each<[string[], Scope, boolean]>([
    [['read:tickets'], 'read:tickets', true],
    [['edit:tickets'], 'read:tickets', true],
    [['all'], 'edit:invoices', true],
    [['read:tickets'], 'edit:tickets', false],
    [['all:standard'], 'read:tickets', false],
    [['edit:assets', 'read:crm'], 'read:tickets', false],
    [[], 'read:tickets', false],
  ])('%o covers %s: %s', (held, wanted, expected) => {
    expect(covers(held, wanted)).toBe(expected);
  });
});
