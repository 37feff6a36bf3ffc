/** The command as an operator runs it: tokens, the start, its refusals, and the end. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { emptyFolder, folderWith, SERVER } from '../session.js';
import { callOf, rpc, send, signed } from './team.js';

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

const run = (args: string[], cwd = emptyFolder()): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(process.execPath, [SERVER, ...args], { cwd, env: { PATH: process.env.PATH } }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr }),
    );
  });

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts the server, and waits until it prints its address. */
async function serve(
  args: string[],
): Promise<{ url: string; child: ChildProcess; output: () => { stdout: string; stderr: string } }> {
  const child = spawn(process.execPath, [SERVER, 'serve', '--http', '127.0.0.1:0', '--sandbox', ...args], {
    cwd: emptyFolder(),
    env: { PATH: process.env.PATH },
  });
  children.push(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (text) => {
      stderr += text;
      const [, found] = /Halo PSA MCP server running on (http:\/\/127\.0\.0\.1:\d+\/mcp)/.exec(stderr) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('close', () => reject(new Error(stderr)));
  });
  return { url, child, output: () => ({ stdout, stderr }) };
}

const named = (config: object = {}) => join(folderWith({ 'c.json': config }), 'c.json');
const tokenOf = ({ stdout }: Ran) => stdout.trimEnd().split('\n').at(-1) ?? '';

describe('tokens', () => {
  test('a new one stands alone on the last line, and only its digest in a file that is its owner’s alone', async () => {
    const config = named();
    const made = await run(['token', 'new', 'alice', '--config', config]);
    expect(made.code, made.stderr).toBe(0);
    const token = tokenOf(made);
    expect(token).toMatch(/^halomcp_[\w-]{43}$/);
    expect(made.stderr).not.toContain(token);
    const file = join(config, '../halo-mcp.tokens.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(token);
    const [entry] = JSON.parse((await run(['token', 'list', '--json', '--config', config])).stdout);
    expect(entry).toMatchObject({ name: 'alice', expired: false });
    expect((Date.parse(entry.expires) - Date.parse(entry.created)) / 86_400_000).toBeCloseTo(90, 3);
    const listed = await run(['token', 'list', '--config', config]);
    expect(listed.stdout).toContain('alice');
    for (const { stdout } of [listed]) expect(stdout).not.toMatch(new RegExp(`${token}|sha256`));
  });

  test('is revoked by its name, and a name is free again then', async () => {
    const config = named();
    await run(['token', 'new', 'alice', '--expires', 'never', '--config', config]);
    expect(await run(['token', 'new', 'Alice', '--config', config])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('already'),
    });
    expect(await run(['token', 'revoke', 'alcie', '--config', config])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('"alice"'),
    });
    expect((await run(['token', 'revoke', 'alice', '--config', config])).code).toBe(0);
    expect((await run(['token', 'new', 'alice', '--config', config])).code).toBe(0);
  });

  test('two that are made at once are both there', async () => {
    const config = named();
    const made = await Promise.all(['a', 'b', 'c'].map((name) => run(['token', 'new', name, '--config', config])));
    expect(made.map(({ code }) => code)).toEqual([0, 0, 0]);
    const names = JSON.parse((await run(['token', 'list', '--json', '--config', config])).stdout).map(
      ({ name }: { name: string }) => name,
    );
    expect(names.sort()).toEqual(['a', 'b', 'c']);
  });

  test('of several customers it says which, or more than one if wanted', async () => {
    const config = named({ customers: { contoso: {}, fabrikam: {}, initech: {} } });
    expect(await run(['token', 'new', 'x', '--config', config])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('contoso, fabrikam, initech'),
    });
    expect(await run(['token', 'new', 'x', '--customer', 'contso', '--config', config])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"contoso"'),
    });
    const made = await run([
      'token',
      'new',
      'x',
      '--customer',
      'contoso',
      '--customer',
      'initech',
      '--packs',
      'tickets,people',
      '--tools',
      'list_agents',
      '--config',
      config,
    ]);
    expect(made.code, made.stderr).toBe(0);
    const [entry] = JSON.parse((await run(['token', 'list', '--json', '--config', config])).stdout);
    expect(entry).toMatchObject({
      customers: ['contoso', 'initech'],
      packs: ['tickets', 'people'],
      tools: ['list_agents'],
    });
  });

  test.each<[string, string[], string]>([
    ['a pack that there is not', ['token', 'new', 'x', '--packs', 'tickest'], '"tickets"'],
    ['a tool that there is not', ['token', 'new', 'x', '--tools', 'list_agent'], '"list_agents"'],
    [
      'a tool outside of its packs',
      ['token', 'new', 'x', '--packs', 'people', '--tools', 'list_tickets'],
      'list_tickets',
    ],
    ['an invalid time', ['token', 'new', 'x', '--expires', 'soon'], '90d'],
    ['no time at all', ['token', 'new', 'x', '--expires', '0d'], '90d'],
    ['a time without end', ['token', 'new', 'x', '--expires', '9999999d'], '3650d'],
    ['an invalid name', ['token', 'new', '../x'], 'letters'],
    ['packs that name nothing', ['token', 'new', 'x', '--packs', ' , '], 'names nothing'],
  ])('%s is refused, and nothing is made', async (_, args, words) => {
    const config = named();
    const { code, stdout, stderr } = await run([...args, '--config', config]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
    expect(existsSync(join(config, '../halo-mcp.tokens.json'))).toBe(false);
  });

  test('no config that was merely found says who may call', async () => {
    const folder = folderWith({ 'halo-mcp.config.json': {} });
    expect(await run(['token', 'new', 'x'], folder)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--config'),
    });
    const found = folderWith({ 'halo-mcp.config.json': { http: { hosts: ['evil.example'] } } });
    expect(await run(['serve', '--http', '127.0.0.1:0', '--no-auth'], found)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('http.hosts'),
    });
  });
});

