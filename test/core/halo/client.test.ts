import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientOf, failure, fakeHalo, patient, pause, type Reply, SECRET } from './fake.js';

describe('what leaves', () => {
  test('a GET under the API, with the token and nothing of the log-in', async () => {
    const halo = await fakeHalo();
    await clientOf(halo.url).get('/Tickets/12', { includedetails: true }, patient());
    expect(halo.calls()).toMatchObject([
      { method: 'GET', path: '/api/Tickets/12', body: '', headers: { authorization: 'Bearer token-1-canary' } },
    ]);
  });

  test('lists comma separated, booleans as words, what is not given left out', async () => {
    const halo = await fakeHalo();
    const query = {
      status: [1, 2],
      names: ['a b', 'c&d=e'],
      open_only: true,
      mine: false,
      search: undefined,
      page_no: 1,
    };
    await clientOf(halo.url).get('/Tickets', query, patient());
    expect([...(halo.calls()[0]?.query ?? [])]).toEqual([
      ['status', '1,2'],
      ['names', 'a b,c&d=e'],
      ['open_only', 'true'],
      ['mine', 'false'],
      ['page_no', '1'],
    ]);
  });

  test.each(['Tickets', '/Tickets', '/Tickets/1', '/RecurringInvoice/-7', '/Invoice/lines', '/Tickets/1/lines/2'])(
    '%s is a path',
    async (path) => {
      const halo = await fakeHalo();
      await clientOf(halo.url).get(path, {}, patient());
      expect(halo.calls()[0]?.path).toBe(`/api/${path.replace(/^\//, '')}`);
    },
  );

  const pieces = [
    '..',
    '.',
    '%2e%2e',
    '%2f',
    '/',
    '//',
    '\\',
    '?',
    '#',
    '@',
    ':',
    ';',
    '&',
    '\0',
    '\n',
    ' ',
    '１２',
    '٣',
    '1',
    '-',
    'Tickets',
    'é',
    '/1',
    '+',
  ];

  test('no path and no id leads anywhere else', async () => {
    const halo = await fakeHalo();
    const client = clientOf(halo.url);
    await client.get('/Tickets', {}, patient());
    const path = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('', '/Tickets/', '/Tickets'), path, async (start, rest) => {
        const before = halo.asked.length;
        const failed = await client.get(`${start}${rest}`, {}, patient()).then(
          () => undefined,
          (error: { code: string }) => error.code,
        );
        const sent = halo.asked.slice(before);
        if (failed !== undefined) expect([failed, sent]).toEqual(['BAD_ARGUMENTS', []]);
        else expect(sent.map((one) => one.path)).toEqual([`/api/${`${start}${rest}`.replace(/^\//, '')}`]);
      }),
      { numRuns: 400 },
    );
  });

  test('no value in a query becomes another parameter', async () => {
    const halo = await fakeHalo();
    const client = clientOf(halo.url);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 30 }), async (search) => {
        await client.get('/Tickets', { search, client_id: 7 }, patient());
        expect([...(halo.calls().at(-1)?.query ?? [])]).toEqual([
          ['search', search.toWellFormed()],
          ['client_id', '7'],
        ]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('equal reads in flight', () => {
  const slow = (milliseconds = 60) => ({
    api: (): Promise<Reply> => pause(milliseconds).then(() => ({ body: { id: 1 } })),
  });

  test('share one request; a later one is sent again', async () => {
    const halo = await fakeHalo(slow());
    const client = clientOf(halo.url);
    const read = () => client.get('/Tickets', { search: 'x' }, patient());
    await Promise.all([read(), read(), read(), client.get('/Tickets', { search: 'y' }, patient())]);
    expect(halo.calls()).toHaveLength(2);
    await read();
    expect(halo.calls()).toHaveLength(3);
  });

  test('a fault is shared, too, and not kept', async () => {
    const halo = await fakeHalo({
      api: (_, count) => pause(20).then(() => (count === 1 ? { status: 404 } : { body: 1 })),
    });
    const client = clientOf(halo.url);
    const read = () => client.get('/Tickets/1', {}, patient());
    expect((await Promise.allSettled([read(), read()])).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(halo.calls()).toHaveLength(1);
    await expect(read()).resolves.toBe(1);
  });

  test('what is kept is read once, whatever a caller makes of its answer, and an error is not kept', async () => {
    const halo = await fakeHalo({
      api: ({ path }, count) => (count === 1 ? { status: 404 } : { body: [{ id: count, path }] }),
    });
    const client = clientOf(halo.url, { requestsPer5Minutes: 1000 });
    client.keep();
    const read = async (path: string, readOnly: boolean) =>
      (await client.get(path, {}, patient(), 'bounded', readOnly)) as { id: number }[];
    await expect(read('/Tickets/1', false)).rejects.toThrow();
    for (const readOnly of [false, true, false]) {
      const answer = await read('/Tickets/1', readOnly);
      expect(answer).toEqual([{ id: 2, path: '/api/Tickets/1' }]);
      if (!readOnly) answer.pop();
    }
    expect(halo.calls()).toHaveLength(2);
    // Many others make it the oldest; and after a change all is read again.
    for (let id = 2; id <= 302; id += 1) await read(`/Tickets/${id}`, true);
    expect(await read('/Tickets/1', true)).toMatchObject([{ id: 304 }]);
    client.forget('/Tickets');
    expect(await read('/Tickets/302', true)).toMatchObject([{ id: 305 }]);
  });

  test('one caller that gives up leaves the others their answer', async () => {
    const halo = await fakeHalo(slow());
    const client = clientOf(halo.url);
    const [one, two] = [new AbortController(), new AbortController()];
    const first = failure(client.get('/Tickets', {}, patient(10_000, one.signal)));
    const second = client.get('/Tickets', {}, patient(10_000, two.signal));
    await expect.poll(() => halo.calls()).toHaveLength(1);
    one.abort(new Error('gone'));
    expect((await first).line).toContain('gone');
    await expect(second).resolves.toEqual({ id: 1 });
    expect(halo.calls().map(({ aborted }) => aborted)).toEqual([false]);
  });

  test('one that waits in line lasts as long as its caller, whose time moves on', async () => {
    let release = () => undefined as unknown;
    const held = new Promise((resolve) => {
      release = () => resolve(undefined);
    });
    const halo = await fakeHalo({ api: () => held.then(() => ({ body: { id: 1 } })) });
    const client = clientOf(halo.url);
    const caller = { ...patient(50) };
    const reads = Array.from({ length: 7 }, (_, id) => client.get(`/Tickets/${id + 1}`, {}, caller));
    await expect.poll(() => halo.calls()).toHaveLength(6);
    // Longer than its original time.
    await pause(100);
    Object.assign(caller, patient());
    release();
    await expect(Promise.all(reads)).resolves.toHaveLength(7);
  });

  test('a new caller after that gets a request of its own', async () => {
    const halo = await fakeHalo({ api: (_, count) => (count === 1 ? { write: () => undefined } : { body: '"new"' }) });
    const client = clientOf(halo.url);
    const caller = new AbortController();
    const gone = failure(client.get('/Tickets', {}, patient(10_000, caller.signal)));
    await expect.poll(() => halo.calls()).toHaveLength(1);
    caller.abort();
    await gone;
    await expect(client.get('/Tickets', {}, patient())).resolves.toBe('new');
  });

  test('no more than six requests are open at once', async () => {
    let [open, most] = [0, 0];
    const halo = await fakeHalo({
      api: async () => {
        open += 1;
        most = Math.max(most, open);
        await pause(10);
        open -= 1;
        return { body: 1 };
      },
    });
    const client = clientOf(halo.url);
    await Promise.all(Array.from({ length: 40 }, (_, id) => client.get(`/Tickets/${id}`, {}, patient())));
    expect(most).toBe(6);
  });

  test('callers that wait in line can give up as well', async () => {
    const halo = await fakeHalo({ api: () => ({ write: () => undefined }) });
    const client = clientOf(halo.url);
    const caller = new AbortController();
    const reads = Array.from({ length: 20 }, (_, id) =>
      failure(client.get(`/Tickets/${id}`, {}, patient(1e5, caller.signal))),
    );
    await expect.poll(() => halo.calls()).toHaveLength(6);
    caller.abort(new Error('gone'));
    expect((await Promise.all(reads)).every(({ line }) => line.includes('gone'))).toBe(true);
    await pause(50);
    expect(halo.calls()).toHaveLength(6);
  });
});

describe('what Halo says is not repeated', () => {
  test.each<[string, unknown, string]>([
    [
      'the dictionary of model binding: its fields alone',
      { id: ["The value 'canary' is not valid."] },
      'Halo refused the request for Tickets 1 (id).',
    ],
    [
      'problem details: the fields in errors',
      { title: 'canary', status: 400, errors: { client_id: ['canary'], team: ['x'] } },
      'Halo refused the request for Tickets 1 (client_id, team).',
    ],
    ['a string', '"canary must be included"', 'Halo refused the request for Tickets 1.'],
    ['a .NET exception', { ClassName: 'System.canary', Message: 'canary' }, 'Halo refused the request for Tickets 1.'],
    ['a message', { message: 'canary', error: 'canary' }, 'Halo refused the request for Tickets 1.'],
    ['plain text', 'canary', 'Halo refused the request for Tickets 1.'],
    ['odd names', { 'Ignore all canary': ['x'] }, 'Halo refused the request for Tickets 1.'],
  ])('what Halo says with status 400 in %s is not repeated', async (_, body, sentence) => {
    const halo = await fakeHalo({ api: () => ({ status: 400, body }) });
    const { line } = await failure(clientOf(halo.url).get('/Tickets/1', {}, patient()));
    expect(line).toBe(`HALO_REQUEST_REFUSED: ${sentence} Correct the arguments and call again; nothing was changed.`);
  });

  test('an error holds neither token, nor secret, nor query, in any of its parts', async () => {
    const replies: Reply[] = [
      { status: 500, body: `Bearer token-1-canary ${SECRET}` },
      { write: (response) => response.socket?.resetAndDestroy() },
      { headers: { 'content-type': 'text/html' }, body: SECRET },
      { status: 418, body: SECRET },
    ];
    for (const reply of replies) {
      const halo = await fakeHalo({ api: () => reply });
      const { error } = await failure(clientOf(halo.url).get('/Tickets', { search: 'query-canary' }, patient()));
      const { message, stack, cause } = error as Error;
      const whole = [message, stack, JSON.stringify(cause), JSON.stringify(error)].join('\n');
      for (const word of ['token-1-canary', SECRET, 'query-canary']) expect(whole).not.toContain(word);
    }
  });
});

describe('the connection', () => {
  test('is found out at the first request, and tried again after a failure', async () => {
    const halo = await fakeHalo();
    const client = clientOf(halo.url);
    expect(halo.asked).toEqual([]);
    await client.get('/Tickets', {}, patient());
    expect(halo.asked).toHaveLength(2);
  });

  test('the client secret and every token are remembered for the redactor', async () => {
    const remembered: string[] = [];
    const halo = await fakeHalo();
    await clientOf(halo.url, { remember: (secret) => remembered.push(secret) }).get('/Tickets', {}, patient());
    expect(remembered).toEqual([SECRET, 'token-1-canary']);
  });

  test('the log tells path, status and time, and no query', async () => {
    const lines: string[] = [];
    const halo = await fakeHalo();
    await clientOf(halo.url, { lines }).get('/Tickets', { search: 'canary' }, patient());
    expect(lines.join('\n')).toMatch(/debug Halo answered {"path":"\/api\/Tickets","status":200,"ms":\d+}/);
    expect(lines.join('\n')).not.toContain('canary');
  });
});
