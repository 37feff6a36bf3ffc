import { createServer as createTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Fault, type Sandbox, startSandbox } from '../../sandbox/index.js';
import { openInside } from '../inside.js';
import { emptyFolder, folderWith, haloEnv, type Json, openSession, type Session } from '../session.js';
import { certificate } from './certificate.js';
import { leaksOf } from './upstream.js';

/** What a person meets: the whole server, in front of the sandbox. */
let [sandbox, session]: [Sandbox?, Session?] = [];
const here = () => {
  if (sandbox === undefined || session === undefined) throw new Error('not started');
  return { sandbox, session };
};

async function start() {
  sandbox = await startSandbox({ now: '2026-10-15T12:00:00Z' });
  session = await openInside({ args: [], env: { ...haloEnv(sandbox), HALO_MCP_LOG_LEVEL: 'trace' } });
}

/** The secrets in use, and where in the output they are found. */
function expectNoSecret(said: unknown): void {
  const { sandbox, session } = here();
  const tokens = sandbox.requests.flatMap(({ headers }) => headers.authorization?.replace('Bearer ', '') ?? []);
  expect(leaksOf(JSON.stringify(said) + session.stderr(), [sandbox.clientSecret, ...new Set(tokens)])).toEqual([]);
}

const isApi = (path: string) => path.startsWith('/api/');
const isToken = (path: string) => path === '/auth/token';

/** What a call under these faults says, and how many requests it made. */
async function meet(
  which: (path: string) => boolean,
  faults: (Fault | string)[],
  tool = 'list_clients',
  args: Json = {},
) {
  const { sandbox, session } = here();
  const before = sandbox.requests.length;
  sandbox.fault(...faults);
  const result = await session.call(tool, args);
  sandbox.clearFaults();
  expectNoSecret(result);
  const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
  const sent = sandbox.requests.slice(before).filter(({ path }) => which(path)).length;
  return { failed: result.isError === true, text, sent };
}

