/** How a team server runs and stops. */
import { Agent, createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createHttpServer } from '../../core/host/http/listen.js';
import { freePort } from '../core/store/redis.js';
import { inFront, passOn, startProvider, stepsAt } from './signing.js';
import {
  callOf,
  INITIALIZE,
  newer,
  type Running,
  raw,
  rpc,
  type Sent,
  send,
  signed,
  startTest,
  type TeamOptions,
} from './team.js';

const running: Running[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});
const start = async (options: TeamOptions = {}) => {
  const team = await startTest(options);
  running.push(team);
  return { team, token: await team.token('alice') };
};

/** A Halo whose API waits until it is released. */
function held() {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  let waiting = 0;
  const intercept: NonNullable<NonNullable<TeamOptions['halos']>[string]['intercept']> = async (request, answer) => {
    if (request.path.startsWith('/api/Agent')) {
      waiting += 1;
      await gate;
    }
    return answer(request);
  };
  return { halos: { default: { intercept } }, open: () => open(), waiting: () => waiting };
}

describe('health', () => {
  test('it is alive and ready, and tells nobody anything else', async () => {
    const { team } = await start();
    const [lives, ready] = await Promise.all(
      ['/healthz', '/readyz'].map((path) => send(team.url, { method: 'GET', path })),
    );
    expect(lives).toMatchObject({ status: 200, json: { status: 'ok' } });
    expect(ready).toMatchObject({ status: 200, json: { status: 'ready', halo: 'up' } });
    expect(Object.keys(lives?.json ?? {})).toEqual(['status']);
    expect(JSON.stringify([lives, ready])).not.toMatch(/\d+\.\d+\.\d+(?!\.\d)/);
    expect((await send(team.url, { method: 'POST', path: '/healthz' })).status).toBe(405);
  });

  test('that it lives asks nothing of Halo, and that it is ready asks once for all who ask', async () => {
    const { team } = await start();
    for (let i = 0; i < 5; i += 1) await send(team.url, { method: 'GET', path: '/healthz' });
    expect(team.halo.requests).toHaveLength(0);
    await Promise.all(Array.from({ length: 20 }, () => send(team.url, { method: 'GET', path: '/readyz' })));
    expect(team.halo.requests.length).toBe(1);
  });

  test('where no Halo answers it lives and is not ready', async () => {
    const { team } = await start({
      halos: { default: { intercept: async () => ({ status: 503, body: '' }) as never } },
    });
    expect((await send(team.url, { method: 'GET', path: '/healthz' })).status).toBe(200);
    expect(await send(team.url, { method: 'GET', path: '/readyz' })).toMatchObject({
      status: 503,
      json: { status: 'not ready', halo: 'down' },
    });
  });

  test('where one of two answers it is ready', async () => {
    const { team } = await start({
      halos: { contoso: {}, fabrikam: { intercept: async () => ({ status: 503, body: '' }) as never } },
    });
    expect(await send(team.url, { method: 'GET', path: '/readyz' })).toMatchObject({
      status: 200,
      json: { halo: 'some down' },
    });
  });
});

