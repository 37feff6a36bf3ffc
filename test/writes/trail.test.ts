import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from '../../core/index.js';
import { pluginOf, writerOf } from '../faults/core.js';
import { emptyFolder } from '../session.js';
import { type Json, openDesk, rowOf, TICKET } from './desk.js';

const NOTE = 'add_private_note';
const note = { ticket_id: TICKET, note: 'Called canary-4471.' };
const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Json);

describe('T22 the trail', () => {
  test('has a line for each plan, refusal and write, with ids and digests and no value', async () => {
    const audit = join(emptyFolder(), 'trail.jsonl');
    const desk = await openDesk({ audit, principal: 'ann' });
    const { said } = await desk.call(NOTE, note);
    await desk.call(NOTE, { ...note, confirm: 'w1_x' });
    const done = await desk.call(NOTE, { ...note, confirm: said.confirm });
    await desk.call(NOTE, note);
    await desk.call(NOTE, { ...note, note: 'Other.' }, { confirm: async () => 'no' });
    expect(linesOf(audit).map(({ outcome }) => outcome)).toEqual([
      ...['planned', 'refused', 'done', 'already done', 'planned', 'declined'],
    ]);
    const target = `POST /Actions ticket_id=${TICKET}`;
    expect(linesOf(audit)[2]).toEqual({
      ...{
        time: expect.stringMatching(/Z$/),
        customer: 'default',
        principal: 'ann',
        tool: NOTE,
        outcome: 'done',
        target,
      },
      ...{ digest: linesOf(audit)[0]?.digest, id: done.said.id, requests: expect.any(Number) },
    });
    expect(linesOf(audit)[1]).toMatchObject({ outcome: 'refused', code: 'CONFIRMATION_REFUSED' });
    const text = readFileSync(audit, 'utf8') + desk.lines.filter((line) => line.includes('"msg":"write"')).join('');
    expect(text).not.toMatch(/canary|Northwind|Called/);
    expect(text).not.toContain(String(said.confirm));
    expect(desk.lines.filter((line) => line.includes('"msg":"write"'))).toHaveLength(6);
  });

  test('as many writes, as many lines, and the file is its owner’s alone, whatever it was before', async () => {
    const audit = join(emptyFolder(), 'trail.jsonl');
    writeFileSync(audit, '{"outcome":"kept"}\n', { mode: 0o666 });
    const desk = await openDesk({ audit });
    for (const n of [1, 2, 3, 4, 5]) await desk.confirmed(NOTE, { ...note, note: `Number ${n}` });
    expect(linesOf(audit).filter(({ outcome }) => outcome === 'done')).toHaveLength(5);
    expect(linesOf(audit)[0]).toEqual({ outcome: 'kept' });
    expect(statSync(audit).mode & 0o777).toBe(0o600);
  });

  test('that can not be kept any more keeps everything from being changed', async () => {
    const audit = join(emptyFolder(), 'trail.jsonl');
    const desk = await openDesk({ audit });
    mkdirSync(audit);
    expect((await desk.call(NOTE, note)).text).toMatch(/^AUDIT_UNWRITABLE: .* Nothing was changed\./);
    expect((await desk.call(NOTE, note, { confirm: async () => 'yes' })).code).toBe('AUDIT_UNWRITABLE');
    expect(desk.posts()).toEqual([]);
  });
});

