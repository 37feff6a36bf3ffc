import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../config/index.js';
import { type Sandbox, startSandbox } from '../../sandbox/index.js';
import { emptyFolder, folderWith, haloEnv, openSession, SERVER, textOf } from '../session.js';
import { againstProcess, EVERY_PACK, everyCall, sandboxOf } from './every-tool.js';
import { plugin } from './plugins.js';

/** Loaded into the server before anything else: records every address that a socket or a lookup gets. */
const SPY = `
import { appendFileSync } from 'node:fs';
import net from 'node:net';
import dns from 'node:dns';
import dgram from 'node:dgram';
const note = (what) => appendFileSync(process.env.SPY_FILE, what + '\\n');
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof options === 'object') note(options.path ?? options.host + ':' + options.port);
  else note(String(args[1]) + ':' + String(options));
  return connect.apply(this, args);
};
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6']) {
  const own = dns[name];
  dns[name] = (host, ...rest) => { note('dns ' + host); return own(host, ...rest); };
}
const send = dgram.Socket.prototype.send;
dgram.Socket.prototype.send = function (...args) { note('udp'); return send.apply(this, args); };
`;

/** A spy for a server: how to start the server with it, and the addresses it contacted. */
function spied() {
  const folder = folderWith({ 'spy.mjs': SPY, seen: '' });
  const env = { NODE_OPTIONS: `--import=${pathToFileURL(join(folder, 'spy.mjs'))}`, SPY_FILE: join(folder, 'seen') };
  const seen = () => [...new Set(readFileSync(env.SPY_FILE, 'utf8').trim().split('\n').filter(Boolean))];
  return { env, seen };
}

/** Another host on this machine, which should never be contacted. */
async function stranger(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe('D14 the hosts that are asked', () => {
  test('D14 a redirect of any kind, of the API or the log-in, is not followed', async () => {
    const other = await stranger();
    let [status, path] = [0, ''];
    const halo = await sandboxOf({
      intercept: (request) =>
        request.path === path ? { status, headers: { location: `${other.url}${path}` } } : undefined,
    });
    const { env, seen } = spied();
    for (path of ['/auth/token', '/api/Tickets']) {
      const session = await againstProcess(halo, { env });
      for (status of [301, 302, 303, 307, 308])
        expect(await session.fail('list_tickets')).toMatch(/^HALO_REDIRECTED: /);
    }
    expect(seen()).toEqual([new URL(halo.url).host]);
    expect(other.asked).toEqual([]);
  });

  test('D14 nor does a proxy of the environment, a path of an argument or a link in an answer lead away', async () => {
    const other = await stranger();
    const halo = await sandboxOf();
    const { env, seen } = spied();
    const proxies = Object.fromEntries(['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].map((name) => [name, other.url]));
    const session = await againstProcess(halo, { env: { ...env, ...proxies } });
    await session.ask('list_tickets');
    for (const id of ['../../x', `@${other.url}`, '1/../../Client', '%2e%2e'])
      expect(await session.fail('get_ticket', { id })).toMatch(/^BAD_ARGUMENTS: /);
    expect(seen()).toEqual([new URL(halo.url).host]);
    expect(other.asked).toEqual([]);
  });
});

/** All files under a folder, with their modes. */
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => [
    name,
    (statSync(join(folder, name)).mode & 0o777).toString(8),
  ]);

describe('over every tool of every pack, with a failing plugin and a crash at the same time', () => {
  const [home, cwd, temporary] = [emptyFolder(), emptyFolder(), emptyFolder()];
  const { env, seen } = spied();
  const mine = folderWith({
    'mine.mjs': plugin('mine', 'break_it', {
      run: "setTimeout(() => { throw new Error('late'); }); throw new Error('x');",
    }),
    'c.json': { ...EVERY_PACK, plugins: [...EVERY_PACK.plugins, './mine.mjs'] },
  });
  let [halo, called]: [Sandbox?, number?] = [];
  beforeAll(async () => {
    halo = await startSandbox();
    const places = { HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, TMPDIR: temporary, TEMP: temporary };
    const session = await openSession({
      args: ['--config', join(mine, 'c.json')],
      cwd,
      env: { ...env, ...places, ...haloEnv(halo), HALO_MCP_LOG_LEVEL: 'trace' },
    });
    const calls = await everyCall(session);
    for (const { name, args } of calls) await session.call(name, args);
    called = calls.length;
    await session.close();
    await halo.close();
  });

  test('D14 the configured Halo is asked, and nobody else', () => {
    expect(called).toBe(34);
    expect(seen()).toEqual([new URL(halo?.url ?? '').host]);
  });

  test('D15 nothing is written to disk', () => {
    expect([home, cwd, temporary].flatMap(filesIn)).toEqual([]);
    expect(
      filesIn(mine)
        .map(([name]) => name)
        .toSorted(),
    ).toEqual(['c.json', 'mine.mjs']);
  });
});

describe('D15 what commands write', () => {
  test.skipIf(process.platform === 'win32')('D15 nothing, whatever mask is set; the demo leaves nothing behind', () => {
    const [home, cwd, temporary] = [emptyFolder(), emptyFolder(), emptyFolder()];
    for (const line of ['tools --json', 'call list_agents --sandbox', 'demo']) {
      const { status, stdout } = spawnSync(
        'sh',
        ['-c', `umask 000; exec "$0" "$@"`, process.execPath, SERVER, ...line.split(' ')],
        {
          cwd,
          env: { PATH: process.env.PATH, HOME: home, TMPDIR: temporary },
          encoding: 'utf8',
        },
      );
      expect([line, status, stdout.length > 100]).toEqual([line, 0, true]);
    }
    expect([home, cwd, temporary].flatMap(filesIn)).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')("D15 the secret's file", () => {
  test.each([
    [0o600, undefined],
    [0o400, undefined],
    [0o640, 'others'],
    [0o660, 'others'],
    [0o604, 'everybody'],
    [0o644, 'everybody'],
    [0o666, 'everybody'],
  ])('D15 with the rights %o: told who can read it: %s', async (mode, who) => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, 'secrets'));
    const file = join(cwd, 'secrets/halo');
    writeFileSync(file, 'the-secret-itself-123');
    chmodSync(file, mode);
    const { customers } = await loadConfig({ env: { HALO_CLIENT_SECRET_FILE: file }, cwd });
    expect(customers.default?.clientSecret).toBe('the-secret-itself-123');
    expect(customers.default?.warnings).toEqual(
      who === undefined
        ? []
        : [`The client secret's file ${file} can be read by ${who} on this machine: chmod 600 it.`],
    );
  });

  test('D15 is told at the start, and never shown', async () => {
    const secret = 'canary5-1f0e-4a2b-9c3d-7e6f5a4b3c2d';
    const folder = folderWith({ secret });
    chmodSync(join(folder, 'secret'), 0o644);
    const session = await openSession({
      args: ['--sandbox'],
      env: { HALO_CLIENT_SECRET_FILE: join(folder, 'secret') },
    });
    expect(textOf(await session.call('list_agents'))).toContain('agents, page 1');
    await expect.poll(session.stderr).toContain('can be read by everybody on this machine: chmod 600 it.');
    await session.close();
  });
});
