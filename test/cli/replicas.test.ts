/** How an operator sees that there are several servers. */
import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import { startStore, WITHOUT_STORE } from '../core/store/redis.js';
import { emptyFolder, SERVER } from '../session.js';

const run = (args: string[], env: NodeJS.ProcessEnv) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const options = { cwd: emptyFolder(), env: { PATH: process.env.PATH, ...env } };
    execFile(process.execPath, [SERVER, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });

const findings = ({ stdout }: { stdout: string }) =>
  Object.fromEntries((JSON.parse(stdout).findings as { id: string }[]).map((one) => [one.id, one]));

test('the doctor shows the part of each server', async () => {
  const { budget } = findings(await run(['doctor', '--json', '--sandbox'], { HALO_MCP_REPLICAS: '4' }));
  expect(budget).toMatchObject({
    detail: expect.stringMatching(/of 70 left .* \(the part of each of 4 servers, of 280 in all\)$/),
    data: { per_5_minutes: 70, servers: 4, for_all: 280 },
  });
});

test.skipIf(WITHOUT_STORE)('the doctor finds the store, and says what it lacks', async () => {
  const password = 'canary-of-the-store';
  const redis = await startStore(['--requirepass', password], password);
  const key = Buffer.alloc(32, 9).toString('base64');
  const look = (env: NodeJS.ProcessEnv) => run(['doctor', '--json', '--sandbox'], env);
  const [whole, keyless, wrong] = await Promise.all([
    look({ HALO_MCP_STORE: redis.url, HALO_MCP_STORE_KEY: key }),
    look({ HALO_MCP_STORE: redis.url }),
    look({ HALO_MCP_STORE: redis.url.replace(password, 'canary-that-is-wrong') }),
  ]);
  await redis.close();
  expect(findings(whole)).toMatchObject({ store: { mark: 'ok' }, budget: { data: { per_5_minutes: 280 } } });
  expect(findings(keyless)).toMatchObject({
    store: { mark: 'warn', detail: expect.stringContaining('HALO_MCP_STORE_KEY') },
  });
  expect(findings(wrong)).toMatchObject({ store: { mark: 'fail', detail: expect.stringContaining('WRONGPASS') } });
  expect(wrong.code).toBe(1);
  for (const { stdout, stderr } of [whole, keyless, wrong]) expect(stdout + stderr).not.toMatch(/canary|CQkJ/);
});

test.each([
  ['HALO_MCP_REPLICAS', 'some'],
  ['HALO_MCP_STORE', 'memcached://:canary@store'],
  ['HALO_MCP_STORE_KEY', 'canary'],
])('%s that can’t be used ends a command with its name, and serving over HTTP as well', async (name, value) => {
  const env = {
    HALO_INSTANCE_URL: 'http://127.0.0.1:9',
    HALO_CLIENT_ID: 'x',
    HALO_CLIENT_SECRET: 'secret-of-nobody',
    [name]: value,
  };
  for (const args of [['call', 'list_agents'], ['doctor'], ['serve', '--http', '127.0.0.1:0', '--no-auth']]) {
    const { code, stdout, stderr } = await run(args, env);
    expect(code).toBe(2);
    expect(stdout + stderr).toContain(name);
    expect(stdout + stderr).not.toContain('canary');
  }
});
