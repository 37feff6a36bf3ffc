/** A change over a Halo that fails in every possible way: sent once, and never misreported. */
import { describe, expect, test } from 'vitest';
import type { FaultName } from '../../sandbox/faults.js';
import { startSandbox } from '../../sandbox/index.js';
import { fakeHalo, grant, type Reply } from '../core/halo/fake.js';
import { coreOf, pluginOf, writerOf } from '../faults/core.js';
import { type Json, openDesk, read, TICKET } from './desk.js';

const NOTE = 'add_private_note';
const note = { ticket_id: TICKET, note: 'Called the site.' };

/** The outcome of a confirmed note if Halo's answer to it goes wrong like this. */
async function failing(name: FaultName, timeoutMs = 5000) {
  const desk = await openDesk({ timeoutMs, sandbox: { answers: 'array' } });
  const { said } = await desk.call(NOTE, note);
  desk.halo.fault({ name, on: 'write', times: 1 });
  const ended = await desk.call(NOTE, { ...note, confirm: said.confirm });
  return { desk, ended, posts: desk.posts().length, confirm: said.confirm };
}

describe('an answer that can not be read', () => {
  // The sandbox makes the change and spoils its answer.
  test.each<[string, FaultName]>([
    ['F13 cut JSON', 'cut-json'],
    ['F18 a reset in the body', 'reset-body'],
    ['F23 a body beyond the cap', 'huge'],
    ['F24 64 MiB in some KiB of gzip', 'gzip-bomb'],
    ['F24 the same of brotli', 'br-bomb'],
    ['F24 compressed twice', 'double-gzip'],
    ['F25 headers too long', 'big-headers'],
    ['F32 an id beyond 2^53', 'big-ids'],
    ['F32 nested beyond what is read', 'deep-json'],
    ['F32 NaN', 'nan'],
  ])('%s: Halo is looked at, and it is not sent again', async (_, name) => {
    const { desk, ended, posts } = await failing(name);
    expect(posts).toBe(1);
    const [made] = desk.halo.changes;
    if (made === undefined) expect(ended.code).toBe('HALO_OUTCOME_UNKNOWN');
    else expect(ended.said).toMatchObject({ state: 'done', found: true, id: made.id });
    expect(desk.halo.changes.length).toBeLessThanOrEqual(1);
    // A second call learns what exists, and does not make another one.
    const again = await desk.call(NOTE, note);
    expect(again.said.state).toBe(made === undefined ? 'preview' : 'already_done');
    if (made === undefined) expect(again.said.says).toMatch(/^An equal change was sent at .* Halo does not show it/);
  });

  test.each<[string, FaultName]>([
    ['F22 a byte now and then', 'slow-body'],
    ['F22 a body that stops', 'stalled-body'],
  ])('%s: the call ends in time, with the outcome unknown', async (_, name) => {
    const { ended, posts } = await failing(name, 600);
    expect(posts).toBe(1);
    expect(ended.code === 'HALO_OUTCOME_UNKNOWN' || ended.said.found === true, ended.text).toBe(true);
  });

  test.each<[string, FaultName]>([
    ['F32 keys that come twice', 'duplicate-keys'],
    ['F32 __proto__', 'proto-keys'],
  ])('%s pollute nothing, and one change is made', async (_, name) => {
    const { desk, ended } = await failing(name);
    expect(['done', undefined]).toContain(ended.said.state);
    expect(desk.halo.changes.length).toBeLessThanOrEqual(1);
    expect(({} as Json).polluted).toBeUndefined();
  });
});

/** A tool that makes a ticket over a Halo that answers POST like this, and lists nothing. */
async function making(reply: Reply, body: Json = { summary: 'x', client_id: 12 }) {
  let posts = 0;
  const halo = await fakeHalo({
    api: ({ method }) => {
      if (method === 'GET') return { body: { tickets: [], record_count: 0 } };
      posts += 1;
      return reply;
    },
  });
  const plan = () => ({ path: '/Tickets', body: [body] as [Json], says: 'Make it.', before: {} });
  const core = await coreOf([pluginOf('making', [writerOf('make_it', { plan })])], {
    url: halo.url,
    allowWrites: ['make_it'],
  });
  const call = async (args: Json = {}) => read(await core.call('make_it', args));
  const { said } = await call();
  return { ended: await call({ confirm: said.confirm }), posts: () => posts };
}