describe('the end', () => {
  test('requests in flight are answered, new ones are turned away, and it is at once not ready', async () => {
    const halo = held();
    const { team, token } = await start({ halos: halo.halos });
    const calls = Array.from({ length: 40 }, (_, index) =>
      send(team.url, {
        ...(index % 2 === 0
          ? { headers: signed(token), body: callOf('list_agents') }
          : newer('tools/call', { name: 'list_agents', arguments: {} }, token)),
      }),
    );
    await expect.poll(halo.waiting).toBeGreaterThan(0);
    await expect.poll(async () => (await send(team.url, { method: 'GET', path: '/healthz' })).status).toBe(200);
    const stopped = team.stop();
    const ready = await send(team.url, { method: 'GET', path: '/readyz' });
    expect(ready).toMatchObject({ status: 503, json: { status: 'draining' } });
    const late = await send(team.url, { headers: signed(token), body: rpc('ping') });
    expect(late).toMatchObject({ status: 503, json: { error: { code: -32000 } }, headers: { connection: 'close' } });
    halo.open();
    const answers = await Promise.all(calls);
    expect(answers.map(({ status }) => status)).toEqual(calls.map(() => 200));
    for (const { text } of answers) expect(text).toContain('9 of 9 agents');
    expect(await stopped).toBe(0);
    await expect(send(team.url, { method: 'GET', path: '/healthz' })).rejects.toThrow();
  });

  test('a sign-in that is under way comes to its end, with the steps that are left', async () => {
    const port = await freePort();
    const idp = await startProvider(`http://127.0.0.1:${port}`);
    let [holds, waiting, release] = [false, false, () => {}];
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const front = createServer(async (req, res) => {
      if (req.url === '/token' && holds) {
        waiting = true;
        await gate;
      }
      passOn(idp, req, res);
    }).listen(port, '127.0.0.1');
    const publicUrl = `http://127.0.0.1:${await freePort()}`;
    const place = { host: '127.0.0.1', port: Number(new URL(publicUrl).port) };
    const { team } = await start({ place, trustedProxies: ['127.0.0.1'], oauth: inFront(idp, publicUrl) });
    try {
      const steps = stepsAt(() => ({ url: publicUrl, publicUrl }));
      const [begun, other] = [await steps.begin(), await steps.begin()];
      const from = await steps.throughProvider(begun);
      const code = await steps.codeOf(other);
      holds = true;
      const back = steps.comeBack(from, begun);
      await expect.poll(() => waiting).toBe(true);
      const stopped = team.stop();
      expect((await steps.redeem(other, code)).status).toBe(200);
      release();
      expect(await back).toMatch(/^[\w-]{43}$/);
      expect(await stopped).toBe(0);
    } finally {
      front.close();
      await idp.stop();
    }
  });

  test('what takes too long is cut off, and counted', async () => {
    const halo = held();
    const { team, token } = await start({ halos: halo.halos });
    const call = send(team.url, { headers: signed(token), body: callOf('list_agents') });
    call.catch(() => undefined);
    await expect.poll(halo.waiting).toBe(1);
    expect(await team.stop(50)).toBe(1);
    await expect(call).rejects.toThrow();
    halo.open();
  });

  test('streams that clients hold open do not hold it up', async () => {
    const { team, token } = await start();
    const listening = send(
      team.url,
      newer('subscriptions/listen', { notifications: { toolsListChanged: true } }, token),
    );
    await send(team.url, { headers: signed(token), body: rpc('ping') });
    expect(await team.stop()).toBe(0);
    expect((await listening).status).toBe(200);
  });
});

describe('a client that goes away', () => {
  test.each<[string, (token: string) => object]>([
    ['older', (token) => ({ headers: signed(token), body: callOf('list_agents') })],
    ['newer', (token) => newer('tools/call', { name: 'list_agents', arguments: {} }, token)],
  ])('takes its call along: nothing more is asked of Halo for it (%s era)', async (_, request) => {
    const halo = held();
    const { team, token } = await start({ halos: halo.halos });
    const leave = new AbortController();
    const call = send(team.url, { ...request(token), signal: leave.signal });
    await expect.poll(halo.waiting).toBe(1);
    leave.abort();
    await expect(call).rejects.toThrow();
    await expect.poll(() => team.audit().map(({ outcome }) => outcome)).toEqual(['CALL_CANCELLED']);
    halo.open();
  });
});

