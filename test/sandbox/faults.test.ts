import { afterEach, describe, expect, it } from 'vitest';
import type { SandboxOptions } from '../../sandbox/index.js';
import { ALL_READ, type Connection, connect } from './connect.js';

let halo: Connection | undefined;
afterEach(() => halo?.sandbox.close());

async function start(options: SandboxOptions = {}): Promise<Connection> {
  halo = await connect(options);
  return halo;
}

describe('intercept', () => {
  it('replies instead of the sandbox', async () => {
    const { raw } = await start({
      intercept: ({ path }) =>
        path === '/api/Team' ? { status: 503, headers: { 'x-by': 'test' }, body: 'down' } : undefined,
    });
    const reply = await raw('/Team');
    expect([reply.status, reply.headers.get('x-by'), await reply.text()]).toEqual([503, 'test', 'down']);
    expect((await raw('/Status')).status).toBe(200);
  });

  it('a request that is intercepted with "drop" loses its connection', async () => {
    const { raw } = await start({ intercept: ({ path }) => (path === '/api/Team' ? 'drop' : undefined) });
    await expect(raw('/Team')).rejects.toThrow();
  });

  it('may wait, and a reply may be delayed and binary', async () => {
    const { raw } = await start({
      intercept: async ({ path }) =>
        path.startsWith('/api') ? { status: 200, body: Buffer.from([0, 1]), delayMs: 60 } : undefined,
    });
    expect([...new Uint8Array(await (await raw('/Team')).arrayBuffer())]).toEqual([0, 1]);
  });

  it('sees the token endpoint too', async () => {
    const { sandbox, ask } = await start({
      intercept: ({ path, body }) => (path === '/auth/token' && body?.includes('again') ? { status: 429 } : undefined),
    });
    expect((await ask({ again: '1' })).status).toBe(429);
    expect(sandbox.requests.map((request) => request.path)).toEqual(['/auth/token', '/auth/token']);
  });

  it('that throws answers 500 with an empty body', async () => {
    const { raw } = await start({
      intercept: ({ path }) => {
        if (path.startsWith('/api')) throw new Error('boom');
        return undefined;
      },
    });
    const reply = await raw('/Team');
    expect([reply.status, await reply.text()]).toEqual([500, '']);
  });
});

describe('requests', () => {
  it('are kept as sent, in order, with the scope of their token', async () => {
    const { sandbox, raw } = await start();
    await raw('/TICKETS/10311?x=1&x=2');
    const [token, api] = sandbox.requests;
    expect(token).toMatchObject({ method: 'POST', path: '/auth/token' });
    expect(token?.query.get('tenant')).toBe('any');
    expect(token?.body).toContain('grant_type=client_credentials');
    expect(token).not.toHaveProperty('scope');
    expect(api).toMatchObject({ method: 'GET', path: '/api/TICKETS/10311', scope: ALL_READ });
    expect(api?.query.getAll('x')).toEqual(['1', '2']);
    expect(api).not.toHaveProperty('body');
  });
});

describe('the limit', () => {
  it('counts requests under /api, not those for a token, and refuses the one above', async () => {
    const { raw, ask } = await start({ requestsPer5Minutes: 3 });
    await ask({});
    const statuses = [];
    for (let i = 0; i < 5; i += 1) statuses.push((await raw('/Team')).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
  });
});

describe('methods and routes', () => {
  it.each([
    ['PUT', '/Tickets'],
    ['DELETE', '/Tickets'],
    ['DELETE', '/Tickets/10311'],
    ['POST', '/Tickets/10311'],
    ['POST', '/Client'],
  ])('%s of %s answers 405, empty', async (method, path) => {
    const { raw } = await start();
    const reply = await raw(path, { method });
    expect([reply.status, await reply.text()]).toEqual([405, '']);
  });

  it('POST of a ticket wants more than to read', async () => {
    const { raw } = await start();
    const reply = await raw('/Tickets', { method: 'POST' });
    expect([reply.status, await reply.text()]).toEqual([403, '']);
  });

  it.each(['/tickets/10311', '/TICKETS/10311', '/clientcontract', '/AGENT'])(
    '%s: case does not matter',
    async (path) => {
      const { raw } = await start();
      expect((await raw(path)).status).toBe(200);
    },
  );

  it.each(['/Tickets/1', '/Nothing', '/Tickets/10311/Actions', '/Priority/1', '/RecurringInvoice/94', '/Invoice/-94'])(
    '%s answers 404, empty',
    async (path) => {
      const { raw } = await start();
      const reply = await raw(path);
      expect([reply.status, await reply.text()]).toEqual([404, '']);
    },
  );

  it.each(['Probe', '12.0', '0x1f', '%zz'])('an id %s answers 400 and is quoted', async (id) => {
    const { raw } = await start();
    const reply = await raw(`/Client/${id}`);
    expect([reply.status, await reply.json()]).toEqual([400, { id: [`The value '${id}' is not valid.`] }]);
  });

  it('a value that is not a whole number answers 400 with the name of its parameter', async () => {
    const { raw } = await start();
    const reply = await raw('/Tickets?client_id=12.0');
    expect([reply.status, await reply.json()]).toEqual([400, { client_id: ["The value '12.0' is not valid."] }]);
  });
});
