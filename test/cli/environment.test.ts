import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/index.js';
import { command } from '../docs/command.js';
import { folderWith, haloEnv } from '../session.js';

let halo: Sandbox;
beforeAll(async () => {
  halo = await startSandbox();
});
afterAll(() => halo.close());

describe('a value of the environment that can not be used', () => {
  const wrong: [Record<string, string>, string][] = [
    [{ HALO_CLIENT_ID: '{{CLIENT_ID}}' }, 'HALO_CLIENT_ID still holds the placeholder {{…}}.'],
    [{ HALO_INSTANCE_URL: 'http://halo.example.com' }, 'HALO_INSTANCE_URL must start with https://'],
    [{ HALO_CLIENT_SECRET: '', HALO_CLIENT_SECRET_FILE: '/nowhere' }, "HALO_CLIENT_SECRET_FILE can't be used."],
  ];
  test.each(wrong)('%j ends call, tools and doctor with exit code 2, and nothing is sent', async (env, sentence) => {
    const asked = halo.requests.length;
    const [call, tools, doctor] = await Promise.all(
      [['call', 'list_agents'], ['tools'], ['doctor', '--json']].map((args) =>
        command(args, { ...haloEnv(halo), ...env }),
      ),
    );
    for (const one of [call, tools]) expect(one).toMatchObject({ code: 2, stdout: '' });
    expect([call?.stderr.startsWith(sentence), tools?.stderr.startsWith(sentence)]).toEqual([true, true]);
    expect(doctor?.code).toBe(2);
    expect(JSON.parse(doctor?.stdout ?? '')).toMatchObject({
      ok: false,
      findings: [{ id: 'environment', mark: 'fail', detail: expect.stringContaining(sentence) }],
    });
    expect(halo.requests).toHaveLength(asked);
  });

  test('does not matter on the sandbox', async () => {
    const { code } = await command(['call', 'list_agents', '--sandbox'], { HALO_CLIENT_ID: '{{CLIENT_ID}}' });
    expect(code).toBe(0);
  });
});

test('an address works as pasted, and the doctor says how it is read', async () => {
  const env = { ...haloEnv(halo), HALO_INSTANCE_URL: `${halo.url}/portal/tickets?area=3` };
  const { code, stdout } = await command(['doctor'], env);
  expect(code).toBe(0);
  expect(stdout).toContain(`! Address: HALO_INSTANCE_URL is read as ${halo.url}; set it to that.`);
});

test('an invalid log level is reported once on stderr, and the command goes on', async () => {
  const { code, stderr } = await command(['tools'], { HALO_MCP_LOG_LEVEL: 'loud' });
  expect([code, stderr.split('HALO_MCP_LOG_LEVEL is "loud"').length]).toEqual([0, 2]);
});

test('an empty config is wrong, and does not turn everything on', async () => {
  const config = join(folderWith({ 'c.json': '' }), 'c.json');
  const { code, stdout, stderr } = await command(['tools', '--config', config]);
  expect({ code, stdout, stderr }).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('is empty.') });
});