describe('the start', () => {
  test.each<[string, string[], RegExp]>([
    ['without anybody who could sign in', ['--http', '127.0.0.1:0'], /token new/],
    ['for others without a proxy', ['--http', '0.0.0.0:0'], /--behind-proxy/],
    ['for others with nobody signing in', ['--http', '0.0.0.0:0', '--behind-proxy', '--no-auth'], /--no-auth/],
    ['at an invalid address', ['--http', '127.0.0.1:99999', '--no-auth'], /HOST:PORT/],
    ['at a word that is no address', ['--http', 'notaport', '--no-auth'], /--http notaport is not an address/],
    ['with metrics at a word', ['--http', '127.0.0.1:0', '--metrics', 'on'], /--metrics on is not an address/],
    [
      'with metrics for others',
      ['--http', '127.0.0.1:0', '--no-auth', '--metrics', '0.0.0.0:9464'],
      /only on this machine/,
    ],
    ['on stdio with what is for HTTP', ['--no-auth'], /--http/],
  ])('%s is refused in one sentence', async (_, args, words) => {
    for (const config of [[], ['--config', named()]]) {
      const { code, stdout, stderr } = await run(['serve', ...args, ...config]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.trimEnd().split('\n').at(-1)).toMatch(words);
    }
  });

  test('on a port that is taken fails, and says which', async () => {
    const { url } = await serve(['--no-auth']);
    const { port } = new URL(url);
    const { code, stderr } = await run(['serve', '--http', `127.0.0.1:${port}`, '--no-auth', '--sandbox']);
    expect(code).toBe(1);
    expect(stderr).toContain(`127.0.0.1:${port}`);
  });
});

describe('the server', () => {
  test('answers anyone with a token, picks up a new one while it runs, and ends cleanly', async () => {
    const config = named();
    const first = tokenOf(await run(['token', 'new', 'first', '--config', config]));
    const { url, child, output } = await serve(['--config', config]);
    const ask = (token: string) => send(url, { headers: signed(token), body: callOf('list_agents') });
    expect((await ask(first)).text).toContain('9 of 9 agents');
    const second = tokenOf(await run(['token', 'new', 'second', '--config', config]));
    expect((await ask(second)).status).toBe(200);
    await run(['token', 'revoke', 'first', '--config', config]);
    await expect.poll(async () => (await ask(first)).status).toBe(401);
    const ended = once(child, 'close');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    const { stdout, stderr } = output();
    expect(stdout).toBe('');
    for (const token of [first, second]) expect(stderr).not.toContain(token);
    expect(stderr).toContain('"msg":"audit"');
  });

  test('without signing in it is there for this machine, and says so', async () => {
    const { url, output } = await serve(['--no-auth']);
    expect((await send(url, { headers: signed('whatever'), body: rpc('tools/list') })).status).toBe(200);
    expect(
      (
        await send(url, {
          headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
          body: callOf('list_agents'),
        })
      ).text,
    ).toContain('9 of 9 agents');
    expect(output().stderr).toContain('Nobody has to sign in');
  });
});
