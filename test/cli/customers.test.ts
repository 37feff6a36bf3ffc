import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../cli/doctor/finding.js';
import { AREA_SCOPES } from '../../sandbox/http/scopes.js';
import { type Sandbox, startSandbox } from '../../sandbox/index.js';
import { command } from '../docs/command.js';
import { emptyFolder, folderWith, openSession, textOf } from '../session.js';

type Json = Record<string, unknown>;

let contoso: Sandbox;
let fabrikam: Sandbox;
let folder: string;
beforeAll(async () => {
  const scopes = AREA_SCOPES.filter((scope) => scope.startsWith('read:'));
  [contoso, fabrikam] = await Promise.all([
    startSandbox({ scopes, clientSecret: 'secret-of-contoso' }),
    startSandbox({ scopes, clientSecret: 'secret-of-fabrikam', tenant: 'drafts' }),
  ]);
  const of = ({ url, clientId }: Sandbox) => ({ instanceUrl: url, clientId });
  folder = folderWith({
    'contoso-secret': contoso.clientSecret,
    'both.json': {
      customers: {
        contoso: { ...of(contoso), clientSecretFile: 'contoso-secret', plugins: ['people', 'tickets'] },
        fabrikam: of(fabrikam),
      },
      plugins: ['clients'],
    },
  });
  chmodSync(join(folder, 'contoso-secret'), 0o600);
});
afterAll(() => Promise.all([contoso.close(), fabrikam.close()]));

const both = () => join(folder, 'both.json');
const env = () => ({ HALO_CLIENT_SECRET_FABRIKAM: fabrikam.clientSecret });
const run = (...args: string[]) => command([...args, '--config', both()], env());
const noSecret = (text: string) => expect(text).not.toMatch(/secret-of-/);

describe('a command for one customer', () => {
  test.each([
    ['serve', ['serve']],
    ['serve, on the sandbox', ['serve', '--sandbox']],
    ['call', ['call', 'list_agents']],
    ['tools', ['tools']],
  ])('%s: without one exit code 2 and the names, with a misspelt one the nearest', async (_, args) => {
    const none = await run(...args);
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toMatch(
      /^\S+both\.json names 2 customers, and none was chosen\. Add --customer NAME, or set HALO_MCP_CUSTOMER\. Customers: contoso, fabrikam\.\n$/,
    );
    const wrong = await run(...args, '--customer', 'contosso');
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toMatch(
      /^--customer names "contosso", which is not a customer of \S+both\.json\. Did you mean "contoso"\? Customers: contoso, fabrikam\.\n$/,
    );
  });

  test('tools shows the packs of the one that is named, and what they need', async () => {
    const scopes = async (...args: string[]) => JSON.parse((await run('tools', '--json', ...args)).stdout).scopes;
    expect(await scopes('--customer', 'contoso')).toEqual(['read:tickets']);
    expect(await scopes('--customer', 'fabrikam')).toEqual(['read:customers']);
  });

  test('call asks the Halo of that customer with its own secret', async () => {
    const [before, other] = [contoso.requests.length, fabrikam.requests.length];
    const { code, stdout, stderr } = await run('call', 'list_clients', '--customer', 'fabrikam', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ page: 1 });
    expect([contoso.requests.length - before, fabrikam.requests.length > other]).toEqual([0, true]);
    const off = await run('call', 'list_clients', '--customer', 'contoso');
    expect(off.code).toBe(2);
    expect(off.stderr).toContain('No tool named "list_clients" is on.');
  });

  test('a session over stdio is bound to the customer of HALO_MCP_CUSTOMER', async () => {
    const session = await openSession({
      args: ['--config', both()],
      env: { ...env(), HALO_MCP_CUSTOMER: 'contoso' },
      secrets: [contoso.clientSecret, fabrikam.clientSecret],
    });
    const before = fabrikam.requests.length;
    const names = (await session.list()).map(({ name }) => name);
    expect(names).toEqual(['list_agents', 'list_tickets', 'get_ticket', 'list_actions']);
    const answer = await session.call('list_tickets', { page_size: 2 });
    expect(textOf(answer)).toMatch(/^2 of \d+ tickets/);
    expect(fabrikam.requests.length).toBe(before);
    await session.close();
  });

  test('a variable without a name stops it, with both ways out', async () => {
    const { code, stderr } = await command(['tools', '--config', both(), '--customer', 'contoso'], {
      HALO_CLIENT_SECRET: 'secret-of-nobody',
    });
    expect(code).toBe(2);
    expect(stderr).toContain('HALO_CLIENT_SECRET does not say which customer it is for');
    expect(stderr).toMatch(/HALO_CLIENT_SECRET_CONTOSO, or "clientSecretFile".*or serve one customer alone/);
    noSecret(stderr);
  });

  test('what is not set is named as this customer has it', async () => {
    const { code, stderr } = await command(['call', 'list_clients', '--config', both(), '--customer', 'fabrikam']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^HALO_NOT_CONFIGURED: .*HALO_CLIENT_SECRET_FABRIKAM/);
  });
});

