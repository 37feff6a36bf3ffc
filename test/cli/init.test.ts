import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/index.js';
import { emptyFolder, folderWith, SERVER } from '../session.js';

let halo: Sandbox;
beforeAll(async () => {
  halo = await startSandbox();
});
afterAll(() => halo.close());

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs init in a folder that is also the user's home. */
const init = (cwd: string, args: string[], env: Record<string, string> = {}) =>
  new Promise<Ran>((resolve) => {
    const home = { HOME: cwd, XDG_CONFIG_HOME: join(cwd, '.config'), PATH: process.env.PATH };
    execFile(
      process.execPath,
      [SERVER, 'init', ...args],
      { cwd, env: { ...home, ...env }, timeout: 20_000 },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });

const read = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));
const needed = () => ['--yes', '--no-doctor', '--instance-url', halo.url, '--client-id', halo.clientId];
const withSecret = () => folderWith({ secret: `${halo.clientSecret}\n` });

describe('init with flags', () => {
  test('writes the packs alone into the config, and shows the block and the scopes', async () => {
    const cwd = withSecret();
    const { code, stdout, stderr } = await init(cwd, [
      ...needed(),
      ...[
        '--secret-file',
        'secret',
        '--packs',
        'tickets, finance',
        '--exclude',
        'list_actions',
        '--max-tokens',
        '5000',
      ],
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(read(cwd, 'halo-mcp.config.json')).toEqual({
      $schema: resolve(SERVER, '../../config/halo-mcp.schema.json'),
      plugins: ['tickets', 'finance'],
      exclude: ['list_actions'],
      output: { maxTokens: 5000 },
    });
    expect(stdout).toContain('read:contracts\nread:customers\nread:invoices\nread:tickets\n');
    expect(JSON.parse(/^\{[\s\S]*^\}/m.exec(stdout)?.[0] ?? '')).toEqual({
      mcpServers: {
        halo: {
          command: process.execPath,
          args: [SERVER, '--config', join(cwd, 'halo-mcp.config.json')],
          env: {
            HALO_INSTANCE_URL: halo.url,
            HALO_CLIENT_ID: halo.clientId,
            HALO_CLIENT_SECRET_FILE: join(cwd, 'secret'),
          },
        },
      },
    });
    expect(stdout + stderr).not.toContain(halo.clientSecret);
  });

  test('the block that it writes for Claude Code starts a server that answers', async () => {
    const cwd = withSecret();
    await init(cwd, [
      ...needed(),
      '--secret-file',
      'secret',
      '--packs',
      'people',
      '--client',
      'claude-code',
      '--write',
    ]);
    const { command, args, env } = read(cwd, '.mcp.json').mcpServers.halo;
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StdioClientTransport({ command, args, env, cwd: emptyFolder(), stderr: 'ignore' }));
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['list_agents']);
    expect((await client.callTool({ name: 'list_agents', arguments: {} })).isError).toBeUndefined();
    await client.close();
  });

  test.each([
    [['--packs', 'tickets,insights'], 'It sets the plugin "insights", which only a config that is named may do'],
    [['--max-tokens', '20000'], 'It sets output.maxTokens above 10000, which only a config that is named may do'],
    [['--packs', 'tickets', '--max-tokens', '10000'], undefined],
  ])('%j: a config that works only where it is named says so', async (flags, words) => {
    const cwd = withSecret();
    const { code, stdout } = await init(cwd, [...needed(), '--secret-file', 'secret', ...flags]);
    expect(code).toBe(0);
    if (words === undefined) expect(stdout).not.toContain('named');
    else expect(stdout).toContain(`${words}: the block names it, and so must you, with --config ${cwd}/`);
    const own = (args: string[]) => execFileSync(process.execPath, [SERVER, 'tools', ...args], { cwd, stdio: 'pipe' });
    if (words === undefined) own([]);
    else expect(() => own([])).toThrow(/was found in the working directory, not named/);
    own(['--config', 'halo-mcp.config.json']);
  });

  test('a secret that stays in the environment is named, not written', async () => {
    const cwd = emptyFolder();
    const { code } = await init(cwd, [...needed(), '--secret-env', '--client', 'claude-code', '--write'], {
      HALO_CLIENT_SECRET: halo.clientSecret,
    });
    expect(code).toBe(0);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the client fills it in
    expect(read(cwd, '.mcp.json').mcpServers.halo.env.HALO_CLIENT_SECRET).toBe('${HALO_CLIENT_SECRET}');
    for (const name of readdirSync(cwd)) expect(readFileSync(join(cwd, name), 'utf8')).not.toContain(halo.clientSecret);
  });

  test('a file of the secret that is not there is made, for its owner alone', async () => {
    const cwd = emptyFolder();
    const { code, stdout } = await init(cwd, [...needed(), '--secret-file', 'own/secret'], {
      HALO_CLIENT_SECRET: halo.clientSecret,
    });
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, 'own/secret'), 'utf8').trim()).toBe(halo.clientSecret);
    expect(statSync(join(cwd, 'own/secret')).mode & 0o777).toBe(0o600);
    expect(stdout).not.toContain(halo.clientSecret);
  });
});