describe('F15 an answer of success with a failure inside', () => {
  test.each<[string, unknown]>([
    ['a text', { error: 'A Summary must be entered' }],
    ['a list of them', { errors: ['A Summary must be entered', 'A User must be entered'] }],
    ['one below', { ticket: { load_error: 'A Summary must be entered' } }],
    ['with an invalid id', { id: 0, _warning: 'A Summary must be entered' }],
    ['with a negative id', [{ id: -1, message: 'A Summary must be entered' }]],
  ])('%s is not a success, and is reported', async (_, body) => {
    const { ended, posts } = await making({ body });
    expect(ended.code).toBe('HALO_OUTCOME_UNKNOWN');
    expect(ended.text).toMatch(
      /^HALO_OUTCOME_UNKNOWN: Halo's answer names no record, and says why\. The change may have/,
    );
    expect(ended.text).toContain('A Summary must be entered');
    expect(posts()).toBe(1);
  });

  test.each([
    'Cannot insert the value NULL into column FOO, table HaloNorthwind.dbo.FAULTS',
    'System.Data.SqlClient.SqlException: timeout',
    'C:\\inetpub\\halo failed',
    '<b>Log in</b>',
  ])('that names what nobody is to know is told without it: %s', async (message) => {
    const { ended } = await making({ body: { error: message, Message: message } });
    expect(ended.code).toBe('HALO_OUTCOME_UNKNOWN');
    expect(ended.text).not.toMatch(/Northwind|SqlClient|inetpub|Log in/);
  });

  test.each<[string, unknown]>([
    ['another ticket than the one that is changed', { id: 999, summary: 'x' }],
    ['two of them', [{ id: 12 }, { id: 13 }]],
    ['a word', '"ok"'],
    ['true', true],
  ])('%s is not mistaken for the record', async (_, body) => {
    const { ended, posts } = await making({ status: 201, body }, { id: 12, summary: 'x' });
    expect(ended.code).toBe('HALO_OUTCOME_UNKNOWN');
    expect(posts()).toBe(1);
  });
});

test('F01 a rule of Halo’s that a change breaks is told in its own words, and which field', async () => {
  const rule = await making({ status: 400, body: '"An Outcome must be entered for this Action"' });
  expect(rule.ended.text).toMatch(/^HALO_REQUEST_REFUSED: .*Nothing was changed\./);
  expect(rule.ended.text).toContain('An Outcome must be entered for this Action');
  const field = await making({ status: 400, body: { '[0].outcome_id': ['Could not convert string to integer'] } });
  expect(field.ended.text).toContain('(outcome_id)');
  const inner = { ClassName: 'System.Exception', Message: 'Cannot insert NULL into HaloNorthwind.dbo.FAULTS' };
  const hidden = await making({ status: 400, body: inner });
  expect(hidden.ended.code).toBe('HALO_REQUEST_REFUSED');
  expect(hidden.ended.text).not.toContain('Northwind');
});

describe('the log-in of a change', () => {
  test('F26 a token that ended on the way costs no second sending', async () => {
    const { desk, ended, posts, confirm } = await failing('token-revoked');
    expect(ended).toMatchObject({ code: 'HALO_CREDENTIALS_REFUSED' });
    expect(ended.text).toContain('Nothing was changed.');
    expect(posts).toBe(1);
    expect((await desk.call(NOTE, { ...note, confirm })).said.state).toBe('done');
    expect(desk.halo.changes).toHaveLength(1);
  });

  test.each(['expires-missing', 'expires-zero', 'expires-negative', 'expires-huge', 'expires-text'] as const)(
    'F27 a lifetime that is odd (%s) is none of a change',
    async (name) => {
      const desk = await openDesk();
      desk.halo.fault({ name, on: 'token' });
      expect((await desk.confirmed(NOTE, note)).said.state).toBe('done');
      expect(desk.halo.changes).toHaveLength(1);
    },
  );

  test('F28 many who confirm at once ask for one token, and each change is sent once', async () => {
    const desk = await openDesk();
    const many = Array.from({ length: 12 }, (_, n) => ({ ...note, note: `Number ${n}` }));
    const previews = await Promise.all(many.map((args) => desk.call(NOTE, args)));
    const done = await Promise.all(
      many.map((args, n) => desk.call(NOTE, { ...args, confirm: previews[n]?.said.confirm })),
    );
    expect(done.map(({ said }) => said.state)).toEqual(many.map(() => 'done'));
    expect(desk.halo.requests.filter(({ path }) => path === '/auth/token')).toHaveLength(1);
    expect(desk.halo.changes).toHaveLength(12);
  });

  test('F29 a scope that is refused keeps the tool listed, sends nothing and is named', async () => {
    const desk = await openDesk({ sandbox: { scopes: ['read:tickets'] } });
    expect(desk.session.tools().map(({ name }) => name)).toContain(NOTE);
    const refused = await desk.call(NOTE, note);
    expect(refused.text).toMatch(/^HALO_SCOPE_MISSING: .*edit:tickets/);
    expect(desk.posts()).toEqual([]);
  });

  test('F29 a token with less than was asked for changes nothing, and the scope is named', async () => {
    const desk = await openDesk({
      sandbox: {
        intercept: async (request, answer) =>
          request.path === '/auth/token'
            ? answer({ ...request, body: request.body?.replace(/scope=[^&]*/, 'scope=read%3Atickets') } as never)
            : undefined,
      },
    });
    const refused = await desk.confirmed(NOTE, note);
    expect(refused.text).toMatch(/^HALO_SCOPE_MISSING: .*edit:tickets.*Nothing was changed\./);
    expect(desk.halo.changes).toEqual([]);
  });
});

