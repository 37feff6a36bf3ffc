import { createServer as createTls } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { clientOf, failure, fakeHalo, grant, patient, pause, type Reply } from '../core/halo/fake.js';
import { certificate } from './certificate.js';
import { at, CALL_MS, fakeClock, loadFirst, meet, pass, settle, still } from './upstream.js';

loadFirst();

const reset: Reply = { write: (response) => response.socket?.resetAndDestroy() };
const silent: Reply = { write: () => undefined };
/** Headers, and then a byte at intervals. */
const dripping = (milliseconds: number): Reply => ({
  write: (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"a": "');
    const drip = setInterval(() => response.write('x'), milliseconds);
    response.on('close', () => clearInterval(drip));
  },
});

describe.each(['token', 'api'] as const)('the connection of the %s', (server) => {
  const sent = server === 'token' ? 'tokens' : 'calls';

  test('F17 a reset before headers: three attempts, soon', async () => {
    const { get } = await meet(at(server, () => reset));
    const outcome = await get();
    expect(outcome).toMatchObject({ code: 'HALO_UNREACHABLE', [sent]: 3 });
    expect(outcome.line).toMatch(/The connection to 127\.0\.0\.1:\d+ broke before an answer came\./);
    expect(outcome.seconds).toBeLessThan(0.35);
  });

  test('F17 a reset that passes', async () => {
    const once = (count: number) => count === 1;
    const { get } = await meet({
      token: (asked, count) => (server === 'token' && once(count) ? reset : grant(asked, count)),
      api: (_, count) => (server === 'api' && once(count) ? reset : { body: { id: 1 } }),
    });
    expect(await get()).toMatchObject({ code: undefined, answer: { id: 1 }, [sent]: 2 });
  });

  test('F21 no headers: 20 s, then once more, inside of the call', async () => {
    const { get } = await meet(at(server, () => silent));
    const outcome = await get();
    expect(outcome).toMatchObject({ code: 'HALO_TIMEOUT', [sent]: 2 });
    expect(outcome.line).toBe(
      'HALO_TIMEOUT: Halo did not answer in time. Ask for less (a client, fewer days, a smaller page), or call again.',
    );
    expect(outcome.seconds).toBeGreaterThanOrEqual(40);
    expect(outcome.seconds).toBeLessThan(CALL_MS / 1000);
  });

  test('F21 slow headers that come in time', async () => {
    const slow = (reply: Reply) => pause(19_000).then(() => reply);
    const { get } = await meet({
      token: (asked, count) => (server === 'token' ? slow(grant(asked, count)) : grant(asked, count)),
      api: () => (server === 'api' ? slow({ body: { id: 1 } }) : { body: { id: 1 } }),
    });
    const outcome = await get();
    expect(outcome).toMatchObject({ code: undefined, [sent]: 1 });
    expect(outcome.seconds).toBeCloseTo(19, 1);
  });

  test.each<[string, number, number]>([
    ['F22 a body that stops: 15 s', 1e9, 15],
    ['F22 a byte every 10 s: 30 s in all', 10_000, 30],
  ])('%s', async (_, every, seconds) => {
    const { get, halo } = await meet(at(server, () => dripping(every)));
    const outcome = await get();
    expect(outcome).toMatchObject({ code: 'HALO_TIMEOUT', [sent]: 1 });
    expect(outcome.line).toContain("Halo's answer did not come whole in time.");
    expect(outcome.seconds).toBeCloseTo(seconds, 1);
    await still();
    expect(halo.asked.at(-1)?.aborted).toBe(true);
  });
});

describe('F19 a host that is not there', () => {
  test.each([
    ['refused', 'http://127.0.0.1:1', /127\.0\.0\.1:1 does not accept connections/],
    ['unknown', 'http://halo.invalid', /The host halo\.invalid can't be found/],
  ])('%s: it is named, and what to check', async (_, url, sentence) => {
    const { code, line } = await failure(clientOf(url).get('/Tickets', {}, patient(60_000)));
    expect(code).toBe('HALO_UNREACHABLE');
    expect(line).toMatch(sentence);
    expect(line).toContain('Check HALO_INSTANCE_URL, the network, VPN and firewall');
  });
});

test('F19 a host that accepts connections but never answers: 5 s for each of three attempts', async () => {
  let connections = 0;
  const server = createServer(() => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const client = clientOf(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, { timeoutMs: 30_000 });
  fakeClock();
  const started = performance.now();
  const { code, line } = await settle(failure(client.get('/Tickets', {}, patient(CALL_MS))));
  expect([code, connections]).toEqual(['HALO_UNREACHABLE', 3]);
  expect(line).toMatch(/127\.0\.0\.1:\d+ does not answer\. Check HALO_INSTANCE_URL/);
  expect((performance.now() - started) / 1000).toBeCloseTo(15, 0);
});

describe('F20 a certificate that is not trusted: nothing is sent, nothing is tried again', () => {
  test.each([
    ['self-signed', 'https://localhost', {}, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['no TLS at all', 'http', {}, /ERR_SSL_\w+|EPROTO/],
  ])('%s', async (_, scheme, options, code) => {
    let [connections, requests] = [0, 0];
    const server = createTls(certificate({ host: 'localhost', ...options }), () => {
      requests += 1;
    });
    server.on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const plain = await fakeHalo();
    const url =
      scheme === 'http' ? plain.url.replace('http', 'https') : `${scheme}:${(server.address() as AddressInfo).port}`;
    const failed = await failure(clientOf(url).get('/Tickets', {}, patient()));
    expect(failed.code).toBe('HALO_TLS');
    expect(failed.line).toMatch(code);
    expect(failed.line).toContain('for a private authority set NODE_EXTRA_CA_CERTS');
    expect([requests, plain.asked.length]).toEqual([0, 0]);
    expect(connections).toBeLessThanOrEqual(1);
  });
});

describe('F35 a caller that cancels', () => {
  test.each<[string, Reply]>([
    ['before headers', silent],
    ['in the body', dripping(50)],
  ])('%s: the connection is closed, nothing is tried again', async (_, reply) => {
    for (const server of ['token', 'api'] as const) {
      const halo = await fakeHalo(at(server, () => reply));
      const caller = new AbortController();
      const gone = failure(clientOf(halo.url).get('/Tickets', {}, patient(10_000, caller.signal)));
      const asked = () => (server === 'token' ? halo.tokens() : halo.calls());
      await expect.poll(() => asked()).toHaveLength(1);
      await pause(20);
      caller.abort(new Error('cancelled'));
      expect((await gone).line).toContain('cancelled');
      // This Halo never ends by itself, so the cancel closed the connection.
      await vi.waitFor(() => expect(asked()[0]?.aborted).toBe(true), { timeout: 10_000, interval: 2 });
      expect(asked()).toHaveLength(1);
    }
  });

  test('while it waits for its next attempt, or in line: nothing more is sent', async () => {
    const { halo, client } = await meet(at('api', () => ({ status: 429, headers: { 'retry-after': '20' } })));
    const callers = [new AbortController(), new AbortController()];
    const reads = callers.map(({ signal }, id) => failure(client.get(`/Tickets/${id}`, {}, patient(CALL_MS, signal))));
    await still();
    const sent = halo.calls().length;
    for (const caller of callers) caller.abort(new Error('cancelled'));
    for (const read of reads) expect((await read).line).toContain('cancelled');
    await pass(60_000);
    expect(halo.calls()).toHaveLength(sent);
  });
});
