import { createServer as createSecure } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Posted } from '../../core/halo/outcome.js';
import { HaloError, z } from '../../core/index.js';
import { clientOf, failure, fakeHalo, patient, type Reply } from '../core/halo/fake.js';
import { certificate } from './certificate.js';
import { coreOf, pluginOf, writerOf } from './core.js';

const UNKNOWN = 'The change may have been made. Read the record before you try again.';
const BODY = [{ summary: 'x' }];
const json = { 'content-type': 'application/json' };

/** The outcome of a POST that Halo answers like this. */
async function write(reply: Reply, timeoutMs = 5000) {
  const halo = await fakeHalo({ api: () => reply });
  const posted: Posted = { path: '/Tickets', outcome: 'waiting' };
  const { code, line } = await failure(
    clientOf(halo.url, { timeoutMs, scopes: ['edit:tickets'] }).post('/Tickets', BODY, patient(), posted),
  );
  return { code, line, outcome: posted.outcome, sent: halo.calls().length };
}

describe('a write of unknown outcome', () => {
  test.each<[string, Reply]>([
    ['F09 500', { status: 500 }],
    ['F10 502', { status: 502 }],
    ['F10 503 that says when to come back', { status: 503, headers: { 'retry-after': '7' } }],
    ['F11 504', { status: 504 }],
    ['a status that never answers a write', { status: 202, body: { id: 5 } }],
    ['408', { status: 408 }],
    ['F12 200 with a web page', { body: '<html>Log in</html>', headers: { 'content-type': 'text/html' } }],
    ['F13 JSON that is cut', { body: '[{"id":' }],
    ['F13 an empty 200', { status: 200 }],
    ['F14 another type', { body: 'id=5', headers: { 'content-type': 'text/plain' } }],
    ['F17 a reset before the headers', { write: (response) => response.socket?.resetAndDestroy() }],
    [
      'F18 a reset in the body',
      {
        write: (response) => {
          response.writeHead(201, { ...json, 'content-length': '99' });
          response.write('[{"id"', () => response.socket?.resetAndDestroy());
        },
      },
    ],
    ['F25 a malformed answer', { write: (response) => response.socket?.end('HTTP/1.1 2OO\r\n\r\n') }],
  ])('%s', async (_, reply) => {
    const ended = await write(reply);
    expect(ended).toMatchObject({ code: 'HALO_OUTCOME_UNKNOWN', outcome: 'unknown', sent: 1 });
    expect(ended.line).toContain(UNKNOWN);
    expect(ended.line).not.toMatch(/call again|come back|try again\b(?!\.$)/i);
  });

  test('F21 headers that do not come', async () => {
    const ended = await write({ write: () => undefined }, 200);
    expect(ended).toMatchObject({ code: 'HALO_OUTCOME_UNKNOWN', outcome: 'unknown', sent: 1 });
  });

  test('F35 a caller that cancels while it is under way', async () => {
    const controller = new AbortController();
    const halo = await fakeHalo({ api: () => ({ write: () => controller.abort(new Error('gone')) }) });
    const ended = await failure(clientOf(halo.url).post('/Tickets', BODY, patient(10_000, controller.signal)));
    expect(ended.code).toBe('HALO_OUTCOME_UNKNOWN');
    expect(ended.line).toContain(UNKNOWN);
  });
});