describe('what a person is told of a fault of the API', () => {
  beforeAll(start);
  afterAll(async () => {
    await session?.close();
    await sandbox?.close();
  });
  // A success in between, so that the next fault is the first in a row.
  afterEach(() => here().session.ask('list_agents'));

  test.each<[string, Fault | string, number, RegExp]>([
    ['F01 400', '400', 1, /^HALO_REQUEST_REFUSED: Halo refused the request for Client\. .* nothing was changed\.$/],
    ['F02 401', '401', 2, /^HALO_CREDENTIALS_REFUSED: .*Check that the API application is active/],
    [
      'F03 403',
      '403',
      1,
      /^HALO_FORBIDDEN: .*the scope read:customers of the API application, and the role of the agent/,
    ],
    ['F04 404', '404', 1, /^HALO_NOT_FOUND: Halo has nothing at \/Client, or this login can't see it\./],
    ['F09 500', '500', 2, /^HALO_FAILED: Halo failed \(HTTP 500\)\. Call again in a minute/],
    ['F10 503', '503', 3, /^HALO_UNAVAILABLE: Halo is not available at the moment \(HTTP 503\)\./],
    [
      'F10 503 with Retry-After',
      { name: '503-after', seconds: 300 },
      1,
      /^HALO_UNAVAILABLE: .*come back after \d\d:\d\d:\d\d UTC \(300 s\)\./,
    ],
    [
      'F11 504',
      '504',
      3,
      /^HALO_UNAVAILABLE: Halo took longer than its own gateway allows \(HTTP 504\)\. Ask for less/,
    ],
    [
      'F12 200 with a web page',
      'html',
      1,
      /^HALO_NOT_JSON: Halo answered with a web page in place of data\. Check HALO_INSTANCE_URL/,
    ],
    ['F13 truncated JSON', 'cut-json', 3, /^HALO_CUT_OFF: .*cut off or is malformed\. Call again\.$/],
    ['F13 an empty 200', 'empty', 3, /^HALO_CUT_OFF: Halo's answer was empty\./],
    ['F14 another content type', 'content-type', 1, /^HALO_NOT_JSON: Halo answered with something other than JSON\./],
    [
      'F16 a redirect to another host',
      '307-away',
      1,
      /^HALO_REDIRECTED: Halo redirects to localhost:\d+\. Set HALO_INSTANCE_URL/,
    ],
    [
      'F17 a reset before headers',
      'reset',
      3,
      /^HALO_UNREACHABLE: The connection to 127\.0\.0\.1:\d+ broke before an answer came\./,
    ],
    [
      'F18 a reset in the body',
      'reset-body',
      3,
      /^HALO_CUT_OFF: The connection broke before Halo's answer was whole\. Call again\.$/,
    ],
    [
      'F23 a huge body',
      'huge',
      6,
      /^HALO_TOO_LARGE: Halo's answer is larger than 8 MiB and was not read\. Ask for fewer rows/,
    ],
    ['F24 a bomb of gzip', 'gzip-bomb', 6, /^HALO_TOO_LARGE: /],
    ['F24 a bomb of brotli', 'br-bomb', 6, /^HALO_TOO_LARGE: /],
    [
      'F24 compressed twice',
      'double-gzip',
      1,
      /^HALO_NOT_JSON: Halo's answer is compressed in a way that is not read\./,
    ],
    [
      'F25 headers of 32 KiB',
      'big-headers',
      1,
      /^HALO_UNEXPECTED: 127\.0\.0\.1:\d+ sent a malformed answer \(HPE_HEADER_OVERFLOW\)\./,
    ],
    ['F25 control characters in a header', 'control-headers', 1, /^HALO_UNEXPECTED: .*malformed answer \(HPE_/],
    ['F32 nested 100,000 deep', 'deep-json', 1, /^HALO_UNEXPECTED: Halo's answer is nested more than 64 levels deep\./],
    ['F32 ids beyond 2^53', 'big-ids', 1, /^HALO_UNEXPECTED: Halo sent an id that is too large to be exact \(id\)\./],
    ['F32 NaN', 'nan', 3, /^HALO_CUT_OFF: /],
    [
      'F34 407 of a proxy',
      '407',
      1,
      /^HALO_NOT_JSON: A proxy on the way to Halo asks for a login of its own \(HTTP 407\)\./,
    ],
  ])('%s', async (_, fault, sent, sentence) => {
    const met = await meet(isApi, [fault]);
    expect(met.text).toMatch(sentence);
    expect([met.failed, met.sent]).toEqual([true, sent]);
  });

  test.each<[string, (Fault | string)[]]>([
    ['F02 a token that ends on the way', ['token-revoked:1']],
    ['F06 429 with Retry-After', [{ name: '429-after', seconds: 1, times: 1 }]],
    ['F07 429 with a date that is past', ['429-past:1']],
    ['F10 503, twice', ['503:2']],
    ['F17 a reset, twice', ['reset:2']],
    ['F26 a lifetime that is missing', ['token-revoked:1', 'expires-missing']],
    ['F27 a clock that is an hour ahead', ['clock-ahead']],
    ['F27 a lifetime without end', ['token-revoked:1', 'expires-huge']],
    ['F32 __proto__ among the keys', ['proto-keys']],
    ['F32 keys that come twice', ['duplicate-keys']],
  ])('%s: nothing is seen of it', async (_, faults) => {
    const { failed, text } = await meet(isApi, faults, 'list_clients', { page_size: 3 });
    expect([failed, text.split('\n')[0]]).toEqual([false, '3 of 15 clients, page 1; next: page 2']);
  });

  test('F31 pages that are not those asked for: no total is shown as one', async () => {
    const faults = [{ name: 'page-repeated' as const, on: '/Invoice' }];
    const { text } = await meet(isApi, faults, 'revenue_breakdown', { from: '2025-01-01', to: '2026-09-30' });
    expect(text).toMatch(/not complete|incomplete/i);
    const page = await meet(isApi, ['paging-ignored'], 'list_tickets', { page: 2 });
    expect(page.text).toMatch(/^HALO_UNEXPECTED: Halo sent page 1 of Tickets in place of page 2\./);
  });

  test.each<[string, Json]>([
    ['list_tickets', { client_id: 12 }],
    ['list_contracts', { client_id: 12 }],
    ['list_invoices', { client_id: 12 }],
    ['list_recurring_invoices', { client_id: 12 }],
    ['list_assets', { client_id: 12 }],
    ['list_projects', { client_id: 12 }],
    ['revenue_breakdown', { client_id: 12 }],
  ])('a filter that Halo ignores is an error of %s (T04)', async (tool, args) => {
    const { failed, text } = await meet(isApi, ['filter-ignored'], tool, args);
    expect([failed, text.split(':')[0]]).toEqual([true, 'HALO_FILTER_IGNORED']);
  });

  test('F35 a call that is cancelled: its connection is closed, the next one is answered', async () => {
    const { sandbox, session } = here();
    sandbox.fault('slow-headers@/Client');
    const before = sandbox.requests.length;
    const caller = new AbortController();
    const call = session.client.callTool({ name: 'list_clients', arguments: {} }, undefined, { signal: caller.signal });
    const gone = expect(call).rejects.toThrow();
    await expect.poll(() => sandbox.requests.slice(before)).toHaveLength(1);
    caller.abort();
    await gone;
    // The fault holds the request for a minute, so the cancel closed the connection.
    await vi.waitFor(() => expect(sandbox.requests[before]?.brokenAt).toBeDefined(), { timeout: 10_000, interval: 5 });
    sandbox.clearFaults();
  });
});

describe('what a person is told of a fault of the log-in server', () => {
  beforeAll(start);
  afterAll(async () => {
    await session?.close();
    await sandbox?.close();
  });
  afterEach(() => here().session.call('list_agents'));

  test.each<[string, Fault | string, number, RegExp]>([
    ['F04 404', '404@token', 1, /^HALO_NOT_FOUND: There is no log-in server at 127\.0\.0\.1:\d+\/auth\/token\./],
    ['F09 500', '500@token', 2, /^HALO_FAILED: Halo's log-in server failed \(HTTP 500\)\./],
    ['F10 503', '503@token', 3, /^HALO_UNAVAILABLE: Halo's log-in server is not available at the moment/],
    ['F11 504', '504@token', 2, /^HALO_UNAVAILABLE: Halo's log-in server took longer/],
    ['F12 200 with a web page', 'html@token', 1, /^HALO_NOT_JSON: /],
    ['F13 truncated JSON', 'cut-json@token', 3, /^HALO_CUT_OFF: /],
    [
      'F16 a redirect to another host',
      '308-away@token',
      1,
      /^HALO_REDIRECTED: Halo's log-in server redirects to localhost:\d+\./,
    ],
    ['F17 a reset before headers', 'reset@token', 3, /^HALO_UNREACHABLE: /],
    ['F23 a huge body', 'huge@token', 1, /^HALO_TOO_LARGE: Halo's answer is larger than 64 KiB/],
    ['F24 a bomb of gzip', 'gzip-bomb@token', 1, /^HALO_TOO_LARGE: /],
    ['F25 headers of 32 KiB', 'big-headers@token', 1, /^HALO_UNEXPECTED: /],
    ['F34 407 of a proxy', '407@token', 1, /^HALO_NOT_JSON: A proxy/],
    // The last two are remembered for a minute.
    [
      'F02 401',
      '401@token',
      1,
      /^HALO_CREDENTIALS_REFUSED: Halo refuses the client id or the secret \(invalid_client\)\. .* The client id ends in …\w{4}\.$/,
    ],
    ['F02 401, kept', '503@token', 0, /^HALO_CREDENTIALS_REFUSED: /],
  ])('%s', async (_, fault, sent, sentence) => {
    here().sandbox.revokeTokens();
    const met = await meet(isToken, [fault]);
    expect(met.text).toMatch(sentence);
    expect([met.failed, met.sent]).toEqual([true, sent]);
  });
});

describe('what goes on after the call', () => {
  beforeAll(start);
  afterAll(async () => {
    await session?.close();
    await sandbox?.close();
  });

  test('F33 five calls that fail: the sixth sends nothing', async () => {
    for (let n = 0; n < 5; n += 1) expect((await meet(isApi, ['503'])).sent).toBe(3);
    const { text, sent } = await meet(isApi, []);
    expect(sent).toBe(0);
    expect(text).toMatch(
      /^HALO_UNAVAILABLE: Halo has not worked since \d\d:\d\d:\d\d UTC \(HALO_UNAVAILABLE\); the next try is after \d\d:\d\d:\d\d UTC \(1\d s\)\./,
    );
  });

  test('F06 a Retry-After that does not fit: this call and the next are told when to come back', async () => {
    await session?.close();
    await sandbox?.close();
    await start();
    const first = await meet(isApi, [{ name: '429-after', seconds: 120 }]);
    expect(first.text).toMatch(
      /^HALO_RATE_LIMITED: Halo's request limit is reached; come back after \d\d:\d\d:\d\d UTC \(120 s\)\./,
    );
    const second = await meet(isApi, [], 'list_agents');
    expect(second.text).toMatch(
      /^HALO_RATE_LIMITED: Halo asked for a pause; come back after \d\d:\d\d:\d\d UTC \(1[12]\d s\)\./,
    );
    expect([first.sent, second.sent]).toEqual([1, 0]);
  });
});

describe('F20 certificates, over stdio', () => {
  async function call(made: Parameters<typeof certificate>[0], trusted: boolean, env: Record<string, string> = {}) {
    const { key, cert } = certificate(made);
    const requests: string[] = [];
    const server = createTls({ key, cert }, (request, response) => {
      requests.push(request.url ?? '');
      response.setHeader('content-type', 'application/json');
      response.end(
        request.url === '/auth/token' ? '{"access_token": "t0ken-canary"}' : '[{"id": 5, "name": "Dana Reed"}]',
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://localhost:${(server.address() as AddressInfo).port}`;
    const folder = folderWith({ 'ca.pem': cert });
    const own = await openSession({
      args: [],
      cwd: emptyFolder(),
      env: {
        ...haloEnv({ url, clientId: 'an-id', clientSecret: 'a-s3cret-canary' }),
        ...(trusted && { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') }),
        ...env,
      },
    });
    onTestFinished(async () => {
      await own.close();
      server.closeAllConnections();
      server.close();
    });
    const { content } = await own.call('list_agents');
    return { text: JSON.stringify(content), requests };
  }

  test.each<[string, Parameters<typeof certificate>[0], boolean, string]>([
    ['self-signed', {}, false, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['expired', { to: '2024-01-01' }, true, 'CERT_HAS_EXPIRED'],
    ['of another host', { host: 'other.example' }, true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('%s: the cause is named, and the way out', async (_, made, trusted, code) => {
    const { text, requests } = await call(made, trusted);
    expect(text).toMatch(`HALO_TLS: The secure connection to localhost:`);
    expect(text).toContain(
      `failed (${code}). Check the server's certificate; for a private authority set NODE_EXTRA_CA_CERTS to its file`,
    );
    expect(requests).toEqual([]);
  });

  test('the way out is one', async () => {
    expect((await call({}, true)).text).toContain('Dana Reed');
  });

  test('there is no switch that trusts any server', async () => {
    const { text, requests } = await call({}, false, { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(text).toContain('HALO_TLS');
    expect(requests).toEqual([]);
  });
});