describe('sessions, where they are wanted', () => {
  const begin = async (team: Running, token: string) => {
    const { headers } = await send(team.url, { headers: signed(token), body: INITIALIZE });
    return String(headers['mcp-session-id']);
  };

  test('are their principal’s alone: to others they are not there, nor can they be ended', async () => {
    const { team, token: alice } = await start({ sessions: true });
    const bob = await team.token('bob');
    const id = await begin(team, alice);
    const ask = (token: string, method = 'POST') =>
      send(team.url, {
        method,
        headers: signed(token, { 'mcp-session-id': id }),
        ...(method === 'POST' && { body: rpc('tools/list') }),
      });
    expect((await ask(alice)).status).toBe(200);
    for (const method of ['POST', 'GET', 'DELETE']) expect((await ask(bob, method)).status, method).toBe(404);
    expect((await ask(alice)).status).toBe(200);
    expect((await ask(alice, 'DELETE')).status).toBe(200);
    expect((await ask(alice)).status).toBe(404);
  });

  test('an id stands for one request at a time: a second one is refused, and the first gets its answer', async () => {
    const halo = held();
    const { team, token } = await start({ sessions: true, halos: halo.halos });
    const [id, other] = [await begin(team, token), await begin(team, token)];
    const ask = (session: string, body: string) =>
      send(team.url, { headers: signed(token, { 'mcp-session-id': session }), body });
    const agents = (number: number | string) => rpc('tools/call', { name: 'list_agents', arguments: {} }, number);
    const first = ask(id, agents(7));
    await expect.poll(halo.waiting).toBeGreaterThan(0);
    for (const body of [agents(7), rpc('tools/list', {}, 7)])
      expect(await ask(id, body)).toMatchObject({ status: 400, json: { error: { code: -32600 } } });
    // Another id, the same number as text, and another session have their own requests.
    for (const [session, number] of [
      [id, 8],
      [id, '7'],
      [other, 7],
    ] as const)
      expect((await ask(session, rpc('tools/list', {}, number))).status).toBe(200);
    halo.open();
    expect((await first).status).toBe(200);
    expect((await ask(id, rpc('tools/list', {}, 7))).status).toBe(200);
  });

  test('one that the client chose is not there', async () => {
    const { team, token } = await start({ sessions: true });
    const { status, json } = await send(team.url, {
      headers: signed(token, { 'mcp-session-id': 'chosen' }),
      body: rpc('tools/list'),
    });
    expect({ status, json }).toMatchObject({ status: 404, json: { error: { code: -32001 } } });
  });

  test('end with what the token may use', async () => {
    const { team, token } = await start({ sessions: true });
    const id = await begin(team, token);
    await team.revoke('alice');
    await expect
      .poll(
        async () =>
          (await send(team.url, { headers: signed(token, { 'mcp-session-id': id }), body: rpc('tools/list') })).status,
      )
      .toBe(401);
  });

  test('their ids are in no log', async () => {
    const { team, token } = await start({ sessions: true });
    const id = await begin(team, token);
    await send(team.url, { method: 'DELETE', headers: signed(token, { 'mcp-session-id': id }) });
    expect(team.log()).not.toContain(id);
  });
});

describe('metrics', () => {
  test('tell calls, outcomes, what Halo was asked and what is left, on a port of their own, and of nobody who called', async () => {
    const { team, token } = await start({ metrics: { host: '127.0.0.1', port: 0 } });
    await send(team.url, { headers: signed(token), body: callOf('list_agents') });
    await send(team.url, { headers: signed(token), body: callOf('made_up_name') });
    const { status, text } = await send(String(team.metrics), { method: 'GET' });
    expect(status).toBe(200);
    for (const line of [
      'halo_mcp_calls_total{tool="list_agents",customer="default",outcome="OK"} 1',
      'halo_mcp_calls_total{tool="",customer="default",outcome="UNKNOWN_TOOL"} 1',
      'halo_mcp_call_seconds_count{tool="list_agents"} 1',
      'halo_mcp_breakers_open{customer="default"} 0',
      'halo_mcp_draining 0',
      'halo_mcp_tokens_stale 0',
      'halo_mcp_http_responses_total{status="200"} 2',
    ])
      expect(text).toContain(line);
    expect(text).toMatch(/^halo_mcp_halo_requests_total\{customer="default"\} [1-9]/m);
    expect(text).toMatch(/^halo_mcp_budget_left\{customer="default"\} \d+$/m);
    for (const secret of [token, 'alice', 'made_up_name', team.halo.clientSecret]) expect(text).not.toContain(secret);
  });

  test('are not served to pages, nor on the port of MCP', async () => {
    const { team } = await start({ metrics: { host: '127.0.0.1', port: 0 } });
    expect((await send(String(team.metrics), { method: 'GET', headers: { host: 'evil.example' } })).status).toBe(403);
    expect(
      (await send(String(team.metrics), { method: 'GET', headers: { origin: 'http://evil.example' } })).status,
    ).toBe(403);
    expect((await send(team.url, { method: 'GET', path: '/metrics' })).status).toBe(404);
  });
});