test('then the doctor looks, with the environment that the block gives', async () => {
  const cwd = withSecret();
  const flags = needed().filter((flag) => flag !== '--no-doctor');
  const { code, stdout } = await init(cwd, [...flags, '--secret-file', 'secret', '--packs', 'people,tickets']);
  expect(stdout).toMatch(/✓ Halo: .*\d/);
  expect(stdout).not.toContain('✗');
  expect(code).toBe(0);
});

describe('with --yes the secret comes from the environment', () => {
  const asked = (client: string) => [...needed(), '--packs', 'people', '--client', client, '--write'];
  const secret = () => ({ HALO_CLIENT_SECRET: `"${halo.clientSecret}"` });
  const desktop = ['.config', 'Claude', 'claude_desktop_config.json'];

  test('for Claude Desktop into a file beside the config that its owner alone can read', async () => {
    const cwd = emptyFolder();
    const { code, stdout } = await init(cwd, asked('claude-desktop'), secret());
    const file = join(cwd, 'halo-mcp.secret');
    expect(code).toBe(0);
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual([`${halo.clientSecret}\n`, 0o600]);
    const text = readFileSync(join(cwd, ...desktop), 'utf8');
    expect(JSON.parse(text).mcpServers.halo.env.HALO_CLIENT_SECRET_FILE).toBe(file);
    for (const one of [text, stdout, readFileSync(join(cwd, 'halo-mcp.config.json'), 'utf8')])
      expect(one).not.toContain(halo.clientSecret);

    // The next client uses the existing file; another secret does not overwrite it.
    expect((await init(cwd, asked('windsurf'))).code).toBe(0);
    const { env } = read(cwd, '.codeium', 'windsurf', 'mcp_config.json').mcpServers.halo;
    expect(env.HALO_CLIENT_SECRET_FILE).toBe(file);
    const other = await init(cwd, [...asked('claude-desktop'), '--name', 'x'], { HALO_CLIENT_SECRET: 'another-one' });
    expect(other).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('holds a different secret from HALO_CLIENT_SECRET'),
    });
  });

  test.each([
    ['claude-code', ['.mcp.json'], 'mcpServers', '\u0024{HALO_CLIENT_SECRET}'],
    ['cursor', ['.cursor', 'mcp.json'], 'mcpServers', '\u0024{env:HALO_CLIENT_SECRET}'],
    ['vscode', ['.config', 'Code', 'User', 'mcp.json'], 'servers', '\u0024{env:HALO_CLIENT_SECRET}'],
    ['windsurf', ['.codeium', 'windsurf', 'mcp_config.json'], 'mcpServers', '\u0024{env:HALO_CLIENT_SECRET}'],
  ])('for %s it stays there, and the block names the variable', async (client, path, key, variable) => {
    const cwd = emptyFolder();
    const { code, stdout } = await init(cwd, asked(client), secret());
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining(join(cwd, ...path)) });
    const block = read(cwd, ...path)[key].halo;
    expect([block.env.HALO_CLIENT_SECRET, block.type]).toEqual([variable, key === 'servers' ? 'stdio' : undefined]);
    expect(existsSync(join(cwd, 'halo-mcp.secret'))).toBe(false);
    if (client === 'claude-code') expect(stdout).toContain('approve the server');
  });
});

