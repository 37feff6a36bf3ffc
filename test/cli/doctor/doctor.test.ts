import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { patience } from '../../../cli/doctor/exam.js';
import { type Finding, lineOf } from '../../../cli/doctor/finding.js';
import { diagnose } from '../../../cli/doctor/index.js';
import { FALLBACKS, looksOf } from '../../../cli/doctor/reads.js';
import { prepare } from '../../../cli/start.js';
import { scopeOfPath } from '../../../core/halo/scopes.js';
import { cardOf } from '../../../core/load/card.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../sandbox/index.js';
import { command } from '../../docs/command.js';
import { defaultPacks, defaultTools } from '../../packs.js';
import { emptyFolder, folderWith, haloEnv } from '../../session.js';
import { changedSandbox, eachRow } from './changed.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

const READ = ['tickets', 'customers', 'contracts', 'invoices', 'projects', 'assets', 'reporting'].map(
  (a) => `read:${a}`,
);

/** A Halo whose API application has just what the default packs need. */
async function sandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const started = await startSandbox({ scopes: READ, ...options });
  onTestFinished(() => started.close());
  return started;
}

type Intercept = NonNullable<SandboxOptions['intercept']>;
const intercepted = (intercept: Intercept, more: SandboxOptions = {}) => sandbox({ intercept, ...more });

/** What the doctor finds at a Halo, run in this process. */
async function examine(halo: Sandbox, env: Record<string, string> = {}, config: object = {}) {
  vi.stubEnv('HALO_MCP_LOG_LEVEL', 'info');
  for (const [name, value] of Object.entries({ ...haloEnv(halo), ...env })) vi.stubEnv(name, value);
  return checked(await diagnose(await prepare({ config: saved(config) })), halo);
}

/** The same with the built command, where a plugin file can import halo-psa-mcp. */
async function examineBuilt(halo: Sandbox, config: object) {
  const { stdout } = await command(['doctor', '--json', '--config', saved(config)], haloEnv(halo));
  return checked((JSON.parse(stdout) as { findings: Finding[] }).findings, halo);
}

const saved = (config: object) => join(folderWith({ 'named.json': config }), 'named.json');

/** True of every examination: no secret, at most 30 requests, a way out for everything that is not in order. */
function checked(findings: Finding[], halo: Sandbox) {
  expect(JSON.stringify(findings)).not.toContain(halo.clientSecret);
  expect(halo.requests.length).toBeLessThanOrEqual(30);
  for (const { mark, way_out, id } of findings)
    if (mark === 'fail' || mark === 'ok') expect([id, way_out !== undefined]).toEqual([id, mark === 'fail']);
  const marked = (mark: string) => findings.filter((finding) => finding.mark === mark).map(({ id }) => id);
  return {
    findings,
    failed: marked('fail'),
    warned: marked('warn'),
    open: marked('none'),
    find: (id: string) => findings.find((finding) => finding.id === id),
  };
}

