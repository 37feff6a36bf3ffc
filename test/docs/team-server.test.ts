/** The files of docs/team, parsed like their tools parse them. Their command lines start the real command. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join, resolve } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { afterEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../config/index.js';
import { emptyFolder, SERVER } from '../session.js';

const TEAM = resolve(import.meta.dirname, '../../docs/team');
const read = (name: string) => readFileSync(join(TEAM, name), 'utf8');

interface Workload {
  kind: string;
  spec: { replicas: number; template: { spec: { containers: [Container]; securityContext: object } } };
}
interface Container {
  env: { name: string; value?: string; valueFrom?: object }[];
  args: string[];
  livenessProbe: Probe;
  readinessProbe: Probe;
  securityContext: Record<string, unknown>;
}
interface Probe {
  httpGet: { path: string; httpHeaders: { name: string; value: string }[] };
}

const composeOfTwo = load(read('compose-replicas.yaml')) as {
  services: Record<string, { command: string[]; environment: Record<string, string>; read_only: boolean }>;
};
const ofTwo = loadAll(read('kubernetes-replicas.yaml')) as Workload[];
const [servers, store] = ofTwo.filter(({ kind }) => kind === 'Deployment') as [Workload, Workload];
const compose = load(read('compose.yaml')) as { services: { 'halo-mcp': { command: string[]; read_only: boolean } } };
const deployment = (loadAll(read('kubernetes.yaml')) as Workload[]).find(({ kind }) => kind === 'Deployment');
const unit = /^ExecStart=\S+ --no-install halo-mcp (.*)$/m.exec(read('halo-mcp.service'))?.[1]?.split(' ') ?? [];
const container = deployment?.spec.template.spec.containers[0] as Container;

const LINES: [string, string[]][] = [
  ['the systemd unit', unit],
  ['Docker Compose', compose.services['halo-mcp'].command],
  ['Kubernetes', container.args],
  ['Docker Compose with two servers', composeOfTwo.services['halo-mcp-1']?.command ?? []],
  ['Kubernetes with two servers', servers.spec.template.spec.containers[0].args],
];

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts the command line with the config of docs/team in a new folder, on any free port. */
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

  test.each(['nginx.conf', 'nginx-replicas.conf'])(
    '%s lets through what clients and browsers ask, and no more',
    (file) => {
      const place = new RegExp(/location ~ (\S+) \{/.exec(read(file))?.[1] ?? '$^');
      const outside = [
        ...['/mcp', '/oauth/authorize', '/oauth/callback', '/oauth/token', '/.well-known/oauth-authorization-server'],
        ...['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp'],
      ];
      for (const path of outside) expect(path).toMatch(place);
      for (const path of ['/healthz', '/readyz', '/metrics', '/mcp/healthz', '/oauth']) expect(path).not.toMatch(place);
    },
  );

  test('with two servers each knows how many there are, and finds the one store', async () => {
    const { services } = composeOfTwo;
    expect(Object.keys(services)).toEqual(['halo-mcp-1', 'halo-mcp-2', 'store', 'nginx']);
    for (const name of ['halo-mcp-1', 'halo-mcp-2']) {
      const { environment, read_only } = services[name] as (typeof services)[string];
      expect(read_only).toBe(true);
      const filled = Object.entries(environment).map(([key, value]) => [
        key,
        value
          .replace(/\$\{STORE_PASSWORD:\?\}/, 'pass-word')
          .replace(/\$\{HALO_MCP_STORE_KEY:\?\}/, Buffer.alloc(32, 1).toString('base64')),
      ]);
      const config = await loadConfig({
        env: { ...Object.fromEntries(filled), HALO_CLIENT_SECRET_FILE: '' },
        cwd: emptyFolder(),
      });
      expect(config.customers.default?.faults).toBeUndefined();
      expect(config).toMatchObject({ replicas: 2, store: { url: 'redis://:pass-word@store:6379/0' } });
    }
    const nginx = read('nginx-replicas.conf');
    for (const name of ['halo-mcp-1', 'halo-mcp-2']) expect(nginx).toContain(`server ${name}:8787 `);
    expect(nginx).not.toContain('non_idempotent');
  });

  test('Kubernetes never runs more servers than each is told, and a store that all of them reach', () => {
    const { env } = servers.spec.template.spec.containers[0];
    const scaler = ofTwo.find(({ kind }) => kind === 'HorizontalPodAutoscaler') as unknown as {
      spec: { minReplicas: number; maxReplicas: number };
    };
    const told = Number(env.find(({ name }) => name === 'HALO_MCP_REPLICAS')?.value);
    // One more during a rolling update.
    expect(told).toBe(scaler.spec.maxReplicas + 1);
    expect(scaler.spec.minReplicas).toBe(servers.spec.replicas);
    for (const name of ['HALO_MCP_STORE', 'HALO_MCP_STORE_KEY'])
      expect(env.find((one) => one.name === name)?.valueFrom).toBeDefined();
    expect(store.spec.replicas).toBe(1);
    expect(ofTwo.filter(({ kind }) => kind === 'NetworkPolicy')).toHaveLength(1);
  });
});
