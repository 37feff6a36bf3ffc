/** Two servers behind nginx, configured by docs/team, as separate processes over one store and one Halo. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { AREA_SCOPES } from '../../sandbox/http/scopes.js';
import { type Sandbox, startSandbox } from '../../sandbox/index.js';
import { freePort, programOf, startStore, type TestStore, WITHOUT_STORE } from '../core/store/redis.js';
import { emptyFolder, SERVER } from '../session.js';
import { callOf, send, signed } from './team.js';

const NGINX = programOf('nginx');
const CONF = resolve(import.meta.dirname, '../../docs/team/nginx-replicas.conf');
const isOff = process.env.REPLICAS === undefined || NGINX === undefined || WITHOUT_STORE !== undefined;

const children: ChildProcess[] = [];
let [halo, redis]: [Sandbox | undefined, TestStore | undefined] = [undefined, undefined];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all([halo?.close(), redis?.close()]);
});

async function serve(env: NodeJS.ProcessEnv, config: string) {
  const args = ['serve', '--http', '127.0.0.1:0', '--config', config];
  const child = spawn(process.execPath, [SERVER, ...args], { env, cwd: emptyFolder() });
  children.push(child);
  let told = '';
  const url = await new Promise<URL>((done, fail) => {
    child.stderr.on('data', (text) => {
      told += text;
      const found = /server running on (http:\S+?\/mcp)/.exec(told)?.[1];
      if (found !== undefined) done(new URL(found));
    });
    child.once('close', () => fail(new Error(told)));
  });
  return { child, url, log: () => told };
}

/** nginx with the file from the docs, without TLS, on loopback in front of these. */
async function balance(ports: readonly string[]): Promise<string> {
  const folder = emptyFolder();
  mkdirSync(join(folder, 'logs'));
  const port = await freePort();
  const conf = ports
    .reduce(
      (text, own, index) => text.replace(`halo-mcp-${index + 1}:8787`, `127.0.0.1:${own}`),
      readFileSync(CONF, 'utf8'),
    )
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
    .replace(/^ *ssl_.*$/gm, '');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const whole = `daemon off; pid ${folder}/pid; error_log ${folder}/logs/error.log;\nevents {}\nhttp { access_log off; ${temporary.join(' ')}\n${conf}\n}`;
  writeFileSync(join(folder, 'nginx.conf'), whole);
  execFileSync(NGINX as string, ['-t', '-q', '-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'pipe' });
  children.push(spawn(NGINX as string, ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' }));
  return `http://127.0.0.1:${port}/mcp`;
}

test.skipIf(isOff)(
  'two servers behind nginx are one: a killed one and a killed store stop no call, and Halo is asked no more than it allows',
  async () => {
    halo = await startSandbox({
      scopes: AREA_SCOPES.filter((one) => one.startsWith('read:')),
      requestsPer5Minutes: 1000,
    });
    redis = await startStore();
    const folder = emptyFolder();
    const config = join(folder, 'halo-mcp.config.json');
    writeFileSync(config, JSON.stringify({ halo: { requestsPer5Minutes: 60 }, http: { callsPerMinute: 100_000 } }));
    const env = {
      PATH: process.env.PATH,
      ...{ HALO_INSTANCE_URL: halo.url, HALO_CLIENT_ID: halo.clientId, HALO_CLIENT_SECRET: halo.clientSecret },
      ...{ HALO_MCP_STORE: redis.url, HALO_MCP_STORE_KEY: Buffer.alloc(32, 3).toString('hex'), HALO_MCP_REPLICAS: '2' },
    };
    const made = execFileSync(process.execPath, [SERVER, 'token', 'new', 'alice', '--config', config], {
      env,
      encoding: 'utf8',
    });
    const token = made.trimEnd().split('\n').at(-1) ?? '';
    const servers = await Promise.all([serve(env, config), serve(env, config)]);
    const url = await balance(servers.map((one) => one.url.port));
    let id = 0;
    const ask = () => send(url, { headers: signed(token), body: callOf('get_client', { id: 2_000_000 + id++ }) });
    const several = async (times: number) => {
      const answers = await Promise.all(Array.from({ length: times }, ask));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      return answers.filter(({ text }) => !text.includes('HALO_RATE_LIMITED')).length;
    };
    await expect.poll(async () => (await ask().catch(() => undefined))?.status).toBe(200);
    expect(await several(10)).toBe(10);
    expect(halo.requests.filter(({ path }) => path.startsWith('/auth/token'))).toHaveLength(1);

    const [first] = servers;
    first?.child.kill('SIGKILL');
    await once(first?.child as ChildProcess, 'exit');
    expect(await several(10)).toBe(10);

    await redis.kill();
    const passed = await several(60);
    expect(passed).toBeGreaterThan(0);
    expect(passed).toBeLessThan(60);
    await redis.restart();
    await expect.poll(() => servers[1]?.log()).toContain('The store is there again');
    await several(60);
    expect(halo.requests.length).toBeLessThanOrEqual(60);
  },
);

test.skipIf(process.env.REPLICAS === undefined || !isOff)(
  'two servers behind nginx: nothing to try it with is installed here',
  ({ skip }) => {
    skip(WITHOUT_STORE ?? 'nginx is not installed here');
  },
);