describe('T22 a file in which no trail can be kept', () => {
  const file = () => join(emptyFolder(), 'trail.jsonl');
  const linked = () => {
    const [from, to] = [file(), file()];
    writeFileSync(to, '');
    symlinkSync(to, from);
    return from;
  };
  const dangling = () => {
    const from = file();
    symlinkSync(file(), from);
    return from;
  };
  const pipe = () => {
    const path = file();
    execFileSync('mkfifo', [path]);
    return path;
  };

  test.each<[string, () => string, string]>([
    ['a folder', emptyFolder, 'is a folder'],
    ['a pipe', pipe, 'is not a regular file'],
    ['a device', () => '/dev/full', 'is not a regular file'],
    ['a link', linked, 'is a link: name the file itself'],
    ['a link to nothing', dangling, 'is a link: name the file itself'],
    ['in no folder', () => join(emptyFolder(), 'no', 'trail.jsonl'), 'is in a folder that does not exist'],
  ])('%s stops the start with a sentence', async (_, make, why) => {
    const audit = make();
    await expect(openDesk({ audit })).rejects.toThrow(
      `audit.file (${audit}) ${why}. Nothing can be changed without its trail.`,
    );
  });

  test.each<[string, (path: string) => void]>([
    ['a pipe', (path) => void execFileSync('mkfifo', [path])],
    ['a link', (path) => symlinkSync(file(), path)],
    ['a link to a full disk', (path) => symlinkSync('/dev/full', path)],
  ])('that becomes %s holds nobody up, and nothing is changed', async (_, become) => {
    const audit = file();
    const desk = await openDesk({ audit });
    become(audit);
    expect((await desk.call(NOTE, note, { confirm: async () => 'yes' })).code).toBe('AUDIT_UNWRITABLE');
    expect(desk.posts()).toEqual([]);
  });

  test('is none of a server that only reads, and none is made before there is something to keep', async () => {
    await openDesk({ allow: [], audit: emptyFolder() });
    const audit = file();
    const desk = await openDesk({ audit });
    expect(existsSync(audit)).toBe(false);
    await desk.call(NOTE, note);
    expect(statSync(audit).mode & 0o777).toBe(0o600);
  });

  test('many servers at once leave whole lines', async () => {
    const audit = file();
    const desks = await Promise.all([openDesk({ audit }), openDesk({ audit })]);
    await Promise.all(
      desks.flatMap((desk) => Array.from({ length: 10 }, (_, n) => desk.call(NOTE, { ...note, note: `Number ${n}` }))),
    );
    expect(linesOf(audit)).toHaveLength(20);
  });
});

describe('F30 a change that was made already', () => {
  test('is told by Halo itself, after a restart that forgot it', async () => {
    const desk = await openDesk();
    for (const [name, args] of [
      [NOTE, note],
      ['log_time', { ticket_id: TICKET, hours: 1, note: 'Patched.' }],
      ['create_ticket', { client_id: 12, summary: 'Brand new', details: 'x', type: 1 }],
    ] as const) {
      const done = await desk.confirmed(name, args);
      await desk.restart();
      const again = await desk.call(name, args);
      expect(again.said).toMatchObject({ state: 'already_done', id: done.said.id, at: expect.any(String) });
      const twice = await desk.call(name, { ...args, confirm: again.said.confirm });
      expect(twice.said.state).toBe('done');
      expect(twice.said.id).not.toBe(done.said.id);
    }
  });

  test('is one for all callers, and its answer is lost only for whoever it is for', async () => {
    const desk = await openDesk({ principal: 'ann' });
    const preview = await desk.call(NOTE, note);
    const ben = desk.open({ principal: 'ben' });
    const his = (await ben.call(NOTE, note)).structuredContent as Json;
    desk.halo.fault({ name: 'lost', on: 'write', times: 1 });
    const done = await desk.call(NOTE, { ...note, confirm: preview.said.confirm });
    expect(done.said).toMatchObject({ state: 'done', found: true });
    expect(done.text).toContain('Halo gave no answer, and shows that it was made.');
    const late = (await ben.call(NOTE, { ...note, confirm: his.confirm })).structuredContent as Json;
    expect(late).toMatchObject({ state: 'already_done', id: done.said.id });
    expect(desk.halo.changes).toHaveLength(1);
  });

  test('a second one whose answer is lost is not taken for the first', async () => {
    const desk = await openDesk();
    const first = await desk.confirmed(NOTE, note);
    const again = await desk.call(NOTE, note);
    desk.halo.fault({ name: 'reset', on: 'write', times: 1 });
    const lost = await desk.call(NOTE, { ...note, confirm: again.said.confirm });
    expect(lost.text).toMatch(
      /^HALO_OUTCOME_UNKNOWN: .*Use list_actions \(ticket_id 10311\) to see whether it is there/,
    );
    expect(desk.halo.changes.map(({ id }) => id)).toEqual([first.said.id]);
  });

  test.each(['array', 'list', 'object'] as const)(
    'is known by its id in each of Halo’s shapes: %s',
    async (answers) => {
      const desk = await openDesk({ sandbox: { answers } });
      const done = await desk.confirmed(NOTE, note);
      expect(done.said).toMatchObject({ state: 'done', id: desk.halo.changes[0]?.id });
      expect(done.said.found).toBeUndefined();
    },
  );
});