describe('the doctor', () => {
  test('examines all, with a heading for each', async () => {
    const { code, stdout, stderr } = await run('doctor');
    expect(stderr).toBe('');
    expect(stdout.match(/^(contoso|fabrikam)$/gm)).toEqual(['contoso', 'fabrikam']);
    expect(stdout.match(/Credentials: address, client ID and secret are set/g)).toHaveLength(2);
    expect(code).toBe(stdout.includes('✗') ? 1 : 0);
    noSecret(stdout);
  });

  test('--json has the name in each finding; what fails for one fails for it alone', async () => {
    const { code, stdout } = await command(['doctor', '--json', '--config', both()]);
    expect(code).toBe(1);
    const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: (Finding & { customer: string })[] };
    expect(ok).toBe(false);
    const failed = findings.filter(({ mark }) => mark === 'fail').map(({ id, customer }) => [customer, id]);
    expect(failed).toContainEqual(['fabrikam', 'credentials']);
    expect(failed.filter(([customer]) => customer === 'contoso')).toEqual([]);
    expect([...new Set(findings.map(({ customer }) => customer))]).toEqual(['contoso', 'fabrikam']);
    for (const name of ['contoso', 'fabrikam'])
      expect(findings.filter(({ customer, id }) => customer === name && id === 'tools')).toHaveLength(1);
  });

  test('with one named, it alone', async () => {
    const before = fabrikam.requests.length;
    const { stdout } = await run('doctor', '--customer', 'contoso');
    expect(stdout).not.toContain('fabrikam');
    expect(stdout).toMatch(/^✓ Pack people/m);
    expect(fabrikam.requests.length).toBe(before);
  });

  test('of a config with a single customer is as ever', async () => {
    const { stdout } = await command(['doctor', '--sandbox', '--json']);
    const { findings } = JSON.parse(stdout) as { findings: Json[] };
    expect(findings.every((finding) => !('customer' in finding))).toBe(true);
  });

  test('--revenue asks each customer', async () => {
    const { stdout } = await run('doctor', '--revenue', '--json');
    const reports = JSON.parse(stdout) as Json[];
    expect(reports.map(({ customer }) => customer)).toEqual(['contoso', 'fabrikam']);
    for (const report of reports)
      expect(report).toMatchObject({ read: expect.any(Object), findings: expect.any(Array) });
  });
});

