/**
 * Traces as a collector on this machine receives them, by OTLP over HTTP, from the command and over both transports.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { wantsTraces } from '../../cli/tracing.js';
import { startTracing } from '../../core/trace/otlp.js';
import { emptyFolder, folderWith, type Json, SERVER } from '../session.js';
import { callOf, INITIALIZE, newer, type Running, rpc, send, signed, startTest } from './team.js';

interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  kind: number;
  status: { code?: number };
  attributes: { key: string; value: Json }[];
}

/** A collector: it keeps every byte. */
let collector: Server;
let bytes = '';
let bodies: string[] = [];
beforeAll(async () => {
  collector = createServer((req, res) => {
    let body = '';
    req.on('data', (part) => {
      body += part;
    });
    req.on('end', () => {
      bytes += `${req.method} ${req.url} ${JSON.stringify(req.headers)}\n${body}\n`;
      bodies.push(body);
      res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((done) => collector.listen(0, '127.0.0.1', done));
});
afterAll(() => void collector.close());
const endpoint = () => `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;

/** Returns the spans so far, and clears them. */
function spans(): Span[] {
  const all = bodies.flatMap((body) =>
    (JSON.parse(body).resourceSpans as { scopeSpans: { spans: Span[] }[] }[]).flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap((scope) => scope.spans),
    ),
  );
  bodies = [];
  return all;
}
const factsOf = ({ attributes }: Span) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const traceparent = `00-${TRACE}-${PARENT}-01`;

const OTEL = Object.keys(process.env).filter((name) => name.startsWith('OTEL_'));
afterEach(() => {
  for (const name of Object.keys(process.env))
    if (name.startsWith('OTEL_') && !OTEL.includes(name)) delete process.env[name];
});

describe('a call', () => {
  /** Makes calls on a team server with tracing, and returns their spans. */
  async function traced(work: (team: Running, token: string) => Promise<unknown>): Promise<Span[]> {
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = endpoint();
    const { tracer, end } = startTracing({ name: 'halo-mcp', version: '1' });
    const team = await startTest({ tracer });
    const token = await team.token('alice');
    await work(team, token);
    await end();
    await team.close();
    expect(bytes).not.toContain(token);
    expect(bytes).not.toContain(team.halo.clientSecret);
    return spans();
  }

  test('is a span with its tool, customer and outcome, and a child for each request to Halo, without ids or values', async () => {
    const all = await traced(async ({ url }, token) => {
      await send(url, { headers: signed(token), body: callOf('get_ticket', { id: 10_311 }) });
      await send(url, { headers: signed(token), body: callOf('list_tickets', { search: 'a-word-to-look-for' }) });
      await send(url, { headers: signed(token), body: callOf('get_ticket', { id: 999_999_999 }) });
    });
    const calls = all.filter(({ name }) => name.startsWith('tools/call'));
    expect(calls.map(factsOf)).toEqual(
      [
        ['get_ticket', 'OK'],
        ['list_tickets', 'OK'],
        ['get_ticket', 'HALO_NOT_FOUND'],
      ].map(([tool, outcome]) => ({
        ...{ 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': tool, 'halo_mcp.customer': 'default' },
        'halo_mcp.outcome': outcome,
        ...(outcome !== 'OK' && { 'error.type': outcome }),
      })),
    );
    const [read] = calls;
    const children = all.filter(({ parentSpanId }) => parentSpanId === read?.spanId);
    expect(children.map(factsOf)).toContainEqual({
      ...{ 'http.request.method': 'GET', 'url.template': '/Tickets' },
      'http.response.status_code': 200,
    });
    expect(new Set(children.map(({ traceId }) => traceId))).toEqual(new Set([read?.traceId]));
    const missing = all.filter(({ parentSpanId }) => parentSpanId === calls[2]?.spanId);
    expect(missing.map((one) => factsOf(one)['http.response.status_code'])).toContain(404);
    expect(JSON.stringify(all)).not.toMatch(/10311|999999999|a-word-to-look-for|alice/);
  });

  test.each<[string, (team: Running, token: string) => Promise<unknown>]>([
    [
      'the header',
      ({ url }, token) => send(url, { headers: signed(token, { traceparent }), body: callOf('list_agents') }),
    ],
    [
      '_meta',
      ({ url }, token) =>
        send(url, {
          headers: signed(token, { traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` }),
          body: rpc('tools/call', { name: 'list_agents', arguments: {}, _meta: { traceparent } }),
        }),
    ],
    [
      '_meta, in the newer era',
      ({ url }, token) =>
        send(url, newer('tools/call', { name: 'list_agents', arguments: {}, _meta: { traceparent } }, token)),
    ],
  ])('is part of the trace that %s names', async (_, work) => {
    const [call, ...others] = (await traced(work)).filter(({ name }) => name.startsWith('tools/call'));
    expect(others).toEqual([]);
    expect(call).toMatchObject({ traceId: TRACE, parentSpanId: PARENT });
  });

  test.each([
    'x',
    `00-${'0'.repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `ff-${TRACE}-${PARENT}-01`,
    `00-${TRACE.toUpperCase()}-${PARENT}-01`,
    `00-${TRACE}-${PARENT}-01-more`,
  ])('begins a trace of its own if the parent is invalid (%s)', async (wrong) => {
    const all = await traced(({ url }, token) =>
      send(url, { headers: signed(token, { traceparent: wrong }), body: callOf('list_agents') }),
    );
    const call = all.find(({ name }) => name.startsWith('tools/call'));
    expect(call?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(call?.traceId).not.toBe(TRACE);
    expect(call?.parentSpanId ?? '').toBe('');
  });

  test('is not recorded for a client that wants no trace', async () => {
    const unsampled = `00-${TRACE}-${PARENT}-00`;
    const all = await traced(({ url }, token) =>
      send(url, { headers: signed(token, { traceparent: unsampled }), body: callOf('list_agents') }),
    );
    expect(all).toEqual([]);
  });

  test('is answered as ever where no collector listens', async () => {
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = 'http://127.0.0.1:9';
    const { tracer, end } = startTracing({ name: 'halo-mcp', version: '1' });
    const team = await startTest({ tracer });
    const answer = await send(team.url, { headers: signed(await team.token('a')), body: callOf('list_agents') });
    expect(answer.json).toMatchObject({ result: { structuredContent: expect.anything() } });
    await Promise.all([end(), team.close()]);
  });
});

test.each<[boolean, Record<string, string>]>([
  [false, {}],
  [true, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }],
  [true, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces' }],
  [true, { OTEL_TRACES_EXPORTER: 'otlp' }],
  [false, { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }],
  [false, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_TRACES_EXPORTER: 'none' }],
  [false, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_SDK_DISABLED: 'true' }],
  [false, { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://127.0.0.1:4318' }],
])('traces are wanted: %s, with %j', (wanted, env) => {
  expect(wantsTraces(env)).toBe(wanted);
});

describe('the command', () => {
  let child: ChildProcess | undefined;
  afterEach(() => void child?.kill('SIGKILL'));

  test('on stdio sends what it has when it ends, and nothing of a secret', async () => {
    bytes = '';
    const folder = folderWith({ 'c.json': {} });
    child = spawn(process.execPath, [SERVER, '--sandbox', '--config', join(folder, 'c.json')], {
      cwd: emptyFolder(),
      env: {
        PATH: process.env.PATH,
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint(),
        HALO_CLIENT_SECRET: 'a-secret-of-halo-0123456789',
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const { stdin, stdout } = child;
    stdin?.write(
      `${INITIALIZE}\n${rpc('tools/call', { name: 'list_agents', arguments: {}, _meta: { traceparent } }, 2)}\n`,
    );
    await new Promise<void>((done) => {
      let text = '';
      stdout?.on('data', (part) => {
        text += part;
        if (text.includes('"id":2')) done();
      });
    });
    const ended = new Promise((done) => child?.once('close', done));
    stdin?.end();
    expect(await ended).toBe(0);
    expect(spans().find(({ name }) => name === 'tools/call list_agents')).toMatchObject({ traceId: TRACE });
    expect(bytes).not.toContain('a-secret-of-halo');
  });
});
