import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ElicitRequestSchema, type ElicitResult, McpError } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { connected } from '../inside.js';
import { type DeskOptions, openDesk, read, TICKET } from './desk.js';

afterEach(() => void vi.useRealTimers());

const NOTE = 'add_private_note';
const note = { ticket_id: TICKET, note: 'Called the site.' };

type Asked = { message: string; requestedSchema: unknown };

/** A client whose person answers like this. Each question is recorded. */
async function clientThat(
  answer: (asked: Asked) => ElicitResult | Promise<ElicitResult>,
  options: DeskOptions = {},
  elicitation: { form?: Record<string, never> } = {},
) {
  const desk = await openDesk(options);
  const asked: Asked[] = [];
  const client = new Client({ name: 'asks', version: '1' }, { capabilities: { elicitation } });
  client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
    asked.push(params as Asked);
    return answer(params as Asked);
  });
  let bytes = '';
  const keep = (more: string) => {
    bytes += more;
  };
  await connected(desk.session, undefined, keep, client);
  const call = async (args: object, extra: Parameters<Client['callTool']>[2] = {}) =>
    read((await client.callTool({ name: NOTE, arguments: { ...args } }, undefined, extra)) as never);
  return { desk, asked, call, written: () => bytes };
}

describe('a client that can ask', () => {
  test.each([{}, { form: {} }])(
    'is asked with the exact fields, and a yes does it at once (%j)',
    async (capability) => {
      const { desk, asked, call } = await clientThat(() => ({ action: 'accept', content: {} }), {}, capability);
      const done = await call(note);
      expect(done.said).toMatchObject({ state: 'done', id: expect.any(Number) });
      expect(asked).toHaveLength(1);
      expect(asked[0]?.requestedSchema).toEqual({ type: 'object', properties: {} });
      const [, shown = ''] = /sent to Halo \(POST \/Actions\):\n([\s\S]*)$/.exec(asked[0]?.message ?? '') ?? [];
      expect(JSON.parse(shown)).toEqual(JSON.parse(desk.posts()[0]?.body ?? ''));
      expect(asked[0]?.message).toMatch(/^Add a private note to ticket 10311 /);
    },
  );

  test.each(['\n\n', '\r\n', '\u2028', '\u0085\u0085', '\v'])(
    'is asked with one request, however an end user breaks the lines of a summary (%j)',
    async (breaks) => {
      const forged = `x).${breaks}Exactly this is sent to Halo (POST /Actions):${breaks}[]`;
      const { asked, call } = await clientThat(() => ({ action: 'decline' }), {
        sandbox: {
          async intercept({ path }, answer) {
            if (path !== `/api/Tickets/${TICKET}`) return undefined;
            const reply = await answer();
            return { ...reply, body: JSON.stringify({ ...JSON.parse(String(reply.body)), summary: forged }) };
          },
        },
      });
      await call(note);
      const lines = (asked[0]?.message ?? '').split(/[\r\n\v\u0085\u2028]/);
      expect(lines.filter((line) => line.startsWith('Exactly this is sent'))).toHaveLength(1);
      expect(lines[0]).toMatch(/x\)\. ?Exactly this is sent to Halo \(POST \/Actions\): ?\[\]\) of/);
    },
  );

  test.each(['decline', 'cancel'] as const)('whose person says %s has nothing changed', async (action) => {
    const { desk, call } = await clientThat(() => ({ action }));
    const refused = await call(note);
    expect(refused.text).toMatch(/^NOT_CONFIRMED: The person who was asked did not agree\. Nothing was changed\./);
    expect(desk.posts()).toEqual([]);
  });

  test.each<[string, () => ElicitResult]>([
    ['accept', () => ({ action: 'accept', content: {} })],
    ['decline', () => ({ action: 'decline' })],
    ['cancel', () => ({ action: 'cancel' })],
    [
      'an error',
      () => {
        throw new McpError(-32603, 'no form');
      },
    ],
    [
      'that it can not',
      () => {
        throw new McpError(-32601, 'no forms here');
      },
    ],
  ])('whose answer is %s has nothing more said of its question', async (_, answer) => {
    const { call, written } = await clientThat(answer);
    await call(note);
    // The call has ended, too: what ends with it leaves before the next answer.
    await call({ ticket_id: 0 });
    expect(written()).toContain('"method":"elicitation/create"');
    expect(written()).not.toContain('notifications/cancelled');
  });

  test.each<[string, () => ElicitResult]>([
    [
      'can not after all',
      () => {
        throw new McpError(-32601, 'no forms here');
      },
    ],
    [
      'fails to show it',
      () => {
        throw new McpError(-32603, 'no window');
      },
    ],
    ['answers something else', () => ({ action: 'maybe' }) as never],
  ])('that %s has a preview, as any other', async (_, answer) => {
    const { desk, call } = await clientThat(answer);
    const preview = await call(note);
    expect(preview.said.state).toBe('preview');
    expect((await call({ ...note, confirm: preview.said.confirm })).said.state).toBe('done');
    expect(desk.posts()).toHaveLength(1);
  });

  test('is asked for a second time, too, which no token replaces', async () => {
    let yes = true;
    const { desk, asked, call } = await clientThat(() => ({ action: yes ? 'accept' : 'decline' }));
    await call(note);
    const again = await call(note);
    expect(again.said).toMatchObject({ state: 'already_done' });
    yes = false;
    expect((await call({ ...note, confirm: again.said.confirm })).text).toMatch(/^NOT_CONFIRMED/);
    expect(asked).toHaveLength(2);
    expect(asked[1]?.message).toMatch(
      /^An equal change \(id \d+\) was made \d+ s ago; this makes it a second time\. Add/,
    );
    expect(desk.posts()).toHaveLength(1);
  });

  test('that never answers is waited for for two minutes, told that it goes on, and the call outlives its clock', async () => {
    const toFake = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] as const;
    vi.useFakeTimers({ toFake: [...toFake], shouldAdvanceTime: true });
    let isAsked = () => {};
    const asking = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    const { desk, call, written } = await clientThat(() => {
      isAsked();
      return new Promise(() => undefined);
    });
    const told: unknown[] = [];
    const calling = call(note, { timeout: 1_000_000, onprogress: ({ message }) => void told.push(message) });
    await asking;
    await vi.advanceTimersByTimeAsync(100_000);
    expect(told.length).toBeGreaterThanOrEqual(9);
    await vi.advanceTimersByTimeAsync(30_000);
    expect((await calling).text).toMatch(/^NOT_CONFIRMED: Nobody answered/);
    // The question is withdrawn.
    expect(written()).toMatch(
      /"method":"notifications\/cancelled","params":\{"requestId":\d+,"reason":"The question is no longer open\."/,
    );
    expect(desk.posts()).toEqual([]);
  });

  test('that answers late does it all the same, within two minutes', async () => {
    const toFake = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] as const;
    vi.useFakeTimers({ toFake: [...toFake], shouldAdvanceTime: true });
    const { call } = await clientThat(async () => {
      await vi.advanceTimersByTimeAsync(110_000);
      return { action: 'accept', content: {} };
    });
    expect((await call(note, { timeout: 1_000_000 })).said.state).toBe('done');
  });

  test('that goes away while its person is asked has nothing changed', async () => {
    const leaving = new AbortController();
    const { desk, call, written } = await clientThat(async () => {
      leaving.abort();
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { action: 'accept', content: {} };
    });
    await expect(call(note, { signal: leaving.signal })).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(desk.posts()).toEqual([]);
    expect(written()).toMatch(
      /"notifications\/cancelled","params":\{"requestId":\d+,"reason":"The call was cancelled\./,
    );
  });

  test('whose ticket is closed while its person thinks is told so', async () => {
    const { desk, call } = await clientThat(
      async () => {
        ticketClosed = true;
        return { action: 'accept', content: {} };
      },
      {
        sandbox: {
          intercept: async ({ path }, answer) =>
            ticketClosed && path === `/api/Tickets/${TICKET}` ? closed(await answer()) : undefined,
        },
      },
    );
    ticketClosed = false;
    expect((await call(note)).text).toContain('was changed meanwhile');
    expect(desk.posts()).toEqual([]);
  });
  let ticketClosed = false;
  const closed = ({ body, ...reply }: { body?: unknown; status: number }) => ({
    ...reply,
    body: String(body).replace(/"status_id":\d+/, '"status_id":9'),
  });

  test('takes no turn from others while its person is asked', async () => {
    const { desk, call } = await clientThat(async () => {
      const others = await Promise.all(Array.from({ length: 16 }, () => desk.call('get_ticket', { id: TICKET })));
      return { action: others.every(({ isError }) => !isError) ? 'accept' : 'decline', content: {} };
    });
    const many = await Promise.all([call(note), call({ ...note, note: 'Another.' })]);
    expect(many.map(({ said }) => said.state)).toEqual(['done', 'done']);
  });
});

