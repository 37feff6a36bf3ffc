import { createServer as createSecure } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Posted } from '../../core/halo/outcome.js';
import { type ToolContext, z } from '../../core/index.js';
import { clientOf, failure, fakeHalo, patient, type Reply } from '../core/halo/fake.js';
import { certificate } from './certificate.js';
import { coreOf, pluginOf, toolOf } from './core.js';

const UNKNOWN = 'The change may have been made. Read the record before you try again.';
const BODY = [{ summary: 'x' }];
const json = { 'content-type': 'application/json' };

/** What a POST comes to that Halo answers like this. */
async function write(reply: Reply, timeoutMs = 5000) {
  const halo = await fakeHalo({ api: () => reply });
  const posted: Posted = { path: '/Tickets', outcome: 'waiting' };
  const { code, line } = await failure(clientOf(halo.url, { timeoutMs }).post('/Tickets', BODY, patient(), posted));
  return { code, line, outcome: posted.outcome, sent: halo.calls().length };
}

describe('a write of which nobody knows the end', () => {
  test.each<[string, Reply]>([
    ['F09 500', { status: 500 }],
    ['F10 502', { status: 502 }],
    ['F10 503 that says when to come back', { status: 503, headers: { 'retry-after': '7' } }],
    ['F11 504', { status: 504 }],
    ['a status that nobody gives to a write', { status: 202, body: { id: 5 } }],
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

  test('F16 a redirect is told as one, and is followed by no write', async () => {
    expect(await write({ status: 307, headers: { location: 'https://other.example/api' } })).toMatchObject({
      ...{ code: 'HALO_REDIRECTED', outcome: 'refused', sent: 1 },
    });
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
    // Takes the connection and says nothing, so that TLS never stands.
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
    ['a fault beside its status, which is not the record', { errors: [{ id: 5 }] }, { errors: [{ id: 5 }] }],
  ])('%s', async (_, body, made) => {
    const halo = await fakeHalo({ api: () => ({ status: 201, body }) });
    expect(await clientOf(halo.url).post('/Tickets', BODY, patient())).toEqual(made);
  });
});

describe('a call that changed something', () => {
  type Context = ToolContext;

  async function call(run: (context: Context) => Promise<unknown>, api: (count: number) => Reply, more = {}) {
    const halo = await fakeHalo({ api: (_, count) => api(count) });
    const tool = toolOf('change_it', (_: unknown, context: Context) => run(context), {
      effect: 'write',
      scopes: ['edit:tickets'],
      output: z.object({ said: z.string() }),
      ...more,
    });
    const lines: string[] = [];
    const core = await coreOf([pluginOf('changing', [tool])], { url: halo.url, allowWrites: ['change_it'], lines });
    const result = await core.call('change_it', {});
    const [shown] = core.tools();
    const text = result?.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n') ?? '';
    return { result, text, schema: shown?.outputSchema ?? {}, lines };
  }
  const made = (): Reply => ({ status: 201, body: [{ id: 12 }] });
  const post = (halo: Context['halo']) => halo.post('/Tickets', BODY);

  test.each<[string, (context: Context) => Promise<unknown>, string]>([
    ['an answer that does not match its schema', async ({ halo }) => ({ said: await post(halo) }), 'PLUGIN_BAD_RESULT'],
    [
      'an answer that is too long',
      async ({ halo }) => {
        await post(halo);
        return Object.fromEntries([['said', 'x '], ...Array.from({ length: 9000 }, (_, i) => [`part ${i} of it`, i])]);
      },
      'HALO_TOO_LARGE',
    ],
    [
      "a fault in the tool's own code",
      async ({ halo }) => {
        await post(halo);
        throw new TypeError('undefined is no function');
      },
      'ref ',
    ],
    [
      'a read after it that fails',
      async ({ halo }) => {
        await post(halo);
        return halo.get('/Tickets/12');
      },
      'HALO_NOT_FOUND',
    ],
  ])('is a success that says so, whatever is wrong with its answer: %s', async (_, run, why) => {
    const output = why === 'HALO_TOO_LARGE' ? { output: z.looseObject({ said: z.string() }) } : {};
    const api = (count: number) => (count === 1 ? made() : { status: 404 });
    const { result, text, schema, lines } = await call(run, api, output);
    expect(result?.isError).toBeUndefined();
    expect(text).toContain('The change was made in Halo (POST /Tickets, id 12)');
    expect(text).toContain(why);
    const checked = new AjvJsonSchemaValidator().getValidator(schema as never)(result?.structuredContent);
    expect(checked).toMatchObject({ valid: true, data: { hint: text } });
    expect(lines.join('\n')).toContain('"tool":"change_it"');
  });

  test('its end is unknown where the tool hides that it is', async () => {
    const run = async ({ halo }: Context) => {
      await post(halo).catch(() => undefined);
      throw new TypeError('undefined is no function');
    };
    const { result, text } = await call(run, () => ({ status: 500 }));
    expect(result?.isError).toBe(true);
    expect(text).toContain('HALO_OUTCOME_UNKNOWN');
    expect(text).toContain(UNKNOWN);
  });

  test('a part of it is no success', async () => {
    const run = async ({ halo }: Context) => {
      await post(halo);
      return post(halo);
    };
    const { result, text } = await call(run, (count) => (count === 1 ? made() : { status: 400 }));
    expect(result?.isError).toBe(true);
    expect(text).toMatch(/^HALO_OUTCOME_UNKNOWN: A part of the change was made \(POST \/Tickets, id 12\)/);
  });

  test('one that was refused is the error that it always was', async () => {
    const { result, text } = await call(
      ({ halo }) => post(halo),
      () => ({ status: 400 }),
    );
    expect(result?.isError).toBe(true);
    expect(text).toMatch(/^HALO_REQUEST_REFUSED: .* Nothing was changed\./);
  });
});
