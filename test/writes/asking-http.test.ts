/** Asking a person over HTTP: in the older revisions on the call's own stream, in the newer one between two calls. */
import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { messagesIn, newer, type Running, rpc, type Sent, send, signed, startTest } from '../http/team.js';
import type { Json } from '../session.js';
import { TICKET } from './desk.js';

const NOTE = 'add_private_note';
const scopes = ['all'] as const;
const plugins = ['tickets', { use: 'desk-actions', allowWrites: [NOTE] }];
const settings = { plugins, named: true } as never;
const FORMS = { elicitation: { form: {} } };

let stateless: Running;
let sessions: Running;
beforeAll(async () => {
  stateless = await startTest({ settings, halos: { default: { scopes: [...scopes] } } });
  sessions = await startTest({ settings, shared: stateless.halos, sessions: true });
});
afterAll(async () => {
  await sessions.close();
  await stateless.close();
});
afterEach(() => void vi.useRealTimers());

let count = 0;
/** A note that does not exist yet. */
function another() {
  count += 1;
  return { ticket_id: TICKET, note: `Called the site, call ${count}.` };
}
const posts = () =>
  stateless.halo.requests.filter(({ method, path }) => method === 'POST' && path.startsWith('/api/')).length;
/** What a piece of work posts to Halo. */
async function posted<T>(work: () => Promise<T>): Promise<[T, number]> {
  const before = posts();
  const result = await work();
  return [result, posts() - before];
}
const saidOf = (message: Json | undefined) =>
  ((message?.result as Json | undefined)?.structuredContent ?? {}) as Json & { confirm?: string };
const textOf = (message: Json | undefined) => JSON.stringify(message?.result ?? message?.error);

describe('the newer era', () => {
  let token: string;
  beforeAll(async () => {
    token = await stateless.token('newer');
  });
  const META = 'io.modelcontextprotocol/clientCapabilities';
  /** A call of a client with these capabilities; `more` is sent with its name and arguments. */
  function call(args: object, more: Json = {}, can: Json = FORMS, as = token, team = stateless) {
    const { headers, body } = newer('tools/call', { name: NOTE, arguments: args, ...more }, as);
    const message = JSON.parse(String(body)) as { params: { _meta: Json } };
    message.params._meta[META] = can;
    return send(team.url, { headers, body: JSON.stringify(message) } as Sent).then(({ json }) => json);
  }
  const questionOf = (message: Json | undefined) =>
    message?.result as { resultType: string; inputRequests: { confirm: { params: Json } }; requestState: string };
  const answered = (action: string, requestState: string) => ({
    requestState,
    inputResponses: { confirm: { action, content: {} } },
  });

  test('the answer to a call is the question with the exact fields, and a yes to it does it', async () => {
    const args = another();
    const [question, before] = await posted(async () => questionOf(await call(args)));
    expect(before).toBe(0);
    expect(question.resultType).toBe('input_required');
    const { message, requestedSchema } = question.inputRequests.confirm.params;
    expect(requestedSchema).toEqual({ type: 'object', properties: {} });
    expect(message).toMatch(/^Add a private note to ticket 10311 /);
    const [done, made] = await posted(() => call(args, answered('accept', question.requestState)));
    expect(saidOf(done)).toMatchObject({ state: 'done', id: expect.any(Number) });
    expect(made).toBe(1);
    const [, shown = ''] = /sent to Halo \(POST \/Actions\):\n([\s\S]*)$/.exec(String(message)) ?? [];
    expect(JSON.parse(shown)).toEqual(
      JSON.parse(stateless.halo.requests.findLast(({ method }) => method === 'POST')?.body ?? ''),
    );
  });

  test.each(['decline', 'cancel'])('%s changes nothing, and can not become a yes afterwards', async (action) => {
    const args = another();
    const { requestState } = questionOf(await call(args));
    const [texts, made] = await posted(async () => [
      textOf(await call(args, answered(action, requestState))),
      textOf(await call(args, answered('accept', requestState))),
    ]);
    expect(texts[0]).toContain('NOT_CONFIRMED: The person who was asked did not agree. Nothing was changed.');
    expect(texts[1]).toContain('CONFIRMATION_REFUSED');
    expect(made).toBe(0);
  });

  test('a yes is good once', async () => {
    const args = another();
    const { requestState } = questionOf(await call(args));
    const [all, made] = await posted(() =>
      Promise.all([1, 2, 3].map(() => call(args, answered('accept', requestState)))),
    );
    expect(all.filter((one) => saidOf(one).state === 'done')).toHaveLength(1);
    expect(made).toBe(1);
  });

  test.each<[string, (state: string) => Promise<[object, Json, string?]>]>([
    ['a state that was altered', async (state) => [{}, answered('accept', `${state.slice(0, -2)}xx`)]],
    ['a state that was never made', async () => [{}, answered('accept', 'yes')]],
    ['other arguments', async (state) => [{ note: 'Something else.' }, answered('accept', state)]],
    ['somebody else', async (state) => [{}, answered('accept', state), await stateless.token('other')]],
  ])('a yes with %s is refused', async (_, altered) => {
    const args = another();
    const [more, round, as] = await altered(questionOf(await call(args)).requestState);
    const [refused, made] = await posted(() => call({ ...args, ...more }, round, FORMS, as));
    expect(textOf(refused)).toContain('CONFIRMATION_REFUSED');
    expect(made).toBe(0);
  });

  test.each<[string, (state: string) => Json]>([
    ['no state', () => ({ inputResponses: { confirm: { action: 'accept' } } })],
    ['no answer', (requestState) => ({ requestState })],
    [
      'an answer to another question',
      (requestState) => ({ requestState, inputResponses: { other: { action: 'accept' } } }),
    ],
    [
      'something that is not an answer',
      (requestState) => ({ requestState, inputResponses: { confirm: { action: 'maybe' } } }),
    ],
  ])('a second call with %s is asked again', async (_, round) => {
    const args = another();
    const { requestState } = questionOf(await call(args));
    const [again, made] = await posted(async () => questionOf(await call(args, round(requestState))));
    expect(again.resultType).toBe('input_required');
    expect(again.requestState).not.toBe(requestState);
    expect(made).toBe(0);
  });

  test('an answer that comes after five minutes is too late', async () => {
    const args = another();
    const { requestState } = questionOf(await call(args));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5 * 60_000 + 1000 });
    const [late, made] = await posted(() => call(args, answered('accept', requestState)));
    expect(textOf(late)).toContain('This confirmation has ended');
    expect(made).toBe(0);
  });

  test.each<[string, Json]>([
    ['nothing', {}],
    ['addresses to open alone', { elicitation: { url: {} } }],
  ])('a client that can show %s has a preview and its token', async (_, can) => {
    const args = another();
    const preview = await call(args, {}, can);
    expect(saidOf(preview)).toMatchObject({ state: 'preview', confirm: expect.any(String) });
    const [done, made] = await posted(() => call({ ...args, confirm: saidOf(preview).confirm }, {}, can));
    expect(saidOf(done).state).toBe('done');
    expect(made).toBe(1);
  });

  test('an equal change is asked for a second time', async () => {
    const args = another();
    const first = questionOf(await call(args));
    await call(args, answered('accept', first.requestState));
    const again = saidOf(await call(args));
    expect(again.state).toBe('already_done');
    const onPurpose = { ...args, confirm: again.confirm };
    const question = questionOf(await call(onPurpose));
    expect(String(question.inputRequests.confirm.params.message)).toMatch(/^An equal change .* a second time/);
    const [done, made] = await posted(() => call(onPurpose, answered('accept', question.requestState)));
    expect(saidOf(done).state).toBe('done');
    expect(made).toBe(1);
  });
});

