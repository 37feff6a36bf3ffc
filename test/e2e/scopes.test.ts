import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Finding } from '../../cli/doctor/finding.js';
import { type Sandbox, startSandbox } from '../../sandbox/index.js';
import { command } from '../docs/command.js';
import { folderWith, haloEnv } from '../session.js';

const NEEDED = ['read:tickets', 'read:invoices', 'read:contracts', 'read:customers', 'read:projects'];
const FURTHER = ['read:sos', 'read:items', 'read:softwarelicensing'];
const PLUGINS = ['insights', 'agreements', 'tickets', 'projects'].map((use) =>
  use === 'agreements' ? { use, tools: ['uninvoiced_time'] } : use,
);

/** A Halo that refuses every token with a scope that is not ticked. */
async function halo(scopes: string[]): Promise<Sandbox> {
  const started = await startSandbox({ scopes });
  onTestFinished(() => started.close());
  return started;
}

const saved = (config: object) => join(folderWith({ 'named.json': config }), 'named.json');

async function run(at: Sandbox, config: object, ...args: string[]) {
  const { stdout, stderr } = await command([...args, '--config', saved(config)], haloEnv(at));
  return { stdout, stderr };
}

const QUESTIONS: [tool: string, args: string[], without: RegExp][] = [
  ['uninvoiced_time', [], /Order lines not looked at: that takes read:sos, which "scopes" in the config can name\./],
  ['price_uplift', [], /List price not read: that takes read:items, which "scopes" in the config can name\./],
  [
    'renewals_calendar',
    ['include=licences'],
    /Licences were not read: that takes read:softwarelicensing, which "scopes" in the config can name\./,
  ],
];

describe('further scopes, named in the config', () => {
  test.each(QUESTIONS)('%s reads more with them, and says how to without', async (tool, args, without) => {
    const ticked = await halo([...NEEDED, ...FURTHER]);
    const plain = await run(ticked, { plugins: PLUGINS }, 'call', tool, ...args);
    expect(plain.stdout).toMatch(without);
    const full = await run(ticked, { plugins: PLUGINS, scopes: FURTHER }, 'call', tool, ...args);
    expect(full.stdout).not.toMatch(/not looked at|not read/);
    expect([full.stdout.length > 200, full.stderr]).toEqual([true, '']);
  });

  test('one that is not ticked costs nothing but itself, and the doctor says what to do', async () => {
    const unticked = await halo([...NEEDED, 'read:items']);
    const config = { plugins: PLUGINS, scopes: FURTHER };
    const { stdout } = await run(unticked, config, 'call', 'price_uplift');
    expect(stdout).not.toMatch(/not read/);
    const { findings } = JSON.parse((await run(unticked, config, 'doctor', '--json')).stdout) as {
      findings: Finding[];
    };
    const of = (scope: string) => findings.find(({ id }) => id === `scope ${scope}`);
    expect(of('read:items')).toMatchObject({
      mark: 'ok',
      detail: 'ticked; "scopes" in the config names it, and insights can use it',
    });
    expect(of('read:sos')).toMatchObject({
      mark: 'warn',
      detail: expect.stringMatching(/^"scopes" in the config names it, and it is not ticked .*; agreements can do/),
      way_out: expect.stringMatching(/^Tick read:sos on it .* or take it out of "scopes"\.$/),
    });
  });

  test('are among those to tick, each customer with its own', async () => {
    const one = { instanceUrl: 'https://one.example', clientId: 'one' };
    const config = saved({
      customers: { one, two: { ...one, instanceUrl: 'https://two.example', scopes: ['read:items'] } },
      plugins: PLUGINS,
      scopes: ['read:sos'],
    });
    const ticks = async (customer: string) => {
      const { stdout } = await command(['tools', '--json', '--customer', customer, '--config', config]);
      return (JSON.parse(stdout) as { scopes: string[] }).scopes.filter((scope) => !NEEDED.includes(scope));
    };
    expect([await ticks('one'), await ticks('two')]).toEqual([['read:sos'], ['read:items']]);
    const why = await command(['tools', '--why', 'uninvoiced_time', '--customer', 'two', '--config', config]);
    expect(why.stdout).toContain('With read:timesheets, read:sos in "scopes" of the config it can read more.');
    const { stdout } = await command(['tools', '--customer', 'one', '--config', config]);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/Scopes to tick .*read:sos/);
  });

  test('that no tool can use are told', async () => {
    const at = await halo([...NEEDED, 'read:pos']);
    const { stderr } = await run(at, { plugins: ['tickets'], scopes: ['read:pos'] }, 'call', 'list_tickets');
    expect(stderr).toContain('\\"scopes\\" in the config names read:pos, which no tool that is on can use.');
  });

  test.each([
    ['read:item', /"scopes\[0\]" must be one of read:tickets, .*, not "read:item"\. Did you mean "read:items"\?/],
    ['read:clients', /"scopes\[0\]" must be one of read:tickets, .*, not "read:clients"\./],
    ['edit:tickets', /"scopes\[0\]" must be one of read:tickets, .*, not "edit:tickets"\./],
    ['all', /"scopes\[0\]" must be one of read:tickets, .*, not "all"\. Correct it there\./],
  ])('%s is refused, since it is no read scope of Halo', async (scope, said) => {
    const { code, stderr } = await command(['tools', '--config', saved({ scopes: [scope] })]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(said)]);
  });
});