describe('connections', () => {
  test.each([
    ['without sessions', false],
    ['with sessions', true],
  ])('stays open after an answer of any kind, %s', async (_, sessions) => {
    const { team, token } = await start({ sessions });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const opened: Socket[] = [];
    const connectAs = agent.createConnection.bind(agent);
    agent.createConnection = (...args) => {
      const socket = connectAs(...args) as Socket;
      opened.push(socket);
      return socket;
    };
    const session: Record<string, string> = {};
    const ask = async (request: Pick<Sent, 'method' | 'headers' | 'body'>) => {
      const answer = await send(team.url, { headers: signed(token, session), ...request, agent });
      if (sessions) session['mcp-session-id'] ??= String(answer.headers['mcp-session-id']);
      // A connection that closes after its answer does so within a few turns.
      for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setTimeout(resolve, 2));
      return answer.status;
    };
    const notification = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });
    for (const body of [INITIALIZE, notification, rpc('tools/list'), callOf('list_agents'), rpc('no/such')])
      expect([200, 202], body).toContain(await ask({ body }));
    expect(await ask({ method: 'DELETE' })).toBe(sessions ? 200 : 405);
    if (!sessions) expect(await ask(newer('tools/list', {}, token))).toBe(200);
    expect(opened.map(({ destroyed }) => destroyed)).toEqual([false]);
    agent.destroy();
  });

  test('is held longer while idle than its client is told, and than a balancer waits', async () => {
    const { team, token } = await start();
    const agent = new Agent({ keepAlive: true });
    const { headers } = await send(team.url, { headers: signed(token), body: rpc('tools/list'), agent });
    agent.destroy();
    const told = Number(/^timeout=(\d+)/.exec(String(headers['keep-alive']))?.[1]) * 1000;
    const server = createHttpServer(
      () => undefined,
      () => false,
    );
    expect(told).toBeGreaterThan(60_000);
    expect(server.keepAliveTimeout).toBeGreaterThanOrEqual(told + 500);
  });

  test('one that says nothing, or never ends its headers or its body, is closed with an answer', {
    timeout: 60_000,
  }, async () => {
    const { team, token } = await start();
    const head = `POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`;
    const answers = await Promise.all([
      raw(team.url, head),
      raw(team.url, 'P'),
      raw(team.url, `${head}Content-Length: 100\r\n\r\n{`),
    ]);
    for (const answer of answers) expect(answer === '' || /^HTTP\/1\.1 408 /.test(answer), answer).toBe(true);
  });

  test('more than a thousand are not taken, and those that are there go on', async () => {
    const { team, token } = await start();
    const { hostname, port } = new URL(team.url);
    const idle = await Promise.all(
      Array.from(
        { length: 1100 },
        () =>
          new Promise<{ destroy(): void; closed: boolean }>((resolve) => {
            const socket = connect({ host: hostname, port: Number(port) });
            socket.on('error', () => undefined);
            // Otherwise the other side's close would go unnoticed.
            socket.resume();
            socket.on('connect', () => resolve(socket));
          }),
      ),
    );
    await expect.poll(() => idle.filter(({ closed }) => closed).length).toBeGreaterThanOrEqual(100);
    const open = idle.filter(({ closed }) => !closed);
    expect(open.length).toBeLessThanOrEqual(1000);
    for (const socket of idle) socket.destroy();
    await expect
      .poll(
        async () =>
          (await send(team.url, { headers: signed(token), body: rpc('ping') }).catch(() => ({ status: 0 }))).status,
      )
      .toBe(200);
  });
});
