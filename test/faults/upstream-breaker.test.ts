import { describe, expect, test, vi } from 'vitest';
import { failure, grant, patient, pause, type Reply } from '../core/halo/fake.js';
import { at, CALL_MS, loadFirst, meet, pass, settle, still } from './upstream.js';

loadFirst();

/** A Halo that can be switched between working and failing. */
async function switched(server: 'token' | 'api' = 'api') {
  const state: { reply: Reply | undefined } = { reply: { status: 503 } };
  const met = await meet({
    token: (asked, count) => (server === 'token' && state.reply) || grant(asked, count),
    api: () => (server === 'api' && state.reply) || { body: { id: 1 } },
  });
  let id = 0;
  /** One call after another, each for a different record. */
  const calls = async (times: number) => {
    for (const last = id + times; id < last; id += 1) await met.get(`/Tickets/${id}`);
  };
  return { ...met, state, calls };
}

describe('F33 after five failed calls in a row', () => {
  test('calls fail at once, nothing is sent, and the error says since when and when to try', async () => {
    const { calls, get, halo } = await switched();
    await calls(5);
    expect(halo.calls()).toHaveLength(15);
    const outcome = await get();
    expect(outcome).toMatchObject({ code: 'HALO_UNAVAILABLE', calls: 0, tokens: 0, seconds: 0 });
    expect(outcome.line).toMatch(
      /^HALO_UNAVAILABLE: Halo has not worked since \d\d:\d\d:\d\d UTC \(HALO_UNAVAILABLE\); the next try is after \d\d:\d\d:\d\d UTC \(15 s\)\. Call again then; only what is read from Halo's Tickets has to wait\.$/,
    );
  });

  test('they wait for nothing: no timer, no socket', async () => {
    const { calls, client, halo } = await switched();
    await calls(5);
    const [sent, timers] = [halo.asked.length, vi.getTimerCount()];
    let told = 0;
    for (let n = 0; n < 100; n += 1)
      void failure(client.get(`/Tickets/${n}`, {}, patient(CALL_MS))).then(() => {
        told += 1;
      });
    // One turn of the event loop, in which only promises run.
    await new Promise((resolve) => setImmediate(resolve));
    expect([told, halo.asked.length, vi.getTimerCount()]).toEqual([100, sent, timers]);
  });

  test('four are not enough, and a success restarts the count', async () => {
    const { calls, get, state } = await switched();
    await calls(4);
    state.reply = undefined;
    expect((await get()).code).toBeUndefined();
    state.reply = { status: 503 };
    await calls(4);
    expect((await get()).calls).toBe(3);
    expect((await get()).calls).toBe(0);
  });

  test('after 15 seconds exactly one call is let through, once; while it fails the others wait', async () => {
    const { calls, get, halo, outcome } = await switched();
    await calls(5);
    await pass(14_990);
    expect((await get()).calls).toBe(0);
    await pass(10);
    const before = halo.calls().length;
    const { answer } = await outcome((client) =>
      Promise.allSettled(Array.from({ length: 10 }, (_, id) => client.get(`/Tickets/${id}`, {}, patient(CALL_MS)))),
    );
    expect(halo.calls().length - before).toBe(1);
    const lines = (answer as PromiseRejectedResult[]).map(({ reason }) => (reason as { line: string }).line);
    expect(lines.filter((line) => line.includes('a try is under way'))).toHaveLength(9);
    expect((await get()).calls).toBe(0);
    await pass(15_000);
    expect((await get()).calls).toBe(1);
  });

  test('an answer to it ends it, for everyone', async () => {
    const { calls, outcome, state, lines } = await switched();
    await calls(5);
    await pass(15_000);
    state.reply = undefined;
    expect((await outcome((client) => client.get('/Tickets', {}, patient(CALL_MS)))).code).toBeUndefined();
    const many = await outcome((client) =>
      Promise.all(Array.from({ length: 10 }, (_, id) => client.get(`/Tickets/${id}`, {}, patient(CALL_MS)))),
    );
    expect(many).toMatchObject({ code: undefined, calls: 10 });
    expect(lines.filter((line) => /left alone|answers again/.test(line))).toEqual([
      'warn Halo failed 5 calls in a row and is left alone for a while {"code":"HALO_UNAVAILABLE","endpoint":"Tickets"}',
      'info Halo answers again {"endpoint":"Tickets"}',
    ]);
  });

  test('an answer that refuses ends it, too: Halo works', async () => {
    const { calls, get, state } = await switched();
    await calls(5);
    await pass(15_000);
    state.reply = { status: 404 };
    expect(await get('/Tickets/99')).toMatchObject({ code: 'HALO_NOT_FOUND', calls: 1 });
    state.reply = undefined;
    expect((await get()).code).toBeUndefined();
  });

  test('a caller that gives up the trial call leaves the next trial to another', async () => {
    const { calls, client, get, state, halo } = await switched();
    await calls(5);
    await pass(15_000);
    state.reply = { write: () => undefined };
    const caller = new AbortController();
    const gone = failure(client.get('/Tickets/1', {}, patient(CALL_MS, caller.signal)));
    await still();
    caller.abort(new Error('cancelled'));
    await gone;
    await still();
    const before = halo.calls().length;
    state.reply = undefined;
    expect((await get()).code).toBeUndefined();
    expect(halo.calls().length - before).toBe(1);
  });
});

