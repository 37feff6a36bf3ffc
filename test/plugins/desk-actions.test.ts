import { describe, expect, test } from 'vitest';
import { htmlOf } from '../../plugins/desk-actions/note.js';
import { isSimilar } from '../../plugins/desk-actions/similar.js';
import { ALL, openDesk, rowOf, TICKET } from '../writes/desk.js';

const note = { ticket_id: TICKET, note: 'Called the site.\n<b>They</b> will be there & "ready".' };

/** The fields that keep Halo from sending mail, in every action. */
const MUTE = {
  ...{ sendemail: false, sendsms: false, send_survey: false, follow: false, hiddenfromuser: true, dont_do_rules: true },
  ...{ _prevent_outgoing: true, _dont_fire_automations: true, sendack: false },
};

describe('a private note', () => {
  test('is shown before it is written, exactly as it is sent, and notifies nobody', async () => {
    const desk = await openDesk();
    const preview = await desk.call('add_private_note', note);
    expect(preview.isError).toBeUndefined();
    expect(preview.said).toMatchObject({
      state: 'preview',
      says: expect.stringMatching(/^Add a private note to ticket 10311 \(.+\) of .+\.$/),
      body: [{ ticket_id: TICKET, outcome_id: 7, note_html: expect.any(String), ...MUTE }],
      expires: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(desk.posts()).toEqual([]);
    const done = await desk.call('add_private_note', { ...note, confirm: preview.said.confirm });
    expect(done.said).toEqual({
      ...{ state: 'done', id: expect.any(Number), ticket_id: TICKET },
      undo: `DELETE /Actions/${done.said.id}?ticket_id=${TICKET}`,
    });
    expect(desk.posts().map(({ body }) => JSON.parse(body ?? ''))).toEqual([preview.said.body]);
    expect(desk.halo.mails).toEqual([]);
    const { said } = await desk.call('list_actions', { ticket_id: TICKET, columns: ['hidden'], page_size: 100 });
    expect(said.items).toContainEqual(
      expect.objectContaining({ id: done.said.id, note: expect.stringContaining('Called the site.'), hidden: true }),
    );
  });

  test('is text: anything that looks like HTML is shown as written', async () => {
    const desk = await openDesk();
    const { said } = await desk.call('add_private_note', note);
    const [row] = said.body as { note_html: string; note?: string }[];
    expect(row?.note_html).toBe('Called the site.<br>&lt;b&gt;They&lt;/b&gt; will be there &amp; &quot;ready&quot;.');
    expect(row).not.toHaveProperty('note');
    expect(htmlOf("a\r\nb\u2028'c'")).toBe('a<br>b<br>&#39;c&#39;');
  });

  test.each([
    ['a character that nobody sees', 'Do not\u200b worry'],
    ['an escape sequence', 'red \u001b[31mtext'],
    ['a secret', 'the key is s3cr3t-5a0e-canary-91d2'],
  ])('with %s is refused, as it could not be shown as it would be sent', async (_, text) => {
    const desk = await openDesk({ secret: 's3cr3t-5a0e-canary-91d2' });
    const refused = await desk.call('add_private_note', { ...note, note: text });
    expect(refused.text).toMatch(/^BAD_ARGUMENTS: "note_html" holds a secret, or invisible characters/);
    expect(refused.text).not.toContain('canary');
    expect(desk.posts()).toEqual([]);
  });

  test.each([
    ['Respond to User', 'sends an e-mail'],
    ['Resolution E-mail', 'sends an e-mail'],
    [12, "changes the ticket's status"],
    ['Close Ticket', 'sends an e-mail'],
  ])('with the outcome %s is refused: it %s', async (outcome, why) => {
    const desk = await openDesk();
    const refused = await desk.call('add_private_note', { ...note, outcome });
    expect(refused.text).toContain(`${why}, so it can't be used here. Nothing was changed.`);
    expect(desk.posts()).toEqual([]);
  });

  test('takes another outcome by its name or id', async () => {
    const desk = await openDesk();
    for (const outcome of ['site visit', 13]) {
      const { said } = await desk.call('add_private_note', { ...note, outcome });
      expect(said.body).toMatchObject([{ outcome_id: 13 }]);
    }
    expect((await desk.call('add_private_note', { ...note, outcome: 'nothing like it' })).code).toBe('UNKNOWN_NAME');
  });

  test('on a closed ticket says so in its preview', async () => {
    const desk = await openDesk();
    const { said } = await desk.call('list_tickets', { status: 'Closed', page_size: 1 });
    const [closed] = said.items as { id: number }[];
    const preview = await desk.call('add_private_note', { ...note, ticket_id: closed?.id });
    expect(preview.said.says).toContain('The ticket is closed.');
    expect((await desk.call('add_private_note', { ...note, ticket_id: 99 })).code).toBe('HALO_NOT_FOUND');
  });

  test('that Halo made otherwise than it promised says what was seen and how to undo it', async () => {
    const desk = await openDesk({
      sandbox: {
        async intercept({ method, path, body = '' }, answer) {
          if (method !== 'POST' || path !== '/api/Actions') return undefined;
          const loud = body
            .replace('"hiddenfromuser":true', '"hiddenfromuser":false')
            .replace('"sendemail":false', '"sendemail":true');
          return answer({ ...desk.halo.requests.at(-1), body: loud } as never);
        },
      },
    });
    const done = await desk.confirmed('add_private_note', note);
    expect(done.said).toMatchObject({ state: 'done', seen: ['the customer can see it', 'an e-mail left with it'] });
    expect(done.text).toMatch(
      /Not as promised: the customer can see it; an e-mail left with it\. To take it back: DELETE/,
    );
  });
});

describe('time', () => {
  test('is logged in hours, on a day, billable or not', async () => {
    const desk = await openDesk();
    const args = { ticket_id: TICKET, hours: 1.25, note: 'Patched.', day: '2026-10-01', billable: false };
    const done = await desk.confirmed('log_time', args);
    expect(done.said).toMatchObject({ state: 'done', ticket_id: TICKET, hours: 1.25 });
    expect(rowOf(desk.posts()[0]?.body)).toMatchObject({
      ...{ timetaken: 1.25, actisbillable: false, datetime: '2026-10-01T12:00:00', outcome_id: 7, ...MUTE },
    });
    expect(desk.halo.mails).toEqual([]);
  });

  test.each([
    [{ hours: 0 }, '"hours" must be more than 0'],
    [{ hours: 25 }, '"hours" must be at most 24'],
    [{ day: '2026-02-30' }, 'must be a day of the calendar'],
    [{ day: '2999-01-01' }, 'has not come yet'],
    [{ note: ' ' }, '"note"'],
  ])('time with %j is refused, with what is wrong', async (wrong, why) => {
    const desk = await openDesk();
    const refused = await desk.call('log_time', { ticket_id: TICKET, hours: 1, note: 'x', ...wrong });
    expect(refused.code).toBe('BAD_ARGUMENTS');
    expect(refused.text).toContain(why);
  });
});

describe('a change of a ticket', () => {
  test('goes by names, sends what is to be another alone, and says how it was', async () => {
    const desk = await openDesk();
    const was = (await desk.call('get_ticket', { id: TICKET, include_actions: false })).said;
    const status = was.status === 'On Hold' ? 'Scheduled' : 'On Hold';
    const preview = await desk.call('update_ticket', { id: TICKET, status, agent: 'alice', team: was.team });
    expect(preview.said.says).toContain(`status ${was.status} → ${status}`);
    expect(preview.said.says).not.toContain('team');
    const [row] = preview.said.body as object[];
    expect(row).toMatchObject({ id: TICKET, status_id: expect.any(Number), agent_id: 3, dont_do_rules: true });
    expect(row).not.toHaveProperty('team');
    const done = await desk.call('update_ticket', {
      id: TICKET,
      status,
      agent: 'alice',
      team: was.team,
      confirm: preview.said.confirm,
    });
    expect(done.said).toMatchObject({ state: 'done', id: TICKET, ticket_id: TICKET, changed: ['status', 'agent'] });
    expect(done.said.undo).toMatch(/^POST \/Tickets \[\{"id":10311,"status_id":\d+,"agent_id":\d+\}\]$/);
    expect((await desk.call('get_ticket', { id: TICKET, include_actions: false })).said).toMatchObject({
      status,
      agent: 'Alice Archer',
    });
    expect(desk.halo.mails).toEqual([]);
  });

  test('that changes nothing, or names what is not there, is refused', async () => {
    const desk = await openDesk();
    const { said } = await desk.call('get_ticket', { id: TICKET, include_actions: false });
    expect((await desk.call('update_ticket', { id: TICKET })).text).toContain('Nothing is asked to be changed.');
    expect((await desk.call('update_ticket', { id: TICKET, status: said.status })).text).toContain(
      'has all of that already',
    );
    expect((await desk.call('update_ticket', { id: TICKET, status: 'Purple' })).code).toBe('UNKNOWN_NAME');
    expect((await desk.call('update_ticket', { id: TICKET, agent: 999 })).code).toBe('UNKNOWN_NAME');
    expect((await desk.call('update_ticket', { id: TICKET, status: 'w' })).code).toBe('AMBIGUOUS_NAME');
  });
});

describe('a new ticket', () => {
  const ticket = {
    client_name: 'Northwind',
    summary: 'New laptop for reception',
    details: 'It is <old>.',
    type: 'Incident',
  };

  test('is off until what customers can see is allowed, too', async () => {
    const desk = await openDesk({ allowCustomerVisible: false });
    expect(desk.session.tools().map(({ name }) => name)).toEqual(expect.not.arrayContaining(['create_ticket']));
    expect(desk.server.warnings.join()).toContain('Set "allowCustomerVisible" to true in the entry of "desk-actions"');
  });

  test('is made for a client by name, and similar ones of the last days are told first', async () => {
    const desk = await openDesk();
    const preview = await desk.call('create_ticket', ticket);
    expect(preview.said.says).toMatch(
      /^Create a ticket for Northwind.*: "New laptop for reception" \(Incident\)\. The customer can see it/,
    );
    expect(preview.said.body).toMatchObject([
      { summary: 'New laptop for reception', details_html: 'It is &lt;old&gt;.', tickettype_id: 1, sendack: false },
    ]);
    const done = await desk.call('create_ticket', { ...ticket, confirm: preview.said.confirm });
    expect(done.said).toMatchObject({ state: 'done', id: expect.any(Number), ticket_id: done.said.id });
    const again = await desk.call('create_ticket', { ...ticket, summary: 'Laptop for reception', priority: 'High' });
    expect(again.said.says).toContain(
      `Similar tickets of this client, of the last 7 days: ${done.said.id} (New laptop for reception)`,
    );
    expect(again.said.body).toMatchObject([{ priority_id: 2 }]);
  });

  test('of a type that requires more is refused before anything is sent, with the names of the fields', async () => {
    const desk = await openDesk();
    const refused = await desk.call('create_ticket', { ...ticket, type: 'Change Request' });
    expect(refused.text).toMatch(
      /^BAD_ARGUMENTS: This type of ticket requires fields .*\n<halo-data-.*>\nImpact\nReason for the change\n/,
    );
    expect(desk.posts()).toEqual([]);
  });

  test('where Halo does not tell what a type requires, the preview says so', async () => {
    const desk = await openDesk({ sandbox: { tenant: 'harsh' } });
    expect((await desk.call('create_ticket', ticket)).said.says).toContain(
      'Halo does not tell which fields this type requires',
    );
  });

  test.each([
    [{}, 'needs one client'],
    [{ client_id: 12, client_name: 'Northwind' }, 'needs one client'],
    [{ client_name: 'Nobody at all' }, 'No client is named'],
    [{ client_name: 'Northwind', user: 'Nobody' }, 'No contact is named'],
    [{ client_name: 'Northwind', site: 987654 }, 'This client has no site with the id 987654'],
    [{ client_name: 'Northwind', type: 987 }, 'There is no ticket type with the id 987'],
    [{ client_name: 'Northwind', id: 1 }, 'There is no argument "id"'],
  ])('a new ticket with %j is refused, with what is wrong', async (wrong, why) => {
    const desk = await openDesk();
    const { client_name: _, ...rest } = ticket;
    const refused = await desk.call('create_ticket', { ...rest, ...wrong });
    expect(refused.text).toContain(why);
    expect(desk.posts()).toEqual([]);
  });

  test.each([{}, { client_id: null }, { client_id: 4711 }])(
    'goes to no site of another client, where Halo ignores whose sites are asked for and sends %j',
    async (whose) => {
      const body = JSON.stringify({ record_count: 1, sites: [{ id: 901, name: 'Depot', ...whose }] });
      const sites = { status: 200, headers: { 'content-type': 'application/json' }, body };
      const desk = await openDesk({ sandbox: { intercept: ({ path }) => (path === '/api/Site' ? sites : undefined) } });
      const refused = await desk.call('create_ticket', { ...ticket, site: 'Depot' });
      expect(refused.text).toMatch(/^HALO_FILTER_IGNORED: /);
    },
  );

  test.each([
    ['Server room move', 'server room MOVE!', true],
    ['Printer offline on floor 2', 'Printer on floor 2 is offline', true],
    ['Printer offline', 'New starter on Monday', false],
    ['Laptop', 'Laptop for Ann is broken', true],
  ])('"%s" and "%s" are similar: %s', (a, b, is) => {
    expect(isSimilar(a, b)).toBe(is);
  });
});

test('the instructions and annotations say what is on', async () => {
  const one = await openDesk({ allow: ['add_private_note'] });
  expect(one.session.instructions).toMatch(/^Halo PSA: can add private notes; nothing else is changed\./);
  const all = await openDesk({ allow: ALL });
  expect(all.session.instructions).toMatch(
    /^Halo PSA: can add private notes, log time, change .* and create tickets; nothing else/,
  );
  const none = await openDesk({ allow: [] });
  expect(none.session.instructions).toMatch(/^Halo PSA, read-only\./);
  const hints = Object.fromEntries(all.session.tools().map(({ name, annotations }) => [name, annotations]));
  expect(hints).toMatchObject({
    add_private_note: { destructiveHint: false },
    update_ticket: {},
    get_ticket: { readOnlyHint: true },
  });
});