test('F31 pages that are not those asked for make no second ticket of one that is there', async () => {
  const desk = await openDesk();
  const ticket = { client_id: 12, summary: 'Quite new', details: 'x', type: 1 };
  const { said } = await desk.call('create_ticket', ticket);
  desk.halo.fault({ name: 'lost', on: 'write', times: 1 }, { name: 'paging-ignored' });
  const done = await desk.call('create_ticket', { ...ticket, confirm: said.confirm });
  const [made] = desk.halo.changes;
  if (done.code === undefined) expect(done.said).toMatchObject({ state: 'done', id: made?.id });
  else expect(done.code).toBe('HALO_OUTCOME_UNKNOWN');
  await desk.call('create_ticket', ticket);
  expect(desk.halo.changes).toHaveLength(1);
});

test('F33 nothing is sent to a Halo that answers nobody, and the confirmation stays good', async () => {
  const desk = await openDesk({ timeoutMs: 20_000 });
  const { said } = await desk.call(NOTE, note);
  desk.halo.fault({ name: '503', on: '/Tickets' });
  for (let failed = 0; failed < 5; failed += 1) await desk.call('get_ticket', { id: 10_200 + failed });
  const asked = desk.halo.requests.length;
  const refused = await desk.call(NOTE, { ...note, confirm: said.confirm });
  expect(refused.code).toBe('HALO_UNAVAILABLE');
  expect(desk.posts()).toEqual([]);
  expect(desk.halo.requests.slice(asked).filter(({ path }) => path.startsWith('/api/Tickets'))).toEqual([]);
}, 90_000);

test.each<[string, Reply]>([
  ['F34 407 of a proxy', { status: 407, headers: { 'proxy-authenticate': 'Basic realm="canary"' } }],
  [
    'F34 511 of a captive portal',
    { status: 511, body: '<html>canary</html>', headers: { 'content-type': 'text/html' } },
  ],
])('%s is told as one, and nothing was changed', async (_, reply) => {
  const { ended, posts } = await making(reply);
  expect(ended.code).toBe('HALO_NOT_JSON');
  expect(ended.text).toContain('Nothing was changed.');
  expect(ended.text).not.toContain('canary');
  expect(posts()).toBe(1);
});

describe('T19 an assistant that runs away', () => {
  test('gets no further than the limit of Halo, is told when to come back, and changes nothing beyond it', async () => {
    const halo = await startSandbox({ requestsPer5Minutes: 1_000_000, scopes: ['all'] });
    const desk = await openDesk({ halo, timeoutMs: 1500, requestsPer5Minutes: 60 });
    try {
      const answers = await Promise.all(
        Array.from({ length: 5000 }, (_, n) => desk.call(NOTE, { ...note, note: `Number ${n % 50}` })),
      );
      const codes = new Set(answers.map(({ code }) => code));
      expect([...codes].filter(Boolean).sort()).toEqual(expect.arrayContaining(['SERVER_BUSY']));
      for (const { code, text } of answers) {
        if (code === undefined) continue;
        expect(['SERVER_BUSY', 'HALO_RATE_LIMITED', 'CALL_TIMEOUT']).toContain(code);
        if (code === 'HALO_RATE_LIMITED') expect(text).toMatch(/after \d\d:\d\d:\d\d UTC/);
      }
      expect(halo.requests.filter(({ path }) => path.startsWith('/api/')).length).toBeLessThanOrEqual(60);
      expect(desk.posts()).toEqual([]);
    } finally {
      await halo.close();
    }
  });

  test('that confirms what it likes writes each plan once, however often it calls', async () => {
    const desk = await openDesk();
    const { said } = await desk.call(NOTE, note);
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) => desk.call(NOTE, n % 2 === 0 ? note : { ...note, confirm: said.confirm })),
    );
    expect(answers.filter(({ said: { state } }) => state === 'done')).toHaveLength(1);
    expect(desk.halo.changes).toHaveLength(1);
  });
});

test('a token of the log-in is asked for what the tools need, and not for all there is', async () => {
  let scope = '';
  const halo = await fakeHalo({
    token: (asked, count) => {
      scope = new URLSearchParams(asked.body).get('scope') ?? '';
      return grant(asked, count);
    },
  });
  const core = await coreOf([pluginOf('making', [writerOf('make_it')])], { url: halo.url, allowWrites: ['make_it'] });
  await core.call('make_it', {});
  expect(scope).toBe('edit:tickets');
});
