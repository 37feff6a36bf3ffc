import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
  const entry = fileURLToPath(new URL('../../sandbox/main.ts', import.meta.url));
  const output = { outfile: join(folder, 'sandbox.mjs'), platform: 'node', format: 'esm' } as const;
  await build({ entryPoints: [entry], bundle: true, logLevel: 'error', ...output });
});
afterAll(() => rm(folder, { recursive: true }));

/** Starts the process and reads all that it prints until it is ready. */
async function start(args: string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [join(folder, 'sandbox.mjs'), ...args], { env: { ...process.env, ...env } });
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  const ready = JSON.parse(chunk.toString()) as Record<string, string>;
  return { child, ready, lines: chunk.toString().split('\n') };
}

const ended = async (child: ChildProcess) => (await once(child, 'exit'))[0] as number | null;

async function newest({ url, clientId = '', clientSecret = '' }: Record<string, string>): Promise<string> {
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'read:tickets',
  };
  const token = await fetch(`${url}/auth/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token } = (await token.json()) as { access_token: string };
  const reply = await fetch(`${url}/api/Tickets?count=1`, { headers: { authorization: `Bearer ${access_token}` } });
  const { tickets } = (await reply.json()) as { tickets: { dateoccurred: string }[] };
  return tickets[0]?.dateoccurred.slice(0, 10) ?? '';
}

describe('the sandbox as a process', () => {
  it('prints one JSON line, serves, and ends with its stdin', async () => {
    const { child, ready, lines } = await start(['--now', '2025-06-20T12:00:00Z']);
    expect(Object.keys(ready)).toEqual(['url', 'clientId', 'clientSecret']);
    expect(lines).toEqual([expect.any(String), '']);
    expect(await newest(ready)).toBe('2025-06-20');
    const exit = ended(child);
    child.stdin?.end();
    expect(await exit).toBe(0);
  });

  it('takes now from the environment and ends on SIGTERM', async () => {
    const { child, ready } = await start([], { HALO_SANDBOX_NOW: '2024-02-20T12:00:00Z' });
    expect(await newest(ready)).toBe('2024-02-20');
    const exit = ended(child);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
  });
});
