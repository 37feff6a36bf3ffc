import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectNoLeak, secretsOf } from '../faults/canary.js';
import { defaultNames } from '../packs.js';
import { emptyFolder, folderWith, SERVER } from '../session.js';

/** The command as a person runs it, in a folder of its own. */
function run(args: string[], { cwd = emptyFolder(), env = {} }: { cwd?: string; env?: Record<string, string> } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SERVER, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
    input: '',
  });
  expectNoLeak({ stdout, stderr }, secretsOf(env));
  return { status, stdout, stderr };
}

describe('the command', () => {
  test('--help names the commands and exits 0', () => {
    const { status, stdout } = run(['--help']);
    expect(status).toBe(0);
    for (const command of ['serve', 'demo', 'tools', 'call']) expect(stdout).toContain(command);
  });

  test('--version is that of the package', () => {
    expect(run(['--version'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  test.each([
    [['dmo'], /unknown command 'dmo'.*Did you mean "demo"\?/],
    [['serve', '--sandbx'], /unknown option '--sandbx'.*\n?.*--sandbox/],
    [['--confg', 'x'], /unknown option '--confg'/],
    [['serve', '--client-secret=C4nary-53cr3t'], /^error: unknown option '--client-secret'\n(?![\s\S]*C4nary)/],
    [['call'], /missing required argument 'tool'/],
    [['call', 'list_tickts', '--sandbox'], /No tool named "list_tickts" is on\. Did you mean "list_tickets"\?/],
    [['call', 'list_tickets', '--sandbox', '--args', '{page: 1}'], /--args is not a JSON object/],
    [
      ['demo', '--tenant', 'draft'],
      /no tenant "draft"\. Did you mean "drafts"\? There are: usual, drafts, lost-currency, harsh\./,
    ],
    [
      ['call', 'list_tickets', '--sandbox', '--fault', 'slow-bdy'],
      /no fault "slow-bdy"\. Did you mean "slow-body"\? There are: .*\b429\b/,
    ],
    [['serve', '--sandbox', '--fault', '429:0'], /"times" of the fault 429 is a whole number from 1, not 0\./],
    [['demo', '--fault', '429@tokn'], /"on" of the fault 429 is "token", "api", "all" or a path .*, not "tokn"\./],
    [['serve', '--fault', '429'], /--fault is for the sandbox alone: add --sandbox\./],
    [['call', 'list_tickets', '--tenant', 'drafts'], /--tenant is for the sandbox alone: add --sandbox\./],
    [
      ['call', 'list_tickets', 'open_only', '--sandbox'],
      /"open_only" is not an argument\. Give arguments as key=value/,
    ],
    [['tools', '--why', 'list_tickts'], /No pack has a tool named "list_tickts"\. Did you mean "list_tickets"\?/],
  ])('%j is called wrongly: exit code 2 and the way out', (args, words) => {
    const { status, stdout, stderr } = run(args);
    expect(stderr).toMatch(words);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});

describe('a client secret that is typed in the place of something else is not shown', () => {
  const secret = '5f1c8e2a-9b34-4d07-8a61-2f0d7c3b9e15-77AA11BB-22cc-4d3e-9f10-abcdef012345';

  test.each([
    [[secret]],
    [[`--${secret}`]],
    [['serve', `-s${secret}`]],
    [['call', secret, '--sandbox']],
    [['call', 'list_tickets', secret, '--sandbox']],
    [['tools', '--why', secret]],
    [['demo', '--tenant', secret]],
    [['demo', '--fault', secret]],
    [['serve', '--sandbox', '--with', `./${secret}.mjs`]],
    [['new-plugin', secret]],
    [['token', secret]],
    [['token', 'new', secret]],
  ])('%j', (args) => {
    const { status, stdout, stderr } = run(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('(what looks like a client secret)');
    expect(stderr.toLowerCase()).not.toMatch(/2f0d7c3b9e15|abcdef012345/);
  });
});

describe('a config that is wrong stops the start: exit code 2, one sentence', () => {
  test.each<[string, object | string, RegExp]>([
    ['an unknown key', { plugin: ['tickets'] }, /unknown key "plugin" at the top level\. Did you mean "plugins"\?/],
    [
      'an unknown key inside',
      { output: { maxToken: 1 } },
      /unknown key "maxToken" in "output"\. Did you mean "maxTokens"\?/,
    ],
    ['an unknown pack', { plugins: ['tickts'] }, /"plugins" names "tickts".*Did you mean "tickets"\?/],
    [
      'an unknown tool',
      { exclude: ['get_invoces'] },
      /"exclude" names "get_invoces", a tool that no pack has\. Did you mean "get_invoice"\?/,
    ],
    [
      'a tool of another pack',
      { plugins: [{ use: 'tickets', tools: ['get_client'] }] },
      /The tools of "tickets" name "get_client", which it does not have/,
    ],
    [
      'a secret in the file',
      { halo: { clientSecret: 'abc' } },
      /"halo\.clientSecret" looks like a secret.*HALO_CLIENT_SECRET/,
    ],
    [
      "a secret among a plugin's options",
      { plugins: [{ use: 'tickets', options: { rmm: { apiToken: 'abc' } } }] },
      /"plugins\.0\.options\.rmm\.apiToken" looks like a secret.*environment variable/,
    ],
    [
      'a host in a found file',
      { halo: { instanceUrl: 'https://evil.example' } },
      /was found.*may not set halo\.instanceUrl.*--config/,
    ],
    [
      'a plugin file in a found file',
      { plugins: ['./mine.mjs'] },
      /was found.*may not set the plugin "\.\/mine\.mjs".*--config/,
    ],
    [
      'a pack that is off by default in a found file',
      { plugins: ['insights'] },
      /was found.*may not set the plugin "insights".*--config/,
    ],
    ['the log in a found file', { log: { level: 'silent' } }, /was found.*may not set log\.level\..*--config/],
    [
      'a word that every object knows',
      { plugins: ['constructor'] },
      /"plugins" names "constructor", which is not a bundled pack/,
    ],
    ['another one', { plugins: [{ use: '__proto__' }] }, /"plugins" names "__proto__", which is not a bundled pack/],
    ['a number out of range', { output: { maxTokens: 10 } }, /"output\.maxTokens" must be at least 500, not 10/],
    ['broken JSON', '{"plugins": [}', /halo-mcp\.config\.json can't be read.*Correct its syntax/],
  ])('a config with %s ends the start with code 2 and one sentence', (_what, config, words) => {
    const { status, stdout, stderr } = run(['serve'], { cwd: folderWith({ 'halo-mcp.config.json': config }) });
    expect(stderr).toMatch(words);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  test('a relative --config is told with the folder that it was found in; a whole path needs no word', async () => {
    const cwd = folderWith({ 'mine.json': { plugins: ['people'] } });
    const told = (file: string) => run(['serve', '--config', file], { cwd, env: {} }).stderr;
    expect(told('mine.json')).toContain(`is named without its folder, and was found in ${cwd}.`);
    expect(told(join(cwd, 'mine.json'))).not.toContain('without its folder');
    expect(told('nowhere.json')).toContain(`${cwd}/nowhere.json does not exist`);
  });

  test.each([
    ['on-call/index.js', 'on-call', 'Name the folder beside the config by its path: ./on-call.'],
    ['on-call.mjs', 'on-call', 'Name the file beside the config by its path: ./on-call.mjs.'],
  ])('a plugin named without its path, %s: the path is told', (file, use, words) => {
    const cwd = folderWith({ 'mine.json': { plugins: [use] }, [file]: '' });
    expect(run(['tools', '--config', 'mine.json'], { cwd })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(words),
    });
    // A stranger's folder may load none, so nothing of it is offered.
    expect(
      run(['tools'], { cwd: folderWith({ 'halo-mcp.config.json': { plugins: [use] }, [file]: '' }) }).stderr,
    ).not.toContain('Name the');
  });

  test.each(['in-house/on-call', 'on-call.mjs'])('and so is one that only looks like a package: %s', (use) => {
    const cwd = folderWith({ 'mine.json': { plugins: ['people', use] }, [`${use.replace(/\.mjs$/, '')}.mjs`]: '' });
    const { stdout } = run(['tools', '--config', 'mine.json'], { cwd });
    expect(stdout).toMatch(/it is not a package; name the file beside the config by its path: \.\/\S+\.mjs/);
  });

  test('a secret never comes back in the sentence', () => {
    const cwd = folderWith({ 'halo-mcp.config.json': '{"halo": {"clientSecret": "s3cr3t-value", }}' });
    expect(run([], { cwd }).stderr).not.toContain('s3cr3t');
  });

  test.each(['http://halo.example', 'https://user:pw@halo.example'])(
    'an address in the environment such as %s ends the command with code 2, named by its variable',
    (url) => {
      const { status, stderr } = run(['tools'], { env: { HALO_INSTANCE_URL: url } });
      expect(status).toBe(2);
      expect(stderr).toMatch(/^HALO_INSTANCE_URL /);
    },
  );
});

describe('tools', () => {
  const cwd = folderWith({
    'halo-mcp.config.json': {
      plugins: ['tickets', { use: 'finance', tools: ['list_invoices'] }],
      exclude: ['list_actions'],
    },
  });

  test.each([
    [
      'list_tickets',
      'list_tickets is on, from the pack "tickets". It needs: read:tickets. With read:customers in "scopes" of the config it can read more.',
    ],
    ['list_actions', 'list_actions is off: "exclude" names it. Take "list_actions" out of "exclude" in the config.'],
    [
      'get_invoice',
      'get_invoice is off: the entry of "finance" keeps other tools only. Add "get_invoice" to the "tools" of "finance" in the config.',
    ],
    ['list_assets', 'list_assets is off: the pack "assets" is off. Add "assets" to "plugins" in the config.'],
  ])('tools --why %s says in one sentence why it is off, and what to change', (name, sentence) => {
    expect(run(['tools', '--why', name], { cwd })).toMatchObject({ status: 0, stdout: `${sentence}\n` });
  });

  test('says what is on, what is off and which scopes to tick', () => {
    const { stdout } = run(['tools'], { cwd });
    expect(stdout).toMatch(/list_assets\s+│ assets\s+│ no: pack/);
    expect(stdout).toContain('3 tools on.');
    expect(stdout).toContain('Scopes to tick on the API application in Halo: read:invoices, read:tickets.');
  });

  test('says of each pack what is on, what it does, what it costs and which scopes it needs', () => {
    const { stdout } = run(['tools'], { cwd });
    expect(stdout).toMatch(/│ tickets\s+│ 2 of 3 │ read\s+│\s+\d+ │ read:tickets\s+│/);
    expect(stdout).toMatch(/│ finance\s+│ 1 of 7 │ read\s+│\s+\d+ │ read:invoices\s+│/);
    expect(stdout).toMatch(/│ people\s+│ no\s+│ read\s+│\s+\d+ │ no scope of its own\s+│/);
    const { packs, tools } = JSON.parse(run(['tools', '--json'], { cwd }).stdout) as {
      packs: { name: string; on: number; tokens: number }[];
      tools: { pack: string; tokens: number; verdict: { on: boolean } }[];
    };
    const tickets = tools.filter(({ pack, verdict }) => pack === 'tickets' && verdict.on);
    expect(packs[0]).toEqual({
      ...{ name: 'tickets', on: 2, tools: 3, effect: 'read', scopes: ['read:tickets'] },
      tokens: tickets.reduce((sum, { tokens }) => sum + tokens, 0),
    });
  });

  test('--json has every tool with its verdict', () => {
    const { tools, scopes } = JSON.parse(run(['tools', '--json'], { cwd }).stdout) as {
      tools: { name: string; verdict: { on: boolean } }[];
      scopes: string[];
    };
    expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
    expect(tools.length).toBeGreaterThan(defaultNames.length);
    expect(tools.filter(({ verdict }) => verdict.on).map(({ name }) => name)).toEqual([
      'list_tickets',
      'get_ticket',
      'list_invoices',
    ]);
    expect(scopes).toEqual(['read:invoices', 'read:tickets']);
  });

  test('--tokens has a figure for each tool that is on', () => {
    expect(run(['tools', '--tokens'], { cwd }).stdout).toMatch(/list_invoices\s+│\s+\d+ │\s+\d+ │/);
  });
});

describe('call', () => {
  test("answers with the tool's own text, or with JSON", () => {
    expect(run(['call', 'list_agents', '--sandbox', '--args', '{"page_size": 2}']).stdout).toMatch(
      /^2 of \d+ agents, page 1; next: page 2\nid\tname\temail\tteams\n/,
    );
    expect(JSON.parse(run(['call', 'list_agents', '--sandbox', '--json']).stdout)).toHaveProperty('items');
  });

  test('takes arguments as key=value, before or behind the options', () => {
    const words = ['team=1st Line', 'page_size=2', 'columns=job_title,last_login'];
    const { stdout } = run(['call', 'list_agents', ...words, '--sandbox', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      page_size: 2,
      items: [{ teams: expect.stringContaining('1st Line') }, {}],
    });
    expect(run(['call', '--sandbox', 'list_agents', 'page_size=two'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('"page_size" must be a whole number, not "two"'),
    });
  });

  test('an error goes to stderr with exit code 1', () => {
    expect(run(['call', 'get_ticket', '--sandbox', '--args', '{"id": 1}'])).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^HALO_NOT_FOUND: /),
    });
  });
});

test('demo asks through a real session, prints a revenue table per client with totals per currency, and exits 0', () => {
  const { status, stdout } = run(['demo']);
  expect(status).toBe(0);
  expect(stdout).toContain(`${defaultNames.length} tools`);
  expect(stdout).toMatch(/Northwind Traders Ltd\s+│ GBP │/);
  expect(stdout).toMatch(/TOTAL\s+│ GBP │/);
  expect(stdout).toMatch(/TOTAL\s+│ EUR │/);
  expect(stdout).toMatch(/Next: /);
});

test("demo of a tenant whose book can't be read whole prints no total", () => {
  const { status, stdout } = run(['demo', '--tenant', 'lost-currency']);
  expect(status).toBe(0);
  expect(stdout).toMatch(/READ SO FAR\s+│ GBP │/);
  expect(stdout).not.toContain('TOTAL');
  expect(stdout).toMatch(/! invoice:\d+.*recurring_invoice:-107: Something could not be read completely/);
});