describe('the older revisions with sessions', () => {
  let token: string;
  beforeAll(async () => {
    token = await sessions.token('older');
  });

  /** A session of a client with these capabilities. */
  async function sessionOf(capabilities: Json = FORMS): Promise<Record<string, string>> {
    const body = rpc('initialize', {
      ...{ protocolVersion: '2025-11-25', capabilities },
      clientInfo: { name: 'test', version: '1' },
    });
    const { headers } = await send(sessions.url, { headers: signed(token), body });
    return signed(token, { 'mcp-session-id': String(headers['mcp-session-id']) });
  }

  /** Makes a call, passes each question on its stream to `answer`, and returns all that came. */
  function call(headers: Record<string, string>, args: object, answer: (question: Json, leave: () => void) => unknown) {
    const { hostname, port, pathname } = new URL(sessions.url);
    return new Promise<Json[]>((resolve) => {
      const req = request({ hostname, port, path: pathname, method: 'POST', headers, agent: false }, (res) => {
        let text = '';
        const seen = new Set<unknown>();
        const leave = () => void req.destroy();
        res.on('data', (part: Buffer) => {
          text += part;
          for (const message of messagesIn(text)) {
            if (message.method !== 'elicitation/create' || seen.has(message.id)) continue;
            seen.add(message.id);
            void Promise.resolve(answer(message, leave)).then((said) => {
              if (said === undefined) return;
              void send(sessions.url, { headers, body: JSON.stringify({ jsonrpc: '2.0', id: message.id, ...said }) });
            });
          }
        });
        res.on('error', () => undefined);
        res.on('close', () => resolve(messagesIn(text)));
      });
      req.on('error', () => resolve([]));
      req.end(rpc('tools/call', { name: NOTE, arguments: args, _meta: { progressToken: 'p' } }, 'call'));
    });
  }

  test('the question comes on the stream of the call, and a yes does it at once', async () => {
    const headers = await sessionOf();
    const asked: Json[] = [];
    const [messages, made] = await posted(() =>
      call(headers, another(), (question) => {
        asked.push(question.params as Json);
        return { result: { action: 'accept', content: {} } };
      }),
    );
    expect(asked).toEqual([
      expect.objectContaining({ message: expect.stringContaining('Exactly this is sent to Halo') }),
    ]);
    expect(saidOf(messages.at(-1)).state).toBe('done');
    expect(made).toBe(1);
    expect(messages.map(({ method }) => method)).not.toContain('notifications/cancelled');
  });

  test.each<[string, Json]>([
    ['declines', { result: { action: 'decline' } }],
    ['cancels', { result: { action: 'cancel' } }],
  ])('a person who %s has nothing changed', async (_, said) => {
    const [messages, made] = await posted(async () => call(await sessionOf(), another(), () => said));
    expect(textOf(messages.at(-1))).toContain('NOT_CONFIRMED: The person who was asked did not agree.');
    expect(made).toBe(0);
    expect(messages.map(({ method }) => method)).not.toContain('notifications/cancelled');
  });

  test('a client that knows no such request after all has a preview', async () => {
    const unable = { error: { code: -32_601, message: 'Method not found' } };
    const messages = await call(await sessionOf(), another(), () => unable);
    expect(saidOf(messages.at(-1)).state).toBe('preview');
  });

  test('a client that said nothing of forms has a preview, unasked', async () => {
    const asked = vi.fn();
    const messages = await call(await sessionOf({}), another(), asked);
    expect(saidOf(messages.at(-1)).state).toBe('preview');
    expect(asked).not.toHaveBeenCalled();
  });

  test('a client that leaves while its person is asked has nothing changed', async () => {
    const headers = await sessionOf();
    const [, made] = await posted(async () => {
      await call(headers, another(), (_question, leave) => leave());
      await expect.poll(() => sessions.audit().at(-1)?.outcome).toBe('CALL_CANCELLED');
    });
    expect(made).toBe(0);
  });

  test('a yes that comes after its client has left changes nothing', async () => {
    const headers = await sessionOf();
    let id: unknown;
    await call(headers, another(), (question, leave) => {
      id = question.id;
      leave();
    });
    const [, made] = await posted(async () => {
      await send(sessions.url, {
        headers,
        body: JSON.stringify({ jsonrpc: '2.0', id, result: { action: 'accept', content: {} } }),
      });
      await expect.poll(() => sessions.audit().at(-1)?.outcome).toBe('CALL_CANCELLED');
    });
    expect(made).toBe(0);
  });

  test('a person who does not answer within two minutes is no longer waited for, and is told that it goes on', async () => {
    const headers = await sessionOf();
    const toFake = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const;
    let isAsked = () => {};
    const asking = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    vi.useFakeTimers({ toFake: [...toFake], shouldAdvanceTime: true });
    const [messages, made] = await posted(async () => {
      const calling = call(headers, another(), () => isAsked());
      await asking;
      await vi.advanceTimersByTimeAsync(121_000);
      return calling;
    });
    expect(textOf(messages.at(-1))).toContain('NOT_CONFIRMED: Nobody answered');
    expect(messages.filter(({ method }) => method === 'notifications/progress').length).toBeGreaterThanOrEqual(10);
    expect(made).toBe(0);
  });

  test('nobody else can answer the question', async () => {
    const headers = await sessionOf();
    const stranger = signed(await sessions.token('stranger'), { 'mcp-session-id': String(headers['mcp-session-id']) });
    const statuses: number[] = [];
    const [messages, made] = await posted(() =>
      call(headers, another(), async ({ id }) => {
        const said = { jsonrpc: '2.0', id, result: { action: 'accept', content: {} } };
        statuses.push((await send(sessions.url, { headers: stranger, body: JSON.stringify(said) })).status);
        return { result: { action: 'decline' } };
      }),
    );
    expect(statuses).toEqual([404]);
    expect(textOf(messages.at(-1))).toContain('NOT_CONFIRMED');
    expect(made).toBe(0);
  });
});

test('the older revisions without sessions have a preview and its token, whatever the client says', async () => {
  const headers = signed(await stateless.token('stateless'));
  const args = another();
  const ask = async (more: object) =>
    (await send(stateless.url, { headers, body: rpc('tools/call', { name: NOTE, arguments: { ...args, ...more } }) }))
      .json;
  const preview = saidOf(await ask({}));
  expect(preview.state).toBe('preview');
  const [done, made] = await posted(() => ask({ confirm: preview.confirm }));
  expect(saidOf(done).state).toBe('done');
  expect(made).toBe(1);
});