describe('F33 what counts', () => {
  test.each<[string, Reply]>([
    ['502', { status: 502 }],
    ['504', { status: 504 }],
    ['a reset', { write: (response) => response.socket?.resetAndDestroy() }],
    ['no answer', { write: () => undefined }],
    [
      'a body that breaks off',
      { write: (response) => response.writeHead(200).write('{"id"', () => response.destroy()) },
    ],
  ])('%s', async (_, reply) => {
    const { calls, get, state } = await switched();
    state.reply = reply;
    await calls(5);
    expect((await get()).calls).toBe(0);
  });

  test.each<[string, Reply]>([
    ['400', { status: 400 }],
    ['401', { status: 401 }],
    ['403', { status: 403 }],
    ['404', { status: 404 }],
    ['409', { status: 409 }],
    ['429', { status: 429, headers: { 'retry-after': '0' } }],
    ['500: Halo answered', { status: 500 }],
    ['an empty 200', {}],
    ['something that is not JSON', { body: '{"id": 1' }],
    ['a redirect', { status: 302 }],
    ['a web page', { body: '<html>' }],
  ])('after answers of the kind %s further calls still reach Halo', async (_, reply) => {
    const { calls, get, state } = await switched();
    state.reply = reply;
    await calls(6);
    await pass(1000);
    expect((await get('/Tickets/99')).calls).toBeGreaterThan(0);
  });

  test('not a caller that cancels', async () => {
    const { client, get } = await meet(at('api', (count) => (count <= 8 ? { write: () => undefined } : { body: 1 })));
    for (let n = 0; n < 8; n += 1) {
      const caller = new AbortController();
      const gone = failure(client.get(`/Tickets/${n}`, {}, patient(CALL_MS, caller.signal)));
      await still();
      caller.abort(new Error('cancelled'));
      await gone;
    }
    expect((await get()).code).toBeUndefined();
  });

  test('callers that share one request count once, and so do its attempts', async () => {
    const { outcome, calls, get } = await switched();
    const together = () =>
      outcome((client) =>
        Promise.allSettled(Array.from({ length: 20 }, () => client.get('/Tickets', {}, patient(CALL_MS)))),
      );
    expect((await together()).calls).toBe(3);
    await calls(3);
    expect((await get()).calls).toBe(3);
    expect((await get()).calls).toBe(0);
  });

  test('five that fail side by side open it once, for 15 seconds', async () => {
    const { outcome, get, state } = await switched();
    state.reply = { write: (response) => setTimeout(() => response.socket?.destroy(), 1000) };
    await outcome((client) =>
      Promise.allSettled(Array.from({ length: 12 }, (_, id) => client.get(`/Tickets/${id}`, {}, patient(CALL_MS)))),
    );
    expect((await get()).calls).toBe(0);
    await pass(15_000);
    state.reply = undefined;
    expect((await get()).code).toBeUndefined();
  });

  test('what waits for its next attempt when it opens is not tried again', async () => {
    const { client, halo, state } = await switched();
    state.reply = { write: (response) => setTimeout(() => response.socket?.destroy(), 1000) };
    const reads = Array.from({ length: 60 }, (_, id) => failure(client.get(`/Tickets/${id}`, {}, patient(CALL_MS))));
    await settle(Promise.all(reads));
    expect(halo.calls().length).toBeLessThan(140);
  });
});

