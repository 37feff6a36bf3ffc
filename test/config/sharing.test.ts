/** What the environment says about several servers. */
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../config/index.js';
import { serversOf } from '../../core/settings.js';
import { emptyFolder } from '../session.js';

const load = async (env: NodeJS.ProcessEnv) => {
  const config = await loadConfig({ env, cwd: emptyFolder() });
  return { ...config, faults: config.customers.default?.faults };
};
const KEY = Buffer.alloc(32, 0xa5);

describe('HALO_MCP_REPLICAS', () => {
  test.each([
    ['1', 1],
    [' "2" ', 2],
    ['100', 100],
    ['007', 7],
  ])('%s is how many there are', async (text, replicas) => {
    expect(await load({ HALO_MCP_REPLICAS: text })).toMatchObject({ replicas, faults: undefined });
  });

  test.each([
    ...['0', '-1', '101', '1000', '2.5', '2e1', '0x2', 'two', '2 3', '٢', 'Infinity', '1'.repeat(500)],
    ...['<replicas>', '{{N}}'],
  ])('%s can’t be used, and each call says so', async (text) => {
    const { replicas, faults } = await load({ HALO_MCP_REPLICAS: text });
    expect(replicas).toBeUndefined();
    expect(faults).toEqual([
      expect.stringMatching(/^HALO_MCP_REPLICAS (must be a whole number from 1 to 100|still holds)/),
    ]);
  });

  test('blank is as good as left out', async () => {
    expect(await load({ HALO_MCP_REPLICAS: ' ' })).not.toHaveProperty('replicas');
  });

  test.each([
    [{}, 1],
    [{ HALO_MCP_REPLICAS: '5' }, 5],
    [{ HALO_MCP_STORE: 'redis://store:6379' }, 2],
    [{ HALO_MCP_STORE: 'redis://store:6379', HALO_MCP_REPLICAS: '5' }, 5],
    [{ HALO_MCP_STORE: 'redis://store:6379', HALO_MCP_REPLICAS: '1' }, 1],
  ])('%j divides a limit among %i', async (env, servers) => {
    expect(serversOf(await load(env))).toBe(servers);
  });
});

describe('HALO_MCP_STORE', () => {
  test.each([
    'redis://127.0.0.1:6379',
    'redis://store',
    'rediss://user:p%40ss@store.example:6380/2',
    '"redis://[::1]:6379/0"',
  ])('%s is an address', async (text) => {
    const { store, faults } = await load({ HALO_MCP_STORE: text });
    expect(faults).toBeUndefined();
    expect(store?.url).toBe(text.replaceAll('"', ''));
  });

  test.each([
    ...[
      '127.0.0.1:6379',
      'http://:canary@store',
      'redis:',
      'redis://',
      'redis:///1',
      'store',
      'redis://:canary@store/one',
    ],
    ...['redis://:canary@store:99999', 'redis://store/0?family=6', 'unix:///run/redis.sock', 'redis://<host>:6379'],
  ])('%s is not valid, and nothing of it is shown', async (text) => {
    const { store, faults } = await load({ HALO_MCP_STORE: text });
    expect(store).toBeUndefined();
    expect(faults).toEqual([expect.stringMatching(/^HALO_MCP_STORE (is not the address of a store|still holds)/)]);
    expect(faults?.[0]).not.toContain('canary');
  });

  test('its passwords are known to the redactor as they are written and as they are meant', async () => {
    const { secrets } = await load({ HALO_MCP_STORE: 'rediss://user:p%40ss-word@store.example' });
    expect(secrets).toEqual(expect.arrayContaining(['user:p%40ss-word', 'p%40ss-word', 'p@ss-word']));
  });
});

describe('HALO_MCP_STORE_KEY', () => {
  const store = { HALO_MCP_STORE: 'redis://store' };

  test.each([
    ['base64', KEY.toString('base64')],
    ['base64url', KEY.toString('base64url')],
    ['hex', KEY.toString('hex')],
    ['hex in capitals', KEY.toString('hex').toUpperCase()],
  ])('the key of the shared store may be written as %s', async (_, text) => {
    const { store: found, faults, secrets } = await load({ ...store, HALO_MCP_STORE_KEY: text });
    expect(faults).toBeUndefined();
    expect(found?.key).toEqual(KEY);
    expect(secrets).toContain(text);
  });

  test.each([
    ...[
      'short',
      KEY.toString('hex').slice(2),
      Buffer.alloc(31, 1).toString('base64'),
      Buffer.alloc(33, 1).toString('base64'),
    ],
    ...[
      Buffer.alloc(64, 1).toString('base64'),
      `${KEY.toString('hex')}0`,
      `${KEY.toString('base64').slice(0, 42)}!`,
      '<key>',
    ],
  ])('%s can’t be used, and is not shown', async (text) => {
    const { store: found, faults } = await load({ ...store, HALO_MCP_STORE_KEY: text });
    expect(found?.key).toBeUndefined();
    expect(faults).toEqual([
      expect.stringMatching(/^HALO_MCP_STORE_KEY (must be 32 bytes in base64 or hex|still holds)/),
    ]);
    expect(faults?.[0]).not.toContain(text);
  });

  test('without a store is told to be of no use', async () => {
    const { warnings } = await load({ HALO_MCP_STORE_KEY: KEY.toString('hex') });
    expect(warnings).toEqual(['HALO_MCP_STORE_KEY does nothing without HALO_MCP_STORE.']);
  });
});