test('an address as it was pasted is put right, and that is said', async () => {
  const cwd = withSecret();
  const flags = ['--yes', '--no-doctor', '--client-id', halo.clientId, '--secret-file', 'secret'];
  const { code, stdout } = await init(cwd, [...flags, '--instance-url', `${halo.url}/portal?area=1`]);
  expect(code).toBe(0);
  expect(stdout).toContain(`HALO_INSTANCE_URL is read as ${halo.url}; set it to that.`);
  expect(stdout).toContain(`"HALO_INSTANCE_URL": "${halo.url}"`);
  const left = await init(cwd, [...flags, '--instance-url', 'https://<your-company>.halopsa.com']);
  expect(left).toMatchObject({ code: 2, stderr: expect.stringContaining('still holds the placeholder <…>') });
});

describe('what is there already', () => {
  test("stays in a client's configuration, and a copy is kept", async () => {
    const cwd = withSecret();
    const folder = join(cwd, '.config', 'Claude');
    const before = { theme: 'dark', mcpServers: { other: { command: 'other' } } };
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'claude_desktop_config.json'), JSON.stringify(before), { mode: 0o640 });
    const { code } = await init(
      cwd,
      [...needed(), '--secret-file', 'secret', '--client', 'claude-desktop', '--write'],
      process.platform === 'linux' ? {} : { APPDATA: join(cwd, '.config') },
    );
    expect(code).toBe(0);
    const after = read(folder, 'claude_desktop_config.json');
    expect(after).toMatchObject(before);
    expect(Object.keys(after.mcpServers)).toEqual(['other', 'halo']);
    expect(statSync(join(folder, 'claude_desktop_config.json')).mode & 0o777).toBe(0o640);
    const [copy = ''] = readdirSync(folder).filter((name) => name.includes('.backup-'));
    expect(read(folder, copy)).toEqual(before);
  });

  test('a config stays, and a client more has its block for it', async () => {
    const cwd = withSecret();
    const flags = [...needed(), '--secret-file', 'secret', '--write'];
    const mine = '{"plugins":["people", { "use": "tickets" }]}';
    writeFileSync(join(cwd, 'halo-mcp.config.json'), mine);
    const path = join(cwd, 'halo-mcp.config.json');
    const first = await init(cwd, [...flags, '--client', 'claude-code']);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining(`Kept ${path} as it is.`) });
    const second = await init(cwd, [...flags, '--client', 'cursor', '--packs', 'finance,people']);
    expect(second.code).toBe(0);
    expect(second.stdout).toContain(
      `Kept ${path} as it is, though it has people, tickets, and finance, people was asked for. --overwrite replaces it.`,
    );
    // The scopes of what is on, not of what was asked for.
    for (const { stdout } of [first, second]) expect(stdout).toContain('and no others:\nread:tickets\n');
    expect(readFileSync(path, 'utf8')).toBe(mine);
    const [code, cursor] = [read(cwd, '.mcp.json'), read(cwd, '.cursor', 'mcp.json')];
    expect(cursor).toEqual(code);
    expect(code.mcpServers.halo.args.slice(-2)).toEqual(['--config', path]);
  });

  test('a config that is wrong, or that names customers, is told before anything is written', async () => {
    const cwd = withSecret();
    for (const [text, words] of [
      ['', 'is empty.'],
      ['{"plugin": []}', 'unknown key "plugin"'],
      ['{"customers": {"contoso": {}}}', 'names customers. Say for which one the block is with --customer NAME.'],
    ] as const) {
      writeFileSync(join(cwd, 'halo-mcp.config.json'), text);
      const { code, stderr } = await init(cwd, [
        ...needed(),
        '--secret-file',
        'secret',
        '--client',
        'cursor',
        '--write',
      ]);
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
    }
    expect(readdirSync(cwd).toSorted()).toEqual(['halo-mcp.config.json', 'secret']);
  });

  test('is not overwritten without a word: a server of the same name', async () => {
    const cwd = withSecret();
    const flags = [...needed(), '--secret-file', 'secret', '--client', 'claude-code', '--write'];
    writeFileSync(join(cwd, 'halo-mcp.config.json'), '{"plugins":["people"]}');
    expect((await init(cwd, [...flags, '--overwrite'])).code).toBe(0);
    const other = await init(cwd, [...flags, '--config', 'other.json']);
    expect(other.stderr).toContain('it has a server "halo" already');
    expect(existsSync(join(cwd, 'other.json'))).toBe(false);
    expect((await init(cwd, [...flags, '--config', 'other.json', '--name', 'halo-two'])).code).toBe(0);
    expect(Object.keys(read(cwd, '.mcp.json').mcpServers)).toEqual(['halo', 'halo-two']);
  });

  test("keeps the rights that it had, whatever the umask; what is new is its owner's alone", async () => {
    const cwd = withSecret();
    const flags = [...needed(), '--secret-file', 'secret', '--client', 'claude-code', '--write', '--overwrite'];
    for (const name of ['.mcp.json', 'halo-mcp.config.json']) {
      writeFileSync(join(cwd, name), '{}');
      chmodSync(join(cwd, name), 0o666);
    }
    expect((await init(cwd, flags)).code).toBe(0);
    for (const name of ['.mcp.json', 'halo-mcp.config.json'])
      expect(statSync(join(cwd, name)).mode & 0o777).toBe(0o666);
    expect((await init(cwd, [...flags, '--config', 'new.json'])).code).toBe(0);
    expect(statSync(join(cwd, 'new.json')).mode & 0o777).toBe(0o600);
    // No half-written file is left beside them.
    expect(
      readdirSync(cwd).filter((name) => !/^(secret|\.mcp\.json|halo-mcp\.config\.json|new\.json)/.test(name)),
    ).toEqual([]);
  });

  test.each([
    ['.mcp.json', 'somebody.txt'],
    ['.mcp.json', 'nowhere'],
    ['halo-mcp.config.json', 'somebody.txt'],
    ['halo-mcp.config.json', 'nowhere'],
  ])(
    '%s that is a link to %s is not followed: it is told, the block is shown, and nothing is written',
    async (name, target) => {
      const cwd = withSecret();
      writeFileSync(join(cwd, 'somebody.txt'), '{"mine": true}');
      symlinkSync(target, join(cwd, name));
      const before = readdirSync(cwd);
      const flags = [...needed(), '--secret-file', 'new-secret', '--client', 'claude-code', '--write', '--overwrite'];
      const { code, stdout, stderr } = await init(cwd, flags, { HALO_CLIENT_SECRET: halo.clientSecret });
      expect(stderr).toMatch(
        new RegExp(`${name.replaceAll('.', '\\.')} is a link to another file, and links are not followed`),
      );
      expect(JSON.parse(/^\{[\s\S]*^\}/m.exec(stdout)?.[0] ?? '')).toHaveProperty('mcpServers.halo.command');
      expect(code).toBe(2);
      expect(readdirSync(cwd)).toEqual(before);
      expect(lstatSync(join(cwd, name)).isSymbolicLink()).toBe(true);
      expect(readFileSync(join(cwd, 'somebody.txt'), 'utf8')).toBe('{"mine": true}');
    },
  );

  test('links that lie where init would write beside it lead nowhere', async () => {
    const cwd = withSecret();
    writeFileSync(join(cwd, '.mcp.json'), '{}');
    writeFileSync(join(cwd, 'somebody.txt'), 'mine');
    for (const name of ['.mcp.json.new', '.mcp.json.tmp', 'halo-mcp.config.json.new'])
      symlinkSync('somebody.txt', join(cwd, name));
    const flags = [...needed(), '--secret-file', 'secret', '--client', 'claude-code', '--write'];
    expect((await init(cwd, flags)).code).toBe(0);
    expect(readFileSync(join(cwd, 'somebody.txt'), 'utf8')).toBe('mine');
  });

  test('a folder in place of a file is reported', async () => {
    const cwd = withSecret();
    mkdirSync(join(cwd, '.mcp.json'));
    const { code, stderr } = await init(cwd, [
      ...needed(),
      ...['--secret-file', 'secret', '--client', 'claude-code', '--write'],
    ]);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('.mcp.json is not a file.') });
    expect(existsSync(join(cwd, 'halo-mcp.config.json'))).toBe(false);
  });

  test('a configuration that is not JSON is left alone', async () => {
    const cwd = withSecret();
    writeFileSync(join(cwd, '.mcp.json'), '{ // mine\n}');
    const { code, stderr } = await init(cwd, [
      ...needed(),
      '--secret-file',
      'secret',
      '--client',
      'claude-code',
      '--write',
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('is not a JSON object. Correct it, or leave out --write');
    expect(readFileSync(join(cwd, '.mcp.json'), 'utf8')).toBe('{ // mine\n}');
    expect(existsSync(join(cwd, 'halo-mcp.config.json'))).toBe(false);
  });
});