describe('F33 one failing part of Halo shuts no other', () => {
  const failing = (part: string, reply: Reply = { status: 503 }) =>
    meet({ api: ({ path }) => (path.toLowerCase().startsWith(`/api/${part}`) ? reply : { body: { id: 1 } }) });

  test('tickets that fail leave everything else to be had; all of their ids are one', async () => {
    const { get } = await failing('tickets');
    for (const path of ['/Tickets/1', '/Tickets/2', '/tickets', 'Tickets/4', '/Tickets/5']) await get(path);
    expect((await get('/Tickets/99')).calls).toBe(0);
    for (const path of ['/Client/1', '/Status', '/Report/1', '/Actions'])
      expect(await get(path)).toMatchObject({ code: undefined, calls: 1 });
    expect((await get('/TICKETS/99')).calls).toBe(0);
  });

  test.each<[string, Reply]>([
    ['a 500', { status: 500 }],
    ['a page of errors', { status: 500, headers: { 'content-type': 'text/html' }, body: '<html>' }],
  ])('%s to one record, again and again, leaves the next one to be had', async (_, reply) => {
    const { get } = await failing('tickets/7', reply);
    for (let n = 0; n < 9; n += 1) expect((await get('/Tickets/7')).code).toBe('HALO_FAILED');
    expect((await get('/Tickets/8')).code).toBeUndefined();
    expect((await get('/Client/1')).code).toBeUndefined();
  });
});

describe('F33 the log-in server and the API are two', () => {
  test('five calls without a token: the next one asks for none', async () => {
    const { calls, get, state, halo } = await switched('token');
    await calls(5);
    expect(halo.tokens()).toHaveLength(15);
    const outcome = await get();
    expect(outcome).toMatchObject({ code: 'HALO_UNAVAILABLE', calls: 0, tokens: 0 });
    expect(outcome.line).toContain("Halo's log-in server has not worked since");
    await pass(15_000);
    state.reply = undefined;
    // The API was never called, and does not count as broken.
    expect(await get()).toMatchObject({ code: undefined, tokens: 1, calls: 1 });
  });

  test('an API that fails leaves tokens to be had', async () => {
    const { calls, client } = await switched();
    await calls(6);
    expect(await settle(client.lacks('read:tickets', patient(CALL_MS)))).toBe(false);
  });

  test('many who wait for one token that fails count once', async () => {
    const { outcome, calls, get } = await meet({
      token: () => pause(1000).then(() => ({ status: 503 })),
    }).then((met) => ({
      ...met,
      calls: async (times: number) => {
        for (let n = 0; n < times; n += 1) await met.get(`/Tickets/${n}`);
      },
    }));
    await outcome((client) =>
      Promise.allSettled(Array.from({ length: 50 }, (_, id) => client.get(`/Tickets/${id}`, {}, patient(CALL_MS)))),
    );
    await calls(3);
    expect((await get()).tokens).toBe(3);
    expect((await get()).tokens).toBe(0);
  });
});
