import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Desk, type DeskOptions, openDesk, TICKET } from './desk.js';

afterEach(() => void vi.useRealTimers());

const note = { ticket_id: TICKET, note: 'Called the site.' };
const NOTE = 'add_private_note';

async function previewed(options: DeskOptions = {}) {
  const desk = await openDesk(options);
  const { said } = await desk.call(NOTE, note);
  return { desk, confirm: String(said.confirm), before: desk.posts().length };
}

/** The answer to an invalid confirmation, which changed nothing. */
async function refusedBy(desk: Desk, name: string, args: object) {
  const { code, text } = await desk.call(name, { ...args });
  expect(desk.posts()).toEqual([]);
  return { code, text };
}

describe('T16 a token is refused', () => {
  test('where any byte of it is another one', async () => {
    const { desk, confirm } = await previewed();
    const asked = desk.halo.requests.length;
    for (let at = 0; at < confirm.length; at += 1)
      for (const other of ['A', 'b', '0', '_', '-', confirm[at] === 'z' ? 'y' : 'z']) {
        if (confirm[at] === other) continue;
        const flipped = `${confirm.slice(0, at)}${other}${confirm.slice(at + 1)}`;
        const { code, text } = await refusedBy(desk, NOTE, { ...note, confirm: flipped });
        expect([code, text]).toEqual([
          'CONFIRMATION_REFUSED',
          expect.stringContaining('This confirmation was altered'),
        ]);
      }
    for (const cut of [
      confirm.slice(1),
      confirm.slice(0, -1),
      `${confirm}A`,
      ` ${confirm}x`,
      'w1_',
      'yes',
      confirm.toUpperCase(),
    ])
      expect((await refusedBy(desk, NOTE, { ...note, confirm: cut })).code).toBe('CONFIRMATION_REFUSED');
    // None of them cost a request to Halo, and the right one is still valid.
    expect(desk.halo.requests.length).toBe(asked);
    expect((await desk.call(NOTE, { ...note, confirm })).said.state).toBe('done');
  });

  test('when it is used a second time', async () => {
    const { desk, confirm } = await previewed();
    expect((await desk.call(NOTE, { ...note, confirm })).said.state).toBe('done');
    const again = await desk.call(NOTE, { ...note, confirm });
    expect(again.text).toMatch(/^CONFIRMATION_REFUSED: This confirmation was used already/);
    expect(desk.posts()).toHaveLength(1);
  });

  test('for two who use it at once, but for one of them', async () => {
    const { desk, confirm } = await previewed();
    const both = await Promise.all([1, 2, 3].map(() => desk.call(NOTE, { ...note, confirm })));
    expect(both.filter(({ said }) => said.state === 'done')).toHaveLength(1);
    expect(desk.posts()).toHaveLength(1);
  });

  test('T16 a token of one person is refused to another', async () => {
    const { desk, confirm } = await previewed({ principal: 'ann' });
    const other = desk.open({ principal: 'ben' });
    const refused = await other.call(NOTE, { ...note, confirm });
    expect(JSON.stringify(refused.content)).toContain('was given to somebody else');
    expect(desk.posts()).toEqual([]);
  });

  test('for another customer', async () => {
    const { desk, confirm } = await previewed({ customers: ['contoso', 'fabrikam'] });
    const refused = await desk.open({ customer: 'fabrikam' }).call(NOTE, { ...note, confirm });
    expect(JSON.stringify(refused.content)).toContain('is for another customer');
    expect(desk.posts()).toEqual([]);
  });

  test('for another tool', async () => {
    const { desk, confirm } = await previewed();
    const { text } = await refusedBy(desk, 'log_time', { ...note, hours: 1, confirm });
    expect(text).toContain('is for another tool');
  });

  test.each([{ note: 'Called the site!' }, { ticket_id: 10312 }, { outcome: 13 }])(
    'with other arguments: %j',
    async (other) => {
      const { desk, confirm } = await previewed();
      const { text } = await refusedBy(desk, NOTE, { ...note, ...other, confirm });
      expect(text).toContain('is for other arguments');
      expect((await desk.call(NOTE, { ...note, confirm })).said.state).toBe('done');
    },
  );

  test('after five minutes, and not before', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const { desk, confirm } = await previewed();
    vi.setSystemTime(Date.now() + 5 * 60_000 + 1);
    const { text } = await refusedBy(desk, NOTE, { ...note, confirm });
    expect(text).toContain('has ended: it was good for five minutes');
    vi.setSystemTime(Date.now() + 60 * 60_000);
    expect((await refusedBy(desk, NOTE, { ...note, confirm })).text).toContain('has ended');
    const { said } = await desk.call(NOTE, note);
    vi.setSystemTime(Date.now() + 5 * 60_000 - 1000);
    expect((await desk.call(NOTE, { ...note, confirm: said.confirm })).said.state).toBe('done');
  });

  test('after the ticket was closed', async () => {
    const { desk, confirm } = await previewed();
    await changeInHalo(desk, { status_id: 9 });
    const { text } = await desk.call(NOTE, { ...note, confirm });
    expect(text).toContain('What this change rests on was changed meanwhile');
    expect(desk.posts()).toEqual([]);
  });

  test('after anything of a ticket that it changes was changed; a note does not mind', async () => {
    const { desk, confirm } = await previewed();
    const change = { id: TICKET, priority: 'Critical' };
    const { said } = await desk.call('update_ticket', change);
    await changeInHalo(desk, { agent_id: 5 });
    const { text } = await desk.call('update_ticket', { ...change, confirm: said.confirm });
    expect(text).toContain('What this change rests on was changed meanwhile');
    expect((await desk.call(NOTE, { ...note, confirm })).said.state).toBe('done');
  });

  test('after a restart, which forgets it', async () => {
    const { desk, confirm } = await previewed();
    await desk.restart();
    expect((await refusedBy(desk, NOTE, { ...note, confirm })).text).toContain('before the server was restarted');
  });

  test('each for a reason of its own, in this order: altered, ended, somebody else, other arguments, changed', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const { desk, confirm } = await previewed({ principal: 'ann' });
    await changeInHalo(desk, { status_id: 9 });
    const ben = desk.open({ principal: 'ben' });
    const said = async (token: string) =>
      JSON.stringify((await ben.call(NOTE, { ...note, note: 'x', confirm: token })).content);
    expect(await said(confirm)).toContain('somebody else');
    vi.setSystemTime(Date.now() + 6 * 60_000);
    expect(await said(confirm)).toContain('has ended');
    expect(await said(`${confirm.slice(0, -1)}${confirm.endsWith('A') ? 'B' : 'A'}`)).toContain('altered');
  });
});

/** Somebody changes the ticket in Halo itself, behind the server's back. */
async function changeInHalo({ halo }: Desk, row: object): Promise<void> {
  const form = {
    grant_type: 'client_credentials',
    client_id: halo.clientId,
    client_secret: halo.clientSecret,
    scope: 'all',
  };
  const answer = await fetch(`${halo.url}/auth/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const made = await fetch(`${halo.url}/api/Tickets`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify([{ id: TICKET, dont_do_rules: true, ...row }]),
  });
  expect(made.status).toBe(201);
  // Changes by others are not the server's posts.
  halo.requests.splice(0, halo.requests.length);
}
