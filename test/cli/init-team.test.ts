/** `init --http`: what it writes, and that the server starts with exactly that. */
import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { callOf, send, signed } from '../http/team.js';
import { emptyFolder, SERVER } from '../session.js';

const SECRET = 'the-secret-of-this-test-0123456789';
const BASE = ['init', '--yes', '--no-doctor', '--instance-url', 'https://acme.halopsa.com', '--client-id', 'abc-123'];

function run(args: string[], cwd: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH, HOME: cwd, HALO_CLIENT_SECRET: SECRET };
  return new Promise((resolve) => {
    execFile(process.execPath, [SERVER, ...args], { cwd, env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr }),
    );
  });
}

const lineOf = (unit: string, key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1] ?? '';

describe('init --http', () => {
  test('writes config, secret, token and unit, and the unit’s own command line serves who has the token', async () => {
    const folder = emptyFolder();
    const made = await run([...BASE, '--http', '127.0.0.1:0', '--public-url', 'https://mcp.example.com'], folder);
    expect(made.code, made.stderr).toBe(0);
    const token = made.stdout.trim();
    expect(token).toMatch(/^halomcp_[\w-]{43}$/);
    expect(made.stderr).not.toContain(token);
    expect(made.stderr).not.toContain(SECRET);
    expect(made.stderr).toContain('https://mcp.example.com/mcp --header "Authorization: Bearer TOKEN"');
    expect(made.stderr).toContain('read:tickets');
    const config = join(folder, 'halo-mcp.config.json');
    expect(JSON.parse(readFileSync(config, 'utf8'))).toMatchObject({
      halo: { instanceUrl: 'https://acme.halopsa.com', clientId: 'abc-123' },
      http: { tokens: 'halo-mcp.tokens.json', hosts: ['mcp.example.com'], trustedProxies: ['127.0.0.1'] },
    });
    for (const file of ['halo-mcp.secret', 'halo-mcp.tokens.json'])
      expect(statSync(join(folder, file)).mode & 0o777, file).toBe(0o600);
    for (const file of ['halo-mcp.config.json', 'halo-mcp.service', 'halo-mcp.tokens.json']) {
      const text = readFileSync(join(folder, file), 'utf8');
      expect(text, file).not.toContain(SECRET);
      expect(text, file).not.toContain(token);
    }
    const unit = readFileSync(join(folder, 'halo-mcp.service'), 'utf8');
    expect(lineOf(unit, 'LoadCredential')).toBe(`halo-secret:${join(folder, 'halo-mcp.secret')}`);
    expect(lineOf(unit, 'Environment')).toBe('HALO_CLIENT_SECRET_FILE=%d/halo-secret');
    expect(unit).toContain('NoNewPrivileges=yes');
    expect(lineOf(unit, 'User')).toBe(userInfo().username);

    const [command = '', ...args] = lineOf(unit, 'ExecStart')
      .replace(/--metrics/, '')
      .split(/\s+/)
      .filter(Boolean);
    const child = spawn(command, [...args, '--sandbox'], {
      cwd: folder,
      env: { PATH: process.env.PATH, HALO_CLIENT_SECRET_FILE: join(folder, 'halo-mcp.secret') },
    });
    try {
      const url = await new Promise<string>((done, failed) => {
        let said = '';
        child.stderr.on('data', (text) => {
          said += text;
          const [, found] = /running on (http:\/\/\S+?\/mcp)/.exec(said) ?? [];
          if (found !== undefined) done(found);
        });
        child.once('close', () => failed(new Error(said)));
      });
      expect((await send(url, { headers: signed(token), body: callOf('list_agents') })).status).toBe(200);
      expect((await send(url, { headers: signed(`${token}x`), body: callOf('list_agents') })).status).toBe(401);
    } finally {
      child.kill('SIGKILL');
    }
  });

  test('replaces nothing that is there, and takes no name twice', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'halo-mcp.service'), 'mine');
    const refused = await run([...BASE, '--http'], folder);
    expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--overwrite') });
    expect(readFileSync(join(folder, 'halo-mcp.service'), 'utf8')).toBe('mine');
    expect(existsSync(join(folder, 'halo-mcp.config.json'))).toBe(false);
    expect((await run([...BASE, '--http', '--overwrite'], folder)).code).toBe(0);
    expect(await run([...BASE, '--http', '--overwrite'], folder)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('There is a token "first" already'),
    });
  });

  test.each<[string, string[], string]>([
    ['an invalid address', ['--http', 'not an address'], 'HOST:PORT'],
    [
      'a public address without TLS',
      ['--http', '--public-url', 'http://mcp.example.com'],
      'https://mcp.example.com/mcp',
    ],
    [
      'a public address with another path',
      ['--http', '--public-url', 'https://mcp.example.com/x'],
      'https://mcp.example.com/mcp',
    ],
    ['an invalid name', ['--http', '--token', '../x'], 'is not a valid token name'],
    ['one customer of several', ['--http', '--customer', 'acme'], 'without --http'],
    ['a public address without --http', ['--public-url', 'https://mcp.example.com'], 'Add --http'],
  ])('%s is refused, and nothing is written', async (_, args, words) => {
    const folder = emptyFolder();
    const refused = await run([...BASE, ...args], folder);
    expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(words) });
    for (const file of ['halo-mcp.config.json', 'halo-mcp.secret', 'halo-mcp.service', 'halo-mcp.tokens.json'])
      expect(existsSync(join(folder, file)), file).toBe(false);
  });

  test.each<[string, string]>([
    ['vscode', '"type": "http"'],
    ['cursor', '"mcpServers"'],
    ['windsurf', '"serverUrl"'],
    ['claude-code', 'claude mcp add --transport http'],
    ['claude-desktop', 'takes no team server with a token'],
  ])('shows %s how to connect', async (client, words) => {
    const made = await run([...BASE, '--http', '--client', client], emptyFolder());
    expect(made.code, made.stderr).toBe(0);
    expect(made.stderr).toContain(words);
  });
});
