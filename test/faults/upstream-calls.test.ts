import { describe, expect, test } from 'vitest';
import { bundled } from '../../cli/packs.js';
import { forEach, loadConfig, settingsOf } from '../../config/index.js';
import { Redactor } from '../../core/output/redact.js';
import { fakeHalo, grant, ID, logTo, pause, type Reply, SECRET } from '../core/halo/fake.js';
import { startOne } from '../one.js';
import { emptyFolder } from '../session.js';
import { at, fakeClock, leaksOf, loadFirst, pass, settle } from './upstream.js';

loadFirst();

const silent: Reply = { write: () => undefined };
const AGENTS = { body: [{ id: 5, name: 'Dana Reed' }] };

/** The whole server except its stdio, on a Halo that fails in some way, with a stopped clock. */
async function serve(sandbox: Parameters<typeof fakeHalo>[0], limit = 280) {
  const halo = await fakeHalo(sandbox);
  const env = { HALO_INSTANCE_URL: halo.url, HALO_CLIENT_ID: ID, HALO_CLIENT_SECRET: SECRET };
  const settings = settingsOf(await loadConfig({ env, cwd: emptyFolder() }));
  const lines: string[] = [];
  const parts = { log: logTo(lines), redactor: new Redactor(), bundled, self: {} };
  const core = await startOne(
    forEach(settings, () => ({ requestsPer5Minutes: limit })),
    parts,
  );
  // Loads the tools' code before the clock stops.
  for (const name of ['list_agents', 'list_clients']) await core.call(name, { page: 0 });
  fakeClock();
  const start = async (name: string, args: object = {}) => {
    const started = performance.now();
    const result = await core.call(name, args);
    if (result.code === 'UNKNOWN_TOOL') throw new Error(`no tool ${name}`);
    expect(leaksOf(JSON.stringify([result, lines]))).toEqual([]);
    const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
    return { text, failed: result.isError === true, seconds: (performance.now() - started) / 1000 };
  };
  const call = (name: string, args?: object) => settle(start(name, args));
  return { halo, start, call };
}

describe('a call ends within 45 s, whatever Halo does', () => {
  test.each<[string, Reply]>([
    ['F06 Retry-After, again and again', { status: 429, headers: { 'retry-after': '14' } }],
    ['F21 no headers', silent],
    ['F22 a byte every 10 s', { write: (response) => drip(response, 10_000) }],
  ])('%s', async (_, reply) => {
    for (const server of ['token', 'api'] as const) {
      const { call, halo } = await serve(at(server, () => reply));
      const { failed, text, seconds } = await call('list_agents');
      expect(failed).toBe(true);
      expect(text).toMatch(/^(HALO_RATE_LIMITED|HALO_TIMEOUT): /);
      expect(seconds).toBeLessThanOrEqual(45);
      await pass(0);
      expect(halo.asked.length).toBeLessThanOrEqual(4);
    }
  });

  test('F21 one that asked for something else earlier: at 45 s, and its connection is closed', async () => {
    const { call, halo } = await serve({
      token: (asked, count) => pause(19_000).then(() => grant(asked, count)),
      api: () => silent,
    });
    const { text, seconds } = await call('list_agents');
    expect(text).toMatch(/^CALL_TIMEOUT: The call took longer than 45 s\./);
    expect(seconds).toBeCloseTo(45, 1);
    await pass(0);
    expect(halo.calls().at(-1)?.aborted).toBe(true);
  });
});

function drip(response: import('node:http').ServerResponse, every: number): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), every);
  response.on('close', () => clearInterval(timer));
}

describe('the limit is used up', () => {
  test('a call whose turn would come after its end fails at once, and says when to come back', async () => {
    const { call, halo } = await serve(
      at('api', () => AGENTS),
      10,
    );
    for (let n = 0; n < 9; n += 1) expect((await call('list_agents')).failed).toBe(false);
    const late = await call('list_agents');
    expect(late.text).toMatch(
      /^HALO_RATE_LIMITED: The limit of 10 requests to Halo in 5 minutes is used up; come back after \d\d:\d\d:\d\d UTC \(301 s\)\./,
    );
    expect(late.seconds).toBe(0);
    expect(halo.asked).toHaveLength(10);
    await pass(301_000);
    expect((await call('list_agents')).failed).toBe(false);
  });

  test('one whose turn comes in time waits for it', async () => {
    const { call } = await serve(
      at('api', () => AGENTS),
      10,
    );
    for (let n = 0; n < 9; n += 1) await call('list_agents');
    await pass(261_000);
    const { failed, seconds } = await call('list_agents');
    expect(failed).toBe(false);
    expect(seconds).toBeCloseTo(40, 1);
  });

  test('one behind requests that are slow fails at once as well, not when they are over', async () => {
    const { start, halo } = await serve(
      at('api', () => pause(10_000).then(() => ({ body: { record_count: 0, clients: [] } }))),
      10,
    );
    const calls = Array.from({ length: 12 }, (_, n) => start('list_clients', { search: `${n}` }));
    const outcomes = await settle(Promise.all(calls));
    expect(outcomes.map(({ failed, seconds }) => [failed, Math.round(seconds)])).toEqual([
      ...Array.from({ length: 6 }, () => [false, 10]),
      ...Array.from({ length: 3 }, () => [false, 20]),
      ...Array.from({ length: 3 }, () => [true, 0]),
    ]);
    expect(halo.asked).toHaveLength(10);
  });
});