describe('T03 a record that is there is never overwritten by one that is made', () => {
  test('whatever a plan puts beside its fields, none of it reaches Halo', async () => {
    let row: Json = {};
    const tool = writerOf('make_it', {
      plan: () => ({ path: '/Tickets', body: [row], says: 'Make a ticket.', before: {} }),
      input: z.object({}),
    });
    const desk = await openDesk({ plugins: [pluginOf('making', [tool])], allow: ['make_it'] });
    const bad = fc.constantFrom(
      ...['guid', 'resetpassword', '_revoke_authenticatorapp', '_send_survey', '_force', '_novalidate', 'emailtolist'],
      ...[
        'send_remoteinvite',
        'sendtopagerduty',
        'new_password',
        'emailcclist',
        '_isimport',
        'sms_override',
        '__proto__x',
      ],
    );
    await fc.assert(
      fc.asyncProperty(bad, fc.anything(), fc.boolean(), async (field, value, nested) => {
        const own = { [field]: value ?? true };
        row = { summary: 'x', client_id: 12, ...(nested ? { customfields: [own] } : own) };
        const refused = await desk.call('make_it', {});
        expect(['PLUGIN_WRITE_REFUSED', 'PLUGIN_BAD_RESULT']).toContain(refused.code);
      }),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 200) },
    );
    expect(desk.posts()).toEqual([]);
  });

  test.each<[string, Json, string]>([
    ['/Actions', { id: 3, ticket_id: TICKET, outcome_id: 7 }, 'wants to change an existing action'],
    ['/Actions', { ticket_id: TICKET, outcome: 'Private Note' }, 'names no ticket_id and outcome_id'],
    ['/Actions', { ticket_id: TICKET, outcome_id: 7, new_status: 9 }, 'wants to set "new_status"'],
    ['/Agent', { id: 3, name: 'Eve' }, 'wants to change /Agent, which no tool may'],
    ['/Invoice', { client_id: 12 }, 'wants to change /Invoice, which no tool may'],
    ['/Tickets', { summary: 'x' }, 'wants to make a ticket, which a customer may see'],
  ])('POST %s of %j is refused', async (path, row, why) => {
    const tool = writerOf('make_it', {
      plan: () => ({ path, body: [row], says: 'Do it.', before: {} }),
      customerVisible: false,
      scopes: ['edit:tickets', 'edit:invoices'],
    });
    const desk = await openDesk({ plugins: [pluginOf('making', [tool])], allow: ['make_it'] });
    expect((await desk.call('make_it', {})).text).toContain(why);
    expect(desk.posts()).toEqual([]);
  });

  test('what a plan says of the mute block is dropped, and shown as it goes', async () => {
    const tool = writerOf('note_it', {
      plan: () => ({
        path: '/Actions',
        body: [
          {
            ticket_id: TICKET,
            outcome_id: 7,
            note_html: 'x',
            sendemail: true,
            hiddenfromuser: false,
            dont_do_rules: false,
          },
        ],
        says: 'Note it.',
        before: {},
      }),
      customerVisible: false,
    });
    const desk = await openDesk({ plugins: [pluginOf('noting', [tool])], allow: ['note_it'] });
    const done = await desk.confirmed('note_it', {});
    expect(done.said.state).toBe('done');
    expect(rowOf(desk.posts()[0]?.body)).toMatchObject({ sendemail: false, hiddenfromuser: true, dont_do_rules: true });
    expect(desk.halo.mails).toEqual([]);
  });
});

test('a read that was under way during a write is not joined by the next one', async () => {
  const held: (() => void)[] = [];
  let hold = false;
  const desk = await openDesk({
    sandbox: {
      async intercept({ method, path }, answer) {
        if (!hold || method !== 'GET' || path !== '/api/Actions') return undefined;
        hold = false;
        const before = await answer();
        await new Promise<void>((resolve) => held.push(resolve));
        return before;
      },
    },
  });
  const args = { ticket_id: TICKET, page_size: 100 };
  const preview = await desk.call(NOTE, note);
  // A read is in progress, and Halo holds back its answer from before the change.
  hold = true;
  const old = desk.call('list_actions', args);
  await expect.poll(() => held.length).toBe(1);
  const done = await desk.call(NOTE, { ...note, confirm: preview.said.confirm });
  const { said } = await desk.call('list_actions', args);
  expect((said.items as Json[]).map(({ id }) => id)).toContain(done.said.id);
  for (const go of held) go();
  expect(((await old).said.items as Json[]).map(({ id }) => id)).not.toContain(done.said.id);
});
