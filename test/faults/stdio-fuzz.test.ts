import { PassThrough, Writable } from 'node:stream';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { identity, self } from '../../cli/identity.js';
import { bundled } from '../../cli/packs.js';
import { settingsFrom } from '../../config/index.js';
import { connect } from '../../core/host/stdio/stdio.js';
import { GuardedTransport } from '../../core/host/stdio/transport.js';
import { Redactor } from '../../core/output/redact.js';
import type { Session } from '../../core/session.js';
import { startOne } from '../one.js';
import type { Json } from '../session.js';

const RUNS = Number(process.env.FUZZ_RUNS ?? 300);
const log = { debug() {}, info() {}, warn() {}, error() {} };

let server: Session;
beforeAll(async () => {
  server = await startOne(settingsFrom(), { log, redactor: new Redactor(), bundled, self });
});

/** All lines that a server without a Halo answers to these chunks, once it is idle again. */
async function answersTo(chunks: Buffer[]): Promise<string[]> {
  const input = new PassThrough();
  const written: Buffer[] = [];
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk);
      done();
    },
  });
  const transport = new GuardedTransport(input, output, log);
  const session = { ready: Promise.resolve(server), instructions: 'words' };
  await connect(transport, session, identity, { log, redactor: new Redactor() });
  const ended = new Promise<void>((resolve) => {
    transport.onend = resolve;
  });
  for (const chunk of chunks) input.write(chunk);
  input.end();
  await ended;
  // An unanswered request fails the test by its timeout.
  while (transport.busy > 0) await new Promise(setImmediate);
  return Buffer.concat(written).toString('utf8').split('\n').slice(0, -1);
}

const isId = (id: unknown) =>
  (typeof id === 'string' && id.isWellFormed()) || (typeof id === 'number' && Number.isSafeInteger(id));

/** The kind of a line, determined independently of the server. */
function kindOf(line: string): { kind: 'request' | 'silent' | 'fault'; id?: unknown; cancels?: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: 'fault' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { kind: 'fault' };
  const { jsonrpc, id, method, params } = value as Json;
  if ((id !== undefined && !isId(id)) || jsonrpc !== '2.0') return { kind: 'fault' };
  if (typeof method === 'string' && id === undefined)
    return {
      kind: 'silent',
      cancels: method === 'notifications/cancelled' ? (params as Json | undefined)?.requestId : undefined,
    };
  if (typeof method === 'string') return { kind: 'request', id };
  const isAnswer = method === undefined && id !== undefined && ('result' in value || 'error' in value);
  return isAnswer ? { kind: 'silent' } : { kind: 'fault' };
}

const id = fc.oneof(fc.nat(12), fc.constantFrom('', '0', 'a', 'ü'), fc.string({ unit: 'binary', maxLength: 3 }));
const args = fc.oneof(
  fc.constantFrom({}, { page: 2 }, { search: 'x', page_size: 1 }, { client_name: 'Contoso' }, { id: 7 }),
  fc.dictionary(
    fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'id', 'page', 'columns')),
    fc.jsonValue(),
  ),
  fc.jsonValue(),
);
const tool = fc.oneof(fc.constantFrom('list_agents', 'list_tickets', 'get_client', 'revenue_breakdown'), fc.string());
const request = fc
  .record({
    id,
    body: fc.oneof(
      fc.record({ method: fc.constantFrom('ping', 'tools/list', 'server/discover', 'notifications/initialized') }),
      fc.record({ method: fc.constant('tools/call'), params: fc.record({ name: tool, arguments: args }) }),
      fc.record({ method: fc.constant('tools/call'), params: fc.jsonValue() }),
      fc.record({ method: fc.constant('initialize'), params: fc.jsonValue() }),
      fc.record({ method: fc.string(), params: fc.jsonValue() }),
    ),
  })
  .map(({ id, body }) => JSON.stringify({ jsonrpc: '2.0', id, ...body }));
const notification = fc
  .oneof(
    fc.record({
      method: fc.constant('notifications/cancelled'),
      params: fc.oneof(fc.record({ requestId: id }), fc.jsonValue()),
    }),
    fc.record({ method: fc.string(), params: fc.jsonValue() }),
    fc.record({ id, result: fc.jsonValue() }),
    fc.record({ id, error: fc.jsonValue() }),
  )
  .map((body) => JSON.stringify({ jsonrpc: '2.0', ...body }));
const edits = fc.array(
  fc.record({
    at: fc.nat(200),
    gone: fc.nat(4),
    put: fc.oneof(
      fc.constantFrom('"', '{', '}', '[', ']', ',', ':', '\\', '\\ud800', '\\u0000', 'null', '-', 'e9'),
      fc.string(),
    ),
  }),
  { minLength: 1, maxLength: 4 },
);
const mutated = fc
  .tuple(fc.oneof(request, notification), edits)
  .map(([line, changes]) =>
    changes.reduce((text, { at, gone, put }) => `${text.slice(0, at)}${put}${text.slice(at + gone)}`, line),
  );
const line = fc.oneof(
  { weight: 4, arbitrary: request.map((text) => Buffer.from(text)) },
  { weight: 2, arbitrary: notification.map((text) => Buffer.from(text)) },
  { weight: 4, arbitrary: mutated.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.json().map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) },
);
const session = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 12 }),
  cuts: fc.array(fc.nat(2000), { maxLength: 6 }),
  end: fc.constantFrom('\n', '\r\n'),
});

test(`S30 ${RUNS} sessions of random bytes and mutated messages: each request is answered once, all output is JSON-RPC`, {
  timeout: 20_000 + RUNS * 20,
}, async () => {
  await fc.assert(
    fc.asyncProperty(session, async ({ lines, cuts, end }) => {
      const bytes = Buffer.concat(lines.flatMap((part) => [part, Buffer.from(end)]));
      const places = [0, ...cuts.filter((at) => at < bytes.length).sort((a, b) => a - b), bytes.length];
      const chunks = places.slice(1).map((to, index) => bytes.subarray(places[index], to));
      const answers = (await answersTo(chunks)).map((text) => {
        const answer = JSON.parse(text) as Json;
        expect(answer.jsonrpc).toBe('2.0');
        expect(answer.id === null || isId(answer.id)).toBe(true);
        expect('result' in answer).not.toBe('error' in answer);
        if ('error' in answer)
          expect(answer.error).toEqual({ code: expect.any(Number), message: expect.stringMatching(/^.{1,300}$/s) });
        expect(JSON.stringify(answer)).not.toMatch(/(?<!\\)(\\\\)*\\ud[89a-f]/);
        return answer.id;
      });
      const asked = bytes
        .toString('utf8')
        .split('\n')
        .filter((text) => text.trim() !== '')
        .map(kindOf);
      const cancelled = asked.map(({ cancels }) => cancels).filter((cancels) => cancels !== undefined);
      const due = asked.filter(({ kind }) => kind !== 'silent').length;
      if (cancelled.length === 0) expect(answers).toHaveLength(due);
      expect(answers.length).toBeLessThanOrEqual(due);
      for (const { kind, id } of asked)
        if (kind === 'request' && !cancelled.some((one) => one === id))
          expect(answers.some((answer) => answer === id)).toBe(true);
    }),
    { numRuns: RUNS },
  );
});