describe('what the operator fixed', () => {
  test('"person" refuses a client that can not ask anyone, and a token is not a person', async () => {
    const desk = await openDesk({ confirm: 'person' });
    const refused = await desk.call(NOTE, note);
    expect(refused.text).toMatch(
      /^NOT_CONFIRMED: A person has to confirm this, and this client cannot ask one\. Nothing was changed\./,
    );
    expect(desk.halo.requests.filter(({ path }) => path.startsWith('/api/'))).toEqual([]);
  });

  test('"person" refuses one that could not ask after all', async () => {
    const { call } = await clientThat(
      () => {
        throw new McpError(-32601, 'no forms here');
      },
      { confirm: 'person' },
    );
    expect((await call(note)).text).toMatch(/^NOT_CONFIRMED: A person has to confirm this/);
  });

  test(`with "preview" nobody is asked, and the preview's token is enough`, async () => {
    const { asked, call } = await clientThat(() => ({ action: 'decline' }), { confirm: 'preview' });
    const preview = await call(note);
    expect((await call({ ...note, confirm: preview.said.confirm })).said.state).toBe('done');
    expect(asked).toEqual([]);
  });

  test('a terminal is always asked', async () => {
    const desk = await openDesk({ confirm: 'preview' });
    const confirm = vi.fn(async () => 'no' as const);
    expect((await desk.call(NOTE, note, { confirm, insists: true })).code).toBe('NOT_CONFIRMED');
    expect(confirm).toHaveBeenCalledOnce();
  });
});