describe('init --customer', () => {
  const init = (cwd: string, args: string[], more: Record<string, string> = {}) =>
    command(['init', '--yes', '--no-doctor', ...args], { HOME: cwd, ...more }, cwd);
  const read = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));
  const needed = (name: string, { url, clientId }: Sandbox) => [
    ...['--customer', name, '--instance-url', url, '--client-id', clientId, '--config', 'all.json'],
  ];

  test('adds one after the other, each with a block of its own; the first stays as it was', async () => {
    const cwd = folderWith({ one: contoso.clientSecret, two: fabrikam.clientSecret });
    const client = ['--client', 'claude-code', '--write'];
    const first = await init(cwd, [
      ...needed('contoso', contoso),
      '--secret-file',
      'one',
      '--packs',
      'people',
      ...client,
    ]);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const before = read(cwd, 'all.json');
    const second = await init(cwd, [...needed('north-wind', fabrikam), '--secret-env', ...client]);
    expect(second).toMatchObject({ code: 0, stderr: '' });
    const after = read(cwd, 'all.json');
    expect(after.customers.contoso).toEqual(before.customers.contoso);
    expect(before.customers.contoso).toEqual({
      ...{ instanceUrl: contoso.url, clientId: contoso.clientId, clientSecretFile: join(cwd, 'one') },
      plugins: ['people'],
    });
    expect(Object.keys(after.customers)).toEqual(['contoso', 'north-wind']);
    expect(read(cwd, '.mcp.json').mcpServers).toMatchObject({
      'halo-contoso': {
        args: [expect.any(String), '--config', join(cwd, 'all.json'), '--customer', 'contoso'],
        env: {},
      },
      'halo-north-wind': {
        args: [expect.any(String), '--config', join(cwd, 'all.json'), '--customer', 'north-wind'],
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the client fills it in
        env: { HALO_CLIENT_SECRET_NORTH_WIND: '${HALO_CLIENT_SECRET_NORTH_WIND}' },
      },
    });
    expect(readdirSync(cwd).filter((name) => name.startsWith('all.json.backup'))).toHaveLength(1);
    noSecret(first.stdout + second.stdout + JSON.stringify(after));
  });

  test('keeps the rest of the config, and takes its general packs if none are named', async () => {
    const cwd = folderWith({
      one: 's3cret',
      'all.json': {
        customers: { contoso: {} },
        plugins: ['people'],
        exclude: ['get_ticket'],
        output: { maxTokens: 700 },
      },
    });
    const { code, stdout } = await init(cwd, [...needed('fabrikam', fabrikam), '--secret-file', 'one']);
    expect(code).toBe(0);
    const { customers, ...others } = read(cwd, 'all.json');
    expect(others).toEqual({ plugins: ['people'], exclude: ['get_ticket'], output: { maxTokens: 700 } });
    expect(customers.contoso).toEqual({});
    expect(customers.fabrikam).not.toHaveProperty('plugins');
    expect(stdout).toContain('read:tickets, or any one that reads');
  });

  test.each<[string, object | string, string[], RegExp]>([
    ['an invalid name', {}, ['--customer', 'Con toso'], /is not a valid customer name/],
    ['the config of a single Halo', { plugins: ['people'] }, [], /is the config of a single Halo\. Move/],
    ['an invalid config', { customers: { fabrikam: {} }, plugin: [] }, [], /unknown key "plugin"/],
    ['a customer that is there', { customers: { contoso: {} } }, [], /it has a customer "contoso" already\. Nothing/],
    ['a limit for all', { customers: { fabrikam: {} } }, ['--max-tokens', '900'], /holds for all customers/],
  ])('%s: nothing is written', async (_, content, more, sentence) => {
    const cwd = folderWith({ one: 's3cret', 'all.json': content });
    const before = readFileSync(join(cwd, 'all.json'), 'utf8');
    const { code, stderr } = await init(cwd, [...needed('contoso', contoso), '--secret-file', 'one', ...more]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(sentence)]);
    expect(readFileSync(join(cwd, 'all.json'), 'utf8')).toBe(before);
    expect(readdirSync(cwd).toSorted()).toEqual(['all.json', 'one']);
  });

  test('a YAML config is left alone', async () => {
    const cwd = folderWith({ one: 's3cret' });
    writeFileSync(join(cwd, 'all.yaml'), 'customers: { fabrikam: {} }\n');
    const args = [...needed('contoso', contoso), '--secret-file', 'one', '--config', 'all.yaml'];
    expect(await init(cwd, args)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Add the customer to it by hand'),
    });
    expect(existsSync(join(cwd, 'all.json'))).toBe(false);
  });

  test('the address of another customer in the environment is not used for this one', async () => {
    const args = ['--customer', 'contoso', '--secret-env', '--config', 'all.json'];
    const { code, stderr } = await init(emptyFolder(), args, { HALO_INSTANCE_URL: fabrikam.url, HALO_CLIENT_ID: 'x' });
    expect([code, stderr]).toEqual([2, expect.stringContaining('init needs --instance-url')]);
  });

  test('then the doctor looks at this customer alone', async () => {
    const cwd = folderWith({ one: contoso.clientSecret, 'all.json': { customers: { fabrikam: {} } } });
    const args = [...needed('contoso', contoso), '--secret-file', 'one', '--packs', 'people'];
    const noise = { HALO_CLIENT_ID: 'x', HALO_MCP_CUSTOMER: 'fabrikam' };
    const { code, stdout } = await command(['init', '--yes', ...args], { HOME: cwd, ...noise }, cwd);
    expect(stdout).toMatch(/✓ Pack people/);
    expect([code, stdout]).toEqual([0, expect.not.stringContaining('✗')]);
  });
});