describe('the command', () => {
  test('finds the sandbox in order: exit code 0, a sign for each line, 80 columns', async () => {
    const { code, stdout, stderr } = await command(['doctor', '--sandbox']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.at(-1)).toBe('All is in order.');
    expect(lines.slice(0, -2).filter((line) => !/^(✓ | {2}\S)/.test(line))).toEqual([]);
    const words = lines.flatMap((line) => /^✓ ([\w-]+)/.exec(line)?.[1] ?? []);
    expect(words.filter((word, i) => word !== words[i - 1])).toEqual([
      ...['Config', 'Credentials', 'Host', 'Halo', 'Log-in', 'Scope', 'Pack', 'Least'],
      ...['Clock', 'Time', 'Requests', 'Tools', 'Cost', 'Plugins'],
    ]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('--json has the same as data', async () => {
    const { code, stdout } = await command(['doctor', '--sandbox', '--json']);
    expect(code).toBe(0);
    const { ok, findings } = JSON.parse(stdout) as {
      ok: boolean;
      findings: { id: string; data?: { tools: unknown[] } }[];
    };
    expect(ok).toBe(true);
    expect(findings.find(({ id }) => id === 'tools')?.data?.tools).toContainEqual({
      ...{ name: 'billing_leaks', pack: 'insights', on: false, why: 'pack', reason: 'the pack "insights" is off' },
      fix: 'Add "insights" to "plugins" in the config.',
    });
  });

  test('exits 1 where something that is on does not work, with the way out below it', async () => {
    const { code, stdout } = await command(['doctor'], {
      ...haloEnv(await sandbox()),
      HALO_CLIENT_SECRET: 'wrong-secret',
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^✗ Log-in: Halo refuses the client id .*\n? .*\(invalid_client\)\.\n {2}→ Check HALO_CLIENT_ID and HALO_CLIENT_SECRET against/m,
    );
    expect(stdout).toMatch(/^– Packs: not looked at, as there is no token$/m);
    expect(stdout).toMatch(/\n1 thing does not work\.\n$/);
    expect(stdout).not.toContain('wrong-secret');
  });

  test('a config that is wrong is a finding as well', async () => {
    const file = join(folderWith({ 'x.json': { plugin: [] } }), 'x.json');
    const { code, stdout } = await command(['doctor', '--config', file, '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      findings: [{ id: 'config', mark: 'fail', detail: expect.stringMatching(/unknown key "plugin".*Did you mean/) }],
    });
  });

  test('and so is an unknown pack', async () => {
    const file = join(folderWith({ 'x.json': { plugins: ['tickts'] } }), 'x.json');
    const { code, stdout } = await command(['doctor', '--config', file]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^✗ Config: "plugins" names "tickts"/);
  });

  test('what is odd in the environment is no matter of the secret, and a tool is no pack', async () => {
    const file = join(folderWith({ 'x.json': { exclude: ['get_client', 'list_actions'] } }), 'x.json');
    const env = { HALO_MCP_LOG_LEVEL: 'verbose', HALO_URL: 'x' };
    const { stdout } = await command(['doctor', '--config', file, '--json'], env);
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    const told = findings.filter(({ title }) => title === 'Settings').map(({ detail }) => detail);
    expect(told).toEqual([
      'HALO_URL is not read: the variable is HALO_INSTANCE_URL.',
      expect.stringMatching(/^HALO_MCP_LOG_LEVEL is "verbose"/),
    ]);
    expect(findings.map(({ title }) => title)).not.toContain('Secret');
    expect(findings.find(({ id }) => id === 'tools')?.detail).toMatch(
      /off by the config: the packs insights, [^;]*desk-actions; the tools list_actions, get_client$/,
    );
  });

  test.each([
    ['gone', "can't be read. Check the path and its permissions."],
    ['empty', 'is empty. Put the secret into it.'],
  ])("a secret's file that is %s is told once, as the config names it", async (name, words) => {
    const halo = { instanceUrl: 'https://127.0.0.1:9', clientId: 'id', clientSecretFile: name };
    const folder = folderWith({ 'x.json': { plugins: ['people'], halo }, empty: '' });
    chmodSync(join(folder, 'empty'), 0o600);
    const { stdout } = await command(['doctor', '--config', join(folder, 'x.json'), '--json']);
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    expect(findings.filter(({ detail, way_out = '' }) => `${detail} ${way_out}`.includes(words))).toEqual([
      expect.objectContaining({ id: 'credentials', detail: 'The server has no client secret.' }),
    ]);
    expect(stdout).not.toContain('HALO_CLIENT_SECRET');
  });

  test('without credentials says which are missing, and still checks what it can', async () => {
    const { code, stdout } = await command(['doctor']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✗ Credentials: The server has no Halo to ask: HALO_INSTANCE_URL, HALO_CLIENT_ID,/m);
    expect(stdout).toMatch(/^✓ Tools: 18 on/m);
  });
});

describe('the address', () => {
  test('a host that does not answer', async () => {
    const { find, failed, open } = await examine(await sandbox(), { HALO_INSTANCE_URL: 'http://127.0.0.1:9' });
    expect(find('host')).toMatchObject({
      detail: '127.0.0.1:9 does not accept connections.',
      way_out: expect.stringMatching(/^Check HALO_INSTANCE_URL, the network, VPN and firewall/),
    });
    expect(failed).toEqual(['host']);
    expect(open).toEqual(['halo', 'login', 'scopes', 'packs', 'surplus', 'clock']);
  });

  test('a host that takes too long', async () => {
    const slow = await sandbox({ faults: ['slow-headers'] });
    const { find, failed } = await examine(slow, {}, { halo: { timeoutMs: 1000 } });
    expect(find('host')).toMatchObject({
      detail: 'Halo did not answer in time.',
      way_out: expect.stringMatching(/^Call the doctor again; if it stays, look at the network/),
    });
    expect(failed).toEqual(['host']);
  });

  test('no question waits longer than half a minute, whatever the settings', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { signal } = patience();
    vi.advanceTimersByTime(29_999);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.reason).toMatchObject({ code: 'HALO_TIMEOUT' });
  });

  test('a connection that is not secure', async () => {
    const halo = await sandbox();
    const { find, failed } = await examine(halo, { HALO_INSTANCE_URL: halo.url.replace('http:', 'https:') });
    expect(find('host')).toMatchObject({
      detail: expect.stringMatching(/^The secure connection to 127\.0\.0\.1:\d+ failed/),
      way_out: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
    expect(failed).toEqual(['host']);
  });

  test('a web page in the place of Halo', async () => {
    const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Log in</html>' };
    const { find, failed } = await examine(await intercepted(() => page));
    expect(find('halo')).toMatchObject({
      detail: 'Halo answered with a web page in place of data.',
      way_out: expect.stringMatching(/^Set HALO_INSTANCE_URL to the address alone, such as http:\/\/127/),
    });
    expect(failed).toEqual(['halo', 'login']);
  });

  test('an instance path too much', async () => {
    const halo = await sandbox();
    const { find, failed } = await examine(halo, { HALO_INSTANCE_URL: `${halo.url}/elsewhere` });
    expect(find('halo')).toMatchObject({
      detail: `there is no Halo API at ${halo.url}/elsewhere/api (HTTP 404).`,
      way_out: expect.stringContaining(`such as ${halo.url};`),
    });
    expect(failed).toEqual(['halo', 'login']);
  });

  test('a redirect is told as the wrong address, with the host that it leads to', async () => {
    const away = { status: 302, headers: { location: 'https://elsewhere.example/login' } };
    const { find } = await examine(await intercepted(() => away));
    expect(find('halo')).toMatchObject({
      mark: 'fail',
      detail: 'Halo redirects to elsewhere.example.',
      way_out: 'Set HALO_INSTANCE_URL to the address that Halo really answers at.',
    });
  });

  test("a proxy's own log-in", async () => {
    const { find } = await examine(await sandbox({ faults: ['407'] }));
    expect(find('halo')).toMatchObject({
      mark: 'fail',
      detail: expect.stringMatching(/^A proxy on the way to Halo asks for a login/),
      way_out: expect.stringMatching(/^Put its user and password into HTTPS_PROXY/),
    });
  });

  test('an older Halo that does not tell its version works', async () => {
    const { find, failed } = await examine(
      await intercepted(({ path }) => (path === '/api/InstanceInfo' ? { status: 401 } : undefined)),
    );
    expect(find('halo')).toMatchObject({
      mark: 'warn',
      detail: 'it does not tell its version without a login (HTTP 401).',
    });
    expect(failed).toEqual([]);
  });

  test('a log-in server elsewhere, as Halo itself names it', async () => {
    const info = JSON.stringify({ app_name: 'Halo PSA', app_version: '2.1', auth_url: 'https://auth.example/x/' });
    const { find, failed } = await examine(
      await intercepted(({ path }) => {
        if (path === '/auth/token') return { status: 404 };
        return path === '/api/InstanceInfo' ? { status: 200, body: info } : undefined;
      }),
    );
    expect(find('halo')?.detail).toBe('Halo PSA 2.1');
    expect(find('login')).toMatchObject({
      detail: expect.stringMatching(/^There is no log-in server at /),
      way_out: expect.stringContaining(
        'or set HALO_AUTH_URL. Halo names https://auth.example/x as its log-in server: set HALO_AUTH_URL to it.',
      ),
    });
    expect(failed).toEqual(['login']);
  });

  test.each([
    [-3600, '60 min ahead of'],
    [18_000, '5 h behind'],
  ])("Halo's clock %i s from ours", async (seconds, words) => {
    const date = new Date(Date.now() + seconds * 1000).toUTCString();
    const halo = await intercepted(({ path }) =>
      path === '/api/InstanceInfo' ? { status: 200, headers: { date }, body: '{"app_version": "2.2"}' } : undefined,
    );
    const { find } = await examine(halo);
    expect(find('clock')).toMatchObject({ mark: 'warn', detail: `${words} Halo's` });
  });
});

describe('the two gates', () => {
  test('a scope that is not ticked: which, and what needs it', async () => {
    const { find, failed } = await examine(
      await sandbox({ scopes: READ.filter((scope) => scope !== 'read:reporting') }),
    );
    expect(find('login')?.detail).toBe('a token for 6 scopes');
    expect(find('scope read:reporting')).toMatchObject({
      detail: "not ticked on the API application; reports can't do without it.",
      way_out: expect.stringMatching(/^Tick read:reporting on it/),
    });
    expect(find('pack reports')?.detail).toMatch(/^the API application lacks read:reporting \(the first of two gates/);
    expect(failed).toEqual(['scope read:reporting', 'pack reports']);
  });

  test('a role that refuses what the scope allows', async () => {
    const halo = await intercepted(({ path }) => (path === '/api/Invoice' ? { status: 403 } : undefined));
    const { find, failed } = await examine(halo);
    expect(find('scope read:invoices')?.mark).toBe('ok');
    expect(find('pack finance')).toMatchObject({
      detail: 'read:invoices is ticked, but the role of the agent refuses /Invoice (HTTP 403).',
      way_out: expect.stringMatching(/^Let the role of the agent that the API application logs in as see \/Invoice,/),
    });
    expect(failed).toEqual(['pack finance']);
  });

  test('both gates shut, with more than one thing behind them: each is reported', async () => {
    const { findings, failed } = await examine(
      await intercepted(({ path }) => (path === '/api/Client' ? { status: 403 } : undefined), {
        scopes: ['read:customers', 'read:invoices'],
      }),
      {},
      { plugins: ['finance', 'clients'] },
    );
    expect(failed).toEqual(['scope read:contracts', 'pack finance', 'pack finance', 'pack clients']);
    expect(findings.filter(({ id }) => id === 'pack finance').map(({ detail }) => detail)).toEqual([
      expect.stringContaining('refuses /Client'),
      expect.stringContaining('lacks read:contracts'),
    ]);
  });

  test('a scope without a harmless read is reported, but is not a failure', async () => {
    const folder = folderWith({ 'mine.mjs': plugin('mine', 1, "effect: 'read', scopes: ['read:calendar']") });
    const halo = await sandbox({ scopes: ['read:calendar'] });
    const { find, failed } = await examineBuilt(halo, { plugins: [join(folder, 'mine.mjs')] });
    expect(find('pack mine')).toMatchObject({ mark: 'none', detail: 'no harmless read is known for read:calendar' });
    expect(failed).toEqual([]);
  });

  test.each([
    ['404', "Halo has nothing at /Asset, or this login can't see it.", /^Compare HALO_INSTANCE_URL with the Resource/],
    ['500', 'Halo failed (HTTP 500).', /^Call again in a minute/],
    ['empty', "Halo's answer was empty.", /look for a proxy/],
  ])('a list that answers %s', async (fault, detail, wayOut) => {
    const { find, failed } = await examine(await sandbox({ faults: [`${fault}@/Asset`] }));
    expect(find('pack assets')).toMatchObject({ detail, way_out: expect.stringMatching(wayOut) });
    expect(failed).toEqual(['pack assets']);
  });

  test('a role that refuses what needs no scope', async () => {
    const halo = await intercepted(({ path }) => (path === '/api/Agent' ? { status: 403 } : undefined));
    const { find, failed } = await examine(halo, {}, { plugins: ['people'] });
    expect(find('pack people')?.detail).toBe(
      'no scope is needed, but the role of the agent refuses /Agent (HTTP 403).',
    );
    expect(failed).toEqual(['pack people']);
  });

  test('a role that sees nothing', async () => {
    const { find, failed, warned } = await examine(
      await changedSandbox(
        eachRow(/^\/report$/, () => null),
        { scopes: READ },
      ),
    );
    expect(find('pack reports')).toMatchObject({
      detail: '/Report can be read and has no row.',
      way_out: "There is nothing yet, or the agent's role sees nothing of it: look which.",
    });
    expect({ failed, warned }).toEqual({ failed: [], warned: ['pack reports'] });
  });

  test('a token that is turned down at once', async () => {
    const halo = await intercepted(({ path }) =>
      path.startsWith('/api/') && path !== '/api/InstanceInfo' ? { status: 401 } : undefined,
    );
    const { find } = await examine(halo, {}, { plugins: ['tickets'] });
    expect(find('pack tickets')).toMatchObject({
      mark: 'fail',
      detail: 'Halo gave a token and then refused it (HTTP 401).',
    });
  });

  test.each([
    [['all'], 'all'],
    [[...READ, 'admin'], 'admin'],
    [[...READ, 'edit:tickets', 'edit:kb'], 'edit:tickets'],
  ])('%j is more than the tools need', async (scopes, surplus) => {
    const { find, failed } = await examine(await sandbox({ scopes }));
    expect(find('surplus')).toMatchObject({
      mark: 'warn',
      detail: `the API application also has ${surplus}, which no tool that is on needs.`,
      way_out: expect.stringMatching(/^Untick it/),
    });
    expect(failed).toEqual([]);
  });

  test('an edit: scope that a tool needs is not surplus', async () => {
    const more = plugin('writer', 1, PLANS);
    const folder = folderWith({ 'writer.mjs': more });
    const { find } = await examineBuilt(await sandbox({ scopes: ['edit:tickets'] }), {
      plugins: [{ use: join(folder, 'writer.mjs'), allowWrites: ['writer_0'] }],
    });
    expect(find('surplus')?.mark).toBe('ok');
    expect(find('pack writer')).toMatchObject({ mark: 'ok', detail: '/Tickets can be read' });
  });

  test('a list that two scopes read is named once', async () => {
    const { find } = await examineBuilt(await sandbox({ scopes: ['read:tickets', 'edit:tickets'] }), {
      plugins: [{ use: 'desk-actions', allowWrites: ['update_ticket'] }],
    });
    expect(find('pack desk-actions')).toMatchObject({ mark: 'ok', detail: '/Tickets can be read' });
  });

  test('the harmless reads are the lists of the packs, each by the scope that it needs', () => {
    const looks = looksOf(defaultPacks.flatMap((pack) => cardOf(pack).tools));
    for (const [scope, { path }] of looks)
      expect([scope, scopeOfPath(path)]).toEqual([scope, scope === 'none' ? null : scope]);
    for (const scope of new Set(defaultTools.flatMap(({ scopes }) => scopes))) {
      expect(looks.has(scope), scope).toBe(true);
      expect(Object.keys(FALLBACKS)).not.toContain(scope);
    }
  });

  test('a list that Halo does not page, or that needs an argument, is not a harmless read', () => {
    const card = { name: 'a', effect: 'read', scopes: ['read:kb'], optionalScopes: [] } as const;
    const source = { kind: 'list', path: '/KBArticle', key: 'articles', also: [] } as const;
    const lists = (tool: object) => looksOf([{ ...card, ...tool }]).get('read:kb')?.path;
    const asking = { name: 'a', inputSchema: { required: ['id'] } };
    expect(lists({ source })).toBe('/KBArticle');
    expect(
      [
        { ...source, paged: false },
        { ...source, paged: 'count' },
        { ...source, kind: 'record' },
      ].map((one) => lists({ source: one })),
    ).toEqual([undefined, undefined, undefined]);
    expect(lists({ source, shown: asking })).toBeUndefined();
  });
});

describe('requests', () => {
  test('if Halo says that its limit is reached, no more are sent, and that is reported', async () => {
    const halo = await sandbox({ requestsPer5Minutes: 0 });
    const { find, failed, open } = await examine(halo);
    expect(find('budget')).toMatchObject({
      detail: "Halo's request limit is reached; come back in up to 5 minutes.",
      way_out: expect.stringMatching(/^Wait until then .* Something else may use the same API application/),
    });
    expect(failed).toEqual(['budget']);
    expect(open).toEqual(['halo', 'login', 'scopes', 'packs', 'surplus', 'clock']);
    expect(find('packs')?.detail).toBe("not looked at, as Halo's request limit is reached");
    expect(halo.requests).toHaveLength(1);
  });

  test('the same if the log-in server or one list says so', async () => {
    const login = await sandbox({ faults: ['429@token'] });
    expect((await examine(login)).failed).toEqual(['budget']);
    const { failed, open } = await examine(await sandbox({ faults: ['429@/Asset'] }));
    expect({ failed, open }).toEqual({
      failed: ['budget'],
      open: ['pack assets', 'pack people', 'pack reports', 'surplus'],
    });
  });

  test('a limit above the known one is worth a look', async () => {
    const { find } = await examine(await sandbox(), {}, { plugins: ['tickets'], halo: { requestsPer5Minutes: 5000 } });
    expect(find('budget')).toMatchObject({
      mark: 'warn',
      way_out: 'Set requestsPer5Minutes to 280 unless Halo granted more.',
    });
  });

  test('are at most 30 with more scopes than that, and what was not asked is said', async () => {
    const areas = ['sales', 'quotes', 'sos', 'pos', 'suppliers', 'items', 'softwarelicensing', 'kb', 'calendar'];
    const scopes = areas.map((area) => `'read:${area}'`).join(', ');
    const folder = folderWith({ 'many.mjs': plugin('many', 1, `effect: 'read', scopes: [${scopes}]`) });
    const config = { plugins: ['tickets', 'finance', 'assets', 'projects', 'reports', join(folder, 'many.mjs')] };
    const { find, failed, open } = await examineBuilt(await sandbox(), config);
    expect(failed).toEqual([...areas.map((area) => `scope read:${area}`).sort(), 'pack many']);
    expect(find('pack finance')?.mark).toBe('ok');
    expect(open).toEqual(['surplus']);
    expect(find('surplus')?.detail).toMatch(/edit:tickets not asked for, as the doctor asks no more than 30 times$/);
  });
});

/** The source of a plugin with this many tools, `name_0` and so on. */
/** What makes the tool one that writes. */
const PLANS = `effect: 'write', scopes: ['edit:tickets'],
  write: { plan: () => ({ path: '/Tickets', body: [{}], says: 'x', before: {} }), done: () => ({}) }`;

const plugin = (name: string, count: number, more = "effect: 'read', scopes: []") => `
import { definePlugin, defineTool, z } from 'halo-psa-mcp';
const tool = (n) => defineTool({
  name: '${name}_' + n, title: 'T', description: 'D', ${more},
  input: z.object({}), output: z.object({ ok: z.boolean() }), run: async () => ({ ok: true }),
});
export default definePlugin({
  name: '${name}', apiVersion: 1, title: 'P', tools: Array.from({ length: ${count} }, (_, n) => tool(n)),
});`;

describe('what is offered', () => {
  const inProcess = { plugins: ['tickets'] };

  test('a plugin that is skipped does not work; one that is fine does', async () => {
    const folder = folderWith({ 'broken.mjs': 'throw new Error("not today");', 'fine.mjs': plugin('fine', 1) });
    const file = join(
      folderWith({ 'x.json': { plugins: [join(folder, 'broken.mjs'), join(folder, 'fine.mjs')] } }),
      'x.json',
    );
    const { code, stdout } = await command(['doctor', '--sandbox', '--config', file]);
    expect(code).toBe(1);
    expect(stdout.replaceAll(/\n {2,}/g, ' ')).toMatch(
      /^✗ Plugin \S+broken\.mjs: skipped: not today\. → Correct it, or remove it/m,
    );
    expect(stdout).toMatch(/^✓ Pack fine: \/Agent can be read$/m);
  });

  test('what a plugin says as it breaks is shown without the secret', async () => {
    const halo = await sandbox();
    const folder = folderWith({ 'loud.mjs': `throw new Error("with ${halo.clientSecret}");` });
    const { findings } = await examineBuilt(halo, { plugins: ['tickets', join(folder, 'loud.mjs')] });
    expect(findings.at(-1)?.detail).toBe('skipped: with [redacted].');
  });

  test('a tool that is off for another reason than a decision is named with its remedy', async () => {
    const folder = folderWith({ 'w.mjs': plugin('writer', 1, PLANS) });
    const { find, warned, failed } = await examineBuilt(await sandbox(), {
      plugins: ['tickets', join(folder, 'w.mjs')],
    });
    expect(find('tool writer_0')).toMatchObject({
      detail: 'off: it changes Halo, and the operator has not allowed that.',
      way_out: 'Add "writer_0" to "allowWrites" in the entry of "writer" in the config.',
    });
    expect({ warned, failed }).toEqual({ warned: ['tool writer_0'], failed: [] });
  });

  test('what the config decided is only reported', async () => {
    const config = { plugins: ['tickets', { use: 'clients', tools: ['list_clients'] }], exclude: ['list_actions'] };
    const { find, warned } = await examine(await sandbox(), {}, config);
    expect(find('tools')?.detail).toMatch(
      /^3 on; off by the config: the packs finance, [^;]*; the tools list_actions, get_client$/,
    );
    expect(warned).toEqual([]);
  });

  test('having no tools at all is a failure', async () => {
    const exclude = ['list_tickets', 'get_ticket', 'list_actions'];
    const { failed } = await examine(await sandbox(), {}, { ...inProcess, exclude });
    expect(failed).toEqual(['tools']);
  });

  test.each([
    [38, undefined],
    [39, 'Cursor shows 40 tools: turn packs off.'],
    [49, 'Cursor shows 40 tools, Windsurf shows 50 tools: turn packs off.'],
    [130, 'Cursor shows 40 tools, Windsurf shows 50 tools, VS Code shows 128 tools: turn packs off.'],
  ])('%i tools and two more against the caps of clients', async (count, wayOut) => {
    const folder = folderWith({ 'many.mjs': plugin('many', count) });
    const { find } = await examineBuilt(await sandbox(), { plugins: ['clients', join(folder, 'many.mjs')] });
    expect(find('cost')?.way_out).toBe(wayOut);
    expect(find('cost')?.data).toMatchObject({ tools: count + 2 });
  });

  test('answers longer than a client takes', async () => {
    const { find } = await examine(await sandbox(), {}, { ...inProcess, output: { maxTokens: 40_000 } });
    expect(find('cost')).toMatchObject({ mark: 'warn', way_out: expect.stringMatching(/lower output\.maxTokens\.$/) });
  });

  test.skipIf(process.platform === 'win32')("a secret's file that everybody can read", async () => {
    const halo = await sandbox();
    const file = join(emptyFolder(), 'secret');
    writeFileSync(file, halo.clientSecret);
    chmodSync(file, 0o644);
    const { find, failed } = await examine(halo, { HALO_CLIENT_SECRET: '', HALO_CLIENT_SECRET_FILE: file }, inProcess);
    expect(find('secret')).toMatchObject({ mark: 'warn', detail: expect.stringMatching(/chmod 600 it\.$/) });
    expect(failed).toEqual([]);
  });
});

describe('a line', () => {
  const finding = { id: 'x', mark: 'fail', title: 'Host', detail: 'it is down.', way_out: 'Start it.' } as const;

  /** Stdout as a terminal or not. */
  function stdout(as: { isTTY?: boolean; columns?: number }): void {
    const { isTTY, columns } = process.stdout;
    onTestFinished(() => void Object.assign(process.stdout, { isTTY, columns }));
    Object.assign(process.stdout, as);
  }

  test.each([
    [true, '', '\u001B[31m✗\u001B[39m Host: it is down.\n  → Start it.'],
    [true, '1', '✗ Host: it is down.\n  → Start it.'],
    [false, '', '✗ Host: it is down.\n  → Start it.'],
  ])('on a terminal: %s, NO_COLOR: "%s"', (isTTY, noColor, line) => {
    vi.stubEnv('NO_COLOR', noColor);
    vi.stubEnv('FORCE_COLOR', undefined);
    stdout({ isTTY });
    expect(lineOf(finding)).toBe(line);
  });

  test('is coloured though packs have loaded, from when on the process has another stdout', () => {
    vi.stubEnv('NO_COLOR', '');
    vi.stubEnv('FORCE_COLOR', undefined);
    stdout({ isTTY: true });
    vi.spyOn(process, 'stdout', 'get').mockReturnValue(new PassThrough() as unknown as typeof process.stdout);
    const line = lineOf(finding);
    vi.restoreAllMocks();
    expect(line).toContain('\u001B[31m✗');
  });

  test.each([
    [0, 80],
    [20, 40],
    [60, 60],
    [200, 80],
  ])('in a terminal of %i columns is broken at %i', (columns, width) => {
    stdout({ isTTY: false, columns });
    const lines = lineOf({ ...finding, detail: 'aaaa '.repeat(60).trim() }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeGreaterThan(width - 5);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
  });
});

describe('the time zone', () => {
  const where = (paths: RegExp, timezone: string) =>
    changedSandbox(
      eachRow(paths, (row) => ({ ...row, timezone })),
      { scopes: READ },
    );
  const zoneOf = async (halo: Sandbox, config: object) => (await examine(halo, {}, config)).find('time_zone');

  test('is named, and where it comes from', async () => {
    expect(await zoneOf(await sandbox(), { timeZone: 'Asia/Kolkata' })).toMatchObject({
      mark: 'ok',
      detail: expect.stringMatching(/^Asia\/Kolkata, from the config/),
    });
    expect((await zoneOf(await sandbox(), {}))?.detail).toMatch(/^UTC, this machine's/);
  });

  test('where agents and sites have another one, that is worth a look', async () => {
    const halo = await where(/^\/(agent|site)$/, 'America/New_York');
    expect(await zoneOf(halo, { timeZone: 'Asia/Kolkata' })).toMatchObject({
      mark: 'warn',
      detail: expect.stringContaining("Halo's agents and sites are in America/New_York ("),
      way_out: expect.stringContaining('such as "America/New_York"'),
    });
    expect(halo.requests.filter(({ path }) => /control/i.test(path))).toEqual([]);
  });

  test.each(['America/New_York', 'America/Toronto'])(
    '%s is in order where they show the same clock',
    async (timeZone) =>
      expect(await zoneOf(await where(/^\/agent$/, 'US/Eastern'), { timeZone })).toMatchObject({
        mark: 'ok',
        detail: `${timeZone}, from the config; Halo's agents and sites have the same`,
      }),
  );

  test('a name that IANA does not have is reported, and not compared', async () =>
    expect(await zoneOf(await where(/^\/site$/, 'GMT Standard Time'), { timeZone: 'Asia/Kolkata' })).toMatchObject({
      mark: 'ok',
      detail: expect.stringContaining("Halo's agents and sites say GMT Standard Time ("),
    }));
});
