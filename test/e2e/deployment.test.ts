import { afterEach, describe, expect, test } from 'vitest';
import { type Fault, type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/index.js';
import { openInside } from '../inside.js';
import { defaultNames } from '../packs.js';
import { haloEnv, namedConfig, type Session, type SessionOptions } from '../session.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** A server as deployed, with config and environment, on a Halo whose requests are recorded. */
async function deploy(
  config: object,
  halo: SandboxOptions = {},
  options: SessionOptions = {},
): Promise<{ session: Session; halo: Sandbox }> {
  const sandbox = await startSandbox(halo);
  const session = await openInside({
    args: [],
    ...options,
    env: { ...haloEnv(sandbox), ...namedConfig(config), ...options.env },
  });
  open.push(session, sandbox);
  return { session, halo: sandbox };
}

const names = async ({ client }: Session) => (await client.listTools()).tools.map(({ name }) => name);
const askedScopes = ({ requests }: Sandbox) =>
  requests.filter(({ path }) => path.endsWith('/token')).map(({ body }) => new URLSearchParams(body).get('scope'));

describe('packs and scopes', () => {
  test('with tickets alone three tools are listed and callable, and the token asks for read:tickets alone', async () => {
    const { session, halo } = await deploy({ plugins: ['tickets'] });
    expect(await names(session)).toEqual(['list_tickets', 'get_ticket', 'list_actions']);
    await session.ask('list_tickets', { status: 'New', page_size: 5 });
    expect(askedScopes(halo)).toEqual(['read:tickets']);
    await expect(session.call('list_clients')).rejects.toThrow(/No tool named "list_clients" is on/);
  });

  test('a tool that is off and one that does not exist are refused in the same words', async () => {
    const { session } = await deploy({ plugins: ['tickets'] });
    const text = (name: string) =>
      session.call(name).then(
        () => '',
        (error: Error) => error.message.replace(name, 'NAME'),
      );
    expect(await text('get_invoice')).toBe(await text('get_nothing'));
  });

  test('the token asks for the union of the scopes of the tools that are on, each once', async () => {
    const { session, halo } = await deploy({
      plugins: ['people', { use: 'finance', tools: ['list_invoices', 'list_contracts'] }, 'assets'],
      exclude: ['list_contracts'],
    });
    await session.ask('list_assets');
    expect(askedScopes(halo)).toEqual(['read:assets read:invoices']);
  });

  test('where no tool needs a scope, read:tickets is asked for, or the first that is granted', async () => {
    const { session, halo } = await deploy({ plugins: ['people'] }, { scopes: ['read:assets'] });
    expect((await session.ask<{ items: object[] }>('list_agents')).items.length).toBeGreaterThan(5);
    expect(askedScopes(halo).at(-1)).toBe('read:assets');
  });

  test('a scope that is not ticked leaves its tools listed, saying which to tick; the others work', async () => {
    const scopes = [
      'read:tickets',
      'read:customers',
      'read:contracts',
      'read:invoices',
      'read:projects',
      'read:assets',
    ];
    const { session, halo } = await deploy({}, { scopes });
    expect(await names(session)).toEqual(defaultNames);
    expect((await session.ask<{ items: object[] }>('list_clients')).items.length).toBeGreaterThan(0);
    expect(await session.fail('list_reports')).toBe(
      'HALO_SCOPE_MISSING: The API application in Halo does not grant read:reporting, which list_reports needs. ' +
        'Tick read:reporting on it (Configuration > Integrations > Halo API), then restart the server.',
    );
    await session.ask('list_assets');
    // The union, each scope alone, the granted ones, and never again.
    expect(askedScopes(halo)).toHaveLength(1 + 7 + 1);
    expect(halo.requests.filter(({ path }) => path === '/api/Report')).toEqual([]);
  });

  test('client_name without read:customers says to use client_id, which works', async () => {
    const { session } = await deploy({ plugins: ['tickets'] });
    expect(await session.fail('list_tickets', { client_name: 'Contoso Dental' })).toBe(
      'HALO_SCOPE_MISSING: Clients can be found by name only with read:customers. Pass client_id in place of client_name.',
    );
    const { items } = await session.ask<{ items: { client: string }[] }>('list_tickets', { client_id: 17 });
    expect(new Set(items.map(({ client }) => client))).toEqual(new Set(['Contoso Dental']));
  });

  test('a project without read:tickets comes with a hint in the place of its tickets', async () => {
    const { session } = await deploy({ plugins: ['projects'] });
    const { items } = await session.ask<{ items: { id: number }[] }>('list_projects');
    const project = await session.ask<{ tickets?: unknown; hint: string }>('get_project', { id: items[0]?.id });
    expect(project.tickets).toBeUndefined();
    expect(project.hint).toMatch(/read:tickets/);
  });

  test('a contract without read:invoices comes without its billing, and says why', async () => {
    const { session } = await deploy({ plugins: [{ use: 'finance', tools: ['get_contract'] }] });
    const contract = await session.ask<{ billed_by?: unknown; hint: string }>('get_contract', { id: 31 });
    expect(contract.billed_by).toBeUndefined();
    expect(contract.hint).toMatch(/read:invoices/);
  });
});

describe('requests', () => {
  test('a list is one request, and the names of its ids are fetched once in five minutes', async () => {
    const { session, halo } = await deploy({ plugins: ['tickets'] });
    await session.ask('list_tickets');
    await session.ask('list_tickets', { page: 2 });
    const paths = halo.requests.map(({ path }) => path);
    expect(paths.filter((path) => path === '/api/Tickets')).toHaveLength(2);
    expect(paths.filter((path) => path === '/api/Priority')).toHaveLength(1);
    expect(paths).toHaveLength(1 + 2 + 1);
  });

  test('sixteen equal calls at once are one request to Halo', async () => {
    const { session, halo } = await deploy({ plugins: ['clients'] });
    await session.ask('list_agents').catch(() => undefined);
    await Promise.all(Array.from({ length: 16 }, () => session.ask('list_clients', { page_size: 10 })));
    // The page, and once a day the proof that its count excludes inactive clients.
    expect(halo.requests.filter(({ path }) => path === '/api/Client')).toHaveLength(2);
    expect(halo.requests.filter(({ path }) => path.endsWith('/token'))).toHaveLength(1);
  });

  test('the revenue book is fetched by pages of 100, lines with the list', async () => {
    const { session, halo } = await deploy({ plugins: ['finance'] });
    const { method } = await session.ask<{ method: { fetched: { invoices: number } } }>('revenue_breakdown');
    const count = (path: string) => halo.requests.filter((request) => request.path === path).length;
    expect(count('/api/Invoice')).toBe(Math.ceil(method.fetched.invoices / 100));
    expect(count('/api/RecurringInvoice')).toBe(1);
    expect(count('/api/ClientContract')).toBe(1);
    expect(count('/api/Client')).toBe(1);
    expect(halo.requests.length).toBeLessThan(40);
  });

  test('only GET leaves for the API', async () => {
    const { session, halo } = await deploy({});
    for (const { name } of (await session.client.listTools()).tools)
      await session.call(name, name.startsWith('get_') ? { id: 31 } : {});
    expect(new Set(halo.requests.filter(({ path }) => path.startsWith('/api')).map(({ method }) => method))).toEqual(
      new Set(['GET']),
    );
  });
});

describe('a fault is reported in one sentence with a remedy', () => {
  test('a wrong secret is told in a sentence that says what to check', async () => {
    const { session } = await deploy({}, {}, { env: { HALO_CLIENT_SECRET: 'wrong-secret-1234' } });
    const text = await session.fail('list_clients');
    expect(text).toMatch(
      /^HALO_CREDENTIALS_REFUSED: Halo refuses the client id or the secret \(invalid_client\)\. Check HALO_CLIENT_ID and HALO_CLIENT_SECRET against the API application in Halo, then restart\. The client id ends in …\w{4}\.$/,
    );
    expect(session.stderr()).not.toContain('wrong-secret-1234');
  });

  test('a Halo that can not be reached', async () => {
    const { session } = await deploy({}, {}, { env: { HALO_INSTANCE_URL: 'http://127.0.0.1:9' } });
    expect(await names(session)).toEqual(defaultNames);
    expect(await session.fail('list_clients')).toBe(
      'HALO_UNREACHABLE: 127.0.0.1:9 does not accept connections. Check HALO_INSTANCE_URL, the network, VPN and firewall; where a proxy is needed, set HTTPS_PROXY.',
    );
  });

  test('a filter that Halo ignores is an error, never an answer', async () => {
    const faults: Fault[] = [{ name: 'filter-ignored', parameters: ['client_id'] }];
    const { session } = await deploy({ plugins: ['tickets'] }, { faults });
    expect(await session.fail('list_tickets', { client_id: 17 })).toMatch(
      /^HALO_FILTER_IGNORED: Halo ignored the filter "client"/,
    );
  });

  test('days that Halo ignores are filtered here, and the total is told only where the walk was whole', async () => {
    const faults: Fault[] = [{ name: 'filter-ignored', parameters: ['datesearch', 'startdate', 'enddate'] }];
    const options = { now: '2026-11-20T12:00:00Z' };
    const args = { from: '2026-11-10', to: '2026-11-12', page_size: 100 };
    const { session: ignoring } = await deploy({ plugins: ['tickets'] }, { ...options, faults });
    const { session: filtering } = await deploy({ plugins: ['tickets'] }, options);
    const [here, there] = [
      await ignoring.ask<{ items: { created: string }[]; total: number }>('list_tickets', args),
      await filtering.ask<{ items: object[]; total: number }>('list_tickets', args),
    ];
    expect(here.items.length).toBeGreaterThan(5);
    expect(here.items).toEqual(there.items);
    expect(here.total).toBe(there.total);
    for (const { created } of here.items) expect(created >= '2026-11-10' && created <= '2026-11-12').toBe(true);
  });

  test('pages that fail for good make the breakdown incomplete, and no total is shown as complete', async () => {
    const { session } = await deploy({ plugins: ['finance'] }, { faults: ['500@/Invoice?page_no=2'] });
    const answer = await session.ask<{
      method: { complete: boolean; reason: string[] };
      statement: string;
      flags: { code: string }[];
    }>('revenue_breakdown');
    expect(answer.method.complete).toBe(false);
    expect(answer.method.reason.join()).toMatch(/Invoice: page 2 of \d+ failed \(HALO_FAILED\)/);
    expect(answer.statement).toMatch(/^INCOMPLETE/);
    expect(answer.flags.map(({ code }) => code)).toContain('incomplete_data');
  });
});
