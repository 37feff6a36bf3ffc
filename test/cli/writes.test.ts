import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { askPerson } from '../../cli/ask.js';
import { tryWrites } from '../../cli/doctor/writes.js';
import { prepare } from '../../cli/start.js';
import type { Proposal } from '../../core/session.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/index.js';
import { command } from '../docs/command.js';
import { emptyFolder, haloEnv, namedConfig, openSession } from '../session.js';

afterEach(() => void vi.unstubAllEnvs());

const TICKET = '10311';
const ALLOWED = { use: 'desk-actions', allowWrites: ['add_private_note'] };
const config = (...plugins: unknown[]) => namedConfig({ plugins });
const fileOf = (...plugins: unknown[]) => config(...plugins).HALO_MCP_CONFIG;

async function sandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const halo = await startSandbox({ scopes: ['read:tickets', 'edit:tickets'], ...options });
  onTestFinished(() => halo.close());
  return halo;
}

describe('halo-mcp call', () => {
  const note = ['call', 'add_private_note', `ticket_id=${TICKET}`, 'note=Called the site.', '--sandbox', '--json'];

  test('shows what would be sent, and in a pipe does nothing without --yes', async () => {
    const { code, stdout, stderr } = await command([...note, '--config', fileOf(ALLOWED)]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^Add a private note to ticket 10311 .*\nPOST \/Actions\n\[\n/);
    expect(stderr).toContain('"note_html": "Called the site."');
    expect(stderr).toMatch(
      /\]\nNOT_CONFIRMED: Nobody can be asked here, since this is not a terminal\. Nothing was changed\. Add --yes to do it\.\n$/,
    );
  });

  test('nothing is said of tools that nobody allowed to change anything, until one is called', async () => {
    const named = fileOf('tickets', 'desk-actions');
    expect((await command(['call', 'list_tickets', '--sandbox', '--config', named])).stderr).toBe('');
    const called = await command([...note, '--config', named]);
    expect(called).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('`halo-mcp tools --why add_private_note`'),
    });
    const { stdout, stderr } = await command(['tools', '--config', named]);
    expect({ stderr, effect: /│ desk-actions +│ no +│ add, overwrite +│/.test(stdout) }).toEqual({
      stderr: '',
      effect: true,
    });
    const served = await openSession({ args: ['--config', named] });
    const told = served
      .stderr()
      .split('\n')
      .filter((line) => line.includes('off: '));
    expect(told.map((line) => JSON.parse(line))).toMatchObject(
      ['add_private_note', 'log_time', 'update_ticket', 'create_ticket'].map((name) => ({
        level: 30,
        msg: `${name} is off: it changes Halo, and the operator has not allowed that. Add "${name}" to "allowWrites" in the entry of "desk-actions" in the config.`,
      })),
    );
    await served.close();
  });

  test('nobody is said to have declined what nobody was asked', async () => {
    for (const confirm of [undefined, 'person', 'preview']) {
      const audit = join(emptyFolder(), 'audit.jsonl');
      const named = namedConfig({ plugins: [{ ...ALLOWED, confirm }], audit: { file: audit } });
      const { code, stderr } = await command([...note, '--config', named.HALO_MCP_CONFIG]);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('Nobody can be asked here') });
      const outcomes = readFileSync(audit, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).outcome);
      expect(outcomes).toEqual(['planned', 'refused']);
    }
  });

  test('with --yes does it, but still shows it, whoever else is to be asked', async () => {
    for (const confirm of ['person', 'preview'] as const) {
      const done = await command([...note, '--yes', '--config', fileOf({ ...ALLOWED, confirm })]);
      expect(done.code).toBe(0);
      expect(JSON.parse(done.stdout)).toMatchObject({
        state: 'done',
        ticket_id: Number(TICKET),
        id: expect.any(Number),
      });
      expect(done.stderr).toContain('POST /Actions');
    }
  });

  test('of a tool that reads asks nothing', async () => {
    const { code, stderr } = await command([
      'call',
      'get_ticket',
      `id=${TICKET}`,
      '--sandbox',
      '--config',
      fileOf('tickets'),
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('on a terminal', () => {
  const proposal: Proposal = {
    tool: 'x',
    says: 'Do \u001b[31mit.',
    request: 'POST /Actions',
    body: [{ ticket_id: 1 }],
  };
  const never = new AbortController().signal;

  /** What a person who presses these keys answers. */
  async function pressing(keys: string) {
    const [stdin, stderr] = [new PassThrough(), new PassThrough()];
    Object.assign(stdin, { isTTY: true, setRawMode: () => stdin });
    const said = askPerson(false, { stdin, stderr, isInteractive: true } as never)(proposal, never);
    setTimeout(() => stdin.write(keys), 50);
    return said;
  }

  test.each([
    ['y', 'yes'],
    ['n', 'no'],
    ['\r', 'no'],
    ['\u0003', 'no'],
  ])('the key %j is %s', async (keys, answer) => {
    expect(await pressing(keys)).toBe(answer);
  });
});

describe('halo-mcp doctor --writes', () => {
  async function trying(
    halo: Sandbox,
    { entry = ALLOWED as object, ticket = TICKET, confirm = async () => 'yes' as const } = {},
  ) {
    for (const [name, value] of Object.entries(haloEnv(halo))) vi.stubEnv(name, value);
    const start = await prepare({ config: fileOf(entry) }, { quiet: true });
    return tryWrites(start, { ticket }, confirm);
  }
  const marks = (findings: Awaited<ReturnType<typeof trying>>) =>
    Object.fromEntries(findings.map(({ id, mark }) => [id, mark]));
  const HELD = [
    'WRITE_MADE',
    'HIDDEN_HELD',
    'NO_EMAIL_HELD',
    'STATUS_HELD',
    'TEXT_HELD',
    'OUTCOME_HELD',
    'DELETE_HELD',
  ];

  test('makes one private note, tells in codes what held, and removes that note and no other', async () => {
    const halo = await sandbox();
    const findings = await trying(halo);
    expect(marks(findings)).toEqual(Object.fromEntries(HELD.map((code) => [code, 'ok'])));
    expect(halo.changes.map(({ method, path }) => [method, path])).toEqual([
      ['POST', '/Actions'],
      ['DELETE', '/Actions'],
    ]);
    expect(halo.changes[1]?.id).toBe(halo.changes[0]?.id);
    expect(halo.mails).toEqual([]);
    expect(JSON.stringify(findings)).not.toMatch(/Northwind|Proseware|O'Neill/);
  });

  test('tells what did not hold, with the way out', async () => {
    const halo = await sandbox({
      async intercept({ method, path, body = '' }, answer) {
        if (method === 'DELETE') return { status: 403 };
        if (method !== 'POST' || path !== '/api/Actions') return undefined;
        const loud = body
          .replace('"hiddenfromuser":true', '"hiddenfromuser":false')
          .replace('"sendemail":false', '"sendemail":true');
        return answer({ ...halo.requests.at(-1), body: loud } as never);
      },
    });
    const findings = await trying(halo);
    expect(marks(findings)).toMatchObject({
      HIDDEN_HELD: 'fail',
      NO_EMAIL_HELD: 'fail',
      STATUS_HELD: 'ok',
      DELETE_HELD: 'fail',
    });
    for (const { mark, way_out } of findings) expect(way_out !== undefined).toBe(mark !== 'ok');
    expect(findings.at(-1)?.way_out).toMatch(/^Remove the note \d+ from ticket 10311 in Halo\.$/);
  });

  test.each([
    ['without a ticket', { ticket: '' }, /name the ticket for it/],
    ['for an invalid ticket', { ticket: 'all' }, /name the ticket for it/],
    [
      'where the tool is not allowed',
      { entry: { use: 'desk-actions', allowWrites: ['log_time'] } },
      /is not allowed here/,
    ],
    ['where the pack is not named', { entry: { use: 'tickets' } }, /is not allowed here/],
    ['if nobody can be asked', { confirm: async () => 'unasked' as never }, /Nobody can be asked here/],
    ['if the operator says no', { confirm: async () => 'no' as never }, /did not agree/],
    ['on a ticket that is not there', { ticket: '99' }, /HALO_NOT_FOUND|nothing at/],
  ])('a trial of a write %s writes nothing, and says why', async (_, options, why) => {
    const halo = await sandbox();
    await expect(trying(halo, options)).rejects.toThrow(why);
    expect(halo.changes).toEqual([]);
  });

  test('by the command: nothing in a pipe without --yes, and codes with it', async () => {
    const args = ['doctor', '--writes', '--ticket', TICKET, '--sandbox', '--json', '--config', fileOf(ALLOWED)];
    const refused = await command(args);
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('Add --yes');
    const { code, stdout } = await command([...args, '--yes']);
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({
      code: 0,
      ok: true,
      findings: HELD.map((id) => ({ id, mark: 'ok' })),
    });
  });
});
