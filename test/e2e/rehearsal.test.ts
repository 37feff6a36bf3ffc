import { describe, expect, test } from 'vitest';
import { command } from '../docs/command.js';
import { openSession } from '../session.js';

/** `halo-mcp call` on a sandbox with faults, as an operator rehearses. */
const rehearse = (tool: string, args: object, ...faults: string[]) =>
  command([
    ...['call', tool, '--sandbox', '--args', JSON.stringify(args)],
    ...faults.flatMap((fault) => ['--fault', fault]),
  ]);

describe('a rehearsed fault gives the sentence and exit code 1', () => {
  test.each([
    ['500', 'list_tickets', {}, 'HALO_FAILED: Halo failed (HTTP 500).'],
    ['403@/Tickets', 'list_tickets', {}, 'HALO_FORBIDDEN: '],
    ['html@token', 'list_clients', {}, 'HALO_NOT_JSON: Halo answered with a web page in place of data.'],
    ['401@token', 'list_clients', {}, 'HALO_CREDENTIALS_REFUSED: '],
    ['308-away', 'list_clients', {}, 'HALO_REDIRECTED: '],
    ['filter-ignored', 'list_contracts', { client_id: 12 }, 'HALO_FILTER_IGNORED: '],
  ])('%s', async (fault, tool, args, sentence) => {
    const { code, stdout, stderr } = await rehearse(tool, args, fault);
    expect(stderr.startsWith(sentence), stderr).toBe(true);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  test('demo ends with it, too', async () => {
    const { code, stderr } = await command(['demo', '--fault', '503@/Invoice']);
    expect(stderr).toMatch(/^HALO_UNAVAILABLE: Halo is not available at the moment \(HTTP 503\)/);
    expect(code).toBe(1);
  });
});

test('faults that pass are survived: the answer comes', async () => {
  const { code, stdout } = await rehearse('list_clients', { page_size: 1 }, '503:1', 'reset:1', 'token-revoked:1');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^1 of 15 clients/);
});

test('while the server runs, faults come and go through the address in its log', async () => {
  const session = await openSession({ args: ['--sandbox'] });
  await session.ask('list_agents');
  const url = /Sandbox Halo at (http:\/\/127\.0\.0\.1:\d+)/.exec(session.stderr())?.[1];
  const control = (method: string, body?: string) => fetch(`${url}/sandbox/faults`, { method, ...(body && { body }) });
  await control('POST', '"404@/Client"');
  expect(await session.fail('list_clients')).toMatch(/^HALO_NOT_FOUND: /);
  expect(await (await control('GET')).json()).toEqual([{ name: '404', on: '/Client', hits: 1 }]);
  await control('DELETE');
  expect(await session.ask('list_clients')).toHaveProperty('total', 15);
  await session.close();
});
