import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FaultName } from '../../sandbox/faults.js';
import { type Connection, connect, type Row } from './connect.js';

const TICKET = 10311;
const note = { ticket_id: TICKET, outcome_id: 7, note_html: 'Seen.' };
const quiet = { sendemail: false, dont_do_rules: true };

let halo: Connection;
beforeEach(async () => {
  halo = await connect({}, 'edit:tickets');
});
afterEach(() => halo.sandbox.close());

const post = (path: string, body: unknown) =>
  halo.raw(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
const posted = async (path: string, body: unknown) => (await (await post(path, body)).json()) as Row;
const actions = () => halo.rows(`/Actions?ticket_id=${TICKET}`, 'actions');

describe('an action', () => {
  test('is the last of its ticket, and changes its date', async () => {
    const before = await actions();
    const reply = await post('/Actions', [{ ...note, ...quiet }]);
    const made = (await reply.json()) as Row;
    expect(reply.status).toBe(201);
    expect(made).toMatchObject({
      id: before.length + 1,
      ticket_id: TICKET,
      outcome: 'Private Note',
      hiddenfromuser: true,
    });
    expect((await actions()).at(-1)).toMatchObject({ id: made.id, note: 'Seen.' });
    expect(halo.sandbox.changes).toMatchObject([{ method: 'POST', path: '/Actions', ticket: TICKET, id: made.id }]);
    expect(halo.sandbox.mails).toEqual([]);
  });

  test.each<[string, unknown, string]>([
    ['no array', note, 'Cannot deserialize'],
    ['no JSON', '[{', 'Cannot deserialize'],
    ['no outcome', [{ ...note, outcome_id: undefined }], 'An Outcome must be entered for this Action'],
    ['an outcome that is not there', [{ ...note, outcome_id: 99 }], 'An Outcome must be entered for this Action'],
    ['no ticket', [{ ...note, ticket_id: 1 }], 'Ticket not found'],
    ['an outcome that is not a number', [{ ...note, outcome_id: 'seven' }], '[0].outcome_id'],
  ])('with %s is refused with 400', async (_, body, words) => {
    const reply = await post('/Actions', body);
    expect([reply.status, await reply.text()]).toEqual([400, expect.stringContaining(words)]);
    expect(halo.sandbox.changes).toEqual([]);
  });

  test('with an id changes that one, and its delete gives it back and takes it away', async () => {
    await posted('/Actions', [{ ...note, ...quiet }]);
    const { id } = (await actions()).at(-1) as Row;
    await posted('/Actions', [{ id, ticket_id: TICKET, note_html: 'Seen twice.' }]);
    expect((await actions()).at(-1)).toMatchObject({ id, note: 'Seen twice.' });
    const gone = await halo.raw(`/Actions/${id}?ticket_id=${TICKET}`, { method: 'DELETE' });
    expect([gone.status, await gone.json()]).toEqual([200, expect.objectContaining({ id, note: 'Seen twice.' })]);
    expect((await actions()).map((one) => one.id)).not.toContain(id);
  });

  test('moves its ticket on by its outcome or its own fields', async () => {
    await posted('/Actions', [{ ...note, outcome_id: 12, ...quiet }]);
    expect(await halo.get(`/Tickets/${TICKET}`)).toMatchObject({ status_id: 22 });
    await posted('/Actions', [{ ...note, new_status: 21, new_agent: 5, ...quiet }]);
    expect(await halo.get(`/Tickets/${TICKET}`)).toMatchObject({ status_id: 21, agent_id: 5 });
  });

  test.each<[string, object, string[]]>([
    ['nothing said', {}, ['rule']],
    ['the rules left out', { dont_do_rules: true }, []],
    ['only the untried fields', { _prevent_outgoing: true, _dont_fire_automations: true }, ['rule']],
    ['an outcome that sends', { outcome_id: 4, dont_do_rules: true }, ['action']],
    ['that outcome, and a no', { outcome_id: 4, ...quiet }, []],
    ['an outcome that forces it, and a no', { outcome_id: 14, ...quiet }, ['action']],
    ['a survey and a text message', { ...quiet, send_survey: true, sendsms: true }, ['sms', 'survey']],
  ])('e-mails that it would have sent, with %s', async (_, more, by) => {
    await posted('/Actions', [{ ...note, ...more }]);
    expect(halo.sandbox.mails.map((mail) => mail.by)).toEqual(by);
  });

  test('of two in one request the last one is answered', async () => {
    const both = [
      { ...note, ...quiet },
      { ...note, note_html: 'And again.', ...quiet },
    ];
    expect(await posted('/Actions', both)).toMatchObject({ note: 'And again.' });
    expect(await posted('/Actions?returnall=true', both)).toMatchObject([{ note: 'Seen.' }, { note: 'And again.' }]);
  });
});

describe('a ticket', () => {
  test('without an id is a new one, the first of its client', async () => {
    const body = [
      { summary: 'New', details_html: 'x', tickettype_id: 1, client_id: 12, sendack: false, dont_do_rules: true },
    ];
    const made = await posted('/Tickets', body);
    expect(await halo.get(`/Tickets/${made.id}`)).toMatchObject({ summary: 'New', client_id: 12, status_id: 1 });
    expect((await halo.rows('/Tickets?client_id=12&count=1', 'tickets'))[0]).toMatchObject({ id: made.id });
    expect(halo.sandbox.mails).toEqual([]);
  });

  test('of some types is acknowledged whatever the request says', async () => {
    await posted('/Tickets', [
      { summary: 'New', tickettype_id: 3, client_id: 12, sendack: false, dont_do_rules: true },
    ]);
    expect(halo.sandbox.mails.map((mail) => mail.by)).toEqual(['acknowledgement']);
  });

  test.each<[object, string]>([
    [{ summary: '' }, 'A Summary must be entered'],
    [{ client_id: 9999 }, 'A Customer must be entered'],
    [{ tickettype_id: 10 }, 'Impact must be entered'],
  ])('%j is refused with 400', async (wrong, words) => {
    const reply = await post('/Tickets', [{ summary: 'New', client_id: 12, ...wrong }]);
    expect([reply.status, await reply.text()]).toEqual([400, `"${words}"`]);
  });

  test('with an id gets what the row holds, and its type tells what it requires', async () => {
    const changed = await posted('/Tickets', [{ id: TICKET, status_id: 21, team: 'Projects', priority_id: 1 }]);
    expect(changed).toMatchObject({ id: TICKET, status_id: 21, team: 'Projects', priority_id: 1 });
    expect((await post('/Tickets', [{ id: 99, status_id: 21 }])).status).toBe(404);
    expect(await halo.get('/TicketType/10?includedetails=true')).toMatchObject({
      hasmandatorytechfields: true,
      fields: expect.arrayContaining([
        expect.objectContaining({ fieldinfo: expect.objectContaining({ label: 'Impact', mandatory: true }) }),
      ]),
    });
  });
});

test.each<['array' | 'list', unknown]>([
  ['array', [expect.objectContaining({ ticket_id: TICKET })]],
  ['list', { actions: [expect.objectContaining({ ticket_id: TICKET })] }],
])('what was written comes back as %s', async (answers, shape) => {
  const other = await connect({ answers }, 'edit:tickets');
  const reply = await other.raw('/Actions', { method: 'POST', body: JSON.stringify([{ ...note, ...quiet }]) });
  expect([reply.status, await reply.json()]).toEqual([200, shape]);
  await other.sandbox.close();
});

test('a token that may only read changes nothing, nor is anything else taken', async () => {
  const reader = await connect({}, 'read:tickets');
  expect((await reader.raw('/Actions', { method: 'POST', body: JSON.stringify([note]) })).status).toBe(403);
  await reader.sandbox.close();
  expect((await halo.raw(`/Tickets/${TICKET}`, { method: 'DELETE' })).status).toBe(405);
  expect((await post('/Status', [{}])).status).toBe(405);
});

test.each<[FaultName, number | undefined, number]>([
  ['lost', undefined, 1],
  ['500-after', 500, 1],
  ['200-empty', 200, 1],
  ['204-after', 204, 1],
  ['500', 500, 0],
  ['409', 409, 0],
])('the fault %s on writes: told as %s, made %i times; reads are as ever', async (name, status, made) => {
  halo.sandbox.fault({ name, on: 'write' });
  const reply = await post('/Actions', [{ ...note, ...quiet }]).catch(() => undefined);
  expect([reply?.status, halo.sandbox.changes.length]).toEqual([status, made]);
  expect((await halo.raw(`/Tickets/${TICKET}`)).status).toBe(200);
});
