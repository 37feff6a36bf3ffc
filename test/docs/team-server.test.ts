/** The files of docs/team: they are read as those who run them do, and their command lines start the real command. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join, resolve } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { afterEach, describe, expect, test } from 'vitest';
import { emptyFolder, SERVER } from '../session.js';

const TEAM = resolve(import.meta.dirname, '../../docs/team');
const read = (name: string) => readFileSync(join(TEAM, name), 'utf8');

interface Workload {
  kind: string;
  spec: { replicas: number; template: { spec: { containers: [Container]; securityContext: object } } };
}
interface Container {
  args: string[];
  livenessProbe: Probe;
  readinessProbe: Probe;
  securityContext: Record<string, unknown>;
}
interface Probe {
  httpGet: { path: string; httpHeaders: { name: string; value: string }[] };
}

const compose = load(read('compose.yaml')) as { services: { 'halo-mcp': { command: string[]; read_only: boolean } } };
const deployment = (loadAll(read('kubernetes.yaml')) as Workload[]).find(({ kind }) => kind === 'Deployment');
const unit = /^ExecStart=\S+ --no-install halo-mcp (.*)$/m.exec(read('halo-mcp.service'))?.[1]?.split(' ') ?? [];
const container = deployment?.spec.template.spec.containers[0] as Container;

const LINES: [string, string[]][] = [
  ['the systemd unit', unit],
  ['Docker Compose', compose.services['halo-mcp'].command],
  ['Kubernetes', container.args],
];

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts the command line with the config of docs/team in a folder of its own, on any free port. */
async function started(line: readonly string[]): Promise<URL> {
  const folder = emptyFolder();
  const config = join(folder, 'halo-mcp.config.json');
  cpSync(join(TEAM, 'halo-mcp.config.json'), config);
  const env = { PATH: process.env.PATH, HALO_CLIENT_SECRET: 'not-asked-for' };
  execFileSync(process.execPath, [SERVER, 'token', 'new', 'alice', '--config', config], { env, stdio: 'ignore' });
  const args = line.map((word) =>
    word === '/etc/halo-mcp/halo-mcp.config.json' ? config : word.replace(/^(0\.0\.0\.0|127\.0\.0\.1):8787$/, '$1:0'),
  );
  const own = args.flatMap((word) => (word === '--metrics' ? [word, '127.0.0.1:0'] : word));
  const child = spawn(process.execPath, [SERVER, ...own], { cwd: folder, env });
  children.push(child);
  let told = '';
  for await (const text of child.stderr) {
    told += text;
    const url = /server running on (http:\S+?\/mcp)/.exec(told)?.[1];
    if (url !== undefined) return new URL(url.replace('0.0.0.0', '127.0.0.1'));
  }
  throw new Error(told);
}

async function statusOf(url: URL, path: string, host: string): Promise<number | undefined> {
  const asked = request(new URL(path, url), { headers: { host } }).end();
  const [response] = await once(asked, 'response');
  response.resume();
  return response.statusCode;
}

describe('the files of the team server', () => {
  test.each(LINES)('%s starts it, and its probe is answered', async (_, line) => {
    expect(line.slice(0, 2)).toEqual(['serve', '--http']);
    const url = await started(line);
    expect(url.pathname).toBe('/mcp');
    expect(await statusOf(url, '/healthz', 'localhost')).toBe(200);
    expect(await statusOf(url, '/mcp', 'mcp.example.com')).toBe(405);
    expect(await statusOf(url, '/mcp', 'other.example.com')).toBe(403);
  });

  test('Kubernetes asks under a name that the server answers to, and gives the container nothing to write', () => {
    for (const { httpGet } of [container.livenessProbe, container.readinessProbe])
      expect(httpGet.httpHeaders).toEqual([{ name: 'Host', value: 'localhost' }]);
    expect(container.securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
    expect(compose.services['halo-mcp'].read_only).toBe(true);
    expect(deployment?.spec.replicas).toBe(1);
  });

  test('nginx leads to the address that the unit listens on, and does not hold answers back', () => {
    const nginx = read('nginx.conf');
    expect(nginx).toContain(`proxy_pass http://${unit[unit.indexOf('--http') + 1]};`);
    expect(nginx).toContain('proxy_buffering off;');
  });
});