describe('a fault is reported in a sentence, and nothing is written', () => {
  test.each<[string[], string]>([
    [[], 'init asks questions, and this is not a terminal. Give the answers as flags with --yes'],
    [['--yes'], 'init needs --secret-file FILE, or --secret-env'],
    [['--yes', '--secret-env'], 'init needs --instance-url https://yourcompany.halopsa.com.'],
    [
      ['--yes', '--secret-env', '--instance-url', 'http://halo.example.com'],
      'HALO_INSTANCE_URL must start with https://',
    ],
    [['--yes', '--secret-env', '--instance-url', 'halo.example.com'], 'init needs --client-id ID.'],
    [['--yes', '--secret-env', '--secret-file', 'x'], 'Give --secret-file or --secret-env, not both.'],
    [['--yes', '--secret-env', '--client', 'claude-dekstop'], 'Did you mean "claude-desktop"?'],
    [['--yes', '--secret-env', '--client', 'claude-desktop'], 'Use --secret-file FILE.'],
    ...[[], ['--client', 'none'], ['--customer', 'contoso']].map((flags): [string[], string] => [
      ['--yes', '--write', '--secret-file', 'secret', ...flags],
      'none is named. Add --client NAME (claude-desktop, claude-code, cursor, vscode, windsurf), or leave out --write',
    ]),
    [['--yes', '--http', '--write', '--name', 'x'], '--write, --name is for a client'],
  ])('init %j says in a sentence what is wrong, and writes nothing', async (args, sentence) => {
    const cwd = emptyFolder();
    const { code, stderr } = await init(cwd, args);
    expect(stderr).toContain(sentence);
    expect(code).toBe(2);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test.each<[string[], string]>([
    [['--packs', 'tickets,finnance'], 'There is no pack "finnance". Did you mean "finance"?'],
    [
      ['--exclude', 'list_ticket'],
      '"exclude" names "list_ticket", a tool that no pack has. Did you mean "list_tickets"?',
    ],
    [['--max-tokens', '12'], '--max-tokens is a whole number from 500 to 100000.'],
  ])('init %j says in a sentence which value is wrong, and writes nothing', async (args, sentence) => {
    const cwd = withSecret();
    const { code, stderr } = await init(cwd, [...needed(), '--secret-file', 'secret', ...args]);
    expect(stderr).toContain(sentence);
    expect(code).toBe(2);
    expect(readdirSync(cwd)).toEqual(['secret']);
  });
});