describe('a write that certainly changed nothing says so', () => {
  test.each<[string, Reply, string]>([
    ['F01 400', { status: 400, body: { summary: ['is needed'] } }, 'HALO_REQUEST_REFUSED'],
    ['F02 401, which is not sent again with a new token', { status: 401 }, 'HALO_CREDENTIALS_REFUSED'],
    ['F03 403', { status: 403 }, 'HALO_FORBIDDEN'],
    ['F04 404', { status: 404 }, 'HALO_NOT_FOUND'],
    ['F05 409', { status: 409 }, 'HALO_UNEXPECTED'],
    ['F06 429', { status: 429, headers: { 'retry-after': '7' } }, 'HALO_RATE_LIMITED'],
  ])('%s', async (_, reply, code) => {
    const ended = await write(reply);
    expect(ended).toMatchObject({ code, outcome: 'refused', sent: 1 });
    expect(ended.line.match(/nothing was changed/gi)).toHaveLength(1);
  });

  test('F16 a redirect is reported as one, and no write follows it', async () => {
    expect(await write({ status: 307, headers: { location: 'https://other.example/api' } })).toMatchObject({
      ...{ code: 'HALO_REDIRECTED', outcome: 'refused', sent: 1 },
    });
  });

  test('F03 a refusal of a token that may read alone names the scope that it lacks', async () => {
    const halo = await fakeHalo({ api: () => ({ status: 403 }) });
    const ended = await failure(clientOf(halo.url).post('/Tickets', BODY, patient()));
    expect(ended.code).toBe('HALO_SCOPE_MISSING');
    expect(ended.line).toMatch(/edit:tickets.*Nothing was changed\./);
  });

  test('F02 the next write has a new token', async () => {
    const halo = await fakeHalo({ api: (_, count) => (count === 1 ? { status: 401 } : { body: { id: 5 } }) });
    const client = clientOf(halo.url);
    await failure(client.post('/Tickets', BODY, patient()));
    expect(await client.post('/Tickets', BODY, patient())).toEqual({ id: 5 });
    expect(halo.tokens()).toHaveLength(2);
  });

  /** A client whose log-in works and whose API is elsewhere. */
  async function elsewhere(apiUrl: string) {
    const halo = await fakeHalo();
    return clientOf(apiUrl, { tokenUrl: `${halo.url}/auth/token` });
  }

  test.each([
    ['F19 a host that refuses', 'http://127.0.0.1:1', 'HALO_UNREACHABLE'],
    ['F19 a host that is not found', 'http://halo.invalid', 'HALO_UNREACHABLE'],
  ])('%s', async (_, url, code) => {
    const ended = await failure((await elsewhere(url)).post('/Tickets', BODY, patient()));
    expect(ended.code).toBe(code);
    expect(ended.line).toContain('Nothing was changed.');
  });

  test('F20 a certificate that is not trusted', async () => {
    const server = createSecure(certificate()).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `https://localhost:${(server.address() as AddressInfo).port}`;
    const ended = await failure((await elsewhere(url)).post('/Tickets', BODY, patient()));
    expect(ended.code).toBe('HALO_TLS');
    expect(ended.line).toContain('Nothing was changed.');
  });

  test('F35 a caller that cancels while the connection is being made', async () => {
    const controller = new AbortController();
    // Accepts the connection and says nothing, so that TLS is never established.
    const server = createServer(() => controller.abort(new Error('gone'))).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const client = await elsewhere(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const posted: Posted = { path: '/Tickets', outcome: 'waiting' };
    await failure(client.post('/Tickets', BODY, patient(10_000, controller.signal), posted));
    expect(posted.outcome).toBe('refused');
  });

  test('no turn in the line before the call ends', async () => {
    const halo = await fakeHalo({ api: () => ({ body: { id: 5 } }) });
    const client = clientOf(halo.url, { requestsPer5Minutes: 1 });
    const ended = await failure(client.post('/Tickets', BODY, patient()));
    expect(ended.code).toBe('HALO_RATE_LIMITED');
    expect(ended.line).toContain('Nothing was changed.');
    expect(halo.calls()).toHaveLength(0);
  });
});

describe('what Halo answers to a write', () => {
  test.each<[string, unknown, unknown]>([
    ['the record itself', { id: 5, lines: [{ id: 6 }] }, { id: 5, lines: [{ id: 6 }] }],
    ['an array of one', [{ id: 5 }], { id: 5 }],
    ['a list under its name', { tickets: [{ id: 5 }] }, { id: 5 }],
    ['the same with a count', { record_count: 1, actions: [{ id: 5 }] }, { id: 5 }],
    ['several', [{ id: 5 }, { id: 6 }], [{ id: 5 }, { id: 6 }]],
    ['an empty array', [], null],
    ['a fault besides its status, which is not the record', { errors: [{ id: 5 }] }, { errors: [{ id: 5 }] }],
  ])('%s', async (_, body, made) => {
    const halo = await fakeHalo({ api: () => ({ status: 201, body }) });
    expect(await clientOf(halo.url).post('/Tickets', BODY, patient())).toEqual(made);
  });
});

/** A core with one tool that writes over a Halo that answers POST like this, and everything else with a 404 or a row. */
async function changing(
  post: (count: number) => Reply,
  { read = () => ({ body: { tickets: [], record_count: 0 } }), ...more }: Changing = {},
) {
  let posts = 0;
  const halo = await fakeHalo({
    api: (asked) => {
      if (asked.method === 'GET') return read(asked.path);
      posts += 1;
      return post(posts);
    },
  });
  const lines: string[] = [];
  const around = { url: halo.url, allowWrites: ['change_it'], lines };
  const core = await coreOf([pluginOf('changing', [writerOf('change_it', more)])], around);
  const call = async (args: Record<string, unknown> = {}) => {
    const result = await core.call('change_it', args);
    const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
    return { ...result, text, said: (result.structuredContent ?? {}) as Record<string, string> };
  };
  const confirmed = async () => call({ confirm: (await call()).said.confirm });
  return { halo, core, call, confirmed, lines, posts: () => posts };
}

type Changing = Parameters<typeof writerOf>[1] & { read?: (path: string) => Reply };

describe('a change that was made', () => {
  const made = (): Reply => ({ status: 201, body: [{ id: 12 }] });

  test.each<[string, Changing, string]>([
    [
      'that does not match its schema',
      { output: z.object({ said: z.string() }), done: () => ({ said: 7 }) },
      'PLUGIN_BAD_RESULT',
    ],
    [
      "that its own code can't give",
      {
        done: () => {
          throw new TypeError('undefined is no function');
        },
      },
      'ref ',
    ],
    [
      'that reads what is not there',
      {
        done: () => {
          throw new HaloError('HALO_NOT_FOUND', 'Halo has nothing there.');
        },
      },
      'HALO_NOT_FOUND',
    ],
  ])('is a success whatever is wrong with the answer of its tool: one %s', async (_, more, why) => {
    const { core, confirmed, lines } = await changing(made, more);
    const { isError, said, text } = await confirmed();
    expect({ isError, state: said.state, id: said.id }).toEqual({ isError: undefined, state: 'done', id: 12 });
    expect(text).toContain(why);
    expect(said.hint).toContain("don't make the change again");
    const [shown] = core.tools();
    const checked = new AjvJsonSchemaValidator().getValidator(shown?.outputSchema as never)(said);
    expect(checked).toMatchObject({ valid: true });
    expect(lines.join('\n')).toContain('"tool":"change_it"');
  });
});

describe('a change of unknown outcome', () => {
  const lost: [string, Reply][] = [
    ['F09 500', { status: 500 }],
    ['F10 503', { status: 503 }],
    ['F12 a web page', { body: '<html>Log in</html>', headers: { 'content-type': 'text/html' } }],
    ['F13 an empty 200', { status: 200 }],
    ['F17 a reset', { write: (response) => response.socket?.resetAndDestroy() }],
    ['an answer that names no record', { status: 201, body: { errors: ['x'] } }],
    ['an empty list', { status: 201, body: [] }],
  ];

  test.each(lost)('%s: Halo is looked at, does not show it, and nothing asks to call again', async (_, reply) => {
    const { confirmed, posts } = await changing(() => reply);
    const { text } = await confirmed();
    expect(posts()).toBe(1);
    expect(text).toMatch(/^HALO_OUTCOME_UNKNOWN: .*The change may have been made\. Use .* before you try again\./);
  });

  test.each(lost)('%s: it is not called done by a list that may lack it', async (_, reply) => {
    const own = { id: 43, client_id: 12, summary: 'y', dateoccurred: '2026-10-15T12:00:00' };
    const { confirmed, posts } = await changing(() => reply, { read: () => ({ body: { tickets: [own, null] } }) });
    expect((await confirmed()).text).toMatch(/^HALO_OUTCOME_UNKNOWN/);
    expect(posts()).toBe(1);
  });

  test.each(lost)('%s: found in Halo, it is done', async (_, reply) => {
    let posted = false;
    // An equal one from long ago is a different one.
    const own = { id: 43, client_id: 12, summary: 'x', dateoccurred: '2026-10-15T12:00:00' };
    const { call } = await changing(
      () => {
        posted = true;
        return reply;
      },
      { read: () => ({ body: { tickets: posted ? [{ ...own, id: 44, dateoccurred: nowOf() }, own] : [own] } }) },
    );
    const preview = await call();
    expect(preview.said.state).toBe('preview');
    const done = await call({ confirm: preview.said.confirm });
    expect(done.said).toMatchObject({ state: 'done', id: 44, found: true });
    expect((await call()).said).toMatchObject({ state: 'already_done', id: 44 });
  });

  const nowOf = () => new Date().toISOString().slice(0, 19);

  test('F30 an equal call says what happened first, and its confirmation writes it on purpose', async () => {
    const { call, confirmed, posts } = await changing((count) => (count === 1 ? { status: 500 } : { body: { id: 7 } }));
    expect((await confirmed()).text).toMatch(/^HALO_OUTCOME_UNKNOWN/);
    const again = await call();
    expect(again.said.says).toMatch(
      /^An equal change was sent at [\d:]+ UTC and no answer came\. Halo does not show it\. Make/,
    );
    expect((await call({ confirm: again.said.confirm })).said).toMatchObject({ state: 'done', id: 7 });
    expect(posts()).toBe(2);
  });
});

test.each<[string, Reply, string]>([
  ['F01 400', { status: 400 }, 'HALO_REQUEST_REFUSED'],
  ['F02 401', { status: 401 }, 'HALO_CREDENTIALS_REFUSED'],
  ['F03 403', { status: 403 }, 'HALO_FORBIDDEN'],
  ['F04 404', { status: 404 }, 'HALO_NOT_FOUND'],
  ['F05 409', { status: 409 }, 'HALO_UNEXPECTED'],
  ['F06 429', { status: 429, headers: { 'retry-after': '0' } }, 'HALO_RATE_LIMITED'],
])('%s changed nothing, and the same confirmation does it later', async (_, reply, code) => {
  const { call, posts } = await changing((count) => (count === 1 ? reply : { status: 201, body: { id: 5 } }));
  const { confirm } = (await call()).said;
  const refused = await call({ confirm });
  expect(refused).toMatchObject({ code, isError: true });
  expect(refused.text).toMatch(/Nothing was changed\. .*The confirmation stays good/);
  expect((await call({ confirm })).said).toMatchObject({ state: 'done', id: 5 });
  expect((await call({ confirm })).text).toMatch(/^CONFIRMATION_REFUSED: This confirmation was used already/);
  expect(posts()).toBe(2);
});

test('F30 an equal call within ten minutes is answered with the first result, and does it again only on purpose', async () => {
  const { call, confirmed, posts } = await changing((count) => ({ status: 201, body: { id: count } }));
  await confirmed();
  const again = await call();
  expect(again.said).toMatchObject({
    state: 'already_done',
    id: 1,
    says: expect.stringContaining('An equal change (id 1) was made'),
  });
  expect(posts()).toBe(1);
  expect((await call({ confirm: again.said.confirm })).said).toMatchObject({ state: 'done', id: 2 });
  expect((await call()).said).toMatchObject({ state: 'already_done', id: 2 });
});
